// The viewer: what the transcript view shows and what keys do in it: reading, typing a search, looking at a change.
// Knows no terminal.
import type { Key } from "ink";
import { Channel } from "../channel.ts";
import type { Frame } from "../frame.ts";
import { type Keybindings, keyLabel, matchKey } from "../keys/keybindings.ts";
import type { KeyAction } from "../keys/keys.ts";
import { type KeyPress, pressesOf } from "../keys/read-keys.ts";
import type { ItemView } from "../transcript/item-view.ts";
import { type KeyHints, keyHints } from "./bars.ts";
import type { SessionBook } from "./book.ts";
import { type Copier, createCopier } from "./copier.ts";
import { type DiffPane, diffRows, openDiff, scrollDiff } from "./diff-pane.ts";
import type { Way } from "./finder.ts";
import type { Folds } from "./folds.ts";
import { diffFrame, readFrame } from "./frames.ts";
import type { RowCache } from "./item-strip.ts";
import { type Bookmark, movedBookmark, Reader } from "./reader.ts";
import { scrolledRows } from "./scroll-keys.ts";
import { Search, type SearchStep } from "./search.ts";
import { oneLine, pressInSearchLine } from "./search-line.ts";
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
  /** Whether a question waits on the main screen. */
  isAsked: () => boolean;
  /** Back to the main screen; there the command runs. */
  leave: (command: string | null) => void;
};

/** Title, keys, and a row that is never used: Ink takes a frame as tall as the window for a full screen. */
const FRAME_ROWS = 3;

/** A search that is being typed: where the person was, and what was searched for before. */
type SearchLine = { text: string; start: Bookmark; before: Search };

type Mode = { kind: "read" } | { kind: "search"; line: SearchLine } | { kind: "diff"; pane: DiffPane };

export class Viewer {
  readonly frame = new Channel<Frame>({ rows: [], cursor: null });
  readonly #options: ViewerOptions;
  readonly #reader: Reader;
  readonly #copier: Copier;
  readonly #hints: KeyHints;
  readonly #endKey: string;
  #search: Search;
  #mode: Mode = { kind: "read" };
  #said = "";
  constructor(options: ViewerOptions) {
    this.#options = options;
    this.#hints = keyHints(options.bindings);
    this.#endKey = keyLabel("transcript_end", options.bindings);
    const { book, cache, view } = options;
    this.#reader = new Reader({ book, cache, view, height: () => this.#height() });
    this.#copier = createCopier(options.copy);
    this.#search = this.#newSearch();
    this.draw();
  }

  #newSearch(): Search {
    const { book, now } = this.#options;
    const goTo = (step: SearchStep): void => this.#goTo(step);
    return new Search({ book, now, goTo, onLost: () => this.#goBackInLine(), onChange: () => this.draw() });
  }

  press(input: string, key: Key): void {
    for (const press of pressesOf(input, key).flatMap(oneByOne)) this.#press(press);
    this.draw();
  }

  paste(text: string): void {
    if (this.#mode.kind === "search") this.#type(this.#mode.line, this.#mode.line.text + oneLine(text));
    this.draw();
  }

  /** More of the session file is known; places in page 0 have moved up by so many items. */
  learnt(moved: number): void {
    this.#reader.learnt(moved);
    if (this.#mode.kind === "search") {
      const { line } = this.#mode;
      this.#mode = { kind: "search", line: { ...line, start: movedBookmark(line.start, moved) } };
    }
    this.#search.resume();
    this.draw();
  }

  close(): void {
    this.#search.end();
    if (this.#mode.kind === "search") this.#mode.line.before.end();
  }

  draw(): void {
    this.frame.set(this.#drawn());
  }

  #press(press: KeyPress): void {
    if (this.#mode.kind === "search") {
      this.#pressInLine(press, this.#mode.line);
      return;
    }
    const action = matchKey(press, this.#options.bindings, ["transcript"]);
    if (action === null) return;
    this.#said = "";
    this.#reader.stopWaiting();
    if (this.#mode.kind === "diff") this.#actInDiff(this.#mode.pane, action);
    else this.#act(action);
  }

  #pressInLine(press: KeyPress, line: SearchLine): void {
    const result = pressInSearchLine(line.text, press, this.#options.bindings);
    switch (result?.kind) {
      case undefined:
        break;
      case "typed":
        this.#type(line, result.text);
        break;
      case "accept":
        this.#endLine(line, line.text.trim() !== "");
        break;
      case "close":
        this.#endLine(line, false);
        break;
    }
  }

  /** The search before stays for whoever goes back to it. */
  #beginLine(): void {
    const start = this.#reader.bookmark();
    if (start === null) return;
    this.#mode = { kind: "search", line: { text: "", start, before: this.#search } };
    this.#search.forget();
    this.#search = this.#newSearch();
  }

  /** Each text is looked for from where the person was; until it is found what is seen stays. */
  #type(line: SearchLine, text: string): void {
    this.#mode = { kind: "search", line: { ...line, text } };
    this.#search.start(text, line.start.from);
  }

  #goBackInLine(): void {
    if (this.#mode.kind === "search") this.#reader.goBack(this.#mode.line.start);
  }

  #endLine({ start, before }: SearchLine, keeps: boolean): void {
    this.#mode = { kind: "read" };
    if (keeps) {
      before.end();
      return;
    }
    this.#search.end();
    this.#search = before;
    this.#reader.goBack(start);
  }

  #act(action: KeyAction): void {
    const reader = this.#reader;
    const rows = scrolledRows(action, this.#height());
    if (rows !== null) {
      this.#search.forget();
      reader.scroll(rows);
      return;
    }
    switch (action) {
      case "transcript_next":
        reader.select("next");
        break;
      case "transcript_previous":
        reader.select("previous");
        break;
      case "transcript_start":
        reader.toStart();
        break;
      case "transcript_end":
        reader.toEnd();
        break;
      case "transcript_search":
        this.#beginLine();
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
        this.#actOnSelected(action);
    }
  }

  #actOnSelected(action: KeyAction): void {
    const selected = this.#reader.selected();
    if (selected === null) return;
    const { spot, entry } = selected;
    switch (action) {
      case "transcript_prompt_before":
        this.#reader.toPrompt("before");
        break;
      case "transcript_prompt_after":
        this.#reader.toPrompt("after");
        break;
      case "transcript_match_before":
        this.#stepSearch(spot, "before");
        break;
      case "transcript_match_after":
        this.#stepSearch(spot, "after");
        break;
      case "transcript_fold":
        this.#reader.toggleFold();
        break;
      case "transcript_fold_all":
        this.#said = FOLD_WORDS[this.#reader.foldAll()];
        break;
      case "transcript_copy":
        this.#said = this.#copier.item(entry.item);
        break;
      case "transcript_copy_code":
        this.#said = this.#copier.code(entry.item);
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
      scrolledRows(action, height) ??
      (action === "transcript_start" ? -total : action === "transcript_end" ? total : 0);
    if (action === "transcript_close" || action === "transcript_diff") this.#mode = { kind: "read" };
    else if (action === "transcript_copy") this.#said = this.#copier.patch(pane.patch);
    else this.#mode = { kind: "diff", pane: scrollDiff(pane, rows, { total, height }) };
  }

  #stepSearch(selected: Spot, way: Way): void {
    const where = this.#search.step(way, selected, this.#reader.strip().rows(selected));
    if (where === "here") this.#showMatch(selected);
    else if (where === "nothing") {
      const key = keyLabel("transcript_search", this.#options.bindings);
      this.#said = `Nothing is searched for: ${key} searches.`;
    }
  }

  /** What hides the match is unfolded. */
  #goTo(step: SearchStep): void {
    const { spot } = step;
    const rows = () => this.#reader.strip().rows(spot);
    this.#goBackInLine();
    this.#search.arrived(step, rows());
    if (!this.#reader.strip().isSeen(spot) || this.#search.hitRow(spot, rows()) === null) {
      this.#reader.unfold(spot);
      this.#search.arrived(step, rows());
    }
    this.#showMatch(spot);
  }

  #showMatch(spot: Spot): void {
    this.#reader.showRow(spot, this.#search.hitRow(spot, this.#reader.strip().rows(spot)));
  }

  #drawn(): Frame {
    const { book, title, progress } = this.#options;
    const view = this.#options.view();
    const height = this.#height();
    const look = { view, hints: this.#hints, endKey: this.#endKey, height, alert: this.#alert(view) };
    if (this.#mode.kind === "diff") return diffFrame(this.#mode.pane, this.#said, look);
    const seen = this.#reader.show();
    const query = this.#mode.kind === "search" ? this.#mode.line.text : null;
    return readFrame(
      {
        book,
        strip: this.#reader.strip(),
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

  /** Seen in every mode of the view: whoever asks waits until somebody goes back. */
  #alert({ glyphs }: ItemView): string {
    if (!this.#options.isAsked()) return "";
    const key = keyLabel("transcript_close", this.#options.bindings);
    return `${glyphs.warning} a question waits${key === "" ? "" : ` (${key})`}`;
  }

  #height(): number {
    return Math.max(2, this.#options.rows() - FRAME_ROWS);
  }
}

const FOLD_WORDS = {
  details: "What changed and what failed is open.",
  lines: "Calls and thoughts are a line each.",
  prompts: "Only prompts are shown.",
  open: "Everything is open.",
} as const satisfies Record<Folds["level"], string>;

/** Keys that came in one reading, of a held key for one, are as many presses. */
function oneByOne(press: KeyPress): KeyPress[] {
  if (press.chord !== null || press.text === null) return [press];
  return [...press.text].map((text) => ({ chord: text === " " ? "space" : text, text }));
}
