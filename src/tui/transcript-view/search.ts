// The search of the view: what is looked for, where its matches are, and the step to the next, which may have to wait
// until older pages were looked through.
import { Finder, type SearchedBook, type Way } from "./finder.ts";
import { compileQuery, findHits, type Query } from "./query.ts";
import { type Spot, sameSpot } from "./strip.ts";

/** A match that was gone to: `hit` counts the matches in the item's rows. */
type At = { spot: Spot; hit: number };

export type SearchStep = { spot: Spot; way: Way };

type Wanted = { from: Spot; way: Way; first: boolean };

export type SearchOptions = {
  book: SearchedBook;
  now: () => number;
  /** A match was found: go there, and give its rows as they are then. */
  goTo: (step: SearchStep) => void;
  /** Nothing has it, or what was looked for is nothing. */
  onLost: () => void;
  /** What is known is more now, or nothing was found. */
  onChange: () => void;
};

export class Search {
  readonly #options: SearchOptions;
  #finder: Finder | null = null;
  #wanted: Wanted | null = null;
  #at: At | null = null;
  #timer: NodeJS.Immediate | null = null;
  /** Nothing has it. */
  #isLost = false;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  query(): Query | null {
    return this.#finder?.query ?? null;
  }

  /** Looks for a text: the first match at or after the place, else the nearest before it. "" ends the search. */
  start(text: string, from: Spot): void {
    const before = this.#finder;
    this.end();
    const query = compileQuery(text);
    if (query === null) {
      this.#options.onLost();
      return;
    }
    this.#finder = new Finder(query, this.#options.book, before);
    this.#wanted = { from, way: "after", first: true };
    this.resume();
  }

  end(): void {
    this.#finder = null;
    this.#wanted = null;
    this.#at = null;
    this.#isLost = false;
    if (this.#timer) clearImmediate(this.#timer);
    this.#timer = null;
  }

  /** The person went elsewhere: a match that is found later is not gone to. */
  forget(): void {
    this.#wanted = null;
  }

  /** To the next match: in the rows of the selected item ("here"), else in another item, which `goTo` is told. */
  step(way: Way, selected: Spot, rows: readonly string[]): "here" | "elsewhere" | "nothing" {
    const finder = this.#finder;
    if (finder === null) return "nothing";
    const hits = findHits(finder.query, rows).length;
    if (sameSpot(this.#at?.spot ?? null, selected) && this.#at) {
      const hit = this.#at.hit + (way === "after" ? 1 : -1);
      if (hit >= 0 && hit < hits) {
        this.#at = { spot: selected, hit };
        return "here";
      }
    }
    this.#at = null;
    this.#wanted = { from: selected, way, first: false };
    this.resume();
    return "elsewhere";
  }

  /** The match that was gone to, in the item's rows as they are now; null when it cannot be told from them. */
  hitRow(spot: Spot, rows: readonly string[]): number | null {
    if (!this.#finder || !sameSpot(this.#at?.spot ?? null, spot)) return null;
    const hits = findHits(this.#finder.query, rows);
    return hits.at(this.#at?.hit ?? 0)?.[0]?.row ?? null;
  }

  /** The item was gone to from that side, with these rows. */
  arrived({ spot, way }: SearchStep, rows: readonly string[]): void {
    const hits = this.#finder ? findHits(this.#finder.query, rows).length : 0;
    this.#at = { spot, hit: way === "after" ? 0 : Math.max(0, hits - 1) };
  }

  /** Goes on where it waited for pages. */
  resume(): void {
    const finder = this.#finder;
    if (finder === null) return;
    this.#settle(finder);
    if (this.#timer || finder.done()) return;
    this.#timer = setImmediate(() => {
      this.#timer = null;
      const isMore = finder.look(this.#options.now);
      this.#settle(finder);
      this.#options.onChange();
      if (isMore && this.#finder === finder) this.resume();
    });
  }

  /** How many are found, in few words. */
  found(selected: Spot | null): string {
    const finder = this.#finder;
    if (finder === null) return "";
    const { total, number, done } = finder.count(selected);
    if (!done) return total === 0 ? "looking" : `${items(total)} so far`;
    if (total === 0 || this.#isLost) return "nowhere";
    return number === null ? items(total) : `${number} of ${items(total)}`;
  }

  /** What is found, in words. */
  words(selected: Spot | null): string {
    const finder = this.#finder;
    if (finder === null) return "";
    const { total, number, done } = finder.count(selected);
    const name = `"${finder.query.text.trim()}"`;
    if (!done) return `${name} ${total === 0 ? "is not found so far" : `in ${total} so far`}`;
    if (total === 0 || this.#isLost) return `${name} is nowhere`;
    return number === null ? `${name} in ${items(total)}` : `${name} ${number} of ${items(total)}`;
  }

  #settle(finder: Finder): void {
    const wanted = this.#wanted;
    if (wanted === null) return;
    const found = find(finder, wanted);
    if (found === "wait") return;
    this.#wanted = null;
    this.#isLost = found === null;
    if (found) this.#options.goTo(found);
    else this.#options.onLost();
  }
}

/** null: nowhere. */
function find(finder: Finder, { from, way, first }: Wanted): SearchStep | null | "wait" {
  if (!first) {
    const found = finder.find(from, way);
    return found === "wait" || found === "none" ? lost(found) : { spot: found.spot, way };
  }
  const after = finder.find(from, "after", { inclusive: true, wrap: false });
  if (after === "wait") return after;
  if (after !== "none") return { spot: after.spot, way: "after" };
  const before = finder.find(from, "before", { wrap: false });
  return before === "wait" || before === "none" ? lost(before) : { spot: before.spot, way: "before" };
}

function lost(found: "wait" | "none"): "wait" | null {
  return found === "wait" ? found : null;
}

function items(count: number): string {
  return `${count} ${count === 1 ? "item" : "items"}`;
}
