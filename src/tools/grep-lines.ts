// ripgrep's output, line by line as it arrives: keeps what will be shown, counts the rest, gives up in time.
import { cutLine } from "../lib/truncate.ts";

/** Characters of one line that are shown. */
const MAX_LINE = 500;
/** Beyond this many matches only "more than" is known. */
const MAX_COUNTED = 10_000;

/** `path NUL line number, ":" for a match or "-" for context, text`; what `rg --null --line-number` prints. */
const CONTENT_LINE = /^([^\0]*)\0(\d+)([:-])(.*)$/;

export class GrepLines {
  readonly shown: string[] = [];
  /** Lines that are no results: messages of ripgrep itself. */
  readonly messages: string[] = [];
  matches = 0;
  readonly #limit: number;
  readonly #hasContent: boolean;
  readonly #onEnough: () => void;
  #rest = "";

  /** `onEnough` is called when counting on makes no sense. */
  constructor(options: { limit: number; hasContent: boolean; onEnough: () => void }) {
    this.#limit = options.limit;
    this.#hasContent = options.hasContent;
    this.#onEnough = options.onEnough;
  }

  get overflowed(): boolean {
    return this.matches >= MAX_COUNTED;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line.replace(/\r$/, ""));
  }

  end(): void {
    if (this.#rest !== "") this.#take(this.#rest);
    this.#rest = "";
  }

  #take(line: string): void {
    if (this.overflowed) return;
    const entry = this.#hasContent ? contentEntry(line) : { isMatch: true, text: line.replace(/^\.\//, "") };
    if (!entry) {
      this.messages.push(line);
      return;
    }
    if (entry.isMatch) this.matches++;
    if (this.matches <= this.#limit && this.shown.length < 20 * this.#limit) this.shown.push(entry.text);
    if (this.overflowed) this.#onEnough();
  }
}

function contentEntry(line: string): { isMatch: boolean; text: string } | null {
  if (line === "--") return { isMatch: false, text: "--" };
  const [, path, number, mark, text] = CONTENT_LINE.exec(line) ?? [];
  if (path === undefined || mark === undefined || text === undefined) return null;
  const name = path.replace(/^\.\//, "");
  return { isMatch: mark === ":", text: `${name}${mark}${number}${mark}${cutLine(text, MAX_LINE)}` };
}
