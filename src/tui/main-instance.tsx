// The main screen while it has the terminal: its keyboard by Ink, its rows by a writer of our own. Opened and closed
// whenever something else needs the terminal in between.
import { type Instance, render } from "ink";
import { followCursorShape } from "./cursor-shape.ts";
import { holdKeys } from "./held-keys.ts";
import { keyboardOnly } from "./key-output.ts";
import type { Presser } from "./press.ts";
import { RegionWriter } from "./region-writer.ts";
import type { Reflow } from "./resize-repair.ts";
import { Root } from "./root.tsx";
import type { Screen } from "./screen.ts";
import { keyboardInput } from "./terminal/keyboard-input.ts";
import { avoidHistoryCopy } from "./tmux-output.ts";
import { ASK_VERSION, XTERM_JS } from "./xterm-js.ts";

export const INK_OPTIONS = {
  exitOnCtrlC: false,
  patchConsole: false,
  incrementalRendering: true,
  maxFps: 120,
  interactive: true,
  kittyKeyboard: { mode: "auto" },
  get stdin() {
    return keyboardInput().stream;
  },
} as const;

/** Finished rows in one update: of a terminal that keeps up, and of one that is slow. */
const MANY_ROWS = 1_000;
const FEW_ROWS = 10;
/** An update that takes longer was waited for. */
const SLOW_MS = 50;

export type MainInstance = {
  open: () => void;
  /** Leaves the place of the last frame empty, the scrollback as it is. */
  close: () => void;
  /** Resolves when all that is to be seen is written. */
  drawn: () => Promise<void>;
};

type Opened = { writer: RegionWriter; keyboard: Instance };

export function createMainInstance(screen: Screen, presser: Presser): MainInstance {
  let opened: Opened | null = null;
  let size = sizeOf(process.stdout);
  let waiting = false;
  let reflow = reflowOf(screen);
  const rewrite = rewriteFor(screen);
  const shape = followCursorShape(screen.composer, (sequence) => void process.stdout.write(sequence));
  let isSlow = false;
  /** True when there is more to write. */
  const drawPart = (): boolean => {
    heedSize();
    if (!opened) return false;
    const startMs = performance.now();
    const finished = screen.store.takeFinished(isSlow ? FEW_ROWS : MANY_ROWS);
    opened.writer.update(finished, screen.frame.get(), size.columns);
    // Writing to a terminal waits until it has taken the bytes.
    isSlow = performance.now() - startMs > SLOW_MS;
    return screen.store.hasFinished();
  };
  const draw = (): void => {
    waiting = false;
    // Keys come between: a terminal that takes little must not keep the person from ending what fills it.
    if (drawPart()) drawSoon(setImmediate);
  };
  /** What changes in one moment is one update. */
  const drawSoon = (schedule: (task: () => void) => void): void => {
    if (!waiting) schedule(draw);
    waiting = true;
  };
  const onResize = (): void => {
    const { columns, rows } = sizeOf(process.stdout);
    const lower = Math.max(0, size.rows - rows);
    const kind = columns < size.columns ? reflow : "none";
    opened?.writer.resized({ columns, lower, reflow: kind }, reflow === "sinks");
    size = { columns, rows };
    screen.store.flush();
  };
  screen.frame.subscribe(() => drawSoon(queueMicrotask));
  keyboardInput().onReply((reply) => {
    if (reply.kind === "cursor") opened?.writer.told(reply.row, process.stdout.rows);
    if (reply.kind !== "version" || reply.numbers !== XTERM_JS) return;
    reflow = "sinks";
    opened?.writer.ask();
  });
  return {
    open: () => {
      holdKeys();
      size = sizeOf(process.stdout);
      process.stdout.on("resize", onResize);
      const writer = new RegionWriter((data) => void process.stdout.write(rewrite(data)), Date.now);
      const stdout = keyboardOnly(process.stdout);
      opened = { writer, keyboard: render(<Root presser={presser} />, { ...INK_OPTIONS, stdout }) };
      screen.store.flush();
      draw();
      shape.apply();
      if (reflow === "stays") process.stdout.write(ASK_VERSION);
      if (reflow === "sinks") writer.ask();
    },
    close: () => {
      process.stdout.off("resize", onResize);
      shape.reset();
      opened?.writer.close();
      opened?.keyboard.unmount();
      opened = null;
    },
    drawn: async () => {
      while (drawPart());
    },
  };
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): { columns: number; rows: number } {
  return { columns, rows };
}

/**
 * The signal of a new size may still wait while this one works: rows of the old width must not be written then. Asks the
 * terminal's device and, when it says another size, has it told to everybody at once.
 */
function heedSize(): void {
  const { stdout } = process;
  if (!stdout.isTTY) return;
  const [columns, rows] = stdout.getWindowSize();
  if (columns !== stdout.columns || rows !== stdout.rows) process.emit("SIGWINCH", "SIGWINCH");
}

function rewriteFor({ app, images }: Screen): (data: string) => string {
  if (app.env.TMUX !== undefined) return avoidHistoryCopy;
  return images ? (data) => images.fill(data) : (data) => data;
}

/** As far as the environment says. xterm itself and the Linux console cut long rows; all others break them in two. */
function reflowOf({ app: { env } }: Screen): Reflow {
  if (env.XTERM_VERSION !== undefined || env.TERM === "linux") return "none";
  return env.TERM_PROGRAM === "vscode" ? "sinks" : "stays";
}
