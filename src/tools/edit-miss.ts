// Why a text was not found: the nearest region of the file and the first line that differs, in words that let a
// model mend its next call.
import { AppError } from "../lib/app-error.ts";
import { cutLine } from "../lib/truncate.ts";
import type { Edit } from "./text-edit.ts";

/** Work is bounded: lines of the file looked at, lines of the old text compared, characters of a line. */
const MAX_FILE_LINES = 20_000;
const MAX_OLD_LINES = 100;
const MAX_LINE = 200;

/** Below this likeness (0 to 1) a region is no help. */
const LEAST_LIKENESS = 0.4;

/** The error `edit.not_found` for `edit`. */
export function describeMiss(original: string, { oldText, newText }: Edit, label: string): AppError {
  const sentence = `${label}old_text was not found; nothing was changed.`;
  if (newText.trim() !== "" && original.includes(newText)) {
    const hint = "new_text is in the file already: the edit may have been made before. Read the file again.";
    return new AppError("edit.not_found", sentence, { hint });
  }
  const near = nearestRegion(original.split(/\r?\n/, MAX_FILE_LINES), oldText.split(/\r?\n/, MAX_OLD_LINES));
  const hint = near ?? "Nothing like it is in the file. Read the file and copy the text exactly.";
  return new AppError("edit.not_found", sentence, { hint });
}

function nearestRegion(file: readonly string[], old: readonly string[]): string | null {
  const anchor = longestLine(old);
  const place = likestLine(file, old[anchor] ?? "");
  if (!place) return null;
  const first = Math.max(0, place - 1 - anchor);
  const last = Math.min(file.length, first + old.length);
  const region = first + 1 === last ? `line ${last}` : `lines ${first + 1}-${last}`;
  const different = old.findIndex((line, index) => line !== file[first + index]);
  const there = file[first + different];
  const wanted = old[different] ?? "";
  if (different === -1 || there === undefined) return `The nearest text is at ${region}. Read it again.`;
  return [
    `The nearest text is at ${region}; line ${first + different + 1} differs${differenceName(there, wanted)}:`,
    `  file:     ${cutLine(JSON.stringify(there), MAX_LINE)}`,
    `  old_text: ${cutLine(JSON.stringify(wanted), MAX_LINE)}`,
  ].join("\n");
}

function longestLine(lines: readonly string[]): number {
  let best = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim().length > (lines[best] ?? "").trim().length) best = index;
  }
  return best;
}

/** The 1-based number of the line most like `wanted`, or null when none is like it. */
function likestLine(file: readonly string[], wanted: string): number | null {
  const pairs = pairsOf(wanted);
  if (pairs.size === 0) return null;
  let best = LEAST_LIKENESS;
  let number: number | null = null;
  for (const [index, line] of file.entries()) {
    const likeness = likenessOf(pairs, pairsOf(line));
    if (likeness <= best) continue;
    best = likeness;
    number = index + 1;
    if (best === 1) break;
  }
  return number;
}

/** Dice's coefficient over pairs of neighbouring characters. */
function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const pair of b) if (a.has(pair)) common++;
  return (2 * common) / (a.size + b.size || 1);
}

function pairsOf(line: string): Set<string> {
  const text = line.trim().replace(/\s+/g, " ").slice(0, MAX_LINE);
  const pairs = new Set<string>();
  for (let at = 0; at + 1 < text.length; at++) pairs.add(text.slice(at, at + 2));
  return pairs;
}

function differenceName(there: string, wanted: string): string {
  if (there.trim() === wanted.trim()) return " in its indentation";
  if (there.replace(/\s+/g, "") === wanted.replace(/\s+/g, "")) return " in its blanks";
  return there.toLowerCase() === wanted.toLowerCase() ? " in upper and lower case" : "";
}
