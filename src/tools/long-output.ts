// Output of any length: its newest part in memory, all of it in a file once it is more than a model may see.
// Files are written in order and at once (synchronously), so that nothing is lost whenever the process ends.
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type CutText, countLines, keepTail, OUTPUT_LIMITS, type TextLimits } from "../lib/truncate.ts";

/** The file grows no further than this. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;

/** Room for the notices that stand beside the text. */
const TAIL_LIMITS: TextLimits = { ...OUTPUT_LIMITS, maxBytes: OUTPUT_LIMITS.maxBytes - 1024 };

export type LongOutputResult = {
  /** The newest part that a model may see. */
  tail: CutText;
  totalLines: number;
  /** The file with everything; null when all of it is in `tail` or it could not be written. */
  path: string | null;
};

/** The text of one command, as it comes. */
export class LongOutput {
  readonly #file: OutputFile;
  #text = "";
  #lines = 0;
  #endsWithNewline = true;
  #spilled = false;

  constructor(path: string) {
    this.#file = new OutputFile(path);
  }

  add(text: string): void {
    if (text === "") return;
    this.#text += text;
    this.#lines += countLines(text) - (this.#endsWithNewline ? 0 : 1);
    this.#endsWithNewline = text.endsWith("\n");
    if (this.#spilled) {
      this.#file.add(text);
    } else if (this.#lines > TAIL_LIMITS.maxLines || Buffer.byteLength(this.#text) > TAIL_LIMITS.maxBytes) {
      this.spill();
    }
    if (this.#text.length > 4 * TAIL_LIMITS.maxBytes)
      this.#text = this.#text.slice(-2 * TAIL_LIMITS.maxBytes);
  }

  /** All of it is kept in the file, what comes later too, however little it is. */
  spill(): void {
    if (this.#spilled) return;
    this.#spilled = true;
    this.#file.add(this.#text);
  }

  result(): LongOutputResult {
    const tail = keepTail(this.#text, TAIL_LIMITS);
    return {
      tail,
      totalLines: this.#lines,
      path: this.#spilled && this.#file.complete ? this.#file.path : null,
    };
  }
}

/** A private file that text is appended to, bounded in size. Made with the first text, also an empty one. */
export class OutputFile {
  readonly path: string;
  #bytes = 0;
  #failed = false;

  constructor(path: string) {
    this.path = path;
  }

  /** False when the disk refused a part. */
  get complete(): boolean {
    return !this.#failed;
  }

  add(text: string): void {
    if (this.#failed || this.#bytes >= MAX_FILE_BYTES) return;
    try {
      if (this.#bytes === 0) mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      appendFileSync(this.path, text, { mode: 0o600 });
      this.#bytes += Buffer.byteLength(text);
    } catch {
      // A full or missing disk: `complete` tells it.
      this.#failed = true;
    }
  }
}
