// Repairs what narrowing the window leaves behind. The terminal breaks each live row that no longer fits into several,
// and Ink, which counts the rows it wrote, would erase too few: the rest would stand as ghosts in the scrollback.
// Our own measure of the live rows says how many there are now.
import { textWidth } from "../lib/text-width.ts";
import type { Frame } from "./frame.ts";

/**
 * Bytes to write when the window got narrower, before Ink draws again: they empty the live region and leave the cursor
 * where Ink believes it to be: in the frame, or on the row below it. For terminals that reflow (all but xterm itself
 * and the Linux console). `sinks`: the cursor does not stay with its character but goes down a row for each that was
 * made, below it too (xterm.js).
 */
export function repairSequence(
  { rows, cursor }: Frame,
  columns: number,
  { sinks }: { sinks: boolean } = { sinks: false },
): string {
  if (rows.length === 0 || columns < 1) return "";
  const { x, y } = cursor ?? { x: 0, y: rows.length };
  const up = sinks ? sunkRow(rows, y, columns) : stayedRow(rows, { x, y }, columns);
  const last = cursor ? rows.length - 1 : rows.length;
  return [
    up > 0 ? `\x1b[${up}A` : "",
    "\r\x1b[J",
    "\n".repeat(last),
    last > y ? `\x1b[${last - y}A` : "",
    x > 0 ? `\x1b[${Math.min(x, columns - 1)}C` : "",
  ].join("");
}

/** The row of the cursor, counted from the first one, when it stayed with its character. */
function stayedRow(rows: readonly string[], { x, y }: { x: number; y: number }, columns: number): number {
  const made = rows.slice(0, y).reduce((sum, row) => sum + madeRows(row, columns), 0);
  return y + made + Math.floor(x / columns);
}

/** xterm.js goes from the last row up, pushes the cursor on, and leaves out the row where it is just then. */
function sunkRow(rows: readonly string[], y: number, columns: number): number {
  return rows.reduceRight((at, row, index) => (at === index ? at : at + madeRows(row, columns)), y);
}

/** Rows that the terminal makes of one beside itself. */
function madeRows(row: string, columns: number): number {
  return Math.max(0, Math.ceil(textWidth(row) / columns) - 1);
}
