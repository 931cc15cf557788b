// Writes the main screen: finished rows into the scrollback, live rows below them, each change as one synchronized
// update. Knows what stands in the terminal now; the only one who writes there while it is open.
import type { Frame } from "./frame.ts";
import { type DrawnUpdate, InFlight } from "./in-flight.ts";
import { eraseSequence, NO_REGION, type Standing, standing, updateSequence } from "./live-region.ts";
import {
  lateFrame,
  type Redraw,
  type Resize,
  redrawAfterLate,
  rowsAboveCursor,
  rowsBelowCursor,
} from "./resize-repair.ts";

const UPDATE_BEGINS = "\x1b[?2026h";
const UPDATE_ENDS = "\x1b[?2026l";
const SHOW_CURSOR = "\x1b[?25h";

/** Where no answer comes: so long what was written may not have been drawn. Longer would leave more ghosts than it saves rows. */
const ON_ITS_WAY_MS = 2;

/** As many as a high window has. */
const RECENT_ROWS = 100;

const NOTHING: Standing = { frame: NO_REGION, at: 0, columns: 1 };

export class RegionWriter {
  readonly #write: (data: string) => void;
  readonly #now: () => number;
  readonly #flight: InFlight;
  #standing = NOTHING;
  /** What stood there before that, and until when. */
  #before = { standing: NOTHING, untilMs: Number.NEGATIVE_INFINITY };
  /** The newest that was drawn into the window as it was known, and the cursor's row there, 1-based. */
  #drawn: { standing: Standing; row: number } | null = null;
  /** What was drawn into another window than it was made for. */
  #late: DrawnUpdate[] = [];
  /** The newest finished rows: those that the window may still show. */
  #recent: string[] = [];
  /** After the window has changed the whole region is drawn. */
  #redraw: Redraw | null = { up: 0, again: [] };

  /** `now` in milliseconds. `flight` may know of questions that were asked before. */
  constructor(write: (data: string) => void, now: () => number, flight: InFlight = new InFlight(now)) {
    this.#write = write;
    this.#now = now;
    this.#flight = flight;
  }

  /** Puts `finished` rows above the region and draws `frame` in its place, in a window `columns` wide. */
  update(finished: readonly string[], frame: Frame, columns: number): void {
    const ask = this.#flight.answers();
    const before = this.#standing;
    const { up, again } = this.#redraw ?? { up: before.at, again: [] };
    const above = [...again, ...finished];
    const bytes = this.#redraw
      ? eraseSequence(up) + updateSequence(NO_REGION, above, frame, ask)
      : updateSequence(before.frame, finished, frame, ask);
    if (bytes === "") return;
    this.#write(UPDATE_BEGINS + bytes + UPDATE_ENDS);
    if (ask) this.#flight.asked({ before, up, finished: above, frame, columns });
    this.#redraw = null;
    if (finished.length > 0) this.#recent = [...this.#recent, ...finished].slice(-RECENT_ROWS);
    this.#before = { standing: before, untilMs: this.#now() };
    this.#standing = standing(frame, columns);
  }

  /**
   * The terminal's answer: the row and the column where its cursor was, 1-based. `late` when the window was another then:
   * `resized` must be told of it.
   */
  told(row: number, column: number): "drawn" | "late" {
    const update = this.#flight.told(row, column);
    if (update && update.drawnColumns !== update.columns) {
      this.#late.push(update);
      return "late";
    }
    if (update) this.#drawn = { standing: standing(update.frame, column), row };
    return "drawn";
  }

  /** The window has another size; `rows` is its height before. The next update draws the whole region. */
  resized(resize: Resize, rows: number): void {
    const lower = Math.max(0, resize.lower - this.#roomBelow(rows));
    this.#redraw = this.#redrawAfter({ ...resize, lower });
    const last = this.#late.at(-1);
    const frame = last ? lateFrame(last, this.#redraw.again) : this.#standing.frame;
    this.#standing = { frame, at: this.#redraw.up, columns: resize.columns };
    const row = last?.row ?? this.#drawn?.row;
    this.#drawn =
      row === undefined ? null : { standing: this.#standing, row: Math.min(row, rows - resize.lower) };
    this.#late = [];
    this.#flight.forget();
  }

  /** Free rows below the region, which xterm.js drops first when the window gets lower; 0 when it is not known. */
  #roomBelow(rows: number): number {
    if (this.#drawn === null) return 0;
    const { standing: drawn, row } = this.#drawn;
    return Math.max(0, rows - row - rowsBelowCursor(drawn));
  }

  #redrawAfter(resize: Resize): Redraw {
    const [first] = this.#late;
    if (first) {
      const rows = this.#late.reduce((sum, { finished }) => sum + finished.length, 0);
      const preceding = this.#recent.slice(0, Math.max(0, this.#recent.length - rows));
      const above = rowsAboveCursor(first.before, resize);
      return redrawAfterLate(this.#late, above, { columns: resize.columns, preceding });
    }
    return { up: Math.min(...this.#candidates(resize)), again: [] };
  }

  /** How far up the region may begin. Too few rows erased leave a ghost, too many would take what is finished. */
  #candidates(resize: Resize): number[] {
    const up = rowsAboveCursor(this.#standing, resize);
    const { standing: before, untilMs } = this.#before;
    const isKnown = this.#drawn?.standing.frame === this.#standing.frame;
    if (isKnown || before === NOTHING || this.#now() - untilMs > ON_ITS_WAY_MS) return [up];
    // The terminal may have broken the rows of before, and drawn the newest into the new window.
    return [up, rowsAboveCursor(before, resize) - before.at + this.#standing.at];
  }

  /** Leaves the region's place empty and shows the cursor there. */
  close(): void {
    const bytes = eraseSequence(this.#standing.at) + SHOW_CURSOR;
    this.#standing = NOTHING;
    this.#redraw = { up: 0, again: [] };
    this.#flight.forget();
    this.#write(UPDATE_BEGINS + bytes + UPDATE_ENDS);
  }
}
