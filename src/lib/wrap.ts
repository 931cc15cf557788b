// Breaks plain text into rows. Gives offsets, so that whoever holds styles can cut its pieces at the same places.
import { graphemes, isSimpleText } from "./text-width.ts";

/** Offsets of a row in the text: start, and the end behind its last character. */
export type Row = readonly [start: number, end: number];

/**
 * `words` breaks at blanks (dropping those at the break and at line ends) and around wide characters, and cuts
 * only words longer than a row; `characters` cuts anywhere and keeps every blank.
 */
export type WrapMode = "words" | "characters";

/** Rows of at most `width` columns (at least 2, or a wide character would not fit). Newlines end rows. */
export function wrapRows(text: string, width: number, mode: WrapMode = "words"): Row[] {
  const columns = Math.max(2, width);
  const rows: Row[] = [];
  let start = 0;
  while (start <= text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    wrapLine(text, [start, end], { columns, mode }, rows);
    start = end + 1;
  }
  return rows;
}

/** The rows as texts. */
export function wrapText(text: string, width: number, mode: WrapMode = "words"): string[] {
  return wrapRows(text, width, mode).map(([start, end]) => text.slice(start, end));
}

type WrapOptions = { columns: number; mode: WrapMode };

function wrapLine(text: string, line: Row, options: WrapOptions, rows: Row[]): void {
  const [start, end] = line;
  const last = options.mode === "words" ? trimmedEnd(text, start, end) : end;
  if (last - start <= options.columns / 2) {
    rows.push([start, last]);
  } else if (isSimpleText(text.slice(start, last))) {
    wrapSimple(text, [start, last], options, rows);
  } else {
    wrapGraphemes(text, [start, last], options, rows);
  }
}

function wrapSimple(text: string, [start, end]: Row, { columns, mode }: WrapOptions, rows: Row[]): void {
  let from = start;
  while (end - from > columns) {
    const blank = mode === "words" ? lastBlank(text, from, from + columns) : -1;
    if (blank === -1) {
      rows.push([from, from + columns]);
      from += columns;
    } else {
      rows.push([from, trimmedEnd(text, from, blank)]);
      from = skipBlanks(text, blank, end);
    }
  }
  rows.push([from, end]);
}

/** The last blank at or before `to` with something before it in the row, or -1. */
function lastBlank(text: string, from: number, to: number): number {
  for (let at = to; at > from; at--) {
    if (text[at] === " " && trimmedEnd(text, from, at) > from) return at;
  }
  return -1;
}

/** Where a row may end and the next begin, and how much of the row stands before that. */
type Break = { end: number; next: number; width: number };

function wrapGraphemes(text: string, [start, end]: Row, { columns, mode }: WrapOptions, rows: Row[]): void {
  let from = start;
  let used = 0;
  let chance: Break | null = null;
  for (const grapheme of graphemes(text.slice(start, end))) {
    const at = start + grapheme.offset;
    if (mode === "words" && mayBreakBefore(grapheme, text[at - 1] ?? "")) {
      chance = { end: trimmedEnd(text, from, at), next: at, width: used };
    }
    const hangs = mode === "words" && grapheme.text === " " && trimmedEnd(text, from, at) > from;
    // Once more when what was cut off at the chance is no column wide.
    while (!hangs && used + grapheme.width > columns && at > from) {
      const cut: Break = chance && chance.end > from ? chance : { end: at, next: at, width: used };
      rows.push([from, cut.end]);
      used -= cut.width;
      from = cut.next;
      chance = null;
    }
    used += grapheme.width;
  }
  rows.push([from, end]);
}

function mayBreakBefore(grapheme: { text: string; width: number }, before: string): boolean {
  if (grapheme.text === " ") return false;
  return before === " " || grapheme.width > 1 || isWideBefore(before);
}

/** CJK text and emoji have no blanks to break at: any place beside them will do. */
function isWideBefore(unit: string): boolean {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\udc00-\udfff]/.test(
    unit,
  );
}

function trimmedEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
  return end;
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text[at] === " ") at++;
  return at;
}
