// Where somebody is in a transcript: the window's top and the selected item, and what each move makes of them. Pure.
import {
  compareSpots,
  lastTop,
  moveDown,
  moveUp,
  type Slice,
  type Spot,
  type Strip,
  sameSpot,
  selectable,
  settleTop,
  sliceRows,
  type Top,
} from "./strip.ts";

/** `top` null follows the end; `selected` null is the newest item. */
export type Place = { top: Top | null; selected: Spot | null };

export const AT_END: Place = { top: null, selected: null };

/** The same place after the first items of page 0 went into older pages. */
export function movedUp({ top, selected }: Place, items: number): Place {
  const moved = (spot: Spot): Spot =>
    spot.page === 0 ? { page: 0, item: Math.max(0, spot.item - items) } : spot;
  return { top: top && { ...top, spot: moved(top.spot) }, selected: selected && moved(selected) };
}

/** A place as it is to be seen. `atEnd`: the last row is shown. */
export type Seen = { top: Top; selected: Spot; slices: Slice[]; atEnd: boolean };

/** null on an empty strip. */
export function see(strip: Strip, place: Place, height: number): Seen | null {
  const last = newest(strip);
  const end = lastTop(strip, height);
  if (last === null || end === null) return null;
  const top = place.top === null ? end : settleTop(strip, place.top, height);
  const slices = sliceRows(strip, top, height);
  return { top, selected: place.selected ?? last, slices, atEnd: sameTop(top, end) };
}

/** What is selected when nobody chose. */
function newest(strip: Strip): Spot | null {
  return selectable(strip, strip.last(), "previous") ?? strip.last();
}

/** Where nothing can be scrolled any more, the selection moves instead. */
export function scroll(strip: Strip, place: Place, height: number, rows: number): Place {
  const seen = see(strip, place, height);
  if (seen === null) return AT_END;
  const moved = rows > 0 ? moveDown(strip, seen.top, rows) : moveUp(strip, seen.top, -rows);
  const top = settleTop(strip, moved, height);
  if (!sameTop(top, seen.top)) return keepSelectionInSight(strip, { top, selected: seen.selected }, height);
  if (Math.abs(rows) === 1) return select(strip, place, height, rows > 0 ? "next" : "previous");
  const edge = rows > 0 ? seen.slices.at(-1) : seen.slices[0];
  return settled(strip, { top, selected: edge?.spot ?? seen.selected }, height);
}

export function select(strip: Strip, place: Place, height: number, which: "next" | "previous"): Place {
  const seen = see(strip, place, height);
  if (seen === null) return AT_END;
  const spot = selectable(strip, strip[which](seen.selected), which);
  return spot === null
    ? reveal(strip, place, height, { spot: seen.selected, row: 0 })
    : reveal(strip, place, height, { spot, row: 0 });
}

/** Selects an item and brings it into the window, as much of it as fits, from the given row on. */
export function reveal(strip: Strip, place: Place, height: number, target: Top): Place {
  const seen = see(strip, place, height);
  if (seen === null) return AT_END;
  const { spot } = target;
  const itemHeight = strip.height(spot);
  const row = Math.min(target.row, itemHeight - 1);
  const selected = { top: seen.top, selected: spot };
  const shown = seen.slices.find((slice) => sameSpot(slice.spot, spot));
  const lastRow = Math.min(itemHeight - 1, row + height - 1);
  if (shown && shown.from <= row && shown.to > lastRow) return settled(strip, selected, height);
  const isBelow = shown ? shown.from <= row : compareSpots(spot, seen.top.spot) > 0;
  const top = isBelow ? moveUp(strip, { spot, row: lastRow }, height - 1) : { spot, row };
  return settled(strip, { top, selected: spot }, height);
}

/** Selects an item and puts its row `row` so many rows below the window's top, as far as there are rows for it. */
export function pin(strip: Strip, target: Top, height: number, rowsAbove: number): Place {
  const row = Math.min(target.row, strip.height(target.spot) - 1);
  const top = moveUp(strip, { spot: target.spot, row }, rowsAbove);
  return settled(strip, { top: settleTop(strip, top, height), selected: target.spot }, height);
}

/** Matches are put this share of the window below its top. */
const MATCH_SHARE = 3;

/** Selects an item and shows its row `row`; one that is in the window already is not moved. `row` null: its first. */
export function showRow(
  strip: Strip,
  place: Place,
  height: number,
  { spot, row }: { spot: Spot; row: number | null },
): Place {
  if (row === null) return reveal(strip, place, height, { spot, row: 0 });
  const seen = see(strip, { ...place, selected: spot }, height);
  const at = seen && rowOf(seen, spot);
  const isSeen = at !== null && at + row >= 0 && at + row < height;
  return isSeen
    ? { ...place, selected: spot }
    : pin(strip, { spot, row }, height, Math.floor(height / MATCH_SHARE));
}

/** How many rows below the top an item's first row stands; negative when it begins above, null when out of sight. */
export function rowOf(seen: Seen, spot: Spot): number | null {
  let rows = 0;
  for (const slice of seen.slices) {
    if (sameSpot(slice.spot, spot)) return rows - slice.from;
    rows += slice.to - slice.from;
  }
  return null;
}

/** A window at the end follows it; the newest item stays selected while others come. */
function settled(strip: Strip, place: Place, height: number): Place {
  const end = lastTop(strip, height);
  const atEnd = place.top !== null && end !== null && sameTop(settleTop(strip, place.top, height), end);
  if (!atEnd) return place;
  return { top: null, selected: sameSpot(place.selected, newest(strip)) ? null : place.selected };
}

function keepSelectionInSight(
  strip: Strip,
  place: Place & { top: Top; selected: Spot },
  height: number,
): Place {
  // Of an item at the lower edge there may be no more to see than the gap before it.
  const slices = sliceRows(strip, place.top, height).filter(
    ({ spot, to }) => to > strip.gap(spot) && strip.isSelectable(spot),
  );
  const first = slices[0]?.spot ?? place.selected;
  const last = slices.at(-1)?.spot ?? place.selected;
  const isAbove = compareSpots(place.selected, first) < 0;
  const isBelow = compareSpots(place.selected, last) > 0;
  return settled(strip, { ...place, selected: isAbove ? first : isBelow ? last : place.selected }, height);
}

function sameTop(a: Top, b: Top): boolean {
  return a.row === b.row && sameSpot(a.spot, b.spot);
}
