// Views to render with in tests: plain rows to compare by eye, styled ones to check the sequences.
import fc from "fast-check";
import type { ColorDepth } from "../../../src/tui/theme/color.ts";
import { unicodeGlyphs } from "../../../src/tui/theme/glyphs.ts";
import { createTheme, type Theme } from "../../../src/tui/theme/theme.ts";
import { loadTheme } from "../../../src/tui/theme/theme-file.ts";
import type { ItemView } from "../../../src/tui/transcript/item-view.ts";

export function testTheme(depth: ColorDepth = "none", name = "dark"): Theme {
  return createTheme(loadTheme(name), depth);
}

export function testView(width: number, change: Partial<ItemView> = {}): ItemView {
  return {
    width,
    theme: testTheme(),
    glyphs: unicodeGlyphs,
    links: false,
    moreHint: "(Ctrl+O)",
    expanded: false,
    nowMs: 100_000,
    ...change,
  };
}

/** The rows without SGR and OSC 8: what a person reads. */
export function visible(rows: readonly string[]): string[] {
  return rows.map((row) => row.replace(/\x1b\[[\d;]*m|\x1b\]8;;[^\x1b]*\x1b\\/g, ""));
}

/** Control characters that are not part of our own SGR or OSC 8 sequences. */
export function strayControls(rows: readonly string[]): string[] {
  return visible(rows).filter((row) => /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(row));
}

/** Texts that are hard to lay out: scripts of all widths, emoji, controls, escape sequences, markdown signs. */
export const hardText = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom("word", " ", "\n", "a-longer-word/with.parts", "\t", "  ", "\n\n"),
      },
      { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 8 }) },
      {
        weight: 2,
        arbitrary: fc.constantFrom("中文字", "👨‍👩‍👧‍👦", "🇩🇪", "é", "ก็", "👍🏽", "한국어", "ﷺ", "\u0301"),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          "**",
          "`",
          "```js\n",
          "> ",
          "- ",
          "1. ",
          "# ",
          "|",
          "[a](b)",
          "---",
          "<b>",
        ),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          "\x1b[31m",
          "\x1b]52;c;aGk=\x07",
          "\x1b[2J",
          "\x9b1m",
          "\r",
          "\u202e",
          "\x1b]8;;x\x1b\\",
          "\x07",
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));
