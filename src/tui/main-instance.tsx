// The Ink instance of the main screen: opened and closed whenever something else needs the terminal in between.
import { type Instance, render } from "ink";
import { followCursorShape } from "./cursor-shape.ts";
import { holdKeys } from "./held-keys.ts";
import type { Presser } from "./press.ts";
import { repairSequence } from "./resize-repair.ts";
import { Root } from "./root.tsx";
import type { Screen } from "./screen.ts";
import { avoidHistoryCopy, outputFor } from "./tmux-output.ts";

export const INK_OPTIONS = {
  exitOnCtrlC: false,
  patchConsole: false,
  incrementalRendering: true,
  maxFps: 120,
  interactive: true,
  kittyKeyboard: { mode: "auto" },
} as const;

export type MainInstance = {
  open: () => void;
  /** Leaves the place of the last frame empty, the scrollback as it is. */
  close: () => void;
  /** Resolves when all that is to be seen is written. */
  drawn: () => Promise<void>;
};

export function createMainInstance(screen: Screen, presser: Presser): MainInstance {
  let instance: Instance | null = null;
  let columns = process.stdout.columns;
  const shape = followCursorShape(screen.composer, (sequence) => void process.stdout.write(sequence));
  const onResize = (): void => {
    const narrower = process.stdout.columns < columns;
    columns = process.stdout.columns;
    // Before Ink's own listener: it erases by its own count of rows.
    if (narrower && reflows(screen)) {
      const sinks = screen.app.env.TERM_PROGRAM === "vscode";
      process.stdout.write(avoidHistoryCopy(repairSequence(screen.frame.get(), columns, { sinks })));
    }
    screen.store.flush();
  };
  return {
    open: () => {
      holdKeys();
      columns = process.stdout.columns;
      process.stdout.prependListener("resize", onResize);
      screen.store.flush();
      screen.store.beginDrawing();
      const stdout = outputFor(process.stdout, screen.app.env.TMUX !== undefined);
      instance = render(<Root screen={screen} presser={presser} />, { ...INK_OPTIONS, stdout });
      shape.apply();
    },
    close: () => {
      process.stdout.off("resize", onResize);
      shape.reset();
      instance?.clear();
      instance?.unmount();
      instance = null;
      screen.store.endDrawing();
    },
    drawn: async () => {
      await instance?.waitUntilRenderFlush();
    },
  };
}

/** xterm itself and the Linux console cut long rows when the window narrows; all others break them in two. */
function reflows({ app }: Screen): boolean {
  return app.env.XTERM_VERSION === undefined && app.env.TERM !== "linux";
}
