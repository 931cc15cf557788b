import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detectColorDepth, parseHex } from "../../../src/tui/theme/color.ts";
import { bothStyles, createTheme, plainStyle } from "../../../src/tui/theme/theme.ts";
import { loadTheme, parseTheme, SHIPPED_THEMES, THEME_TOKENS } from "../../../src/tui/theme/theme-file.ts";
import { painted256 } from "./painted.ts";

const minimal = { name: "mine", appearance: "dark", background: "#000000", tokens: {} };

/** Themes that know what they are painted on. */
const ON_KNOWN_GROUND = SHIPPED_THEMES.filter((name) => loadTheme(name).background !== undefined);

describe("the themes we ship", () => {
  it.each(SHIPPED_THEMES)("%s names every token and is what the file says", (name) => {
    const theme = loadTheme(name);
    expect(Object.keys(theme.tokens).toSorted()).toEqual([...THEME_TOKENS].toSorted());
    expect(JSON.parse(readFileSync(`themes/${name}.json`, "utf8"))).toEqual(theme);
  });

  it.each(ON_KNOWN_GROUND)(
    "%s has a contrast of at least 4.5:1 wherever text is coloured, words on their own background too (WCAG AA)",
    (name) => {
      const theme = loadTheme(name);
      const least = name.startsWith("high-contrast") ? 7 : 4.5;
      const ratios = Object.entries(theme.tokens).flatMap(([token, style]) =>
        style?.color === undefined
          ? []
          : [{ token, ratio: ratioOf(style.color, style.background ?? theme.background ?? "") }],
      );
      expect(ratios.length).toBeGreaterThan(20);
      expect(ratios.filter(({ ratio }) => !(ratio >= least))).toEqual([]);
    },
  );

  it.each(ON_KNOWN_GROUND)("%s keeps 4.5:1 where a terminal has 256 colours, as they are painted", (name) => {
    const file = loadTheme(name);
    const { style } = createTheme(file, "256");
    const least = name.startsWith("high-contrast") ? 7 : 4.5;
    const ratios = THEME_TOKENS.flatMap((token) => {
      const painted = painted256(style[token]("x"));
      if (painted.color === null) return [];
      return [{ token, ratio: ratioOf(painted.color, painted.background ?? file.background ?? "") }];
    });
    expect(ratios.length).toBeGreaterThan(20);
    expect(ratios.filter(({ ratio }) => !(ratio >= least))).toEqual([]);
  });

  it("ansi16 has only the terminal's own colours, none that may be its background, and paints no background", () => {
    const { tokens, background, appearance } = loadTheme("ansi16");
    expect({ background, appearance }).toEqual({});
    for (const [token, style] of Object.entries(tokens)) {
      expect(style, token).not.toHaveProperty("color");
      expect(style, token).not.toHaveProperty("background");
      expect(["red", "green", "yellow", "blue", "magenta", "cyan", undefined], token).toContain(style?.ansi);
    }
    for (const depth of ["truecolor", "256", "16"] as const) {
      const theme = createTheme(loadTheme("ansi16"), depth);
      expect(theme.style.ok("x")).toBe("\x1b[32mx\x1b[39m");
      expect(theme.style.selection("x")).toBe("\x1b[1;7mx\x1b[27;22m");
    }
    expect(createTheme(loadTheme("ansi16"), "mono").style.ok("x")).toBe("x");
  });
});

describe("loadTheme", () => {
  it("finds a theme of the user's own by name in a folder, and by path", () => {
    const folder = mkdtempSync(join(tmpdir(), "theme-"));
    writeFileSync(join(folder, "mine.json"), JSON.stringify(minimal));
    expect(loadTheme("mine", ["/nowhere", folder]).name).toBe("mine");
    expect(loadTheme(join(folder, "mine.json")).name).toBe("mine");
  });

  it("names the themes there are when it does not know one", () => {
    expect(() => loadTheme("nosuch")).toThrow(
      expect.objectContaining({
        code: "theme.not_found",
        hint: expect.stringContaining("Built in: auto, system, dark, light, high-contrast,"),
      }),
    );
  });

  it("says where a file is no JSON", () => {
    const path = join(mkdtempSync(join(tmpdir(), "theme-")), "bad.json");
    writeFileSync(path, "{ no");
    expect(() => loadTheme(path)).toThrow(expect.objectContaining({ code: "theme.invalid" }));
    expect(() => loadTheme(path)).toThrow(`${path}: expected JSON`);
  });
});

describe("parseTheme", () => {
  it.each([
    ["no object", 5, "t.json: the file is not valid: expected object."],
    ["a missing name", { ...minimal, name: undefined }, "t.json: name is not valid: expected string."],
    [
      "a colour by name",
      { ...minimal, tokens: { heading: { color: "red" } } },
      't.json: tokens › heading › color is not valid: expected a colour such as "#7fd88f".',
    ],
    [
      "a wrong type",
      { ...minimal, tokens: { dim: { bold: 1 } } },
      "t.json: tokens › dim › bold is not valid: expected boolean.",
    ],
    [
      "an unknown token",
      { ...minimal, tokens: { headin: {} } },
      "t.json: tokens is not valid: unknown headin.",
    ],
    [
      "an unknown attribute",
      { ...minimal, tokens: { dim: { blink: true } } },
      "t.json: tokens › dim is not valid: unknown blink.",
    ],
    [
      "an unknown appearance",
      { ...minimal, appearance: "grey" },
      "t.json: appearance is not valid: expected one of dark, light.",
    ],
  ])("tells of %s with file, path and what is expected", (_, data, message) => {
    expect(() => parseTheme(data, "t.json")).toThrow(message);
  });
});

describe("createTheme", () => {
  const file = parseTheme(
    {
      ...minimal,
      tokens: {
        ok: { color: "#7fd88f", ansi: "green" },
        error: { color: "#ff0000", bold: true },
        selection: { color: "#ffffff", background: "#3d4f6b" },
      },
    },
    "t.json",
  );

  it.each([
    ["truecolor", "\x1b[38;2;127;216;143mx\x1b[39m", "\x1b[38;2;255;255;255;48;2;61;79;107mx\x1b[49;39m"],
    ["256", "\x1b[38;5;114mx\x1b[39m", "\x1b[38;5;231;48;5;239mx\x1b[49;39m"],
    ["16", "\x1b[32mx\x1b[39m", "\x1b[7;97mx\x1b[39;27m"],
    ["mono", "x", "\x1b[7mx\x1b[27m"],
    ["none", "x", "x"],
  ] as const)("paints for %s", (depth, ok, selection) => {
    const theme = createTheme(file, depth);
    expect(theme.style.ok("x")).toBe(ok);
    expect(theme.style.selection("x")).toBe(selection);
  });

  it("keeps attributes without colours and leaves tokens that the file lacks as they are", () => {
    const theme = createTheme(file, "mono");
    expect(theme.style.error("x")).toBe("\x1b[1mx\x1b[22m");
    expect(theme.style.warning).toBe(plainStyle);
    expect(theme.style.error("")).toBe("");
  });

  it("nests styles so that each undoes itself", () => {
    const theme = createTheme(file, "16");
    expect(bothStyles(theme.style.ok, theme.underline)("x")).toBe("\x1b[32m\x1b[4mx\x1b[24m\x1b[39m");
  });
});

describe("detectColorDepth", () => {
  it.each([
    [{ TERM: "xterm-256color", COLORTERM: "truecolor" }, "truecolor"],
    [{ TERM: "xterm-256color" }, "256"],
    [{ TERM: "linux" }, "16"],
    [{ TERM: "xterm-256color", COLORTERM: "truecolor", NO_COLOR: "1" }, "mono"],
    [{ TERM: "xterm-256color", NO_COLOR: "" }, "256"],
    [{ TERM: "dumb" }, "none"],
  ])("%j: %s", (environment, depth) => {
    expect(detectColorDepth(environment)).toBe(depth);
  });
});

/** https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
function ratioOf(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = parseHex(hex).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
