// The finder: looks through a book for a query, page after page from the newest, a few milliseconds at a time, and
// tells which item with a match stands next to a place. Holds places, no items.
import type { TranscriptItem } from "../../app/transcript-item.ts";
import type { Book, BookItem } from "./book.ts";
import { matchesItem, type Query } from "./query.ts";
import { compareSpots, type Spot } from "./strip.ts";

/** A book whose pages can be read without being kept. */
export interface SearchedBook extends Book {
  read(page: number): readonly BookItem[];
  /** False where no item of the page can match all of the words. */
  mayHold(page: number, words: readonly RegExp[]): boolean;
}

export type Way = "before" | "after";

/** "wait": where nothing was found so far there may still be something. */
export type Found = { spot: Spot; wrapped: boolean } | "none" | "wait";

/** `done`: the whole book was looked through. `number` of the item asked for, from 1, once that is known. */
export type Count = { total: number; number: number | null; done: boolean };

/** How long one look may take: well below a frame. */
const SLICE_MS = 8;

export class Finder {
  readonly query: Query;
  readonly #book: SearchedBook;
  /** Items with a match in each older page that was looked through. */
  readonly #pages = new Map<number, readonly number[]>();
  /** The next older page to look through. */
  #next = -1;
  readonly #known = new WeakMap<TranscriptItem, boolean>();

  constructor(query: Query, book: SearchedBook) {
    this.query = query;
    this.#book = book;
  }

  done(): boolean {
    return this.#book.complete() && this.#next < this.#book.firstPage();
  }

  /** Looks on for a moment. False: there is nothing to look through now. */
  look(now: () => number): boolean {
    const until = now() + SLICE_MS;
    while (this.#next >= this.#book.firstPage()) {
      const isWorthIt = this.#book.mayHold(this.#next, this.query.words);
      this.#pages.set(this.#next, isWorthIt ? this.#matches(this.#book.read(this.#next)) : []);
      this.#next -= 1;
      if (now() >= until) return true;
    }
    return false;
  }

  /** The nearest item with a match on that side of a place, around the ends of the book too. */
  find(from: Spot, way: Way, options: { inclusive?: boolean; wrap?: boolean } = {}): Found {
    const { inclusive = false, wrap = true } = options;
    const fits = (spot: Spot): boolean => {
      const order = compareSpots(spot, from);
      return (inclusive && order === 0) || (way === "before" ? order < 0 : order > 0);
    };
    const spots = this.#spots();
    const found = way === "before" ? spots.findLast(fits) : spots.find(fits);
    // Pages are looked through from the newest: what stands after a page is known when the page is.
    const isKnown = this.done() || (way === "after" && this.#next < from.page);
    if (found) return way === "before" || isKnown ? { spot: found, wrapped: false } : "wait";
    if (!wrap) return isKnown ? "none" : "wait";
    const other = way === "before" ? spots.at(-1) : spots[0];
    if (!this.done()) return "wait";
    return other === undefined ? "none" : { spot: other, wrapped: true };
  }

  count(spot: Spot | null): Count {
    const spots = this.#spots();
    const done = this.done();
    const index = spot === null ? -1 : spots.findIndex((each) => compareSpots(each, spot) === 0);
    return { total: spots.length, number: done && index >= 0 ? index + 1 : null, done };
  }

  /** Oldest first. The newest page changes: it is looked through anew, as far as its items are others. */
  #spots(): Spot[] {
    const spots: Spot[] = [];
    for (let page = this.#next + 1; page < 0; page++) {
      for (const item of this.#pages.get(page) ?? []) spots.push({ page, item });
    }
    for (const item of this.#matches(this.#book.items(0))) spots.push({ page: 0, item });
    return spots;
  }

  #matches(items: readonly BookItem[]): number[] {
    return items.flatMap(({ item }, index) => (this.#isMatch(item) ? [index] : []));
  }

  #isMatch(item: TranscriptItem): boolean {
    const known = this.#known.get(item);
    if (known !== undefined) return known;
    const matches = matchesItem(this.query, item);
    this.#known.set(item, matches);
    return matches;
  }
}
