// Draws a screen into a terminal of any size, the last row of which is ours. Pure but for what it remembers: it gives the
// bytes to write. Lines that leave the main screen go into the terminal's own scrollback.
import type { Screen } from "../screen/screen.ts";
import { modeChanges, PLAIN_MODES, RESET } from "./outer-modes.ts";

type Size = { columns: number; rows: number };

export interface Painter {
  /** What the terminal shows at the beginning is pushed up, then the whole scrollback goes after it. */
  open(screen: Screen, size: Size, status: string): string;
  /** The bytes that show the screen as it is now. With `anew` all of it is drawn. */
  paint(screen: Screen, size: Size, options: { status: string; anew: boolean }): string;
  /** Everything is taken back; the cursor is below what was drawn. */
  close(size: Size): string;
}

/** Below this the row is needed for the screen. */
const ROWS_WITH_STATUS = 4;

const BEGIN = "\x1b[?2026h\x1b[?25l";
const END = "\x1b[?2026l";

/** Rows for the program in a terminal of this size. */
export function programRows(rows: number): number {
  return rows >= ROWS_WITH_STATUS ? rows - 1 : rows;
}

export function createPainter(): Painter {
  let shown: string[] = [];
  let modes = PLAIN_MODES;
  let alternate = false;
  const forget = (): void => {
    shown = [];
  };
  /** Pushes `count` rows above the screen into the scrollback of the terminal and leaves the screen drawn. */
  const push = (screen: Screen, size: Size, count: number): string => {
    const { rows, columns } = screen.size();
    const height = programRows(size.rows);
    const lines = Array.from({ length: count + rows }, (_, index) =>
      screen.mainRow(index - count, size.columns),
    );
    // Rows that the width wrapped are one line of the terminal too, so that it can wrap them anew.
    const joins = columns === size.columns;
    const text = joins ? joined(lines) : lines.map((line) => line.text).join("\r\n");
    shown = height >= rows ? lines.slice(count).map((line) => line.text) : [];
    // To erase a row from its beginning would part it from the one above, which has left already.
    const erase = joins && lines[0]?.wrapped ? "\x1b[1;2H\x1b[J\x1b[H" : "\x1b[H\x1b[J";
    return `\x1b[1;${Math.min(height, rows)}r${erase}${text}\x1b[r`;
  };
  const rowsOf = (screen: Screen, size: Size, status: string): string[] => {
    const height = programRows(size.rows);
    const top = topRow(screen, height);
    const count = Math.min(height, screen.size().rows);
    const drawn = Array.from({ length: height }, (_, y) =>
      y < count ? screen.row(top + y, size.columns) : "",
    );
    return height < size.rows ? [...drawn, status] : drawn;
  };
  const draw = (screen: Screen, size: Size, status: string): string => {
    const rows = rowsOf(screen, size, status);
    const changed = rows
      .map((row, y) => (row === (shown[y] ?? "") ? "" : `\x1b[${y + 1};1H\x1b[K${row}`))
      .join("");
    shown = rows;
    const change = modeChanges(modes, screen.modes());
    modes = screen.modes();
    return `${changed}${change}${cursor(screen, size)}`;
  };
  const switchBuffer = (screen: Screen): string => {
    if (screen.alternate() === alternate) return "";
    alternate = !alternate;
    forget();
    return alternate ? "\x1b[?1049h\x1b[H\x1b[J" : "\x1b[?1049l\x1b[H\x1b[J";
  };
  return {
    open: (screen, size, status) => {
      screen.takeScrolled();
      const above = "\r\n".repeat(size.rows);
      const whole = push(screen, size, screen.scrollback());
      return `${BEGIN}${above}${whole}${switchBuffer(screen)}${draw(screen, size, status)}${END}`;
    },
    paint: (screen, size, { status, anew }) => {
      if (anew) forget();
      const clear = anew ? "\x1b[H\x1b[J" : "";
      const change = switchBuffer(screen);
      const scrolled = screen.takeScrolled();
      const fits = screen.size().rows <= programRows(size.rows);
      let pushed = "";
      if (scrolled !== null && scrolled > 0 && fits && !screen.alternate() && !anew) {
        pushed = push(screen, size, Math.min(scrolled, screen.scrollback()));
      }
      return `${BEGIN}${clear}${change}${pushed}${draw(screen, size, status)}${END}`;
    },
    close: (size) => {
      const last = shown.findLastIndex((row, y) => row !== "" && y < size.rows - 1);
      const row = alternate ? size.rows : Math.min(size.rows, Math.max(0, last) + 1);
      return `${alternate ? "\x1b[?1049l" : ""}${RESET}\x1b[${size.rows};1H\x1b[K\x1b[${row};1H\r\n`;
    },
  };
}

type MainRow = ReturnType<Screen["mainRow"]>;

/** The terminal wraps where the screen did: a row is filled up to there, and something is written in the next one. */
function joined(lines: readonly MainRow[]): string {
  return lines
    .map(({ text, filled, wrapped }, index) => {
      const row = lines[index + 1]?.wrapped ? filled : text;
      if (wrapped) return row || " ";
      return index === 0 ? row : `\r\n${row}`;
    })
    .join("");
}

/** The first row that is shown where not all fit: the cursor must be among them. */
function topRow(screen: Screen, height: number): number {
  const spare = Math.max(0, screen.size().rows - height);
  return Math.min(spare, Math.max(0, screen.cursor().y - height + 1));
}

function cursor(screen: Screen, size: Size): string {
  const { x, y, hidden } = screen.cursor();
  const height = programRows(size.rows);
  const row = y - topRow(screen, height);
  const isSeen = !hidden && row < height && x < size.columns;
  const place = `\x1b[${Math.min(row, height - 1) + 1};${Math.min(x, size.columns - 1) + 1}H`;
  return isSeen ? `${place}\x1b[?25h` : place;
}
