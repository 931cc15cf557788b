// The stage: the Ink instance that owns the terminal now, the main screen's or the full-screen transcript's. One at a
// time; swapping leaves the scrollback as it is.
import { type Instance, render } from "ink";
import { runInForeground } from "../lib/foreground-process.ts";
import { editExternally } from "./editor/external-editor.ts";
import type { Presser } from "./press.ts";
import { repairSequence } from "./resize-repair.ts";
import { Root } from "./root.tsx";
import type { Screen } from "./screen.ts";
import { TranscriptView } from "./screens/transcript-view.tsx";

export interface Stage {
  open(): void;
  /** Leaves the last frame's place empty and the terminal's modes as they were. */
  close(): void;
  openTranscript(): void;
  openEditor(): void;
}

const INK_OPTIONS = {
  exitOnCtrlC: false,
  patchConsole: false,
  incrementalRendering: true,
  maxFps: 120,
  interactive: true,
  kittyKeyboard: { mode: "auto" },
} as const;

export function createStage(screen: Screen, presser: Presser): Stage {
  let instance: Instance | null = null;
  let columns = process.stdout.columns;
  const onResize = (): void => {
    const narrower = process.stdout.columns < columns;
    columns = process.stdout.columns;
    // Before Ink's own listener: it erases by its own count of rows.
    if (narrower && reflows(screen)) process.stdout.write(repairSequence(screen.frame.get(), columns));
    screen.store.flush();
  };
  const openMain = (): void => {
    process.stdout.prependListener("resize", onResize);
    instance = render(<Root screen={screen} presser={presser} />, INK_OPTIONS);
  };
  const closeMain = (): void => {
    process.stdout.off("resize", onResize);
    instance?.clear();
    instance?.unmount();
    instance = null;
    // What is in the scrollback must not be drawn again by the next instance.
    screen.store.forgetDrawn();
  };
  return {
    open: openMain,
    close: closeMain,
    openTranscript: () => {
      closeMain();
      const back = (): void => {
        full.unmount();
        openMain();
      };
      const full = render(
        <TranscriptView
          store={screen.store}
          view={screen.view()}
          bindings={screen.bindings}
          title={screen.app.conversation.state().name || "transcript"}
          close={back}
        />,
        { ...INK_OPTIONS, alternateScreen: true, maxFps: 30 },
      );
    },
    openEditor: () => {
      closeMain();
      screen.attempt(async () => {
        try {
          screen.composer.setText(
            await editExternally(screen.composer.text(), { editor: editorOf(screen), run: runInForeground }),
          );
        } finally {
          openMain();
        }
      });
    },
  };
}

function editorOf({ app }: Screen): string {
  return app.env.VISUAL || app.env.EDITOR || "vi";
}

/** xterm itself and the Linux console cut long rows when the window narrows; all others break them in two. */
function reflows({ app }: Screen): boolean {
  return app.env.XTERM_VERSION === undefined && app.env.TERM !== "linux";
}
