// The stage: who has the terminal now, the main screen, the full-screen transcript, an editor or the shell. One at a
// time; swapping leaves the scrollback as it is.
import { render } from "ink";
import { runInForeground } from "../lib/foreground-process.ts";
import { type ExternalEditorOptions, editExternally } from "./editor/external-editor.ts";
import { openInEditor } from "./editor/open-in-editor.ts";
import { holdKeys } from "./held-keys.ts";
import { createMainInstance, INK_OPTIONS } from "./main-instance.tsx";
import type { Presser } from "./press.ts";
import type { Screen } from "./screen.ts";
import { TranscriptView } from "./screens/transcript-view.tsx";

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

export function createStage(screen: Screen, presser: Presser): Stage {
  const main = createMainInstance(screen, presser);
  /** Goes back from the full-screen transcript while that is open. */
  let back: (() => void) | null = null;
  return {
    open: main.open,
    close: async () => {
      back?.();
      await main.drawn();
      main.close();
    },
    openTranscript: () => {
      main.close();
      const leave = openTranscript(screen, () => back?.());
      back = () => {
        back = null;
        leave();
        main.open();
      };
    },
    openEditor: () => {
      main.close();
      screen.attempt(() => editDraft(screen).finally(main.open));
    },
    editFile: async (file) => {
      main.close();
      await openInEditor(file, editorOf(screen)).finally(main.open);
    },
    redraw: () => {
      main.close();
      main.open();
    },
    suspend: () => {
      main.close();
      process.kill(process.pid, "SIGTSTP");
      // Nothing runs while the process is stopped: the time passes after it was brought back.
      setTimeout(main.open, RETURN_MS);
    },
  };
}

/** Gives the function that closes it. */
function openTranscript(screen: Screen, close: () => void): () => void {
  holdKeys();
  const { unmount } = render(
    <TranscriptView
      store={screen.store}
      view={screen.view()}
      bindings={screen.bindings}
      title={screen.app.conversation.state().name || "transcript"}
      now={Date.now}
      close={close}
    />,
    { ...INK_OPTIONS, alternateScreen: true, maxFps: 30 },
  );
  return unmount;
}

async function editDraft(screen: Screen): Promise<void> {
  const { composer } = screen;
  composer.setText(await editExternally(composer.text(), editorOf(screen)));
}

function editorOf({ app }: Screen): ExternalEditorOptions {
  return { editor: app.env.VISUAL || app.env.EDITOR || "vi", run: runInForeground };
}
