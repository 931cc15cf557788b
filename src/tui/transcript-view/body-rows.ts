// The rows of a window: the selected item has a bar before it, matches of the search stand out. Pure.
import type { ItemView } from "../transcript/item-view.ts";
import { GUTTER } from "./item-rows.ts";
import type { ItemStrip } from "./item-strip.ts";
import type { Seen } from "./place.ts";
import { findHits, highlightRow, type Query } from "./query.ts";
import { type Slice, sameSpot } from "./strip.ts";

/** `height` rows, filled up with empty ones. */
export function bodyRows(
  strip: ItemStrip,
  seen: Seen,
  options: { view: ItemView; query: Query | null; height: number },
): string[] {
  const { view, query, height } = options;
  // Where nothing can be painted the bar alone says where the match is.
  const marked = view.theme.depth === "none" ? null : query;
  const mark = view.theme.style.accent(view.glyphs.bar);
  const margin = " ".repeat(GUTTER);
  const rows = seen.slices.flatMap((slice) => {
    const isSelected = sameSpot(slice.spot, seen.selected);
    const gap = strip.gap(slice.spot);
    return sliceTexts(strip, slice, marked).map((row, index) => {
      if (isSelected && slice.from + index >= gap) return `${mark} ${row}`.trimEnd();
      return row === "" ? "" : margin + row;
    });
  });
  return [...rows, ...Array.from({ length: Math.max(0, height - rows.length) }, () => "")];
}

/** A match may go on in the next row, so a row more is looked at on both sides. */
function sliceTexts(strip: ItemStrip, { spot, from, to }: Slice, query: Query | null): string[] {
  const rows = strip.rows(spot);
  const shown = rows.slice(from, to);
  if (query === null) return shown;
  const start = Math.max(0, from - 1);
  const hits = findHits(query, rows.slice(start, to + 1)).flat();
  return shown.map((row, index) =>
    highlightRow(
      row,
      hits.filter((hit) => hit.row === index + from - start),
    ),
  );
}
