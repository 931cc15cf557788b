// Contrast of colours as WCAG 2.1 counts it, and the nearest colour that has enough of it. Pure.
import type { Rgb } from "./color.ts";

/** What WCAG 2.1 asks of text (success criterion 1.4.3, AA). */
export const TEXT_CONTRAST = 4.5;

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** 1 (none) to 21 (black on white): https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
export function contrast(a: Rgb, b: Rgb): number {
  const first = luminance(a);
  const second = luminance(b);
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/** 0 (black) to 1 (white): https://www.w3.org/TR/WCAG21/#dfn-relative-luminance */
function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** True where white text is easier to read than black. */
export function isDark(background: Rgb): boolean {
  return contrast(WHITE, background) >= contrast(BLACK, background);
}

/** `share` of the way from one colour to another, 0 to 1. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}

/** The colour itself, or as little of white or black in it as makes it readable on the background. */
export function readableOn(color: Rgb, background: Rgb, ratio = TEXT_CONTRAST): Rgb {
  const pole = isDark(background) ? WHITE : BLACK;
  for (let step = 0; step < 32; step++) {
    const candidate = mix(color, pole, step / 32);
    if (contrast(candidate, background) >= ratio) return candidate;
  }
  return pole;
}
