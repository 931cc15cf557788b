// The strip of a book: which of its items are to be seen as things are folded, and their rows, made when asked for.
import type { TranscriptItem } from "../../app/transcript-item.ts";
import type { ItemView } from "../transcript/item-view.ts";
import { needsRowBetween } from "../transcript/render-item.ts";
import type { Book, BookItem } from "./book.ts";
import { type Folds, isFolded, isRunFolded } from "./folds.ts";
import { itemRows } from "./item-rows.ts";
import type { Spot, Strip } from "./strip.ts";

type Known = { width: number; style: unknown; shape: string; rows: readonly string[] };

/** Made anew for each change of folds or view; what does not change is taken from the cache. */
export class ItemStrip implements Strip {
  readonly #book: Book;
  readonly #folds: Folds;
  readonly #view: ItemView;
  readonly #cache: RowCache;

  constructor(book: Book, folds: Folds, view: ItemView, cache: RowCache) {
    this.#book = book;
    this.#folds = folds;
    this.#view = view;
    this.#cache = cache;
  }

  first(): Spot | null {
    const spot = { page: this.#book.firstPage(), item: 0 };
    return this.isSeen(spot) ? spot : this.next(spot);
  }

  last(): Spot | null {
    const spot = { page: 0, item: this.#book.items(0).length };
    return this.previous(spot);
  }

  next({ page, item }: Spot): Spot | null {
    let from = item + 1;
    for (let at = page; at <= 0; at++) {
      const count = this.#book.items(at).length;
      for (let index = from; index < count; index++) {
        const spot = { page: at, item: index };
        if (this.isSeen(spot)) return spot;
      }
      from = 0;
    }
    return null;
  }

  previous({ page, item }: Spot): Spot | null {
    const firstPage = this.#book.firstPage();
    let from = item - 1;
    for (let at = page; at >= firstPage; at--) {
      for (let index = from; index >= 0; index--) {
        const spot = { page: at, item: index };
        if (this.isSeen(spot)) return spot;
      }
      from = this.#book.items(at - 1).length - 1;
    }
    return null;
  }

  height(spot: Spot): number {
    return Math.max(1, this.rows(spot).length);
  }

  /** The rows of an item, with the empty row before it where there is one. */
  rows(spot: Spot): readonly string[] {
    const entry = this.entry(spot);
    if (entry === undefined) return [];
    const own = this.#rows(spot, entry);
    return this.#hasGap(spot, entry) ? ["", ...own] : own;
  }

  entry({ page, item }: Spot): BookItem | undefined {
    return this.#book.items(page)[item];
  }

  isSelectable(spot: Spot): boolean {
    return this.entry(spot)?.item.kind !== "run_end";
  }

  gap(spot: Spot): number {
    const entry = this.entry(spot);
    return entry !== undefined && this.#hasGap(spot, entry) ? 1 : 0;
  }

  /** False for what is folded away, and for items without a text. */
  isSeen(spot: Spot): boolean {
    const entry = this.entry(spot);
    if (entry === undefined || (!entry.head && isRunFolded(this.#folds, entry.run))) return false;
    return this.#rows(spot, entry).length > 0;
  }

  #rows(spot: Spot, entry: BookItem): readonly string[] {
    const folded = entry.head ? isRunFolded(this.#folds, entry.run) : isFolded(this.#folds, spot, entry);
    return this.#cache.rows(entry.item, this.#view, { folded, head: entry.head });
  }

  /** Across the edge of a page too, without reading the page before for it. */
  #hasGap(spot: Spot, entry: BookItem): boolean {
    if (entry.head && this.#folds.level === "prompts" && isRunFolded(this.#folds, entry.run)) return false;
    for (let item = spot.item - 1; item >= 0; item--) {
      const before = { page: spot.page, item };
      const previous = this.entry(before);
      if (previous && this.isSeen(before)) return needsRowBetween(previous.item.kind, entry.item.kind);
    }
    return spot.page > this.#book.firstPage() || !this.#book.complete();
  }
}

/** Rows by item: they go with it. */
export class RowCache {
  #rows = new WeakMap<TranscriptItem, Known>();

  /** Something that rows depend on beside item and view is another now: the colours of a language. */
  clear(): void {
    this.#rows = new WeakMap();
  }

  rows(item: TranscriptItem, view: ItemView, shape: { folded: boolean; head: boolean }): readonly string[] {
    const known = this.#rows.get(item);
    const key = `${shape.folded} ${shape.head}`;
    if (known && known.width === view.width && known.style === view.theme && known.shape === key)
      return known.rows;
    const rows = itemRows(item, view, shape);
    const isRunning = item.kind === "tool" && item.status === "running";
    if (!isRunning) this.#rows.set(item, { width: view.width, style: view.theme, shape: key, rows });
    return rows;
  }
}
