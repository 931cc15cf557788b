// When the main screen is written: what changes in one moment together, not before the terminal has drawn what came
// before, and after the window has changed only when it is known where everything is now.
import { InFlight, SILENT_MS } from "./in-flight.ts";
import { RegionWriter } from "./region-writer.ts";
import type { Reflow } from "./resize-repair.ts";
import type { Screen } from "./screen.ts";

/** Finished rows in one update: of a terminal that keeps up, and of one that is slow. */
const MANY_ROWS = 1_000;
const FEW_ROWS = 10;
/** An update that takes longer was waited for. */
const SLOW_MS = 50;
/** So long the next update waits for the answer to the last: longer would be felt by who types over a slow line. */
const PATIENCE_MS = 20;
/** So long another program waits that will read the terminal's answers. */
const REST_MS = 100;

type Size = { columns: number; rows: number };

export class RegionDrawing {
  /** How the terminal takes a narrower window. */
  reflow: Reflow;
  readonly #screen: Pick<Screen, "store" | "frame">;
  readonly #write: (data: string) => void;
  readonly #flight = new InFlight(Date.now);
  #writer: RegionWriter | null = null;
  /** As the rows that stand there were written for. */
  #size: Size = sizeOf(process.stdout);
  #isDue = false;
  /** As the device said it last. */
  #deviceSize: Size = sizeOf(process.stdout);
  #timer: NodeJS.Timeout | null = null;
  #isSlow = false;

  constructor(screen: Pick<Screen, "store" | "frame">, write: (data: string) => void, reflow: Reflow) {
    this.#screen = screen;
    this.#write = write;
    this.reflow = reflow;
    screen.frame.subscribe(() => this.#drawSoon(queueMicrotask));
  }

  /** The terminal is the main screen's from now on. */
  open(): void {
    this.#size = sizeOf(process.stdout);
    this.#writer = new RegionWriter(this.#write, Date.now, this.#flight);
    this.#draw();
  }

  /** Leaves the place of the last frame empty, the scrollback as it is. */
  close(): void {
    this.#clearTimer();
    this.#writer?.close();
    this.#writer = null;
  }

  /** As `close`, when all is drawn and the terminal has nothing more to say to us, or says nothing. */
  async rest(): Promise<void> {
    while (this.#drawPart());
    this.close();
    const endMs = Date.now() + REST_MS;
    while (this.#flight.open() > 0 && this.#flight.answers() && Date.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** The terminal's answer: the row and the column where its cursor was, 1-based. */
  told(row: number, column: number): void {
    if (!this.#writer) {
      this.#flight.told(row, column);
      return;
    }
    if (this.#writer.told(row, column) === "late") adoptColumns(column);
    if (this.#timer) this.#draw();
  }

  #draw(): void {
    this.#isDue = false;
    this.#clearTimer();
    this.#heedDevice();
    const waitMs = this.#waitMs();
    if (waitMs > 0) {
      // An answer that came meanwhile is read before.
      this.#timer = setTimeout(() => setImmediate(() => this.#timer && this.#draw()), waitMs);
      return;
    }
    // Keys come between: a terminal that takes little must not keep the person from ending what fills it.
    if (this.#drawPart()) this.#drawSoon(setImmediate);
  }

  #drawSoon(schedule: (task: () => void) => void): void {
    if (this.#isDue || this.#timer) return;
    schedule(() => this.#draw());
    this.#isDue = true;
  }

  /**
   * Until the next update may be written without an answer to the last; 0 is now. When the window has changed, where
   * everything is depends on the answer.
   */
  #waitMs(): number {
    const waited = this.#flight.answers() ? this.#flight.waitedMs() : null;
    if (waited === null) return 0;
    return (isSame(sizeOf(process.stdout), this.#size) ? PATIENCE_MS : SILENT_MS) - waited;
  }

  /** True when there is more to write. */
  #drawPart(): boolean {
    if (!this.#writer) return false;
    this.#adoptSize(this.#writer);
    const startMs = performance.now();
    const finished = this.#screen.store.takeFinished(this.#isSlow ? FEW_ROWS : MANY_ROWS);
    this.#writer.update(finished, this.#screen.frame.get(), this.#size.columns);
    // Writing to a terminal waits until it has taken the bytes.
    this.#isSlow = performance.now() - startMs > SLOW_MS;
    return this.#screen.store.hasFinished();
  }

  #adoptSize(writer: RegionWriter): void {
    const now = sizeOf(process.stdout);
    if (isSame(now, this.#size)) return;
    const lower = Math.max(0, this.#size.rows - now.rows);
    writer.resized({ columns: now.columns, lower, reflow: this.reflow }, this.#size.rows);
    this.#size = now;
  }

  /**
   * The signal of a new size may still wait while this one works: rows of the old width must not be written then. When
   * the device says another size it is told to everybody at once.
   */
  #heedDevice(): void {
    if (!process.stdout.isTTY) return;
    const [columns, rows] = process.stdout.getWindowSize();
    if (isSame({ columns, rows }, this.#deviceSize)) return;
    this.#deviceSize = { columns, rows };
    if (!isSame({ columns, rows }, sizeOf(process.stdout))) process.emit("SIGWINCH", "SIGWINCH");
  }

  #clearTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): Size {
  return { columns, rows };
}

function isSame(one: Size, other: Size): boolean {
  return one.columns === other.columns && one.rows === other.rows;
}

/**
 * The terminal is so wide now, and draws so: that is newer than what its device says, and tmux tells that one a good
 * while later.
 */
function adoptColumns(columns: number): void {
  const { stdout } = process;
  if (stdout.columns === columns) return;
  stdout.columns = columns;
  stdout.emit("resize");
}
