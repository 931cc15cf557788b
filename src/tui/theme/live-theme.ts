// The theme in use: follows the terminal's colours (auto, system) and the file of a theme of the person's own.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { toFailure } from "../../lib/app-error.ts";
import { choosePaint, type Paint } from "../look-of.ts";
import type { ColorQuestion } from "../terminal/ask-colors.ts";
import { autoTheme, type TerminalColors } from "./terminal-colors.ts";
import { themePaths } from "./theme-file.ts";
import { watchTheme } from "./watch-theme.ts";

export type LiveThemeOptions = {
  env: Readonly<Record<string, string | undefined>>;
  themesDir: string;
  /** Null where the terminal is not asked. */
  question: ColorQuestion | null;
  /** What the environment says of the colours, where the terminal says nothing. */
  fallback: TerminalColors | null;
};

type ThemeListener = {
  /** The theme in use looks different now. */
  onPaint: (paint: Paint) => void;
  /** Its file was changed into something that cannot be used: one line. */
  onProblem: (line: string) => void;
};

export interface LiveTheme {
  /** The theme to begin with, and what kept the wished one from being it. `system` waits for the terminal. */
  open(name: string): Promise<{ paint: Paint; problem: { message: string; hint: string } | null }>;
  /** Another theme from now on. Throws `theme.*`; the one before stays in use then. */
  choose(name: string): Paint;
  /** Who is told from now on. */
  listen(listener: ThemeListener): void;
  /** Tells the listener when the terminal's colours are not what they were. */
  colorsChanged(): void;
  close(): void;
}

/** How long `system` may wait for the terminal. */
const ANSWER_MS = 100;

export function createLiveTheme(options: LiveThemeOptions): LiveTheme {
  return new FollowedTheme(options);
}

class FollowedTheme implements LiveTheme {
  readonly #options: LiveThemeOptions;
  #name = "auto";
  #listener: ThemeListener | null = null;
  #unwatch: () => void = () => undefined;
  #askedPalette = false;
  /** Which colours the paint in use was made of. */
  #painted = "";

  constructor(options: LiveThemeOptions) {
    this.#options = options;
  }

  async open(name: string): ReturnType<LiveTheme["open"]> {
    if (name === "system") {
      this.#askPalette();
      await this.#options.question?.answered(ANSWER_MS);
    }
    try {
      return { paint: this.choose(name), problem: null };
    } catch (error) {
      // A theme that cannot be had is no reason not to begin.
      const { message } = toFailure(error);
      const file = name.endsWith(".json") ? name : join(this.#options.themesDir, `${name}.json`);
      const hint = `The dark theme is shown instead of ${file}; /theme chooses another.`;
      const paint = this.choose("dark");
      // Its file may be mended while the program runs.
      if (existsSync(file)) this.#follow(name);
      return { paint, problem: { message, hint } };
    }
  }

  choose(name: string): Paint {
    const paint = this.#paintOf(name);
    this.#follow(name);
    if (name === "system") this.#askPalette();
    return paint;
  }

  listen(listener: ThemeListener): void {
    this.#listener = listener;
    this.colorsChanged();
  }

  colorsChanged(): void {
    if (!this.#listener || this.#fingerprint() === this.#painted) return;
    this.#listener.onPaint(this.#paintOf(this.#name));
  }

  close(): void {
    this.#unwatch();
    this.#listener = null;
  }

  #paintOf(theme: string): Paint {
    const { env, themesDir } = this.#options;
    const paint = choosePaint({ env, theme, themesDir, plain: false, colors: this.#colors() });
    this.#painted = this.#fingerprint(theme);
    return paint;
  }

  #colors(): TerminalColors | null {
    return this.#options.question?.colors() ?? this.#options.fallback;
  }

  /** Of all that the look of a theme takes from the terminal; the same text where nothing would look different. */
  #fingerprint(theme = this.#name): string {
    if (theme === "auto") return autoTheme(this.#colors());
    return theme === "system" ? JSON.stringify(this.#colors()) : "";
  }

  #askPalette(): void {
    if (this.#askedPalette) return;
    this.#askedPalette = true;
    this.#options.question?.ask("palette");
  }

  #follow(name: string): void {
    this.#unwatch();
    this.#name = name;
    const file = themePaths(name, [this.#options.themesDir]).find((path) => existsSync(path));
    this.#unwatch = file === undefined ? () => undefined : watchTheme(file, () => this.#reload(file));
  }

  #reload(file: string): void {
    try {
      this.#listener?.onPaint(this.#paintOf(this.#name));
    } catch (error) {
      const line = toFailure(error).message.replaceAll(file, basename(file));
      this.#listener?.onProblem(`${line} The theme stays as it was.`);
    }
  }
}
