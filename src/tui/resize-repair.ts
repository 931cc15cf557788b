// Repairs what narrowing the window leaves behind. The terminal breaks each live row that no longer fits into several,
// and Ink, which counts the rows it wrote, would erase too few: the rest would stand as ghosts in the scrollback.
// Our own measure of the live rows says how many there are now.
import { textWidth } from "../lib/text-width.ts";
import type { Frame } from "./frame.ts";

/**
 * Bytes to write when the window got narrower, before Ink draws again: they empty the live region and leave the cursor
 * where Ink believes it to be. For terminals that reflow (all but xterm itself and the Linux console).
 */
export function repairSequence({ rows, cursor }: Frame, columns: number): string {
  if (rows.length === 0 || columns < 1) return "";
  const at = cursor ?? { x: 0, y: rows.length - 1 };
  const above = rows.slice(0, at.y).reduce((sum, row) => sum + physicalRows(textWidth(row), columns), 0);
  const up = above + Math.floor(at.x / columns);
  const believed = rows.length - 1 - at.y;
  return [
    up > 0 ? `\x1b[${up}A` : "",
    "\r\x1b[J",
    "\n".repeat(rows.length - 1),
    believed > 0 ? `\x1b[${believed}A` : "",
    at.x > 0 ? `\x1b[${Math.min(at.x, columns - 1)}C` : "",
  ].join("");
}

function physicalRows(width: number, columns: number): number {
  return Math.max(1, Math.ceil(width / columns));
}
