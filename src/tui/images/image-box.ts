// How many columns and rows an image takes in the transcript. Pure.
import type { ImageSize } from "../../lib/image-size.ts";

/** In cells. */
export type ImageBox = { columns: number; rows: number };

/** A cell in pixels where the terminal did not tell: what most fonts have about. */
export const USUAL_CELL: ImageSize = { width: 10, height: 20 };

const MOST_COLUMNS = 64;
const MOST_ROWS = 16;
/** Rows of the window that live rows need while the image is drawn above them. */
const LIVE_ROWS = 10;
/** Lower images say nothing. */
const FEWEST_ROWS = 3;

/** The natural size, or as much as there is room for; null where there is none. */
export function fitImage(
  size: ImageSize,
  { cell, columns, windowRows }: { cell: ImageSize; columns: number; windowRows: number },
): ImageBox | null {
  const mostRows = Math.min(MOST_ROWS, windowRows - LIVE_ROWS);
  const mostColumns = Math.min(MOST_COLUMNS, columns);
  if (mostRows < FEWEST_ROWS || mostColumns < FEWEST_ROWS * 2) return null;
  const natural = { columns: size.width / cell.width, rows: size.height / cell.height };
  const scale = Math.min(1, mostColumns / natural.columns, mostRows / natural.rows);
  return {
    columns: Math.max(1, Math.min(mostColumns, Math.round(natural.columns * scale))),
    rows: Math.max(1, Math.min(mostRows, Math.ceil(natural.rows * scale - 0.05))),
  };
}
