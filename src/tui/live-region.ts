// The live region: the rows below the scrollback that still change. Gives the bytes that bring the terminal from one
// state of it to the next. Pure, and all of it is reckoned from the region's first row: what a terminal does with the
// rows below the cursor when its window changes does no harm.
import { isSimpleText } from "../lib/text-width.ts";
import type { Frame } from "./frame.ts";

export const NO_REGION: Frame = { rows: [], cursor: null };

/** Live rows as they are in the terminal. `at`: rows from their first to the cursor, in a window of so many columns. */
export type Standing = { frame: Frame; at: number; columns: number };

/** As they stand when they were drawn. Without a cursor the terminal's own waits at the first cell. */
export function standing(frame: Frame, columns: number): Standing {
  return { frame, at: frame.cursor?.y ?? 0, columns };
}

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
/** A row that the terminal takes for wider than we do is cut, not broken in two: rows stay as many as they are. */
const WRAP_OFF = "\x1b[?7l";
const WRAP_ON = "\x1b[?7h";
const ERASE_LINE = "\x1b[K";
const ERASE_BELOW = "\r\x1b[J";
/** Where is the last column of this row? Whatever follows must place the cursor anew. */
const ASK_PLACE = "\x1b[999C\x1b[6n";
const STYLES = /\x1b\[[\d;:]*m/g;

/**
 * From `before` to `after`, `finished` rows going into the scrollback between. Without a cursor the terminal's own
 * waits unseen at the region's first cell. `ask`: the terminal shall say where it drew that. Empty when nothing changes.
 */
export function updateSequence(
  before: Frame,
  finished: readonly string[],
  after: Frame,
  ask = false,
): string {
  const kept = finished.length === 0;
  if (kept && isSame(before, after)) return "";
  const start = `${before.cursor ? HIDE_CURSOR : ""}${up(before.cursor?.y ?? 0)}\r`;
  const above = kept ? "" : `${before.rows.length > 0 ? ERASE_BELOW : ""}${finished.join("\n")}\n`;
  const { bytes, at } = changedRows(kept ? before.rows : [], after.rows);
  const { x, y } = after.cursor ?? { x: 0, y: 0 };
  const place = `${y < at ? up(at - y) : "\n".repeat(y - at)}${ask ? ASK_PLACE : ""}\r${right(x)}`;
  return [start, above, bytes && WRAP_OFF + bytes + WRAP_ON, place, after.cursor ? SHOW_CURSOR : ""].join("");
}

/** Empties the window from `rowsUp` rows above the cursor on, and leaves the cursor, unseen, there in the first column. */
export function eraseSequence(rowsUp: number): string {
  return `${HIDE_CURSOR}${up(rowsUp)}${ERASE_BELOW}`;
}

function isSame(before: Frame, after: Frame): boolean {
  return (
    before.cursor?.x === after.cursor?.x &&
    before.cursor?.y === after.cursor?.y &&
    before.rows.length === after.rows.length &&
    before.rows.every((row, index) => row === after.rows[index])
  );
}

/** From the first row on; `at` is the row where the cursor is then, in some column. */
function changedRows(before: readonly string[], after: readonly string[]): { bytes: string; at: number } {
  let bytes = "";
  let at = 0;
  const goTo = (row: number): void => {
    bytes += "\n".repeat(row - at);
    at = row;
  };
  for (const [index, row] of after.entries()) {
    const old = before[index];
    if (old === row) continue;
    goTo(index);
    bytes += old === undefined ? row : changedRow(old, row);
  }
  if (before.length <= after.length) return { bytes, at };
  goTo(after.length);
  return { bytes: bytes + ERASE_BELOW, at };
}

/** Written from column 0. What both begin with stays on the screen where each of its characters is one column. */
function changedRow(before: string, after: string): string {
  const whole = ERASE_LINE + after;
  const common = commonStart(before, after);
  const start = after.slice(0, common);
  const text = start.replace(STYLES, "");
  // A mark that joins the last of them would be written alone.
  const next = `${after[common] ?? ""}${before[common] ?? ""}`.replaceAll("\x1b", "");
  if (text === "" || !isSimpleText(text + next)) return whole;
  const partial =
    right(text.length) + ERASE_LINE + (start.match(STYLES)?.join("") ?? "") + after.slice(common);
  return partial.length < whole.length ? partial : whole;
}

/** Characters that both rows begin with, no escape sequence cut in two. */
function commonStart(before: string, after: string): number {
  const most = Math.min(before.length, after.length);
  let length = 0;
  while (length < most && before.charCodeAt(length) === after.charCodeAt(length)) length += 1;
  const start = after.lastIndexOf("\x1b", length);
  if (start === -1) return length;
  const style = /^\x1b\[[\d;:]*m/.exec(after.slice(start, start + 32))?.[0] ?? "";
  return start + style.length <= length && style !== "" ? length : Math.min(length, start);
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : "";
}
