// What a terminal told of its colours, and the themes that follow it: `auto` and `system`. Pure.
import { ANSI_COLORS, type AnsiColor, parseHex, type Rgb, toHex } from "./color.ts";
import { isDark, mix, readableOn, TEXT_CONTRAST } from "./contrast.ts";
import { loadTheme, type ThemeFile, type ThemeToken, type TokenStyle } from "./theme-file.ts";

/** `palette` in the order of the 16 colours; what the terminal did not tell is null. */
export type TerminalColors = {
  foreground: Rgb | null;
  background: Rgb;
  palette: readonly (Rgb | null)[];
};

/** The theme that `auto` stands for: dark, unless the terminal's background is known to be light. */
export function autoTheme(colors: Pick<TerminalColors, "background"> | null): "dark" | "light" {
  return colors && !isDark(colors.background) ? "light" : "dark";
}

/**
 * A theme out of the terminal's own colours: each token keeps the hue that our dark or light theme has for it, as the
 * terminal paints it, with as much white or black in it as 4.5:1 against the real background takes.
 */
export function systemTheme(colors: TerminalColors): ThemeFile {
  const seed = loadTheme(autoTheme(colors));
  const tokens = Object.entries(seed.tokens).map(([token, style]) => [token, followed(style, colors)]);
  return {
    name: "system",
    appearance: isDark(colors.background) ? "dark" : "light",
    background: toHex(colors.background),
    // fromEntries forgets which keys it was given: those of the seed.
    tokens: Object.fromEntries(tokens) as Partial<Record<ThemeToken, TokenStyle>>,
  };
}

/** How much of a colour is mixed into the background to make a background of it. */
const TINT = 0.28;

function followed(style: TokenStyle, colors: TerminalColors): TokenStyle {
  if (style.color === undefined) return style;
  const hue = hueOf(style, colors);
  if (style.background === undefined) return { ...style, color: toHex(readableOn(hue, colors.background)) };
  const tinted = mix(
    colors.background,
    style.ansi === "brightWhite" ? parseHex(style.background) : hue,
    TINT,
  );
  return { ...style, color: toHex(readableOn(hue, tinted)), background: toHex(tinted) };
}

/** Greys lie between the terminal's own background and text; its "bright black" may be the background itself. */
function hueOf(
  { color = "#808080", ansi }: TokenStyle,
  { background, foreground, palette }: TerminalColors,
): Rgb {
  if (ansi === undefined) return parseHex(color);
  const text = foreground ?? readableOn(background, background, TEXT_CONTRAST);
  const grey = GREYS[ansi];
  return grey === undefined
    ? (palette[ANSI_COLORS.indexOf(ansi)] ?? parseHex(color))
    : mix(background, text, grey);
}

/** Share of the text's colour in it. */
const GREYS: Readonly<Partial<Record<AnsiColor, number>>> = {
  black: 1,
  brightBlack: 0.6,
  white: 0.8,
  brightWhite: 1,
};
