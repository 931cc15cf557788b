// The viewer: what the transcript view shows and what keys do in it. Holds where the person is; all rows come from the
// strip. Knows no terminal.
import type { Key } from "ink";
import { sanitizeText } from "../../lib/ansi.ts";
import { Channel } from "../channel.ts";
import type { Frame } from "../frame.ts";
import { type Keybindings, keyLabel, matchKey } from "../keys/keybindings.ts";
import type { KeyAction } from "../keys/keys.ts";
import { type KeyPress, pressesOf } from "../keys/read-keys.ts";
import type { ItemView } from "../transcript/item-view.ts";
import { type KeyHints, keyHints } from "./bars.ts";
import type { SessionBook } from "./book.ts";
import { codeBlocks, copyText } from "./copy-text.ts";
import { type DiffPane, diffRows, openDiff, scrollDiff } from "./diff-pane.ts";
import { FIRST_FOLDS, type Folds, foldAll, toggleFold, unfold } from "./folds.ts";
import { diffFrame, readFrame } from "./frames.ts";
import { nextHead } from "./heads.ts";
import { GUTTER } from "./item-rows.ts";
import { ItemStrip, type RowCache } from "./item-strip.ts";
import { AT_END, movedUp, type Place, pin, reveal, rowOf, type Seen, scroll, see, select } from "./place.ts";
import { Search, type SearchStep } from "./search.ts";
import type { Spot } from "./strip.ts";

export type ViewerOptions = {
  book: SessionBook;
  cache: RowCache;
  bindings: Keybindings;
  title: () => string;
  /** How items look now; the width is the window's. */
  view: () => ItemView;
  /** Rows of the window. */
  rows: () => number;
  /** How much of the session file was looked through, 0 to 1. */
  progress: () => number;
  now: () => number;
  copy: (text: string) => void;
  /** Back to the main screen; there the command runs. */
  leave: (command: string | null) => void;
};

/** Title, keys, and a row that is never used: Ink takes a frame as tall as the window for a full screen. */
const FRAME_ROWS = 3;
/** Matches are put this share of the window below its top. */
const MATCH_SHARE = 3;

type Mode = { kind: "read" } | { kind: "query"; text: string } | { kind: "diff"; pane: DiffPane };

export class Viewer {
  readonly frame = new Channel<Frame>({ rows: [], cursor: null });
  readonly #options: ViewerOptions;
  readonly #search: Search;
  readonly #hints: KeyHints;
  readonly #endKey: string;
  #mode: Mode = { kind: "read" };
  #place: Place = AT_END;
  #folds: Folds = FIRST_FOLDS;
  #said = "";
  /** The first row was asked for while older pages are not known yet. */
  #wantsStart = false;
  /** The width that the place was made for, and the height of the item at the top then. */
  #shown = { width: 0, topHeight: 0 };
  /** The code block that was copied last. */
  #copied: { item: unknown; block: number } | null = null;

  constructor(options: ViewerOptions) {
    this.#options = options;
    this.#hints = keyHints(options.bindings);
    this.#endKey = keyLabel("transcript_end", options.bindings);
    this.#search = new Search({
      book: options.book,
      now: options.now,
      goTo: (step) => this.#goTo(step),
      onChange: () => this.draw(),
    });
    this.draw();
  }

  press(input: string, key: Key): void {
    for (const press of pressesOf(input, key).flatMap(oneByOne)) this.#press(press);
    this.draw();
  }

  paste(text: string): void {
    if (this.#mode.kind === "query") this.#mode = { kind: "query", text: this.#mode.text + oneLine(text) };
    this.draw();
  }

  /** More of the session file is known; places in page 0 have moved up by so many items. */
  learnt(moved: number): void {
    this.#place = movedUp(this.#place, moved);
    if (this.#wantsStart && this.#options.book.complete()) this.#toStart();
    this.#search.resume();
    this.draw();
  }

  close(): void {
    this.#search.end();
  }

  draw(): void {
    this.frame.set(this.#drawn());
  }

  #press(press: KeyPress): void {
    if (this.#mode.kind === "query") {
      this.#pressInQuery(press, this.#mode.text);
      return;
    }
    const action = matchKey(press, this.#options.bindings, ["transcript"]);
    if (action === null) return;
    this.#said = "";
    this.#wantsStart = false;
    if (this.#mode.kind === "diff") this.#actInDiff(this.#mode.pane, action);
    else this.#act(action);
  }

  #pressInQuery(press: KeyPress, text: string): void {
    switch (matchKey(press, this.#options.bindings, ["transcript_search"])) {
      case "find_accept": {
        const seen = this.#see();
        this.#mode = { kind: "read" };
        if (seen) this.#search.start(text, seen.slices[0]?.spot ?? seen.selected);
        break;
      }
      case "find_delete":
        this.#mode =
          text === "" ? { kind: "read" } : { kind: "query", text: [...text].slice(0, -1).join("") };
        break;
      case "find_clear":
        this.#mode = { kind: "query", text: "" };
        break;
      case "find_close":
        this.#mode = { kind: "read" };
        this.#search.end();
        break;
      default:
        if (press.text !== null) this.#mode = { kind: "query", text: text + oneLine(press.text) };
    }
  }

  #act(action: KeyAction): void {
    const height = this.#height();
    const strip = this.#strip();
    const rows = SCROLLS[action];
    if (rows !== undefined) {
      this.#search.forget();
      this.#place = scroll(strip, this.#place, height, rows(height));
      return;
    }
    switch (action) {
      case "transcript_next":
        this.#place = select(strip, this.#place, height, "next");
        break;
      case "transcript_previous":
        this.#place = select(strip, this.#place, height, "previous");
        break;
      case "transcript_start":
        this.#toStart();
        break;
      case "transcript_end":
        this.#place = AT_END;
        break;
      case "transcript_search":
        this.#mode = { kind: "query", text: "" };
        break;
      case "transcript_close":
        this.#options.leave(null);
        break;
      case "transcript_rewind":
        this.#options.leave("/rewind");
        break;
      case "transcript_tree":
        this.#options.leave("/tree");
        break;
      default:
        this.#actOnSelected(action, strip);
    }
  }

  #actOnSelected(action: KeyAction, strip: ItemStrip): void {
    const seen = this.#see();
    const entry = seen && strip.entry(seen.selected);
    if (!seen || !entry) return;
    switch (action) {
      case "transcript_prompt_before":
      case "transcript_prompt_after":
        this.#toPrompt(seen, action === "transcript_prompt_before" ? "before" : "after");
        break;
      case "transcript_match_before":
      case "transcript_match_after":
        this.#stepSearch(seen, action === "transcript_match_before" ? "before" : "after", strip);
        break;
      case "transcript_fold":
        this.#refold(toggleFold(this.#folds, seen.selected, entry), seen);
        break;
      case "transcript_fold_all":
        this.#refold(foldAll(this.#folds), seen);
        this.#said = FOLD_WORDS[this.#folds.level];
        break;
      case "transcript_copy":
        this.#copy(copyText(entry.item), "the item");
        break;
      case "transcript_copy_code":
        this.#copyCode(entry.item);
        break;
      case "transcript_diff": {
        const pane = openDiff(entry.item, this.#options.view());
        if (pane) this.#mode = { kind: "diff", pane };
        else this.#said = "This changed no file: select an edit.";
        break;
      }
    }
  }

  #actInDiff(pane: DiffPane, action: KeyAction): void {
    const height = this.#height();
    const total = diffRows(pane, this.#options.view()).length;
    const rows =
      SCROLLS[action]?.(height) ??
      (action === "transcript_start" ? -total : action === "transcript_end" ? total : 0);
    if (action === "transcript_close" || action === "transcript_diff") this.#mode = { kind: "read" };
    else if (action === "transcript_copy") this.#copy(pane.patch, "the change");
    else this.#mode = { kind: "diff", pane: scrollDiff(pane, rows, { total, height }) };
  }

  #toStart(): void {
    const strip = this.#strip();
    const first = strip.first();
    if (first) this.#place = pin(strip, { spot: first, row: 0 }, this.#height(), 0);
    this.#wantsStart = !this.#options.book.complete();
  }

  #toPrompt(seen: Seen, way: "before" | "after"): void {
    const { book } = this.#options;
    const spot = nextHead(book, seen.selected, way);
    const strip = this.#strip();
    if (spot) this.#place = pin(strip, { spot, row: strip.gap(spot) }, this.#height(), 0);
    else if (way === "after") this.#place = AT_END;
    else this.#toStart();
  }

  #stepSearch(seen: Seen, way: "before" | "after", strip: ItemStrip): void {
    const where = this.#search.step(way, seen.selected, strip.rows(seen.selected));
    if (where === "here") this.#showMatch(seen.selected);
    else if (where === "nothing") {
      const key = keyLabel("transcript_search", this.#options.bindings);
      this.#said = `Nothing is searched for: ${key} searches.`;
    }
  }

  /** What hides the match is unfolded. */
  #goTo(step: SearchStep): void {
    const { spot } = step;
    const entry = this.#strip().entry(spot);
    const query = this.#search.query();
    if (!entry || !query) return;
    this.#search.arrived(step, this.#strip().rows(spot));
    if (!this.#strip().isSeen(spot) || this.#search.hitRow(spot, this.#strip().rows(spot)) === null) {
      this.#folds = unfold(this.#folds, spot, entry);
      this.#search.arrived(step, this.#strip().rows(spot));
    }
    this.#showMatch(spot);
  }

  #showMatch(spot: Spot): void {
    const strip = this.#strip();
    const row = this.#search.hitRow(spot, strip.rows(spot));
    const height = this.#height();
    const seen = see(strip, { ...this.#place, selected: spot }, height);
    const at = seen && rowOf(seen, spot);
    if (row === null) {
      this.#place = reveal(strip, this.#place, height, { spot, row: 0 });
    } else if (at !== null && at + row >= 0 && at + row < height) {
      this.#place = { ...this.#place, selected: spot };
    } else {
      this.#place = pin(strip, { spot, row }, height, Math.floor(height / MATCH_SHARE));
    }
  }

  /** The selected item keeps its place on the screen; one that is folded away gives it to the prompt of its run. */
  #refold(folds: Folds, seen: Seen): void {
    const { selected } = seen;
    const at = (rowOf(seen, selected) ?? 0) + this.#strip().gap(selected);
    this.#folds = folds;
    const strip = this.#strip();
    const near = strip.isSeen(selected) ? selected : (strip.previous(selected) ?? strip.next(selected));
    const spot = near ?? selected;
    this.#place = pin(strip, { spot, row: strip.gap(spot) }, this.#height(), Math.max(0, at));
  }

  #copy(text: string, what: string): void {
    if (text === "") {
      this.#said = "There is nothing to copy.";
      return;
    }
    this.#options.copy(text);
    const lines = text.replace(/\n$/, "").split("\n").length;
    this.#said = `Copied ${what}: ${lines} ${lines === 1 ? "line" : "lines"}.`;
  }

  /** Each press takes the next block of the item. */
  #copyCode(item: Parameters<typeof codeBlocks>[0]): void {
    const blocks = codeBlocks(item);
    const before = this.#copied?.item === item ? this.#copied.block : -1;
    const block = (before + 1) % Math.max(1, blocks.length);
    const text = blocks[block];
    if (text === undefined) {
      this.#said = "There is no code block in it.";
      return;
    }
    this.#copied = { item, block };
    this.#copy(text, blocks.length === 1 ? "the code" : `code block ${block + 1} of ${blocks.length}`);
  }

  #drawn(): Frame {
    const { book, title, progress } = this.#options;
    const view = this.#options.view();
    const height = this.#height();
    const look = { view, hints: this.#hints, endKey: this.#endKey, height };
    if (this.#mode.kind === "diff") return diffFrame(this.#mode.pane, this.#said, look);
    this.#keepTopRow(view.width);
    const seen = this.#see();
    const strip = this.#strip();
    if (seen) this.#shown = { width: view.width, topHeight: strip.height(seen.top.spot) };
    const query = this.#mode.kind === "query" ? this.#mode.text : null;
    return readFrame(
      {
        book,
        strip,
        seen,
        title: title(),
        progress: progress(),
        search: this.#search,
        said: this.#said,
        query,
      },
      look,
    );
  }

  /** In another width an item has other rows: the top stays at the same share of its item. */
  #keepTopRow(width: number): void {
    const { top } = this.#place;
    const before = this.#shown;
    if (top === null || before.width === width || before.topHeight === 0) return;
    const row = Math.round((top.row / before.topHeight) * this.#strip().height(top.spot));
    this.#place = { ...this.#place, top: { spot: top.spot, row } };
  }

  #see(): Seen | null {
    return see(this.#strip(), this.#place, this.#height());
  }

  #strip(): ItemStrip {
    const { book, cache, view } = this.#options;
    const shown = view();
    return new ItemStrip(book, this.#folds, { ...shown, width: Math.max(8, shown.width - GUTTER) }, cache);
  }

  #height(): number {
    return Math.max(2, this.#options.rows() - FRAME_ROWS);
  }
}

/** Rows down of the keys that scroll, for a window of so many rows. */
const SCROLLS: Partial<Record<KeyAction, (height: number) => number>> = {
  transcript_down: () => 1,
  transcript_up: () => -1,
  transcript_page_down: (height) => Math.max(2, height - 1),
  transcript_page_up: (height) => -Math.max(2, height - 1),
};

const FOLD_WORDS = {
  details: "What changed and what failed is open.",
  lines: "Calls and thoughts are a line each.",
  prompts: "Only prompts are shown.",
  open: "Everything is open.",
} as const satisfies Record<Folds["level"], string>;

function oneLine(text: string): string {
  return sanitizeText(text).replaceAll(/[\n\t]+/g, " ");
}

/** Keys that came in one reading, of a held key for one, are as many presses. */
function oneByOne(press: KeyPress): KeyPress[] {
  if (press.chord !== null || press.text === null) return [press];
  return [...press.text].map((text) => ({ chord: text === " " ? "space" : text, text }));
}
