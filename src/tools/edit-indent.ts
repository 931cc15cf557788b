// Whole lines whose indentation is off by the same amount everywhere: the model dropped or added a level.
import type { Edit, Replacement } from "./text-edit.ts";

type Line = { start: number; end: number; indent: string; content: string };

/** What every line of the file has more (`add`) or less (`remove`) than the model's text. */
type Shift = { kind: "add" | "remove"; blanks: string };

/**
 * Places where all lines of the old text stand with one and the same difference of indentation. The new text
 * gets the same shift; when it is already indented like the file it is taken as it is; when neither is clear,
 * there is no match.
 */
export function findIndented(original: string, { oldText, newText }: Edit): Replacement[] {
  const wanted = linesOf(oldText.replace(/\r?\n$/, ""));
  if (wanted.every((line) => line.content === "")) return [];
  const file = linesOf(original);
  const found: Replacement[] = [];
  for (let first = 0; first + wanted.length <= file.length; first++) {
    const shift = commonShift(file, first, wanted);
    if (!shift) continue;
    const place = file.slice(first, first + wanted.length);
    const text = shiftText(newText.replace(/\r?\n$/, ""), shift, wanted, place);
    if (text === null) continue;
    const [start, end] = [place[0]?.start ?? 0, place.at(-1)?.end ?? 0];
    found.push(closeLastLine({ start, end, text }, original, oldText, newText));
    first += wanted.length - 1;
  }
  return found;
}

/** The newline that ends the old or new text belongs to the edit when the file has one there. */
function closeLastLine(found: Replacement, original: string, oldText: string, newText: string): Replacement {
  const newline = /^\r?\n/.exec(original.slice(found.end, found.end + 2))?.[0] ?? "";
  const end = oldText.endsWith("\n") ? found.end + newline.length : found.end;
  return { ...found, end, text: newText.endsWith("\n") ? `${found.text}\n` : found.text };
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const raw of text.split("\n")) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    const content = line.trim();
    const indent = content === "" ? "" : line.slice(0, line.length - line.trimStart().length);
    lines.push({ start, end: start + line.length, indent, content });
    start += raw.length + 1;
  }
  return lines;
}

function commonShift(file: readonly Line[], first: number, wanted: readonly Line[]): Shift | null {
  let shift: Shift | null = null;
  for (const [index, line] of wanted.entries()) {
    const there = file[first + index];
    if (!there || there.content !== line.content) return null;
    if (line.content === "") continue;
    const here = shiftBetween(line.indent, there.indent);
    if (!here || (shift && (shift.kind !== here.kind || shift.blanks !== here.blanks))) return null;
    shift = here;
  }
  return shift;
}

function shiftBetween(model: string, file: string): Shift | null {
  if (file.endsWith(model)) return { kind: "add", blanks: file.slice(0, file.length - model.length) };
  if (model.endsWith(file)) return { kind: "remove", blanks: model.slice(0, model.length - file.length) };
  return null;
}

function shiftText(
  text: string,
  shift: Shift,
  wanted: readonly Line[],
  place: readonly Line[],
): string | null {
  const lines = linesOf(text);
  const least = leastIndent(lines);
  if (least === null) return text;
  if (least !== leastIndent(wanted)) return least === leastIndent(place) ? text : null;
  const shifted = lines.map(({ indent, content, start, end }) => {
    if (content === "") return "";
    const rest = text.slice(start + indent.length, end);
    if (shift.kind === "add") return shift.blanks + indent + rest;
    return indent.startsWith(shift.blanks) ? indent.slice(shift.blanks.length) + rest : null;
  });
  return shifted.includes(null) ? null : shifted.join("\n");
}

/** The shortest indentation of any line that is not blank; null when there is none. */
function leastIndent(lines: readonly Line[]): string | null {
  const indents = lines.filter((line) => line.content !== "").map((line) => line.indent);
  return indents.reduce<string | null>(
    (least, indent) => (least === null || indent.length < least.length ? indent : least),
    null,
  );
}
