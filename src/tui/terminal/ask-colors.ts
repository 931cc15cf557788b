// Asks the terminal for its colours (OSC 10, 11, 4). DA1 is asked behind them: its answer says that nothing more comes.
import type { Rgb } from "../theme/color.ts";
import type { TerminalColors } from "../theme/terminal-colors.ts";
import type { KeyboardInput } from "./keyboard-input.ts";
import type { TerminalReply } from "./reply-filter.ts";

export type Asking = {
  input: Pick<KeyboardInput, "onReply">;
  /** To the terminal. */
  write: (bytes: string) => void;
  /** Told of each answer that changes what is known of the colours, also when it is late. */
  onColors: (colors: TerminalColors) => void;
};

export interface ColorQuestion {
  /** What is known; null before the background is. */
  colors(): TerminalColors | null;
  /** Asks for text and background alone, or for the 16 colours too. */
  ask(what: "background" | "palette"): void;
  /** Resolves when everything asked is answered or will not be, after `ms` at the latest. */
  answered(ms: number): Promise<void>;
  close(): void;
}

const BACKGROUND = "\x1b]10;?\x1b\\\x1b]11;?\x1b\\";
const PALETTE = Array.from({ length: 16 }, (_, index) => `\x1b]4;${index};?\x1b\\`).join("");
const ATTRIBUTES = "\x1b[c";

export function createColorQuestion({ input, write, onColors }: Asking): ColorQuestion {
  const palette: (Rgb | null)[] = Array.from({ length: 16 }, () => null);
  let foreground: Rgb | null = null;
  let background: Rgb | null = null;
  let open = 0;
  const waiting = new Set<() => void>();
  const colors = (): TerminalColors | null => background && { foreground, background, palette: [...palette] };
  let telling = false;
  /** Answers that came together are told together. */
  const tell = (): void => {
    if (telling) return;
    telling = true;
    queueMicrotask(() => {
      telling = false;
      const known = colors();
      if (known) onColors(known);
    });
  };
  const settle = (): void => {
    open = Math.max(0, open - 1);
    if (open === 0) for (const resolve of waiting) resolve();
  };
  const note = ({ slot, rgb }: Extract<TerminalReply, { kind: "color" }>): void => {
    if (slot === "foreground") foreground = rgb;
    else if (slot === "background") background = rgb;
    else if (slot < palette.length) palette[slot] = rgb;
    tell();
  };
  const stop = input.onReply((reply) => {
    if (reply.kind === "color") note(reply);
    if (reply.kind === "attributes") settle();
  });
  return {
    colors,
    ask: (what) => {
      open += 1;
      write((what === "palette" ? PALETTE : BACKGROUND) + ATTRIBUTES);
    },
    answered: (ms) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        if (open === 0) done();
        else waiting.add(done);
      }),
    close: stop,
  };
}

/** Terminals that print a question in place of answering it, or take it for something else, are not asked. */
export function answersQuestions(env: Readonly<Record<string, string | undefined>>): boolean {
  const term = env.TERM ?? "";
  if (env.TMUX) return true;
  return !/^(?:|dumb|linux|cons25|vt\d+|ansi|screen.*)$/.test(term) && env.INSIDE_EMACS === undefined;
}

/** What rxvt and Konsole say of their background: the last number is one of the 16 colours, 7 and 15 are light. */
export function backgroundOfEnvironment({ COLORFGBG }: { COLORFGBG?: string }): Rgb | null {
  const [, index] = /;(\d{1,2})$/.exec(COLORFGBG ?? "") ?? [];
  if (index === undefined) return null;
  return index === "7" || Number(index) > 8 ? [255, 255, 255] : [0, 0, 0];
}
