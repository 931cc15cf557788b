// Markdown that arrives in pieces. Finished rows are given out once and for all, the rest can be shown meanwhile;
// all rows together are those of the whole text.
import type { Links, MarkedToken } from "marked";
import { createTextSanitizer } from "../../lib/ansi.ts";
import { type Split, splitFinished } from "./block-splitter.ts";
import { type Flow, type MarkdownView, needsGap, renderBlocks, startFlow } from "./blocks.ts";
import { FenceStream } from "./fence-stream.ts";
import { languagesLoading } from "./highlight.ts";
import { paragraphHead } from "./paragraph-head.ts";
import { loadMarkdown, renderPlain, requestFenceLanguages } from "./render-markdown.ts";
import { lexerLoaded, lexMarkdown } from "./tokens.ts";

/**
 * `push` is cheap: call it for every delta. `commit` and `tail` cost as much as the unfinished part is long: call
 * them once a frame, `commit` first. The width may change between calls.
 */
export class MarkdownStream {
  readonly #sanitizer = createTextSanitizer();
  /** What is not finished. */
  #text = "";
  /** Characters of #text that were looked at and hold nothing finished. */
  #seen = 0;
  #flow: Flow = startFlow();
  /** The open fence; `gap`: an empty row belongs before its first one. */
  #fence: { lines: FenceStream; gap: boolean } | null = null;
  /** Definitions of links in finished blocks. */
  readonly #links: Links = {};

  push(delta: string): void {
    this.#text += this.#sanitizer.push(delta);
  }

  /** Rows that are final; each is given once. Nothing while colours of a language are still being loaded. */
  commit(view: MarkdownView): string[] {
    requestFenceLanguages(this.#text.slice(this.#seen));
    if (languagesLoading()) return [];
    const rows = this.#advance(view, false);
    if (!this.#fence) rows.push(...this.#commitParagraph(view));
    return rows;
  }

  /** True while lexer or colours for what is left are being loaded: its rows would be plain. Starts the loading. */
  waits(): boolean {
    requestFenceLanguages(this.#text.slice(this.#seen));
    return languagesLoading() || !lexerLoaded();
  }

  /** Rows that may still change. */
  tail(view: MarkdownView): string[] {
    if (this.#fence) {
      const rows = this.#fence.lines.rows(this.#text, view);
      return rows.length > 0 && this.#fence.gap ? ["", ...rows] : rows;
    }
    const tokens = lexMarkdown(this.#text, this.#links);
    return tokens ? renderBlocks(tokens, view, { ...this.#flow }) : renderPlain(this.#text, view);
  }

  /** All that is left. Await `ready` before, or what is not loaded yet is shown plain. */
  end(view: MarkdownView): string[] {
    this.#text += this.#sanitizer.end();
    return this.#advance(view, true);
  }

  /** Resolves when the lexer and the colours for the text so far are loaded. */
  async ready(): Promise<void> {
    await loadMarkdown(this.#text);
  }

  #advance(view: MarkdownView, final: boolean): string[] {
    const rows: string[] = [];
    let more = true;
    while (more)
      more = this.#fence ? this.#takeLines(view, final, rows) : this.#takeBlocks(view, final, rows);
    return rows;
  }

  /** True when a fence opened: its lines can be taken. */
  #takeBlocks(view: MarkdownView, final: boolean, rows: string[]): boolean {
    const end = final ? this.#text.length : this.#text.lastIndexOf("\n") + 1;
    if (end === this.#seen && !final) return false;
    const tokens = lexMarkdown(this.#text.slice(0, end), this.#links);
    if (!tokens) return this.#takePlain(view, final, rows);
    const split = final ? wholeOf(tokens, end) : splitFinished(tokens, this.#flow.ordinal);
    rows.push(...renderBlocks(split.finished, view, this.#flow));
    this.#rememberLinks(split.finished);
    if (split.ordinal !== null) this.#flow.ordinal = split.ordinal;
    this.#text = this.#text.slice(split.length);
    this.#seen = end - split.length;
    if (!split.fence) return false;
    this.#fence = { lines: new FenceStream(split.fence), gap: needsGap(this.#flow, "code") };
    this.#text = this.#text.slice(this.#text.indexOf("\n") + 1);
    this.#seen = 0;
    return true;
  }

  /** Without a lexer, or for a text it cannot take, all waits for the end. */
  #takePlain(view: MarkdownView, final: boolean, rows: string[]): boolean {
    if (final) {
      rows.push(...renderPlain(this.#text, view));
      this.#text = "";
    } else if (lexerLoaded()) {
      this.#seen = this.#text.lastIndexOf("\n") + 1;
    }
    return false;
  }

  /** True when the fence closed: blocks can be taken again. */
  #takeLines(view: MarkdownView, final: boolean, rows: string[]): boolean {
    if (!this.#fence) return true;
    const { lines } = this.#fence;
    let closed = false;
    let start = 0;
    for (let end = this.#text.indexOf("\n"); end !== -1 && !closed; end = this.#text.indexOf("\n", start)) {
      closed = lines.take(this.#text.slice(start, end));
      start = end + 1;
    }
    this.#text = this.#text.slice(start);
    if (final && !closed && this.#text !== "") {
      lines.take(this.#text);
      this.#text = "";
    }
    this.#commitLines(lines.commit(view, closed || final), rows);
    if (closed) this.#fence = null;
    return closed;
  }

  #commitLines(committed: readonly string[], rows: string[]): void {
    if (!this.#fence || committed.length === 0) return;
    if (this.#fence.gap) rows.push("");
    rows.push(...committed);
    this.#fence.gap = false;
    this.#flow = { ...startFlow(), previous: "code" };
  }

  /** A paragraph that is longer than the live part gives its first rows early. */
  #commitParagraph(view: MarkdownView): string[] {
    const head = paragraphHead(this.#text, this.#links, view);
    if (!head) return [];
    const gap = needsGap(this.#flow, "paragraph");
    this.#text = this.#text.slice(head.length);
    this.#seen = Math.max(0, this.#seen - head.length);
    // What is left goes on in the next row, as if nothing stood before it.
    this.#flow = startFlow();
    return gap ? ["", ...head.rows] : head.rows;
  }

  #rememberLinks(tokens: readonly MarkedToken[]): void {
    for (const token of tokens) {
      if (token.type === "def") this.#links[token.tag] ??= { href: token.href, title: token.title };
    }
  }
}

function wholeOf(tokens: MarkedToken[], length: number): Split {
  return { finished: tokens, length, ordinal: null, fence: null };
}
