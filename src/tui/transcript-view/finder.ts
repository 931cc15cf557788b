// The finder: looks through a book for a query, page after page from the newest, a few milliseconds at a time, and
// tells which item with a match stands next to a place. Holds places, no items.
import type { TranscriptItem } from "../../app/transcript-item.ts";
import type { Book, BookItem } from "./book.ts";
import { isNarrower, matchesItem, type Query } from "./query.ts";
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
  /** Items with a match in the older pages that were looked through, the newest first. */
  readonly #older: Spot[] = [];
  /** Older pages without a match, also of a query that this one goes on with. */
  readonly #empty: Set<number>;
  /** The next older page to look through. */
  #next = -1;
  readonly #known = new WeakMap<TranscriptItem, boolean>();

  /** `before`: the search that was typed so far; what it has ruled out is not looked at again. */
  constructor(query: Query, book: SearchedBook, before: Finder | null = null) {
    this.query = query;
    this.#book = book;
    this.#empty = new Set(before && isNarrower(query, before.query) ? before.#empty : []);
  }

  done(): boolean {
    return this.#book.complete() && this.#next < this.#book.firstPage();
  }

  /** Looks on for a moment. False: there is nothing to look through now. */
  look(now: () => number): boolean {
    const until = now() + SLICE_MS;
    while (this.#next >= this.#book.firstPage()) {
      const found = this.#lookAt(this.#next);
      if (found.length === 0) this.#empty.add(this.#next);
      for (const item of found.toReversed()) this.#older.push({ page: this.#next, item });
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
    const newest = this.#newest();
    const found = this.#nearest(newest, way, fits);
    // Pages are looked through from the newest: what stands after a page is known when the page is.
    const isKnown = this.done() || (way === "after" && this.#next < from.page);
    if (found) return way === "before" || isKnown ? { spot: found, wrapped: false } : "wait";
    if (!wrap) return isKnown ? "none" : "wait";
    if (!this.done()) return "wait";
    const other = this.#nearest(newest, way, () => true);
    return other === undefined ? "none" : { spot: other, wrapped: true };
  }

  /** The newest that fits of those before, the oldest of those after. */
  #nearest(newest: readonly Spot[], way: Way, fits: (spot: Spot) => boolean): Spot | undefined {
    return way === "before"
      ? (newest.findLast(fits) ?? this.#older.find(fits))
      : (this.#older.findLast(fits) ?? newest.find(fits));
  }

  count(spot: Spot | null): Count {
    const newest = this.#newest();
    const total = this.#older.length + newest.length;
    const done = this.done();
    return { total, number: done && spot !== null ? this.#numberOf(spot, newest) : null, done };
  }

  /** From 1, the oldest; null for an item without a match. */
  #numberOf(spot: Spot, newest: readonly Spot[]): number | null {
    const isSame = (each: Spot): boolean => compareSpots(each, spot) === 0;
    const index = spot.page === 0 ? newest.findIndex(isSame) : this.#older.findIndex(isSame);
    if (index < 0) return null;
    return spot.page === 0 ? this.#older.length + index + 1 : this.#older.length - index;
  }

  /** The newest page changes: it is looked through anew, as far as its items are others. */
  #newest(): Spot[] {
    return this.#matches(this.#book.items(0)).map((item) => ({ page: 0, item }));
  }

  #lookAt(page: number): readonly number[] {
    if (this.#empty.has(page) || !this.#book.mayHold(page, this.query.words)) return [];
    return this.#matches(this.#book.read(page));
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
