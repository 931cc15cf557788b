import { describe, expect, it } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import { asciiGlyphs, chooseGlyphs, unicodeGlyphs } from "../../../src/tui/theme/glyphs.ts";

describe("glyphs", () => {
  it("have an ASCII twin each; but for the ellipsis and the pause all take one column", () => {
    for (const [name, glyph] of Object.entries(unicodeGlyphs)) {
      expect(textWidth(glyph), name).toBe(1);
      expect(Object.entries(asciiGlyphs).find(([twin]) => twin === name)?.[1], name).toMatch(/^[!-~]+$/);
    }
  });

  it.each([
    [{ TERM: "xterm-256color", LANG: "de_DE.UTF-8" }, {}, unicodeGlyphs],
    [{ TERM: "xterm" }, {}, unicodeGlyphs],
    [{ TERM: "xterm" }, { plain: true }, asciiGlyphs],
    [{ TERM: "linux" }, {}, asciiGlyphs],
    [{ TERM: "dumb" }, {}, asciiGlyphs],
    [{ TERM: "xterm", LC_ALL: "C", LANG: "de_DE.UTF-8" }, {}, asciiGlyphs],
  ])("are chosen for %j %j", (environment, options, glyphs) => {
    expect(chooseGlyphs(environment, options)).toBe(glyphs);
  });
});
