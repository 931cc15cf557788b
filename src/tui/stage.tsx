// The stage: who has the terminal now, the main screen, the full-screen transcript, an editor or the shell. One at a
// time; swapping leaves the scrollback as it is.
import { runInForeground } from "../lib/foreground-process.ts";
import { type ExternalEditorOptions, editExternally } from "./editor/external-editor.ts";
import { openInEditor } from "./editor/open-in-editor.ts";
import { createMainInstance } from "./main-instance.tsx";
import type { Presser } from "./press.ts";
import type { Screen } from "./screen.ts";

export interface Stage {
  open(): void;
  /** Draws what is finished; leaves the last frame's place empty and the terminal's modes as they were. */
  close(): Promise<void>;
  openTranscript(): void;
  openEditor(): void;
  /** Opens a file in the person's editor; resolves when that has ended and the screen is back. */
  editFile(file: string): Promise<void>;
  redraw(): void;
  suspend(): void;
}

/** The stop reaches the process a moment after it was asked for. */
const RETURN_MS = 50;

/** `signals`: what else the terminal was told, taken back while another program has it. */
export function createStage(
  screen: Screen,
  presser: Presser,
  signals?: { rest: () => void; wake: () => void },
): Stage {
  const main = createMainInstance(screen, presser);
  /** Goes back from the full-screen transcript while that is open. */
  let back: (() => void) | null = null;
  let isAway = false;
  const comeBack = (): void => {
    isAway = false;
    main.open();
    signals?.wake();
  };
  /** Lets another have the terminal for as long as the task takes; nothing when one has it. */
  const goAway = async (task: () => Promise<void>): Promise<void> => {
    if (isAway) return;
    isAway = true;
    await main.rest();
    signals?.rest();
    await task().finally(comeBack);
  };
  return {
    open: main.open,
    close: async () => {
      back?.();
      await main.rest();
    },
    openTranscript: () => {
      if (isAway) return;
      main.close();
      let leave: (() => void) | null = null;
      const goBack = (command: string | null): void => {
        if (back !== close) return;
        back = null;
        leave?.();
        main.open();
        if (command !== null) screen.command(command);
      };
      const close = (): void => goBack(null);
      back = close;
      const open = async (): Promise<void> => {
        const { openView } = await import("./transcript-view/open-view.tsx");
        if (back === close) leave = openView(screen, goBack);
      };
      screen.attempt(() =>
        open().catch((error: unknown) => {
          close();
          throw error;
        }),
      );
    },
    openEditor: () => screen.attempt(() => goAway(() => editDraft(screen))),
    editFile: (file) => goAway(() => openInEditor(file, editorOf(screen))),
    redraw: () => {
      if (isAway) return;
      main.close();
      main.open();
    },
    suspend: () => screen.attempt(() => goAway(stop)),
  };
}

/** Resolves after the process was brought back. */
async function stop(): Promise<void> {
  process.kill(process.pid, "SIGTSTP");
  // Nothing runs while the process is stopped: the time passes after it was brought back.
  await new Promise((resolve) => setTimeout(resolve, RETURN_MS));
}

async function editDraft(screen: Screen): Promise<void> {
  const { composer } = screen;
  composer.setText(await editExternally(composer.text(), editorOf(screen)));
}

function editorOf({ app }: Screen): ExternalEditorOptions {
  return { editor: app.env.VISUAL || app.env.EDITOR || "vi", run: runInForeground };
}
