// Keeps the line of the status line's command: asked again when the session is another, at most once a second.
import { sanitizeText } from "../../lib/ansi.ts";

export type StatusCommandOptions = {
  /** JSON in, the line out; rejects when it failed. */
  run: (facts: string, options: { signal: AbortSignal }) => Promise<string>;
  /** The line is another one now. */
  onChange: () => void;
  /** Told once in a row. */
  onFailure: (error: unknown) => void;
  /** Milliseconds. */
  now: () => number;
};

const LEAST_MS = 1_000;

export class StatusCommandLine {
  readonly #options: StatusCommandOptions;
  readonly #stop = new AbortController();
  #line: string | null = null;
  #asked = "";
  #wanted = "";
  #startedMs = Number.NEGATIVE_INFINITY;
  #running = false;
  #failed = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: StatusCommandOptions) {
    this.#options = options;
  }

  /** The newest line, sanitised; null before the first and after a failure. */
  line(): string | null {
    return this.#line;
  }

  /** What the session is now, as JSON. Returns at once. */
  update(facts: string): void {
    this.#wanted = facts;
    this.#schedule();
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#stop.abort();
  }

  #schedule(): void {
    if (this.#wanted === this.#asked || this.#running || this.#timer || this.#stop.signal.aborted) return;
    const wait = Math.max(0, this.#startedMs + LEAST_MS - this.#options.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#run();
    }, wait);
  }

  async #run(): Promise<void> {
    this.#running = true;
    this.#startedMs = this.#options.now();
    this.#asked = this.#wanted;
    try {
      const line = await this.#options.run(this.#asked, { signal: this.#stop.signal });
      this.#failed = false;
      this.#show(sanitizeText(line).replaceAll(/\s+/g, " ").trim());
    } catch (error) {
      if (!this.#failed) this.#options.onFailure(error);
      this.#failed = true;
      this.#show(null);
    } finally {
      this.#running = false;
    }
    this.#schedule();
  }

  #show(line: string | null): void {
    if (line === this.#line || this.#stop.signal.aborted) return;
    this.#line = line;
    this.#options.onChange();
  }
}
