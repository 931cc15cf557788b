// The main screen while it has the terminal: its keyboard by Ink, its rows by a writer of our own. Opened and closed
// whenever something else needs the terminal in between.
import { type Instance, render } from "ink";
import { followCursorShape } from "./cursor-shape.ts";
import { holdKeys } from "./held-keys.ts";
import { keyboardOnly } from "./key-output.ts";
import type { Presser } from "./press.ts";
import { RegionDrawing } from "./region-drawing.ts";
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

export type MainInstance = {
  open: () => void;
  /** Leaves the place of the last frame empty, the scrollback as it is. */
  close: () => void;
  /** As `close`, when all is drawn and the terminal has nothing more to say to us: another program reads next. */
  rest: () => Promise<void>;
};

export function createMainInstance(screen: Screen, presser: Presser): MainInstance {
  let keyboard: Instance | null = null;
  const rewrite = rewriteFor(screen);
  const write = (data: string): void => void process.stdout.write(data);
  const drawing = new RegionDrawing(screen, (data) => write(rewrite(data)), reflowOf(screen));
  const shape = followCursorShape(screen.composer, write);
  const onResize = (): void => screen.store.flush();
  keyboardInput().onReply((reply) => {
    if (reply.kind === "cursor") drawing.told(reply.row, reply.column);
    if (reply.kind === "version" && reply.numbers === XTERM_JS) drawing.reflow = "sinks";
  });
  const leave = (): void => {
    process.stdout.off("resize", onResize);
    shape.reset();
    keyboard?.unmount();
    keyboard = null;
  };
  return {
    open: () => {
      holdKeys();
      process.stdout.on("resize", onResize);
      keyboard = render(<Root presser={presser} />, { ...INK_OPTIONS, stdout: keyboardOnly(process.stdout) });
      screen.store.flush();
      drawing.open();
      shape.apply();
      if (drawing.reflow === "stays") write(ASK_VERSION);
    },
    close: () => {
      drawing.close();
      leave();
    },
    rest: async () => {
      await drawing.rest();
      leave();
    },
  };
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
