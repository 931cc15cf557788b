// Keeps a theme readable where a terminal has fewer colours than the theme names: the nearest of them that is readable is
// taken, not the nearest of all. Pure.
import {
  ANSI_COLORS,
  type AnsiColor,
  type ColorDepth,
  distance,
  nearest256,
  PALETTE_256,
  parseHex,
  type Rgb,
  toHex,
} from "./color.ts";
import { contrast, TEXT_CONTRAST } from "./contrast.ts";
import type { TerminalColors } from "./terminal-colors.ts";
import type { ThemeFile, TokenStyle } from "./theme-file.ts";

/** WCAG 2.1, success criterion 1.4.6 (AAA): a theme that has it everywhere keeps it. */
const HIGH_CONTRAST = 7;

/**
 * The theme as it is painted with so many colours. `colors`: what the terminal told of its own, for a theme made of
 * them. Of 16 colours nothing is known that the terminal did not tell: those stay as the theme has them.
 */
export function fitTheme(file: ThemeFile, depth: ColorDepth, colors: TerminalColors | null): ThemeFile {
  const { background } = file;
  if (depth === "256" && background !== undefined) {
    const behind = parseHex(background);
    const ratios = Object.values(file.tokens).flatMap((style) =>
      style?.color === undefined ? [] : [ratioOf(style, behind)],
    );
    const least = ratios.every((ratio) => ratio >= HIGH_CONTRAST) ? HIGH_CONTRAST : TEXT_CONTRAST;
    return restyled(file, (style) => fit256(style, behind, least));
  }
  return depth === "16" && colors !== null ? restyled(file, (style) => fit16(style, colors)) : file;
}

function restyled(file: ThemeFile, change: (style: TokenStyle) => TokenStyle): ThemeFile {
  const tokens = Object.entries(file.tokens).map(([token, style]) => [token, change(style ?? {})]);
  // fromEntries forgets which keys it was given: those of the file.
  return { ...file, tokens: Object.fromEntries(tokens) as ThemeFile["tokens"] };
}

/** What a theme has less of than 4.5:1 on purpose, it keeps. */
function fit256(style: TokenStyle, behind: Rgb, least: number): TokenStyle {
  if (style.color === undefined) return style;
  const color = parseHex(style.color);
  const painted = style.background === undefined ? behind : nearest256(parseHex(style.background)).rgb;
  const readable = nearestReadable(color, painted, Math.min(least, ratioOf(style, behind)));
  const fitted = { ...style, color: toHex(readable) };
  return style.background === undefined ? fitted : { ...fitted, background: toHex(painted) };
}

function ratioOf({ color, background }: TokenStyle, behind: Rgb): number {
  return contrast(
    color === undefined ? behind : parseHex(color),
    background === undefined ? behind : parseHex(background),
  );
}

/** Where none has so much contrast, the one with the most. */
function nearestReadable(color: Rgb, background: Rgb, least: number): Rgb {
  const nearest = nearest256(color).rgb;
  if (contrast(nearest, background) >= least) return nearest;
  const readable = PALETTE_256.filter((each) => contrast(each, background) >= least);
  const order =
    readable.length > 0 ? (each: Rgb) => distance(each, color) : (each: Rgb) => -contrast(each, background);
  const candidates = readable.length > 0 ? readable : PALETTE_256;
  return candidates.reduce(
    (best, each) => (order(each) < order(best) ? each : best),
    candidates[0] ?? nearest,
  );
}

/** The token's colour, its brighter or darker twin, or the terminal's own colour of text. */
function fit16(style: TokenStyle, { background, palette }: TerminalColors): TokenStyle {
  const { color, ansi, ...rest } = style;
  if (color === undefined || ansi === undefined) return style;
  const isReadable = (name: AnsiColor): boolean => {
    const told = palette[ANSI_COLORS.indexOf(name)] ?? null;
    return told === null || contrast(told, background) >= TEXT_CONTRAST;
  };
  const readable = [ansi, twinOf(ansi)].find(isReadable);
  return readable === undefined ? rest : { ...style, ansi: readable };
}

function twinOf(ansi: AnsiColor): AnsiColor {
  return ANSI_COLORS[(ANSI_COLORS.indexOf(ansi) + 8) % 16] ?? ansi;
}
