// The colour-blind-safe themes as red-, green- and blue-blind eyes see them.
import { describe, expect, it } from "vitest";
import { parseHex } from "../../../src/tui/theme/color.ts";
import { loadTheme, type ThemeToken } from "../../../src/tui/theme/theme-file.ts";

type Triple = [number, number, number];

/**
 * Linear RGB to what a dichromat sees: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of
 * Color Vision Deficiency", IEEE TVCG 15(6), 2009, table 1, severity 1.0.
 */
const VISION: Readonly<Record<string, readonly Triple[]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const PAIRS: readonly (readonly [ThemeToken, ThemeToken])[] = [
  ["ok", "error"],
  ["ok", "warning"],
  ["warning", "error"],
  ["diffAdd", "diffRemove"],
  ["diffAddWord", "diffRemoveWord"],
];

/** Distance in CIELAB; 2.3 is just noticeable, two colours of one word list are told apart at a glance from 20. */
const APART = 20;

describe.each(["colorblind", "colorblind-light"])("the %s theme", (name) => {
  it.each(Object.keys(VISION))("keeps added and removed, well and wrong apart with %s", (vision) => {
    const near = PAIRS.map(([a, b]) => ({ pair: `${a} ${b}`, apart: distance(name, [a, b], vision) }));
    expect(near.filter(({ apart }) => apart < APART)).toEqual([]);
  });
});

describe("the measure itself", () => {
  it("finds that red and green of the same lightness are near for a green-blind eye and far for others", () => {
    expect(labDistance("#a86b5b", "#6f8050", "deuteranopia")).toBeLessThan(APART);
    expect(labDistance("#a86b5b", "#6f8050", null)).toBeGreaterThan(APART);
  });
});

/** Words have a background of their own: what differs may be either. */
function distance(name: string, [a, b]: readonly [ThemeToken, ThemeToken], vision: string): number {
  const { tokens } = loadTheme(name);
  const parts = (["color", "background"] as const).flatMap((part) => {
    const [one, other] = [tokens[a]?.[part], tokens[b]?.[part]];
    return one === undefined || other === undefined ? [] : [labDistance(one, other, vision)];
  });
  return Math.max(...parts);
}

function labDistance(a: string, b: string, vision: string | null): number {
  const [one, other] = [toLab(seen(a, vision)), toLab(seen(b, vision))];
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function seen(hex: string, vision: string | null): Triple {
  const [red, green, blue] = parseHex(hex);
  const linear: Triple = [toLinear(red), toLinear(green), toLinear(blue)];
  return vision === null ? linear : times(VISION[vision] ?? [], linear).clamped;
}

function times(matrix: readonly Triple[], [x, y, z]: Triple): { clamped: Triple; raw: Triple } {
  const [a = 0, b = 0, c = 0] = matrix.map((row) => row[0] * x + row[1] * y + row[2] * z);
  const clamp = (part: number): number => Math.max(0, Math.min(1, part));
  return { raw: [a, b, c], clamped: [clamp(a), clamp(b), clamp(c)] };
}

function toLinear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Linear sRGB to CIELAB, D65 (IEC 61966-2-1 and CIE 15). */
function toLab(linear: Triple): Triple {
  const xyz = times(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    linear,
  ).raw;
  const curve = (t: number): number => (t > 216 / 24_389 ? Math.cbrt(t) : (t * 24_389) / 27 / 116 + 16 / 116);
  const [x, y, z] = [curve(xyz[0] / 0.95047), curve(xyz[1]), curve(xyz[2] / 1.08883)];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
