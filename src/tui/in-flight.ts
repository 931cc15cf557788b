// Updates that are on their way to the terminal. Each ends with a question, and the answer says in which row of the
// window the cursor was when that update was drawn, and how wide the window was then: it may have changed meanwhile.
import type { Frame } from "./frame.ts";
import type { Standing } from "./live-region.ts";

/** `columns` of the window, as far as was known when it was written; it begins `up` rows above the cursor. */
export type Update = {
  before: Standing;
  up: number;
  finished: readonly string[];
  frame: Frame;
  columns: number;
};
/** What the terminal answered: `row` of the cursor, 1-based, and the window's columns when it drew. */
export type DrawnUpdate = Update & { row: number; drawnColumns: number };

/** A terminal that has not answered for so long does not, or is stopped: nothing waits for it. */
export const SILENT_MS = 3_000;

export class InFlight {
  readonly #now: () => number;
  /** In the order in which they were asked for; without an update where nobody wants to know any more. */
  #questions: { update: Update | null; askedMs: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** True where an answer may be hoped for. */
  answers(): boolean {
    const [oldest] = this.#questions;
    return oldest === undefined || this.#now() - oldest.askedMs < SILENT_MS;
  }

  asked(update: Update): void {
    this.#questions.push({ update, askedMs: this.#now() });
  }

  /** The answer to the oldest question; null when it is of no interest any more. */
  told(row: number, drawnColumns: number): DrawnUpdate | null {
    const update = this.#questions.shift()?.update;
    return update ? { ...update, row, drawnColumns } : null;
  }

  /** Milliseconds since the oldest of interest was written; null when none is on its way. */
  waitedMs(): number | null {
    const oldest = this.#questions.find(({ update }) => update !== null);
    return oldest ? this.#now() - oldest.askedMs : null;
  }

  /** Questions that are not answered yet, of interest or not. */
  open(): number {
    return this.#questions.length;
  }

  /** What is on its way now is of no interest any more. */
  forget(): void {
    for (const question of this.#questions) question.update = null;
  }
}
