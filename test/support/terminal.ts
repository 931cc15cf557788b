// A virtual terminal: the built program under a real pseudo-terminal, its bytes drawn by a headless xterm.
import { isDeepStrictEqual } from "node:util";
import { spawn } from "@lydell/node-pty";
import headless from "@xterm/headless";
import { onTestFinished } from "vitest";
import { graphemeWidths } from "../../src/mux/screen/grapheme-widths.ts";

/** CommonJS: its names cannot be imported one by one by Node itself. */
const { Terminal: HeadlessTerminal } = headless;
type HeadlessTerminal = InstanceType<typeof HeadlessTerminal>;

export type TerminalOptions = {
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  columns?: number;
  rows?: number;
  /** Program to run; default this repository's bin/hearth.js on the Node that runs the tests. */
  file?: string;
};

/** `color` is #rrggbb; null is the terminal's own. */
type StyledRun = { text: string; color: string | null; bold: boolean; dim: boolean; italic: boolean };

export type VirtualTerminal = {
  readonly pid: number;
  /** Sends bytes as a keyboard would. */
  type: (text: string) => void;
  /** The visible rows, right-trimmed. */
  screen: () => string[];
  /** Scrollback and screen, right-trimmed, wrapped rows joined. */
  transcript: () => string[];
  /** The visible rows as runs of equal style. */
  cells: () => StyledRun[][];
  /** Everything that was written so far. */
  bytes: () => string;
  cursor: () => { x: number; y: number; hidden: boolean };
  title: () => string;
  resize: (columns: number, rows: number) => void;
  size: () => { columns: number; rows: number };
  /** Resolves when all bytes that came so far are read and drawn. */
  drawn: () => Promise<void>;
  /** Resolves when `check` of the screen text (joined with \n) is true or matches; rejects with the screen after `ms`. */
  waitFor: (check: RegExp | string | ((screen: string) => boolean), ms?: number) => Promise<void>;
  /** Resolves with the exit code when the program has left. */
  exited: Promise<{ exitCode: number; signal?: number | undefined }>;
  kill: (signal?: string) => void;
  /** Stops reading what the program writes, and goes on with it. */
  pause: () => void;
  resume: () => void;
  /** Closes the window: the program has no terminal any more. */
  hangUp: () => void;
};

export const KEY = {
  enter: "\r",
  altEnter: "\x1b\r",
  escape: "\x1b",
  tab: "\t",
  shiftTab: "\x1b[Z",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  end: "\x1b[F",
  home: "\x1b[H",
  pageUp: "\x1b[5~",
  pageDown: "\x1b[6~",
  backspace: "\x7f",
  ctrl: (letter: string): string => String.fromCharCode(letter.toUpperCase().charCodeAt(0) - 64),
  paste: (text: string): string => `\x1b[200~${text}\x1b[201~`,
} as const;

const UPDATE_BEGINS = "\x1b[?2026h";
const UPDATE_ENDS = "\x1b[?2026l";

const BIN = new URL("../../bin/hearth.js", import.meta.url).pathname;

/** Starts the program; it is ended when the test ends. */
export function startTerminal(options: TerminalOptions): VirtualTerminal {
  const terminal = openTerminal(options);
  onTestFinished(() => terminal.kill());
  return terminal;
}

/** As startTerminal, for callers outside a test (the bench), who end it themselves. */
export function openTerminal({
  args,
  cwd,
  env,
  columns = 100,
  rows = 30,
  file,
}: TerminalOptions): VirtualTerminal {
  const screen = new HeadlessTerminal({ cols: columns, rows, scrollback: 100_000, allowProposedApi: true });
  screen.unicode.register(graphemeWidths);
  screen.unicode.activeVersion = graphemeWidths.version;
  const program = file ?? process.execPath;
  const pty = spawn(program, file === undefined ? [BIN, ...args] : [...args], {
    cols: columns,
    rows,
    cwd,
    env: { TERM: "xterm-256color", COLORTERM: "truecolor", ...env },
    name: env.TERM ?? "xterm-256color",
  });
  const chunks: string[] = [];
  let title = "";
  let alive = true;
  let changed: () => void = () => undefined;
  screen.onTitleChange((text) => {
    title = text;
  });
  // Device queries of the program are answered as a real terminal answers them.
  screen.onData((reply) => {
    if (alive) pty.write(reply);
  });
  /** A synchronized update that has not ended yet: nobody sees half of one. */
  let held = "";
  const draw = (text: string): void => {
    if (text !== "") screen.write(text, () => changed());
  };
  const release = (): void => {
    draw(held);
    held = "";
  };
  pty.onData((data) => {
    chunks.push(data);
    const text = held + data;
    const begun = text.lastIndexOf(UPDATE_BEGINS);
    const whole = begun > text.lastIndexOf(UPDATE_ENDS) ? text.slice(0, begun) : text;
    held = text.slice(whole.length);
    draw(whole);
  });
  const exited = new Promise<{ exitCode: number; signal?: number | undefined }>((resolve) => {
    pty.onExit((result) => {
      alive = false;
      release();
      // The last bytes are drawn before the exit is told.
      screen.write("", () => {
        changed();
        resolve(result);
      });
    });
  });
  const visible = (): string[] => readRows(screen, screen.buffer.active.baseY, screen.rows);
  return {
    pid: pty.pid,
    type: (text) => pty.write(text),
    screen: visible,
    transcript: () => joinWrapped(screen),
    cells: () => readCells(screen),
    bytes: () => chunks.join(""),
    cursor: () => ({
      x: screen.buffer.active.cursorX,
      y: screen.buffer.active.cursorY,
      hidden: /\x1b\[\?25l(?!.*\x1b\[\?25h)/s.test(chunks.join("").slice(-4_000)),
    }),
    title: () => title,
    resize: (width, height) => {
      release();
      screen.resize(width, height);
      pty.resize(width, height);
    },
    size: () => ({ columns: screen.cols, rows: screen.rows }),
    drawn: async () => {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      await new Promise<void>((resolve) => screen.write("", resolve));
    },
    waitFor: (check, ms = 10_000) =>
      new Promise((resolve, reject) => {
        const matches = (): boolean => {
          const text = visible().join("\n");
          if (typeof check === "string") return text.includes(check);
          return check instanceof RegExp ? check.test(text) : check(text);
        };
        const timer = setTimeout(() => {
          changed = () => undefined;
          reject(new Error(`The screen never showed ${String(check)}. It shows:\n${visible().join("\n")}`));
        }, ms);
        changed = () => {
          if (!matches()) return;
          clearTimeout(timer);
          changed = () => undefined;
          resolve();
        };
        changed();
      }),
    exited,
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    hangUp: () => {
      alive = false;
      if ("destroy" in pty && typeof pty.destroy === "function") pty.destroy();
    },
    kill: (signal = "SIGKILL") => {
      if (alive) pty.kill(signal);
    },
  };
}

function readRows(screen: HeadlessTerminal, start: number, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => screen.buffer.active.getLine(start + index)?.translateToString(true) ?? "",
  );
}

function joinWrapped(screen: HeadlessTerminal): string[] {
  const lines: string[] = [];
  for (let index = 0; index < screen.buffer.active.length; index++) {
    const line = screen.buffer.active.getLine(index);
    if (!line) continue;
    const text = line.translateToString(true);
    if (line.isWrapped && lines.length > 0) lines.push(`${lines.pop() ?? ""}${text}`);
    else lines.push(text);
  }
  return lines;
}

function readCells(screen: HeadlessTerminal): StyledRun[][] {
  return Array.from({ length: screen.rows }, (_, y) => {
    const line = screen.buffer.active.getLine(screen.buffer.active.baseY + y);
    return line ? readRuns(line, screen.cols) : [];
  });
}

function readRuns(line: BufferLine, columns: number): StyledRun[] {
  const runs: StyledRun[] = [];
  for (let x = 0; x < columns; x++) {
    const cell = line.getCell(x);
    if (!cell || cell.getWidth() === 0) continue;
    const color = cell.isFgRGB() ? `#${cell.getFgColor().toString(16).padStart(6, "0")}` : null;
    const style = {
      color,
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
      italic: cell.isItalic() !== 0,
    };
    const last = runs.at(-1);
    const text = cell.getChars() || " ";
    if (last && isDeepStrictEqual({ ...last, text }, { text, ...style })) last.text += text;
    else runs.push({ text, ...style });
  }
  return runs;
}

type BufferLine = NonNullable<ReturnType<HeadlessTerminal["buffer"]["active"]["getLine"]>>;
