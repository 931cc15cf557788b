// The strip: all rows of a transcript as one long sheet of which a window is seen. Pure; knows heights, not rows, and
// asks for those alone that a window or a step of it needs.

/** An item: `page` 0 is the newest, older ones count down; `item` is its place in the page. */
export type Spot = { page: number; item: number };

/** Items that are to be seen, oldest first. */
export interface Strip {
  first(): Spot | null;
  last(): Spot | null;
  next(spot: Spot): Spot | null;
  previous(spot: Spot): Spot | null;
  /** Rows of an item with its gap, at least one more than that. */
  height(spot: Spot): number;
  /** Empty rows that an item begins with. */
  gap(spot: Spot): number;
  /** False for an item with which nothing can be done: the selection passes it by. */
  isSelectable(spot: Spot): boolean;
}

/** The row of an item that a window begins with, from 0. */
export type Top = { spot: Spot; row: number };

/** Rows [from, to) of an item. */
export type Slice = { spot: Spot; from: number; to: number };

/** Negative when `a` is older than `b`. */
export function compareSpots(a: Spot, b: Spot): number {
  return a.page - b.page || a.item - b.item;
}

export function sameSpot(a: Spot | null, b: Spot | null): boolean {
  return a !== null && b !== null && compareSpots(a, b) === 0;
}

/** So many rows down, at most to the last row. */
export function moveDown(strip: Strip, { spot, row }: Top, rows: number): Top {
  let at = spot;
  let target = row + rows;
  for (;;) {
    const height = strip.height(at);
    if (target < height) return { spot: at, row: target };
    const next = strip.next(at);
    if (next === null) return { spot: at, row: height - 1 };
    target -= height;
    at = next;
  }
}

/** So many rows up, at most to the first row. */
export function moveUp(strip: Strip, { spot, row }: Top, rows: number): Top {
  let at = spot;
  let target = row - rows;
  while (target < 0) {
    const previous = strip.previous(at);
    if (previous === null) return { spot: at, row: 0 };
    at = previous;
    target += strip.height(at);
  }
  return { spot: at, row: target };
}

/** Where a window of `height` rows begins that shows the last row; null on an empty strip. */
export function lastTop(strip: Strip, height: number): Top | null {
  const last = strip.last();
  if (last === null) return null;
  return moveUp(strip, { spot: last, row: strip.height(last) - 1 }, height - 1);
}

/** The same top, unless the window would reach beyond the last row, or the row is not there any more. */
export function settleTop(strip: Strip, top: Top, height: number): Top {
  const row = Math.min(top.row, strip.height(top.spot) - 1);
  const settled = { spot: top.spot, row };
  const shown = sliceRows(strip, settled, height);
  const rows = shown.reduce((sum, { from, to }) => sum + to - from, 0);
  return rows >= height ? settled : (lastTop(strip, height) ?? settled);
}

/** What a window of `height` rows shows, from its top down. */
export function sliceRows(strip: Strip, { spot, row }: Top, height: number): Slice[] {
  const slices: Slice[] = [];
  let left = height;
  let from = row;
  for (let at: Spot | null = spot; at !== null && left > 0; at = strip.next(at)) {
    const to = Math.min(strip.height(at), from + left);
    slices.push({ spot: at, from, to });
    left -= to - from;
    from = 0;
  }
  return slices;
}

/** The nearest item from here on that can be selected, itself among them. */
export function selectable(strip: Strip, from: Spot | null, way: "next" | "previous"): Spot | null {
  let at = from;
  while (at !== null && !strip.isSelectable(at)) at = strip[way](at);
  return at;
}

/** Rows below a window's end; counts at most to `most`. */
export function rowsBelow(strip: Strip, slices: readonly Slice[], most: number): number {
  const end = slices.at(-1);
  if (end === undefined) return 0;
  let rows = strip.height(end.spot) - end.to;
  for (let at = strip.next(end.spot); at !== null && rows < most; at = strip.next(at))
    rows += strip.height(at);
  return Math.min(rows, most);
}
