// Puts together what asks the terminal for its colours and what follows them, once a process and once a session.
import { createLiveTheme, type LiveTheme } from "../theme/live-theme.ts";
import {
  answersQuestions,
  backgroundOfEnvironment,
  type ColorQuestion,
  createColorQuestion,
} from "./ask-colors.ts";
import { keyboardInput } from "./keyboard-input.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface TerminalAsking {
  /** The theme of one session. */
  theme(options: { env: Environment; themesDir: string }): LiveTheme;
  /** From now on Ink reads the keyboard. */
  stopReading(): void;
  /** From now on whoever reads standard input does; resolves when no answer is to come any more. */
  handOver(): Promise<void>;
  close(): void;
}

/** A terminal that has not answered by then never will. */
const LAST_ANSWER_MS = 1_000;

/**
 * Asks for the background before anything slow begins: the answer is there when the first frame is drawn, and nobody
 * waits for it. Call it in raw mode.
 */
export function askTerminal(env: Environment): TerminalAsking {
  const input = keyboardInput();
  const themes = new Set<LiveTheme>();
  const question: ColorQuestion | null = answersQuestions(env)
    ? createColorQuestion({
        input,
        write: (bytes) => void process.stdout.write(bytes),
        onColors: () => {
          for (const theme of themes) theme.colorsChanged();
        },
      })
    : null;
  const stopReading = question ? input.readAhead() : () => undefined;
  question?.ask("background");
  const background = backgroundOfEnvironment(env);
  return {
    theme: (options) => {
      const fallback = background && { background, foreground: null, palette: [] };
      const theme = createLiveTheme({ ...options, question, fallback });
      themes.add(theme);
      return theme;
    },
    stopReading,
    handOver: async () => {
      await question?.answered(LAST_ANSWER_MS);
      stopReading();
      input.giveBack();
    },
    close: () => question?.close(),
  };
}
