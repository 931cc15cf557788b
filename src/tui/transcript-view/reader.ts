// The reader: where the person is in the book and what is folded, and every move of them. Rows come from the strip.
// Knows no keys.
import type { ItemView } from "../transcript/item-view.ts";
import type { BookItem, SessionBook } from "./book.ts";
import { FIRST_FOLDS, type Folds, foldAll, toggleFold, unfold } from "./folds.ts";
import { nextHead } from "./heads.ts";
import { GUTTER } from "./item-rows.ts";
import { ItemStrip, type RowCache } from "./item-strip.ts";
import { AT_END, movedUp, type Place, pin, rowOf, type Seen, scroll, see, select, showRow } from "./place.ts";
import type { Spot } from "./strip.ts";

export type ReaderOptions = {
  book: SessionBook;
  cache: RowCache;
  /** How items look now; the width is the window's. */
  view: () => ItemView;
  /** Rows of the window that items have. */
  height: () => number;
};

/** Where somebody was, to go back to. `from`: the first item that was seen. */
export type Bookmark = { place: Place; folds: Folds; from: Spot };

export class Reader {
  readonly #options: ReaderOptions;
  #place: Place = AT_END;
  #folds: Folds = FIRST_FOLDS;
  /** The first row was asked for while older pages are not known yet. */
  #wantsStart = false;
  /** The width that the place was made for, and the height of the item at the top then. */
  #shown = { width: 0, topHeight: 0 };

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  see(): Seen | null {
    return see(this.strip(), this.#place, this.#options.height());
  }

  /** As `see`, for a frame: in another width the top stays at the same share of its item. */
  show(): Seen | null {
    const { width } = this.#options.view();
    this.#keepTopRow(width);
    const seen = this.see();
    if (seen) this.#shown = { width, topHeight: this.strip().height(seen.top.spot) };
    return seen;
  }

  strip(): ItemStrip {
    const { book, cache, view } = this.#options;
    const shown = view();
    return new ItemStrip(book, this.#folds, { ...shown, width: Math.max(8, shown.width - GUTTER) }, cache);
  }

  /** null on an empty strip. */
  selected(): { spot: Spot; entry: BookItem } | null {
    const seen = this.see();
    const entry = seen && this.strip().entry(seen.selected);
    return seen && entry ? { spot: seen.selected, entry } : null;
  }

  /** A key was pressed: what was asked for before it does not come later. */
  stopWaiting(): void {
    this.#wantsStart = false;
  }

  /** More of the session file is known; places in page 0 have moved up by so many items. */
  learnt(moved: number): void {
    this.#place = movedUp(this.#place, moved);
    if (this.#wantsStart && this.#options.book.complete()) this.toStart();
  }

  scroll(rows: number): void {
    this.#place = scroll(this.strip(), this.#place, this.#options.height(), rows);
  }

  select(which: "next" | "previous"): void {
    this.#place = select(this.strip(), this.#place, this.#options.height(), which);
  }

  toStart(): void {
    const first = this.strip().first();
    if (first) this.#pin(first, 0, 0);
    this.#wantsStart = !this.#options.book.complete();
  }

  toEnd(): void {
    this.#place = AT_END;
  }

  toPrompt(way: "before" | "after"): void {
    const seen = this.see();
    const spot = seen && nextHead(this.#options.book, seen.selected, way);
    if (spot) this.#pin(spot, this.strip().gap(spot), 0);
    else if (way === "after") this.toEnd();
    else this.toStart();
  }

  /** `row` null: its first. */
  showRow(spot: Spot, row: number | null): void {
    this.#place = showRow(this.strip(), this.#place, this.#options.height(), { spot, row });
  }

  unfold(spot: Spot): void {
    const entry = this.strip().entry(spot);
    if (entry) this.#folds = unfold(this.#folds, spot, entry);
  }

  toggleFold(): void {
    const selected = this.selected();
    if (selected) this.#refold(toggleFold(this.#folds, selected.spot, selected.entry));
  }

  /** Gives how all is folded now. */
  foldAll(): Folds["level"] {
    this.#refold(foldAll(this.#folds));
    return this.#folds.level;
  }

  /** null on an empty strip. */
  bookmark(): Bookmark | null {
    const seen = this.see();
    if (seen === null) return null;
    return { place: this.#place, folds: this.#folds, from: seen.slices[0]?.spot ?? seen.selected };
  }

  goBack({ place, folds }: Bookmark): void {
    this.#place = place;
    this.#folds = folds;
  }

  /** The selected item keeps its place on the screen; one that is folded away gives it to the prompt of its run. */
  #refold(folds: Folds): void {
    const seen = this.see();
    if (seen === null) return;
    const { selected } = seen;
    const at = (rowOf(seen, selected) ?? 0) + this.strip().gap(selected);
    this.#folds = folds;
    const strip = this.strip();
    const near = strip.isSeen(selected) ? selected : (strip.previous(selected) ?? strip.next(selected));
    const spot = near ?? selected;
    this.#pin(spot, strip.gap(spot), Math.max(0, at));
  }

  #pin(spot: Spot, row: number, rowsAbove: number): void {
    this.#place = pin(this.strip(), { spot, row }, this.#options.height(), rowsAbove);
  }

  #keepTopRow(width: number): void {
    const { top } = this.#place;
    const before = this.#shown;
    if (top === null || before.width === width || before.topHeight === 0) return;
    const row = Math.round((top.row / before.topHeight) * this.strip().height(top.spot));
    this.#place = { ...this.#place, top: { spot: top.spot, row } };
  }
}

/** The same place after the first items of page 0 went into older pages. */
export function movedBookmark({ place, from, folds }: Bookmark, items: number): Bookmark {
  const { selected } = movedUp({ top: null, selected: from }, items);
  return { place: movedUp(place, items), from: selected ?? from, folds };
}
