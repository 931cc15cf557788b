// What keys do, in as few rows as they need: whole hints, the first and the way out kept longest. Pure.
import { textWidth } from "../../lib/text-width.ts";

const BETWEEN = "  ";

/** Most important first, the way out last; at least one row, which is empty where no hint fits. */
export function hintRows(hints: readonly string[], width: number, mostRows: number): string[] {
  const shown = hints.filter((hint) => hint !== "" && textWidth(hint) <= width);
  for (;;) {
    const rows = wrapHints(shown, width);
    if (rows.length <= mostRows || shown.length <= 2) return rows.slice(0, mostRows);
    shown.splice(-2, 1);
  }
}

function wrapHints(hints: readonly string[], width: number): string[] {
  const rows = [""];
  for (const hint of hints) {
    const last = rows.at(-1) ?? "";
    const joined = last === "" ? hint : last + BETWEEN + hint;
    if (textWidth(joined) <= width) rows.splice(-1, 1, joined);
    else rows.push(hint);
  }
  return rows;
}
