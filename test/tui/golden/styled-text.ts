// Painted rows as text that a person can read: `‹#ff8a80 bold›failed‹›`. Each mark says all that holds from there on.

/** Throws for a sequence that is neither SGR nor a hyperlink: nothing else may be in a row. */
export function styledText(rows: readonly string[]): string {
  return rows.map(styledRow).join("\n");
}

type Style = { color: string; background: string; attributes: Set<string> };

const ON = new Map([
  [1, "bold"],
  [2, "dim"],
  [3, "italic"],
  [4, "underline"],
  [7, "inverse"],
  [9, "strike"],
]);
const OFF = new Map([
  [22, ["bold", "dim"]],
  [23, ["italic"]],
  [24, ["underline"]],
  [27, ["inverse"]],
  [29, ["strike"]],
]);
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const PLAIN = "‹›";

function styledRow(row: string): string {
  const style: Style = { color: "", background: "", attributes: new Set() };
  let shown = "";
  let marked = PLAIN;
  for (const { sgr, href, text } of piecesOf(row)) {
    if (sgr !== undefined) applyCodes(style, sgr.split(";").map(Number));
    if (href !== undefined) shown += href === "" ? "‹/link›" : `‹link ${href}›`;
    if (text === undefined) continue;
    const mark = markOf(style);
    shown += (mark === marked ? "" : mark) + text;
    marked = mark;
  }
  return marked === PLAIN ? shown : shown + PLAIN;
}

function piecesOf(row: string): { sgr?: string; href?: string; text?: string }[] {
  const pieces = [
    ...row.matchAll(
      /\x1b\[(?<sgr>[\d;]*)m|\x1b\]8;;(?<href>[^\x1b]*)\x1b\\|(?<text>[^\x1b]+)|(?<other>\x1b)/g,
    ),
  ];
  return pieces.map(({ groups = {} }) => {
    if (groups.other) throw new Error(`A row holds another escape sequence: ${JSON.stringify(row)}`);
    return groups;
  });
}

function markOf({ color, background, attributes }: Style): string {
  const words = [color, background === "" ? "" : `on ${background}`, ...attributes];
  return `‹${words.filter((word) => word !== "").join(" ")}›`;
}

function applyCodes(style: Style, codes: readonly number[]): void {
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [kind, ...rest] = codes.slice(at + 1);
      setColor(style, code, kind === 2 ? hex(rest.slice(0, 3)) : `color${rest[0]}`);
      at += kind === 2 ? 4 : 2;
    } else applyCode(style, code);
  }
}

function applyCode(style: Style, code: number): void {
  const attribute = ON.get(code);
  if (attribute !== undefined) style.attributes.add(attribute);
  for (const off of OFF.get(code) ?? []) style.attributes.delete(off);
  if (code === 39 || code === 49) setColor(style, code, "");
  if (attribute === undefined && !OFF.has(code) && code !== 39 && code !== 49)
    setColor(style, code, nameOf(code));
}

/** Codes whose digit of ones or tens is a background's: 4x and 10x. */
function setColor(style: Style, code: number, color: string): void {
  if ((code >= 40 && code < 50) || code >= 100) style.background = color;
  else style.color = color;
}

function hex(parts: readonly number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** The 16 colours stand at 30 to 37 and 90 to 97, 10 more for the background. */
function nameOf(code: number): string {
  const name = NAMES[code % 10] ?? String(code);
  return code >= 90 ? `bright ${name}` : name;
}
