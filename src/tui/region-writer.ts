// Writes the main screen: finished rows into the scrollback, live rows below them, each change as one synchronized
// update. Knows what stands in the terminal now; the only one who writes there while it is open.
import { textWidth } from "../lib/text-width.ts";
import type { Frame } from "./frame.ts";
import { eraseSequence, NO_REGION, updateSequence } from "./live-region.ts";
import { type Resize, rowsAboveCursor } from "./resize-repair.ts";
import { ASK_CURSOR, RoomBelow } from "./room-below.ts";

const UPDATE_BEGINS = "\x1b[?2026h";
const UPDATE_ENDS = "\x1b[?2026l";
const SHOW_CURSOR = "\x1b[?25h";
const HIDE_CURSOR = "\x1b[?25l";

/** So long what was written may not have reached a terminal that is awake. Longer would leave more ghosts than it saves rows. */
const ON_ITS_WAY_MS = 2;

export class RegionWriter {
  readonly #write: (data: string) => void;
  readonly #now: () => number;
  readonly #room = new RoomBelow();
  #shown: Frame = NO_REGION;
  /** What was shown before that, and until when. */
  #before: { frame: Frame; untilMs: number } = { frame: NO_REGION, untilMs: Number.NEGATIVE_INFINITY };
  /** To be written before the next update. */
  #first = HIDE_CURSOR;

  constructor(write: (data: string) => void, now: () => number) {
    this.#write = write;
    this.#now = now;
  }

  /** Puts `finished` rows above the region and draws `frame` in its place, in a window `columns` wide. */
  update(finished: readonly string[], frame: Frame, columns: number): void {
    const bytes = this.#first + updateSequence(this.#shown, finished, frame);
    this.#first = "";
    if (bytes === "") return;
    this.#before = { frame: this.#shown, untilMs: this.#now() };
    this.#shown = frame;
    const above = finished.reduce((sum, row) => sum + Math.max(1, Math.ceil(textWidth(row) / columns)), 0);
    this.#room.wrote({ finished: above, rows: frame.rows.length });
    this.#write(UPDATE_BEGINS + bytes + UPDATE_ENDS);
  }

  /** Asks the terminal where its cursor is: what is free below the live rows must be known of xterm.js. */
  ask(): void {
    this.#room.asked(this.#shown.cursor?.y ?? 0);
    this.#write(ASK_CURSOR);
  }

  /** The terminal's answer: the row of its cursor, 1-based. */
  told(row: number, windowRows: number): void {
    this.#room.told(row, windowRows);
  }

  /** The window has another size. The next update draws the whole region. */
  resized(resize: Resize, isXtermJs: boolean): void {
    const lower = Math.max(0, resize.lower - this.#room.below(this.#shown.rows.length));
    this.#first += eraseSequence(this.#shown, Math.min(...this.#candidates({ ...resize, lower })));
    this.#shown = NO_REGION;
    if (!isXtermJs) return;
    this.#first += ASK_CURSOR;
    this.#room.asked(0);
  }

  /** How far up the region may begin. Too few rows erased leave a ghost, too many would take what is finished. */
  #candidates(resize: Resize): number[] {
    const up = rowsAboveCursor(this.#shown, resize);
    const { frame, untilMs } = this.#before;
    if (frame.rows.length === 0 || this.#now() - untilMs > ON_ITS_WAY_MS) return [up];
    // The terminal may have broken the rows of before, and drawn the newest into the new window.
    const moved = rowsAboveCursor(frame, resize) - (frame.cursor?.y ?? 0);
    return [up, moved + (this.#shown.cursor?.y ?? 0)];
  }

  /** Leaves the region's place empty and shows the cursor there. */
  close(): void {
    const bytes = eraseSequence(this.#shown, this.#shown.cursor?.y ?? 0) + SHOW_CURSOR;
    this.#shown = NO_REGION;
    this.#write(UPDATE_BEGINS + bytes + UPDATE_ENDS);
  }
}
