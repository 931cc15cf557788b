// How this terminal is painted: theme, glyphs, links; from the environment and the person's choice.
import { detectColorDepth } from "./theme/color.ts";
import { chooseGlyphs, type Glyphs } from "./theme/glyphs.ts";
import { autoTheme, systemTheme, type TerminalColors } from "./theme/terminal-colors.ts";
import { createTheme, type Theme } from "./theme/theme.ts";
import { loadTheme, type ThemeFile } from "./theme/theme-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** `links`: the terminal understands OSC 8. */
export type Paint = { theme: Theme; glyphs: Glyphs; links: boolean };

/** `colors`: what the terminal told of its own, for the themes that follow it. */
export type PaintOptions = {
  env: Environment;
  theme: string;
  themesDir: string;
  plain: boolean;
  colors?: TerminalColors | null;
};

/** Throws `theme.not_found`, `theme.unreadable` or `theme.invalid`. */
export function choosePaint({ env, theme, themesDir, plain, colors = null }: PaintOptions): Paint {
  const depth = plain ? "none" : detectColorDepth(env);
  return {
    theme: createTheme(themeFor(theme, themesDir, colors), depth, theme === "system" ? colors : null),
    glyphs: chooseGlyphs(env, { plain }),
    links: depth !== "none" && showsLinks(env),
  };
}

/** Where the terminal told nothing, `auto` and `system` are the dark theme. */
function themeFor(name: string, themesDir: string, colors: TerminalColors | null): ThemeFile {
  if (name === "auto") return loadTheme(autoTheme(colors));
  if (name === "system") return colors ? systemTheme(colors) : loadTheme("dark");
  return loadTheme(name, [themesDir]);
}

/** Terminals known to show OSC 8 hyperlinks; others would print nothing wrong, but the address would be lost. */
function showsLinks({ TERM_PROGRAM, VTE_VERSION, WT_SESSION, KITTY_WINDOW_ID, TERM }: Environment): boolean {
  if (TERM === "dumb" || TERM === "linux") return false;
  if (["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"].includes(TERM_PROGRAM ?? "")) return true;
  return Boolean(WT_SESSION || KITTY_WINDOW_ID) || Number(VTE_VERSION ?? 0) >= 5000;
}
