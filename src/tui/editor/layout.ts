// Breaks the input into rows by display width. Keeps every character: the rows, joined, are the text.
import { sanitizeText } from "../../lib/ansi.ts";
import { graphemes, isSimpleText } from "../../lib/text-width.ts";
import type { Range } from "./fragment.ts";

/** Narrower than this nothing is laid out. */
const MIN_WIDTH = 8;
const TAB = "    ";

/**
 * Rows as offsets in the text, without the newlines between lines. None is wider than `width` columns; one column
 * is kept for the cursor, where at most the blank hangs at which a line was broken.
 */
export function layoutText(text: string, width: number): Range[] {
  const rows: Range[] = [];
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    layoutLine(text, [start, end], Math.max(MIN_WIDTH, width) - 1, rows);
    start = end + 1;
  }
  return rows;
}

/** Where an offset is on the screen: a row, and columns from its start. At a soft break, the later row. */
export function positionOf(
  text: string,
  rows: readonly Range[],
  offset: number,
): { row: number; column: number } {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((rows[middle]?.[0] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { row: low, column: columnOf(text, rows[low] ?? [0, 0], offset) };
}

/** Columns of the characters of a row that end at or before the offset. */
function columnOf(text: string, [start, end]: Range, offset: number): number {
  const before = text.slice(start, offset);
  if (isSimpleText(before)) return before.length;
  let column = 0;
  for (const cell of cells(text, start, Math.max(end, offset))) {
    if (cell.end > offset) break;
    column += cell.width;
  }
  return column;
}

/** The offset in a row that is nearest to a column from the left. */
export function offsetAt(text: string, rows: readonly Range[], row: number, column: number): number {
  const [start, end] = rows[row] ?? [0, 0];
  let used = 0;
  for (const cell of cells(text, start, end)) {
    if (used + cell.width > column) return cell.start;
    used += cell.width;
  }
  // The end of a row that goes on softly is the start of the next one: stay before it.
  const softly = rows[row + 1]?.[0] === end;
  return softly ? lastCellStart(text, start, end) : end;
}

/** What a part of the input looks like: tabs as blanks, a sign for each control or invisible character. */
export function shownText(text: string): string {
  if (isSimpleText(text)) return text;
  let shown = "";
  for (const { text: character } of graphemes(text)) shown += shownCharacter(character);
  return shown;
}

export function shownWidth(text: string): number {
  if (isSimpleText(text)) return text.length;
  let width = 0;
  for (const character of graphemes(text)) width += shownColumns(character);
  return width;
}

type Cell = { start: number; end: number; width: number; blank: boolean };

function* cells(text: string, start: number, end: number): Generator<Cell> {
  const part = text.slice(start, end);
  if (isSimpleText(part)) {
    for (let at = start; at < end; at++) yield { start: at, end: at + 1, width: 1, blank: text[at] === " " };
    return;
  }
  for (const character of graphemes(part)) {
    const from = start + character.offset;
    yield {
      start: from,
      end: from + character.text.length,
      width: shownColumns(character),
      blank: character.text === " " || character.text === "\t",
    };
  }
}

/** A row being filled; `chance` is where it may end, with the columns up to there. */
type OpenRow = { from: number; used: number; chance: { at: number; used: number } };

function layoutLine(text: string, [start, end]: Range, columns: number, rows: Range[]): void {
  const line = text.slice(start, end);
  if (fitsSurely(line, columns)) {
    rows.push([start, end]);
    return;
  }
  if (isSimpleText(line)) {
    for (const [from, to] of simpleRows(line, columns)) rows.push([start + from, start + to]);
    return;
  }
  let row: OpenRow = { from: start, used: 0, chance: { at: start, used: 0 } };
  for (const cell of cells(text, start, end)) {
    const room = mayHang(cell, end) && row.used === columns ? columns + 1 : columns;
    while (row.used + cell.width > room && cell.start > row.from) row = breakRow(row, cell.start, rows);
    fillRow(row, cell);
  }
  rows.push([row.from, end]);
}

/** The same rows without a look at each character, for lines of any length in which each is one column wide. */
function* simpleRows(line: string, columns: number): Generator<Range> {
  let from = 0;
  while (line.length - from > columns) {
    const edge = from + columns;
    const hangs = line[edge] === " " && edge + 1 < line.length;
    const blank = line.slice(from, edge).lastIndexOf(" ");
    const to = hangs ? edge + 1 : blank === -1 ? edge : from + blank + 1;
    yield [from, to];
    from = to;
  }
  yield [from, line.length];
}

/** Without looking at characters: none is wider than two columns for each code unit, but for tabs. */
function fitsSurely(line: string, columns: number): boolean {
  if (line.length <= columns / TAB.length) return true;
  if (line.length <= columns / 2 && !line.includes("\t")) return true;
  return line.length <= columns && isSimpleText(line);
}

/** Ends the row at its last chance, else right here. */
function breakRow({ from, used, chance }: OpenRow, here: number, rows: Range[]): OpenRow {
  const cut = chance.at > from ? chance : { at: here, used };
  rows.push([from, cut.at]);
  return { from: cut.at, used: used - cut.used, chance: { at: cut.at, used: 0 } };
}

/** A row may end behind blanks and on either side of a wide character. */
function fillRow(row: OpenRow, cell: Cell): void {
  if (cell.width > 1 && !cell.blank) row.chance = { at: cell.start, used: row.used };
  row.used += cell.width;
  if (cell.width > 1 || cell.blank) row.chance = { at: cell.end, used: row.used };
}

/** A blank at which the line is broken; not the last of the line, behind which the cursor needs its column. */
function mayHang(cell: Cell, lineEnd: number): boolean {
  return cell.blank && cell.width === 1 && cell.end < lineEnd;
}

function lastCellStart(text: string, start: number, end: number): number {
  let last = start;
  for (const cell of cells(text, start, end)) last = cell.start;
  return last;
}

function shownCharacter(character: string): string {
  if (character === "\t") return TAB;
  return isHarmless(character) ? character : controlSign(character);
}

function shownColumns({ text, width }: { text: string; width: number }): number {
  if (text === "\t") return TAB.length;
  return isHarmless(text) ? width : 1;
}

function isHarmless(character: string): boolean {
  return isSimpleText(character) || sanitizeText(character) === character;
}

/** Unicode's pictures for control codes; what has none is a question mark. */
function controlSign(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "?";
}
