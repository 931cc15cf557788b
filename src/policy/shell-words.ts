// The value of a word in the syntax tree, as bash would compute it by quote removal alone.
import type { Node } from "web-tree-sitter";
import type { ShellWord } from "./shell-line.ts";

/** Null for everything that bash expands: variables, substitutions, arithmetic, globs, braces. */
export function wordValue(node: Node): ShellWord {
  switch (node.type) {
    case "word":
    case "variable_name":
    case "special_variable_name":
      return bareWord(node.text);
    case "number":
      return node.namedChildCount > 0 ? null : bareWord(node.text);
    case "raw_string":
      return node.text.slice(1, -1);
    case "ansi_c_string":
      return ansiString(node.text.slice(2, -1));
    case "string":
      return quotedString(node);
    case "concatenation":
      return concatenation(node);
    default:
      return node.isNamed ? null : bareWord(node.text);
  }
}

function concatenation(node: Node): ShellWord {
  const bare = node.children.filter((child) => !child.type.includes("string"));
  if (hasBraces(bare.map((child) => child.text).join(""))) return null;
  let value = "";
  let length = 0;
  for (const child of node.children) {
    const part = wordValue(child);
    if (part === null) return null;
    value += part;
    length += child.text.length;
  }
  return length === node.text.length ? value : null;
}

function quotedString(node: Node): ShellWord {
  const { text } = node;
  if (!text.startsWith('"') || !text.endsWith('"')) return null;
  if (node.namedChildren.some((child) => child.type !== "string_content")) return null;
  return text.slice(1, -1).replace(/\\([$`"\\\n])/g, (_, char: string) => (char === "\n" ? "" : char));
}

function bareWord(text: string): ShellWord {
  if (hasBraces(text)) return null;
  let value = "";
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === "\\") {
      i++;
      const next = text.charAt(i);
      value += next === "\n" ? "" : next;
    } else if ("*?[\"'`".includes(char) || (char === "$" && text.length > 1)) {
      return null;
    } else {
      value += char;
    }
  }
  return value;
}

function hasBraces(text: string): boolean {
  return /\{.*(?:,|\.\.)/s.test(text.replace(/\\[\s\S]/g, ""));
}

const ANSI_ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** `$'...'`, as the bash manual's section "ANSI-C Quoting" lists the escapes. */
function ansiString(body: string): ShellWord {
  if (/\\c/.test(body)) return null;
  return decodeEscapes(body);
}

/** Also what most languages' string literals understand. */
export function decodeEscapes(body: string): string {
  const escapes = /\\(?:x([0-9a-f]{1,2})|u([0-9a-f]{1,4})|U([0-9a-f]{1,8})|([0-7]{1,3})|([\s\S]))/gi;
  return body.replace(escapes, (_, hex, short, long, octal, single) => {
    const digits = hex ?? short ?? long;
    if (digits !== undefined) return fromCodePoint(Number.parseInt(digits, 16));
    if (octal !== undefined) return fromCodePoint(Number.parseInt(octal, 8) & 0xff);
    return ANSI_ESCAPES[single] ?? single;
  });
}

function fromCodePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
