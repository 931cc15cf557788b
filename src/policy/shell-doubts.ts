// Finds the places where the grammar may read a script otherwise than bash does, or where bash runs text that
// looks like data. A doubt makes the line ask.
import type { Node } from "web-tree-sitter";
import { wordValue } from "./shell-words.ts";

const UNPARSED = "the line cannot be parsed";
/** Words that the grammar takes for a program behind `time` and `coproc`, where the shell reads more. */
const RESERVED = new Set(
  "{ } ( ) ! [[ ]] if then else elif fi for while until do done case esac in".split(" "),
);

/** Why `node` itself (not its children) is in doubt; null when it is not. */
export function doubt(node: Node): string | null {
  if (node.isError || node.isMissing) return UNPARSED;
  if (node.type.startsWith(";;")) return node.parent?.type === "case_item" ? null : UNPARSED;
  return DOUBTS.get(node.type)?.(node) ?? null;
}

const DOUBTS: ReadonlyMap<string, (node: Node) => string | null> = new Map([
  ["command", (node: Node) => (wellSpaced(node) ? null : "words are joined in an unusual way")],
  ["command_name", (node: Node) => (RESERVED.has(node.text) ? UNPARSED : null)],
  ["command_substitution", backquoteDoubt],
  ["expansion", expansionDoubt],
  ["heredoc_redirect", heredocDoubt],
  ["raw_string", subscriptDoubt],
  ["ansi_c_string", subscriptDoubt],
  ["string", subscriptDoubt],
  ["word", subscriptDoubt],
  ["concatenation", subscriptDoubt],
]);

/**
 * Between two words there must be a blank. The grammar also splits at an escaped newline, where bash joins,
 * and skips an escaped blank, which bash keeps.
 */
function wellSpaced(command: Node): boolean {
  const parts = command.children;
  return parts.slice(1).every((part, index) => {
    const before = parts[index];
    if (!before || before.type.endsWith("redirect") || part.type.endsWith("redirect")) return true;
    const gap = command.text.slice(
      before.endIndex - command.startIndex,
      part.startIndex - command.startIndex,
    );
    return /^(?:[ \t]|\\\n)*[ \t](?:[ \t]|\\\n)*$/.test(gap);
  });
}

function backquoteDoubt({ text }: Node): string | null {
  return text.startsWith("`") && text.includes("\\") ? "backquotes hold escapes" : null;
}

function expansionDoubt(node: Node): string | null {
  if (/^\$\{!|@[A-Za-z]\}$/.test(node.text)) return `${node.text} can run text as code`;
  // Whether quotes count in here depends on the operator, and backquotes are not seen.
  return /['`]/.test(node.text) || hidesSubstitution(node) ? "an expansion holds quotes" : null;
}

/** The shell expands only in a here-document whose delimiter is not quoted. */
function heredocDoubt(redirect: Node): string | null {
  const start = redirect.namedChildren.find((child) => child.type === "heredoc_start");
  if (start && /['"\\]/.test(start.text)) return null;
  const body = redirect.namedChildren.find((child) => child.type === "heredoc_body");
  const hidden = body !== undefined && (body.text.includes("`") || hidesSubstitution(body));
  return hidden || /\\\n/.test(redirect.text) ? "a here-document holds backquotes or joined lines" : null;
}

/** `test -v 'a[$(x)]'` and arithmetic run what stands in a subscript, quoted or not. */
function subscriptDoubt(node: Node): string | null {
  const value = wordValue(node);
  return value !== null && /\w\[[^\]]*(?:\$\(|`)/.test(value)
    ? "a word holds code that a test would run"
    : null;
}

/** True when the text has a `$(` for which the grammar saw no substitution. */
function hidesSubstitution(node: Node): boolean {
  const written = node.text.match(/(?<!\\)\$\(/g)?.length ?? 0;
  return written > node.descendantsOfType(["command_substitution", "arithmetic_expansion"]).length;
}
