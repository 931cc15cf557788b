import fc from "fast-check";
import { expect, it } from "vitest";
import {
  AT_END,
  type Place,
  pin,
  reveal,
  scroll,
  see,
  select,
} from "../../../src/tui/transcript-view/place.ts";
import {
  compareSpots,
  lastTop,
  moveDown,
  moveUp,
  rowsBelow,
  type Slice,
  type Spot,
  type Strip,
  sameSpot,
  settleTop,
  sliceRows,
} from "../../../src/tui/transcript-view/strip.ts";

type Row = string;

/** A strip of items in pages by their heights; 0 is an item that is not to be seen. */
function stripOf(pages: readonly (readonly number[])[]): Strip & { spots: Spot[]; rows: Row[] } {
  const spots = pages.flatMap((heights, index) =>
    heights.flatMap((height, item) => (height === 0 ? [] : [{ page: index - pages.length + 1, item }])),
  );
  const height = ({ page, item }: Spot): number => pages[page + pages.length - 1]?.[item] ?? 0;
  const at = (spot: Spot, step: number): Spot | null =>
    spots[spots.findIndex((each) => sameSpot(each, spot)) + step] ?? null;
  return {
    spots,
    rows: spots.flatMap((spot) => rowsOf({ spot, from: 0, to: height(spot) })),
    first: () => spots[0] ?? null,
    last: () => spots.at(-1) ?? null,
    next: (spot) => at(spot, 1),
    previous: (spot) => (sameSpot(spot, spots[0] ?? null) ? null : at(spot, -1)),
    height,
    gap: () => 0,
    isSelectable: () => true,
  };
}

function rowsOf({ spot, from, to }: Slice): Row[] {
  return Array.from({ length: to - from }, (_, index) => `${spot.page}/${spot.item}/${from + index}`);
}

const pages = fc
  .array(fc.array(fc.nat({ max: 12 }), { maxLength: 8 }), { minLength: 1, maxLength: 5 })
  .map(stripOf)
  .filter((strip) => strip.spots.length > 0);
const height = fc.integer({ min: 1, max: 30 });

it("property: windows down from the first row show each row once, in order", () => {
  fc.assert(
    fc.property(pages, height, (strip, rows) => {
      const shown: Row[] = [];
      const first = strip.first();
      for (let top = first && { spot: first, row: 0 }; top; ) {
        const slices = sliceRows(strip, top, rows);
        shown.push(...slices.flatMap(rowsOf));
        const end = slices.at(-1);
        if (!end || rowsBelow(strip, slices, 1) === 0) break;
        top = moveDown(strip, { spot: end.spot, row: end.to - 1 }, 1);
      }
      expect(shown).toEqual(strip.rows);
    }),
  );
});

it("property: so many rows down and up again is where one was, and up from the end shows the end", () => {
  fc.assert(
    fc.property(pages, fc.nat({ max: 100 }), fc.nat({ max: 60 }), height, (strip, start, by, rows) => {
      const first = strip.first() ?? { page: 0, item: 0 };
      const from = moveDown(strip, { spot: first, row: 0 }, start % strip.rows.length);
      const down = moveDown(strip, from, by);
      const moved = strip.rows.indexOf(
        rowsOf({ spot: down.spot, from: down.row, to: down.row + 1 })[0] ?? "",
      );
      expect(moved).toBe(Math.min(strip.rows.length - 1, (start % strip.rows.length) + by));
      expect(moveUp(strip, down, moved - (start % strip.rows.length))).toEqual(from);
      const end = lastTop(strip, rows);
      expect(end && sliceRows(strip, end, rows).flatMap(rowsOf)).toEqual(strip.rows.slice(-rows));
    }),
  );
});

it("property: a settled window is full as long as there are rows for it", () => {
  fc.assert(
    fc.property(pages, fc.nat({ max: 100 }), height, (strip, start, rows) => {
      const first = strip.first() ?? { page: 0, item: 0 };
      const top = moveDown(strip, { spot: first, row: 0 }, start);
      const shown = sliceRows(strip, settleTop(strip, top, rows), rows).flatMap(rowsOf);
      expect(shown).toHaveLength(Math.min(rows, strip.rows.length));
    }),
  );
});

const move = fc.oneof(
  fc.record({
    kind: fc.constant("scroll" as const),
    by: fc.integer({ min: -40, max: 40 }).filter((n) => n !== 0),
  }),
  fc.record({ kind: fc.constantFrom("next" as const, "previous" as const), by: fc.constant(0) }),
  fc.record({ kind: fc.constantFrom("pin" as const, "reveal" as const), by: fc.nat({ max: 40 }) }),
);

it("property: after any moves the window is full, the selected item is in it, and the end is followed at the end", () => {
  fc.assert(
    fc.property(pages, height, fc.array(move, { maxLength: 20 }), (strip, rows, moves) => {
      let place: Place = AT_END;
      for (const { kind, by } of moves) {
        const spot = strip.spots[by % strip.spots.length] ?? { page: 0, item: 0 };
        if (kind === "scroll") place = scroll(strip, place, rows, by);
        else if (kind === "pin") place = pin(strip, { spot, row: 0 }, rows, 0);
        else if (kind === "reveal") place = reveal(strip, place, rows, { spot, row: 0 });
        else place = select(strip, place, rows, kind);
        const seen = see(strip, place, rows);
        const shown = seen?.slices.flatMap(rowsOf) ?? [];
        expect(shown).toHaveLength(Math.min(rows, strip.rows.length));
        expect(seen?.slices.some((slice) => sameSpot(slice.spot, seen.selected))).toBe(true);
        expect(place.top === null).toBe(seen?.atEnd);
      }
    }),
  );
});

it("property: selecting the item before, again and again, comes by every item", () => {
  fc.assert(
    fc.property(pages, height, (strip, rows) => {
      let place: Place = AT_END;
      const passed: Spot[] = [];
      for (let step = 0; step < strip.spots.length; step++) {
        const selected = see(strip, place, rows)?.selected;
        if (selected) passed.push(selected);
        place = select(strip, place, rows, "previous");
      }
      expect(passed.toReversed()).toEqual(strip.spots);
    }),
  );
});

it("orders places by page and by item", () => {
  expect(compareSpots({ page: -2, item: 9 }, { page: -1, item: 0 })).toBeLessThan(0);
  expect(compareSpots({ page: 0, item: 1 }, { page: 0, item: 0 })).toBeGreaterThan(0);
});
