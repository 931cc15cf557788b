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
  const comeBack = (): void => {
    main.open();
    signals?.wake();
  };
  return {
    open: main.open,
    close: async () => {
      back?.();
      await main.drawn();
      main.close();
    },
    openTranscript: () => {
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
    openEditor: () => {
      main.close();
      signals?.rest();
      screen.attempt(() => editDraft(screen).finally(comeBack));
    },
    editFile: async (file) => {
      main.close();
      signals?.rest();
      await openInEditor(file, editorOf(screen)).finally(comeBack);
    },
    redraw: () => {
      main.close();
      main.open();
    },
    suspend: () => {
      main.close();
      signals?.rest();
      process.kill(process.pid, "SIGTSTP");
      // Nothing runs while the process is stopped: the time passes after it was brought back.
      setTimeout(comeBack, RETURN_MS);
    },
  };
}

async function editDraft(screen: Screen): Promise<void> {
  const { composer } = screen;
  composer.setText(await editExternally(composer.text(), editorOf(screen)));
}

function editorOf({ app }: Screen): ExternalEditorOptions {
  return { editor: app.env.VISUAL || app.env.EDITOR || "vi", run: runInForeground };
}
