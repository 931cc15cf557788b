import fc from "fast-check";
import { expect, it } from "vitest";
import { findSeam, type SessionBook } from "../../../src/tui/transcript-view/book.ts";
import { Finder } from "../../../src/tui/transcript-view/finder.ts";
import { FIRST_FOLDS, type Folds, foldAll, toggleFold } from "../../../src/tui/transcript-view/folds.ts";
import { nextHead } from "../../../src/tui/transcript-view/heads.ts";
import { ItemStrip, RowCache } from "../../../src/tui/transcript-view/item-strip.ts";
import { compileQuery, matchesItem } from "../../../src/tui/transcript-view/query.ts";
import { moveDown, rowsBelow, type Spot, sliceRows } from "../../../src/tui/transcript-view/strip.ts";
import { answer, call, result } from "../../support/session-entries.ts";
import { testView, visible } from "../theme/test-view.ts";
import { openBook, type TestRun } from "./test-book.ts";

const runs = (count: number): TestRun[] =>
  Array.from({ length: count }, (_, index) => ({
    prompt: `prompt ${index}.`,
    messages: [
      answer(`looking ${index}`, call(`c${index}`)),
      result(`c${index}`, `found ${index}\nand more`),
      answer(`answer ${index}`),
    ],
  }));

function allSpots(book: SessionBook): Spot[] {
  const pages = Array.from({ length: 1 - book.firstPage() }, (_, index) => book.firstPage() + index);
  return pages.flatMap((page) => book.items(page).map((_, item) => ({ page, item })));
}

function allItems(book: SessionBook) {
  return allSpots(book).flatMap(({ page, item }) => book.items(page)[item] ?? []);
}

it("property: log and file together hold each item once, in order, whatever the log still has", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 12 }),
      fc.nat({ max: 9 }),
      async (count, logged, trimmed) => {
        // Of a log of thousands of items there is always a message left.
        fc.pre(trimmed <= Math.min(count, logged) * 5 - 2);
        const { book, items } = await openBook(runs(count), { logged, trimmed });
        expect(allItems(book).map(({ item }) => item)).toEqual(items);
        expect(allItems(book).filter(({ head }) => head)).toHaveLength(count);
        expect(allItems(book).map(({ run }) => book.runNumber(run)?.number)).toEqual(
          items.map((_, index) => Math.floor(index / 5) + 1),
        );
        expect(book.runNumber(0)?.of).toBe(count);
      },
    ),
    { numRuns: 20 },
  );
});

it("a session that is in the log alone has no older pages", async () => {
  const { book, log } = await openBook(runs(2), { logged: 2 });
  expect(findSeam(log.items.get(), false)).toMatchObject({ start: 0 });
  expect(allItems(book)).toHaveLength(10);
  expect(findSeam([{ kind: "notice", id: "x", level: "info", message: "hello" }], false)).toBeNull();
});

it("goes from prompt to prompt over the edges of pages", async () => {
  const { book } = await openBook(runs(30), { logged: 2 });
  expect(book.firstPage()).toBeLessThan(-1);
  const prompts: number[] = [];
  for (
    let spot = nextHead(book, { page: 1, item: 0 }, "before");
    spot;
    spot = nextHead(book, spot, "before")
  ) {
    const item = book.items(spot.page)[spot.item]?.item;
    prompts.push(item?.kind === "user" ? Number.parseInt(item.text.slice(7), 10) : -1);
  }
  expect(prompts.reverse()).toEqual(Array.from({ length: 30 }, (_, index) => index));
});

/** The folds after changes of all, or of the item with that number. */
function folded(book: SessionBook, changes: readonly ("all" | number)[]): Folds {
  const spots = allSpots(book);
  return changes.reduce<Folds>((folds, change) => {
    const spot = change === "all" ? undefined : spots[change % spots.length];
    const entry = spot && book.items(spot.page)[spot.item];
    return spot && entry ? toggleFold(folds, spot, entry) : foldAll(folds);
  }, FIRST_FOLDS);
}

/** What is seen from the first row to the last, a window at a time. */
function windowsDown(strip: ItemStrip, height: number): string[] {
  const shown: string[] = [];
  const first = strip.first();
  for (let top = first && { spot: first, row: 0 }; top; ) {
    const slices = sliceRows(strip, top, height);
    shown.push(...slices.flatMap(({ spot, from, to }) => strip.rows(spot).slice(from, to)));
    const end = slices.at(-1);
    if (!end || rowsBelow(strip, slices, 1) === 0) break;
    top = moveDown(strip, { spot: end.spot, row: end.to - 1 }, 1);
  }
  return shown;
}

/** Where one comes by from match to match, before it begins anew. */
function passedBy(finder: Finder, from: Spot, way: "before" | "after"): Spot[] {
  const passed: Spot[] = [];
  for (let found = finder.find(from, way); typeof found !== "string" && !found.wrapped; ) {
    passed.push(found.spot);
    found = finder.find(found.spot, way);
  }
  return passed;
}

const fold = fc.oneof(fc.constant("all" as const), fc.nat({ max: 200 }));

it("property: for any folds and widths, windows down the strip show every row once and lose none", async () => {
  const { book } = await openBook(runs(25), { logged: 3 });
  const spots = allSpots(book);
  fc.assert(
    fc.property(
      fc.array(fold, { maxLength: 8 }),
      fc.integer({ min: 24, max: 120 }),
      fc.integer({ min: 1, max: 40 }),
      (changes, width, height) => {
        const strip = new ItemStrip(book, folded(book, changes), testView(width), new RowCache());
        const shown = windowsDown(strip, height);
        const seen = spots.filter((spot) => strip.isSeen(spot));
        expect(shown).toEqual(seen.flatMap((spot) => strip.rows(spot)));
        for (const index of [0, 12, 24]) expect(visible(shown).join(" ")).toContain(`prompt ${index}.`);
      },
    ),
    { numRuns: 60 },
  );
});

it("a folded call is one line, an unfolded one has all its input and output; folded runs are their prompts", async () => {
  const { book } = await openBook(runs(1), { logged: 1 });
  const spot = { page: 0, item: 2 };
  const [entry] = book.items(0).slice(2);
  const rows = (folds: Folds): string[] =>
    visible(new ItemStrip(book, folds, testView(80), new RowCache()).rows(spot)).filter((row) => row !== "");
  expect(rows(FIRST_FOLDS)).toHaveLength(1);
  expect(rows(FIRST_FOLDS)[0]).toMatch(/^▸ ✓ read {2}a\.ts/);
  const unfolded = entry ? rows(toggleFold(FIRST_FOLDS, spot, entry)) : [];
  expect(unfolded.map((row) => row.trim())).toEqual([
    expect.stringMatching(/^▾ ✓ read/),
    "found 0",
    "and more",
  ]);
  const prompts = new ItemStrip(book, { level: "prompts", changed: new Map() }, testView(80), new RowCache());
  expect(allSpots(book).filter((each) => prompts.isSeen(each))).toEqual([{ page: 0, item: 0 }]);
});

it("property: the finder comes by every item with a match, in both ways, and counts them", async () => {
  const { book } = await openBook(runs(40), { logged: 4 });
  fc.assert(
    fc.property(
      fc.constantFrom("7", "looking 1", "ANSWER", "found 3 and more", "nothing like it"),
      fc.nat({ max: 6 }),
      fc.nat({ max: 4 }),
      (text, typed, looks) => {
        const query = compileQuery(text);
        if (query === null) return;
        // Typed so far, and looked for a while: what that has ruled out is not looked at again.
        const beginning = compileQuery(text.slice(0, typed));
        const before = beginning && new Finder(beginning, book);
        let nowMs = 0;
        const onePage = (): number => {
          nowMs += 9;
          return nowMs;
        };
        for (let count = 0; count < looks; count++) before?.look(onePage);
        const finder = new Finder(query, book, before);
        while (finder.look(() => 0));
        expect(finder.done()).toBe(true);
        const spots = allSpots(book);
        const expected = spots.filter(({ page, item }) => {
          const entry = book.items(page)[item];
          return entry !== undefined && matchesItem(query, entry.item);
        });
        expect(finder.count(null).total).toBe(expected.length);
        const first = { page: book.firstPage(), item: -1 };
        expect(passedBy(finder, first, "after")).toEqual(expected);
        expect(passedBy(finder, { page: 1, item: 0 }, "before")).toEqual(expected.toReversed());
      },
    ),
  );
});
