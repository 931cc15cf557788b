// What narrowing the window does to the live rows: the terminal breaks each that no longer fits into several. Our own
// measure of them says how far the cursor is from the first one then; erasing too few would leave ghosts.
import { textWidth } from "../lib/text-width.ts";
import type { Frame } from "./frame.ts";

/** `sinks`: the cursor goes down a row for each row that was made, below it too (xterm.js). */
export type Reflow = "none" | "stays" | "sinks";

/** How a window changed: `columns` now, `lower` by so many rows; `reflow` is "none" when it did not get narrower. */
export type Resize = { columns: number; lower: number; reflow: Reflow };

/**
 * Rows from the cursor up to the first row of the frame, after the window has changed. Without a cursor the terminal's
 * own stands at the frame's first cell.
 */
export function rowsAboveCursor({ rows, cursor }: Frame, { columns, lower, reflow }: Resize): number {
  const { x, y } = cursor ?? { x: 0, y: 0 };
  switch (reflow) {
    case "none":
      return y;
    case "stays":
      return stayedRow(rows, { x, y }, columns);
    case "sinks":
      // It drops rows below the cursor before it breaks the others. Were there empty ones, fewer of these are gone: too
      // few rows erased leave a ghost, too many would take what is finished.
      return sunkRow(rows.slice(0, Math.max(y + 1, rows.length - lower)), y, columns);
  }
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
