// What another window does to the live rows: a terminal breaks each that no longer fits into several, and joins them
// again. Our own measure of them says how far the cursor is from the first one then; erasing too few would leave ghosts.
import { textWidth } from "../lib/text-width.ts";
import type { Frame } from "./frame.ts";
import type { DrawnUpdate } from "./in-flight.ts";
import type { Standing } from "./live-region.ts";

/** `sinks`: the cursor goes down a row for each row that was made, below it too (xterm.js). */
export type Reflow = "none" | "stays" | "sinks";

/** How a window changed: `columns` now, `lower` by so many rows. */
export type Resize = { columns: number; lower: number; reflow: Reflow };

/** Rows from the cursor up to the first row, after the window has changed. */
export function rowsAboveCursor(before: Standing, { columns, lower, reflow }: Resize): number {
  const { frame, at } = before;
  switch (reflow) {
    case "none":
      return at;
    case "stays":
      // What stands above the first row besides, stays so.
      return stayedRow(frame, columns) + at - stayedRow(frame, before.columns);
    case "sinks":
      // It drops rows below the cursor before it breaks the others. Were there empty ones, fewer of these are gone: too
      // few rows erased leave a ghost, too many would take what is finished.
      return sunkRow(frame.rows.slice(0, Math.max(at + 1, frame.rows.length - lower)), before, columns);
  }
}

/**
 * What stands in the terminal from the first of the finished rows on: a frame that was drawn into a narrower window than
 * it was made for is cut, no row of it is broken.
 */
export function lateFrame({ frame, drawnColumns }: DrawnUpdate, finished: readonly string[]): Frame {
  const rows = frame.rows.map((row) => " ".repeat(Math.min(textWidth(row), drawnColumns)));
  const { x, y } = frame.cursor ?? { x: 0, y: 0 };
  return { rows: [...finished, ...rows], cursor: { x, y: finished.length + y } };
}

export function rowsBelowCursor({ frame, at, columns }: Standing): number {
  return Math.max(0, heightOfAll(frame.rows, columns) - 1 - at);
}

/** `up`: rows above the cursor that must be erased; `again`: finished rows that go there before anything else. */
export type Redraw = { up: number; again: readonly string[] };

/**
 * After updates that were drawn into another window than they were made for. They began too low by as many rows as the
 * terminal had made of the region before them, the first of which stand above as a ghost; or too high, over finished
 * rows. `above`: rows from the cursor up to the region's first one when the window had changed. `preceding`: the newest
 * finished rows above all that. What is in the scrollback already stays there.
 */
export function redrawAfterLate(
  late: readonly DrawnUpdate[],
  above: number,
  { columns, preceding }: { columns: number; preceding: readonly string[] },
): Redraw {
  const [first] = late;
  const last = late.at(-1);
  if (!first || !last) return { up: above, again: [] };
  const own = last.frame.cursor?.y ?? 0;
  const ghost = above - first.up;
  const finished = late.flatMap((update) => update.finished);
  const between = heightOfAll(finished, columns);
  const reach = last.row - 1;
  if (ghost === 0 || between + own > reach) return { up: own, again: [] };
  if (ghost > 0) return { up: Math.min(reach, ghost + between + own), again: finished };
  const lost = lastRows(preceding, -ghost, columns);
  return {
    up: Math.min(reach, heightOfAll(lost, columns) + ghost + between + own),
    again: [...lost, ...finished],
  };
}

/** As few of the last rows as are at least so high. */
function lastRows(rows: readonly string[], height: number, columns: number): readonly string[] {
  let from = rows.length;
  for (let sum = 0; from > 0 && sum < height; sum += heightOf(rows[from] ?? "", columns)) from -= 1;
  return rows.slice(from);
}

/** The row of the cursor, counted from the first one, when it stayed with its character. */
function stayedRow({ rows, cursor }: Frame, columns: number): number {
  const { x, y } = cursor ?? { x: 0, y: 0 };
  return heightOfAll(rows.slice(0, y), columns) + Math.floor(x / columns);
}

/** xterm.js goes from the last row up, moves the cursor on, and leaves out the row where it is just then. */
function sunkRow(rows: readonly string[], { at, columns: before }: Standing, columns: number): number {
  let top = heightOfAll(rows, before);
  return rows.reduceRight((cursor, row) => {
    const height = heightOf(row, before);
    top -= height;
    const isHere = cursor >= top && cursor < top + height;
    return isHere ? cursor : cursor + heightOf(row, columns) - height;
  }, at);
}

/** Rows that a window of so many columns needs for one. */
function heightOf(row: string, columns: number): number {
  return Math.max(1, Math.ceil(textWidth(row) / columns));
}

function heightOfAll(rows: readonly string[], columns: number): number {
  return rows.reduce((sum, row) => sum + heightOf(row, columns), 0);
}
