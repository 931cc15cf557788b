// A theme ready to paint with: one style function a token, for the terminal's colour depth.
import { ansiParameters, type ColorDepth, colorParameters } from "./color.ts";
import { fitTheme } from "./fit-depth.ts";
import type { TerminalColors } from "./terminal-colors.ts";
import { THEME_TOKENS, type ThemeFile, type ThemeToken, type TokenStyle } from "./theme-file.ts";

/** Wraps a text in SGR sequences that undo themselves; the text holds no newline. */
export type Style = (text: string) => string;

export type Theme = {
  name: string;
  depth: ColorDepth;
  style: Readonly<Record<ThemeToken, Style>>;
  /** Attributes that add to a token's style. */
  bold: Style;
  italic: Style;
  underline: Style;
  strikethrough: Style;
};

export const plainStyle: Style = (text) => text;

/** `colors`: what the terminal told of its own, for a theme made of them. */
export function createTheme(file: ThemeFile, depth: ColorDepth, colors: TerminalColors | null = null): Theme {
  const { tokens } = fitTheme(file, depth, colors);
  const styles = THEME_TOKENS.map((token) => [token, createStyle(tokens[token] ?? {}, depth)] as const);
  return {
    name: file.name,
    depth,
    // fromEntries forgets which keys it was given: all of THEME_TOKENS.
    style: Object.fromEntries(styles) as Record<ThemeToken, Style>,
    bold: createStyle({ bold: true }, depth),
    italic: createStyle({ italic: true }, depth),
    underline: createStyle({ underline: true }, depth),
    strikethrough: createStyle({ strikethrough: true }, depth),
  };
}

/** Both styles on one text. */
export function bothStyles(outer: Style, inner: Style): Style {
  if (outer === plainStyle) return inner;
  if (inner === plainStyle) return outer;
  return (text) => outer(inner(text));
}

/** SGR codes that set and unset the attributes (ECMA-48). */
const ATTRIBUTES = [
  ["bold", "1", "22"],
  ["dim", "2", "22"],
  ["italic", "3", "23"],
  ["underline", "4", "24"],
  ["inverse", "7", "27"],
  ["strikethrough", "9", "29"],
] as const;

function createStyle(style: TokenStyle, depth: ColorDepth): Style {
  if (depth === "none") return plainStyle;
  // With few colours or none a background may swallow its text: there it is shown by inversion.
  const invert = style.background !== undefined && (depth === "16" || depth === "mono");
  const shown = invert ? { ...style, inverse: true } : style;
  const pairs: [on: string, off: string][] = ATTRIBUTES.filter(([name]) => shown[name]).map(([, on, off]) => [
    on,
    off,
  ]);
  const color = foreground(style, depth);
  if (color) pairs.push([color, "39"]);
  const painted =
    style.background && !invert ? colorParameters(style.background, depth, { background: true }) : "";
  if (painted) pairs.push([painted, "49"]);
  if (pairs.length === 0) return plainStyle;
  const before = `\x1b[${pairs.map(([on]) => on).join(";")}m`;
  const after = `\x1b[${[...new Set(pairs.map(([, off]) => off))].reverse().join(";")}m`;
  return (text) => (text === "" ? "" : before + text + after);
}

/** A token may have one of the 16 colours alone, which every depth with colours then shows. */
function foreground({ color, ansi }: TokenStyle, depth: ColorDepth): string {
  if (color) return colorParameters(color, depth, { ansi });
  return ansi ? ansiParameters(ansi, depth) : "";
}
