// Colours as SGR parameters for what a terminal can show. No theme words here.
import { WriteStream } from "node:tty";

/** `mono` has bold, underline and the like but no colour (NO_COLOR); `none` writes no escape sequence at all. */
export type ColorDepth = "truecolor" | "256" | "16" | "mono" | "none";

/** The 16 colours in the order of their SGR codes. */
export const ANSI_COLORS = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "brightBlack",
  "brightRed",
  "brightGreen",
  "brightYellow",
  "brightBlue",
  "brightMagenta",
  "brightCyan",
  "brightWhite",
] as const;
export type AnsiColor = (typeof ANSI_COLORS)[number];

/** xterm's default palette for the 16 colours. */
const ANSI_RGB: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

/** Each part 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** What the terminal of this environment can show; follows NO_COLOR, FORCE_COLOR, COLORTERM and TERM. */
export function detectColorDepth(environment: Readonly<Record<string, string | undefined>>): ColorDepth {
  if (environment.TERM === "dumb") return "none";
  if (environment.NO_COLOR) return "mono";
  const bits = WriteStream.prototype.getColorDepth({ ...environment });
  if (bits >= 24) return "truecolor";
  if (bits >= 8) return "256";
  return bits >= 4 ? "16" : "mono";
}

export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function toHex(rgb: Rgb): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** SGR parameters that set one of the 16 colours, whatever the terminal shows for it. */
export function ansiParameters(ansi: AnsiColor, depth: ColorDepth): string {
  if (depth === "mono" || depth === "none") return "";
  const index = ANSI_COLORS.indexOf(ansi);
  return String(index < 8 ? 30 + index : 82 + index);
}

/** SGR parameters that set the foreground or background, empty where the depth has no colours. */
export function colorParameters(
  hex: string,
  depth: ColorDepth,
  options: { background?: boolean; ansi?: AnsiColor | undefined } = {},
): string {
  const rgb = parseHex(hex);
  const base = options.background ? 48 : 38;
  switch (depth) {
    case "truecolor":
      return `${base};2;${rgb.join(";")}`;
    case "256":
      return `${base};5;${nearest256(rgb).index}`;
    case "16": {
      const index = options.ansi ? ANSI_COLORS.indexOf(options.ansi) : nearestOf(rgb, ANSI_RGB);
      return String((index < 8 ? 30 + index : 82 + index) + (options.background ? 10 : 0));
    }
    case "mono":
    case "none":
      return "";
  }
}

const LEVELS = [0, 95, 135, 175, 215, 255];

/** Colours 16 to 255 of xterm's 256: the 6×6×6 cube, then the grey ramp. Terminals let nobody change these. */
export const PALETTE_256: readonly Rgb[] = [
  ...LEVELS.flatMap((red) => LEVELS.flatMap((green) => LEVELS.map((blue): Rgb => [red, green, blue]))),
  ...Array.from({ length: 24 }, (_, step): Rgb => [8 + 10 * step, 8 + 10 * step, 8 + 10 * step]),
];

/** Of the cube (16 to 231) or the grey ramp (232 to 255), whichever is nearer. */
export function nearest256(rgb: Rgb): { index: number; rgb: Rgb } {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => nearestLevel(part, LEVELS));
  const cube: Rgb = [LEVELS[red] ?? 0, LEVELS[green] ?? 0, LEVELS[blue] ?? 0];
  const step = Math.max(0, Math.min(23, Math.round((rgb[0] + rgb[1] + rgb[2]) / 30 - 0.8)));
  const grey: Rgb = [8 + 10 * step, 8 + 10 * step, 8 + 10 * step];
  return distance(rgb, grey) < distance(rgb, cube)
    ? { index: 232 + step, rgb: grey }
    : { index: 16 + 36 * red + 6 * green + blue, rgb: cube };
}

function nearestLevel(part: number, levels: readonly number[]): number {
  let best = 0;
  for (const [index, level] of levels.entries()) {
    if (Math.abs(level - part) < Math.abs((levels[best] ?? 0) - part)) best = index;
  }
  return best;
}

function nearestOf(rgb: Rgb, palette: readonly Rgb[]): number {
  let best = 0;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [index, color] of palette.entries()) {
    const away = distance(rgb, color);
    if (away < bestDistance) {
      best = index;
      bestDistance = away;
    }
  }
  return best;
}

export function distance(a: Rgb, b: Rgb): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
}
