// How much of the window is free below the live rows. xterm.js drops that first when the window gets lower. The terminal
// is asked where its cursor is; from then on what is written says it.

export const ASK_CURSOR = "\x1b[6n";

type Written = { finished: number; rows: number };

export class RoomBelow {
  /** Rows from the region's first to the window's last; null while it is not known. */
  #rows: number | null = null;
  #written: Written[] = [];
  /** Row of the region in which the cursor was when it was asked for, 0-based. */
  #offset = 0;
  #questions = 0;

  /** The question goes out while the cursor stands in this row of the region. */
  asked(offset: number): void {
    this.#questions += 1;
    this.#offset = offset;
    this.#written = [];
    this.#rows = null;
  }

  /** The answer: a row of the window, 1-based. That of an older question says nothing any more. */
  told(row: number, windowRows: number): void {
    this.#questions -= 1;
    if (this.#questions !== 0) return;
    this.#rows = windowRows - (row - 1 - this.#offset);
    for (const written of this.#written) this.#take(written);
    this.#written = [];
  }

  /** So many rows went into the scrollback, and the region has so many now. */
  wrote(written: Written): void {
    if (this.#questions > 0) this.#written.push(written);
    this.#take(written);
  }

  /** Free rows below a region of so many; none when it is not known. */
  below(rows: number): number {
    return this.#rows === null ? 0 : Math.max(0, this.#rows - rows);
  }

  #take({ finished, rows }: Written): void {
    if (this.#rows !== null) this.#rows = Math.max(rows, this.#rows - finished);
  }
}
