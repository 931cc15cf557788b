// Changes one value in the text of a settings file: comments, order and trailing commas stay as they were. Pure.
// jsonc-parser changes values; where it adds or takes out a line it would move or lose the comments beside it.
import {
  applyEdits,
  createScanner,
  type Edit,
  findNodeAtLocation,
  modify,
  type Node,
  parseTree,
} from "jsonc-parser";

/** From jsonc-parser's SyntaxKind, a const enum that only its own compiler can read. */
const COMMA = 5;
const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;
const BLANKS = 15;

/** The text with `path` set to `value`; undefined takes the setting out. The text must be valid. */
export function editSetting(text: string, path: readonly string[], value: unknown): string {
  const source = parseTree(text) ? text : `${text.trimEnd()}\n{}\n`.trimStart();
  const root = parseTree(source);
  const node = root && findNodeAtLocation(root, [...path]);
  if (value === undefined) return node?.parent ? applyEdits(source, takeOut(source, node.parent)) : text;
  const added = root && !node ? addBehindLast(source, root, missingPart(root, path, value)) : null;
  return applyEdits(source, added ?? change(source, path, value));
}

/** The text without that entry of a list; the text must be valid. */
export function takeOutEntry(text: string, list: string, index: number): string {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, [list, index]);
  return node ? applyEdits(text, takeOut(text, node)) : text;
}

function change(text: string, path: readonly string[], value: unknown): Edit[] {
  return modify(text, [...path], value, { formattingOptions: { ...indentOf(text), eol: "\n" } });
}

type Addition = { parent: readonly string[]; name: string; value: unknown };

/** Where the deepest object that is there already gets what: a name and what is to stand under it. */
function missingPart(root: Node, path: readonly string[], value: unknown): Addition {
  const known = path.findIndex((_, index) => !findNodeAtLocation(root, path.slice(0, index + 1)));
  const missing = path.slice(known + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return { parent: path.slice(0, known), name: path[known] ?? "", value: missing };
}

/** A line of its own behind the last setting of the object; null where the last does not begin a line. */
function addBehindLast(text: string, root: Node, { parent, name, value }: Addition): Edit[] | null {
  const last = findNodeAtLocation(root, [...parent])?.children?.at(-1);
  const indent = last && lineIndent(text, last.offset);
  if (last === undefined || indent === undefined || indent === null) return null;
  const end = last.offset + last.length;
  const { comma, lineEnd } = readBehind(text, end);
  const step = indent.startsWith("\t") ? "\t" : indentOf(text).tabSize;
  const written = JSON.stringify(value, null, step).replaceAll("\n", `\n${indent}`);
  const line = `\n${indent}${JSON.stringify(name)}: ${written}`;
  if (comma !== null) return [insertion(lineEnd, `${line},`)];
  return lineEnd === end ? [insertion(end, `,${line}`)] : [insertion(end, ","), insertion(lineEnd, line)];
}

/**
 * A setting or an entry of a list, without its line when nothing else stands there; the comma before it goes when it
 * was the last.
 */
function takeOut(text: string, property: Node): Edit[] {
  const end = property.offset + property.length;
  const { comma } = readBehind(text, end);
  const stop = comma === null ? end : comma + 1;
  const siblings = property.parent?.children ?? [];
  const before = siblings[siblings.indexOf(property) - 1];
  const isLast = siblings.at(-1) === property;
  const commaBefore =
    before && isLast && comma === null ? readBehind(text, before.offset + before.length).comma : null;
  if (typeof commaBefore === "number" && /^,[ \t]*$/.test(text.slice(commaBefore, property.offset))) {
    return [{ offset: commaBefore, length: stop - commaBefore, content: "" }];
  }
  return [
    ...(typeof commaBefore === "number" ? [{ offset: commaBefore, length: 1, content: "" }] : []),
    wholeLine(text, property.offset, stop),
  ];
}

function wholeLine(text: string, start: number, stop: number): Edit {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const blanks = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(stop));
  const isAlone = lineStart > 0 && text.slice(lineStart, start).trim() === "" && blanks !== null;
  return isAlone
    ? { offset: lineStart, length: stop + blanks[0].length - lineStart, content: "" }
    : {
        offset: start,
        length: stop + (/^[ \t]*/.exec(text.slice(stop))?.[0].length ?? 0) - start,
        content: "",
      };
}

function insertion(offset: number, content: string): Edit {
  return { offset, length: 0, content };
}

/** Where the comma behind a value stands (null: none), and where what belongs to its line ends, comments included. */
function readBehind(text: string, end: number): { comma: number | null; lineEnd: number } {
  const scanner = createScanner(text, false);
  scanner.setPosition(end);
  let comma: number | null = null;
  let lineEnd = end;
  for (;;) {
    const kind: number = scanner.scan();
    const isComma = kind === COMMA && comma === null;
    if (isComma) comma = scanner.getTokenOffset();
    else if (kind === BLANKS) continue;
    else if (kind !== LINE_COMMENT && kind !== BLOCK_COMMENT) return { comma, lineEnd };
    lineEnd = scanner.getTokenOffset() + scanner.getTokenLength();
  }
}

/** The blanks before the place when it is the first on its line; null when it is not, or on the first line. */
function lineIndent(text: string, offset: number): string | null {
  const newline = text.lastIndexOf("\n", offset - 1);
  const before = text.slice(newline + 1, offset);
  return newline >= 0 && before.trim() === "" ? before : null;
}

/** As the file indents its first setting; two blanks where it does not say. */
function indentOf(text: string): { insertSpaces: boolean; tabSize: number } {
  const [, indent = "  "] = /^([ \t]+)["}]/m.exec(text) ?? [];
  return indent.startsWith("\t")
    ? { insertSpaces: false, tabSize: 4 }
    : { insertSpaces: true, tabSize: indent.length };
}
