import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHex, type Rgb } from "../../../src/tui/theme/color.ts";
import { contrast, isDark, mix, readableOn } from "../../../src/tui/theme/contrast.ts";
import { autoTheme, systemTheme } from "../../../src/tui/theme/terminal-colors.ts";
import { createTheme } from "../../../src/tui/theme/theme.ts";
import { parseTheme, THEME_TOKENS } from "../../../src/tui/theme/theme-file.ts";
import { painted256 } from "./painted.ts";

/** The SGR code of one of the 16 colours; -1 without one. */
function colorCode(painted: string): number {
  const codes = /^\x1b\[([\d;]*)m/.exec(painted)?.[1]?.split(";").map(Number) ?? [];
  return codes.find((code) => (code >= 30 && code <= 37) || code >= 90) ?? -1;
}

const rgb: fc.Arbitrary<Rgb> = fc.tuple(byte(), byte(), byte());

function byte(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 255 });
}

describe("contrast", () => {
  it.each([
    [[0, 0, 0], [255, 255, 255], 21],
    [[255, 255, 255], [0, 0, 0], 21],
    [[119, 119, 119], [255, 255, 255], 4.48],
    [[10, 20, 30], [10, 20, 30], 1],
  ] as const)("of %j and %j is %d", (a, b, ratio) => {
    expect(contrast(a, b)).toBeCloseTo(ratio, 2);
  });

  it("is had on any background, by a colour that stays itself where it can", () => {
    fc.assert(
      fc.property(rgb, rgb, (color, background) => {
        const readable = readableOn(color, background);
        expect(contrast(readable, background)).toBeGreaterThanOrEqual(4.5);
        if (contrast(color, background) >= 4.5) expect(readable).toEqual(color);
      }),
    );
    expect(mix([0, 0, 0], [100, 200, 50], 0.5)).toEqual([50, 100, 25]);
  });
});

describe("auto", () => {
  it("is dark unless the terminal's background is light", () => {
    expect(autoTheme(null)).toBe("dark");
    expect(autoTheme({ background: [30, 30, 46] })).toBe("dark");
    expect(autoTheme({ background: [253, 246, 227] })).toBe("light");
  });
});

describe("system", () => {
  const colors = fc.record({
    background: rgb,
    foreground: fc.option(rgb),
    palette: fc.array(fc.option(rgb), { minLength: 0, maxLength: 16 }),
  });

  it("makes a whole, valid theme with 4.5:1 for every text, on any terminal", () => {
    fc.assert(
      fc.property(colors, (terminal) => {
        const theme = systemTheme(terminal);
        expect(parseTheme(theme, "system")).toEqual(theme);
        expect(Object.keys(theme.tokens).toSorted()).toEqual([...THEME_TOKENS].toSorted());
        for (const [token, style] of Object.entries(theme.tokens)) {
          if (style?.color === undefined) continue;
          const ground = style.background === undefined ? terminal.background : parseHex(style.background);
          expect(contrast(parseHex(style.color), ground), token).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  it("keeps 4.5:1 with 256 colours on any terminal", () => {
    fc.assert(
      fc.property(colors, (terminal) => {
        const { style } = createTheme(systemTheme(terminal), "256", terminal);
        for (const token of THEME_TOKENS) {
          const { color, background } = painted256(style[token]("x"));
          if (color === null) continue;
          const ground = background === null ? terminal.background : parseHex(background);
          expect(contrast(parseHex(color), ground), token).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  it("with 16 colours takes none that the terminal told to be unreadable, and keeps what it did not tell", () => {
    fc.assert(
      fc.property(colors, (terminal) => {
        const { style } = createTheme(systemTheme(terminal), "16", terminal);
        for (const token of THEME_TOKENS) {
          const code = colorCode(style[token]("x"));
          const told = terminal.palette[code < 90 ? code - 30 : code - 82];
          if (told) expect(contrast(told, terminal.background), token).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
    const dark: Rgb[] = Array.from({ length: 16 }, () => [20, 20, 20]);
    const green = { background: [0, 0, 0], foreground: null, palette: dark.with(10, [0, 255, 0]) } as const;
    expect(createTheme(systemTheme(green), "16", green).style.ok("x")).toBe("\x1b[92mx\x1b[39m");
    expect(createTheme(systemTheme(green), "16", green).style.error("x")).toBe("x");
    const untold = { ...green, palette: [] };
    expect(createTheme(systemTheme(untold), "16", untold).style.error("x")).toBe("\x1b[91mx\x1b[39m");
  });

  it("takes the terminal's own colours where they can be read as they are", () => {
    const green: Rgb = [166, 227, 161];
    const palette = Array.from({ length: 16 }, (_, index) => (index === 2 ? green : null));
    const theme = systemTheme({ background: [30, 30, 46], foreground: [205, 214, 244], palette });
    expect(theme).toMatchObject({ appearance: "dark", background: "#1e1e2e" });
    expect(theme.tokens.ok?.color).toBe("#a6e3a1");
    expect(theme.tokens.text).toEqual({});
    expect(isDark(parseHex(theme.tokens.diffAddWord?.background ?? ""))).toBe(true);
  });

  it("does not take a bright black that is the background itself (Solarized)", () => {
    const base03: Rgb = [0, 43, 54];
    const palette = Array.from({ length: 16 }, (_, index) => (index === 8 ? base03 : null));
    const theme = systemTheme({ background: base03, foreground: [131, 148, 150], palette });
    expect(contrast(parseHex(theme.tokens.dim?.color ?? ""), base03)).toBeGreaterThanOrEqual(4.5);
  });
});
