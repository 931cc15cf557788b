// The stage: who has the terminal now, the main screen, the full-screen transcript, an editor or the shell. One at a
// time; swapping leaves the scrollback as it is.
import { render } from "ink";
import { runInForeground } from "../lib/foreground-process.ts";
import { editExternally } from "./editor/external-editor.ts";
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
      const leave = openTranscript(screen, () => back?.());
      back = () => {
        back = null;
        leave();
        main.open();
      };
    },
    openEditor: () => {
      main.close();
      signals?.rest();
      screen.attempt(() => editDraft(screen).finally(comeBack));
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

async function editDraft({ app, composer }: Screen): Promise<void> {
  const editor = app.env.VISUAL || app.env.EDITOR || "vi";
  composer.setText(await editExternally(composer.text(), { editor, run: runInForeground }));
}
