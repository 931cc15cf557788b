import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sanitizeText } from "../../src/lib/ansi.ts";
import { expandTabs, textWidth } from "../../src/lib/text-width.ts";
import { wrapText } from "../../src/lib/wrap.ts";
import { hardText } from "../tui/theme/test-view.ts";

describe("wrapText", () => {
  it.each([
    ["breaks at blanks", "one two three", 8, ["one two", "three"]],
    ["lets a row be full", "one two three", 7, ["one two", "three"]],
    ["drops the blanks at a break and at a line's end", "one    two  \nx", 5, ["one", "two", "x"]],
    ["keeps blanks at a line's beginning", "  one two", 6, ["  one", "two"]],
    ["cuts a word that is longer than a row", "a verylongword b", 6, ["a", "verylo", "ngword", "b"]],
    ["keeps empty lines", "a\n\nb", 5, ["a", "", "b"]],
    ["breaks around wide characters", "ab中文字cd", 6, ["ab中文", "字cd"]],
    ["never cuts an emoji", "👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 5, ["👨‍👩‍👧👨‍👩‍👧", "👨‍👩‍👧"]],
    ["gives one empty row for an empty text", "", 5, [""]],
  ])("%s", (_, text, width, rows) => {
    expect(wrapText(text, width)).toEqual(rows);
  });

  it("by characters cuts anywhere and keeps every blank", () => {
    expect(wrapText("a  b  c  d", 4, "characters")).toEqual(["a  b", "  c ", " d"]);
  });

  it("a mark without a column at a row's start does not let the row grow", () => {
    expect(wrapText("rd    \u{e01f0}!!\u{3fffe}", 2)).toEqual(["rd", "\u{e01f0}", "!!", "\u{3fffe}"]);
  });

  it("rows are never wider than asked, and together hold every character that is no blank", () => {
    fc.assert(
      fc.property(hardText, fc.integer({ min: 2, max: 40 }), (hard, width) => {
        const text = expandTabs(sanitizeText(hard));
        const rows = wrapText(text, width);
        for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(Math.max(width, widest(row)));
        expect(rows.join("").replace(/[ \n]/g, "")).toBe(text.replace(/[ \n]/g, ""));
        expect(wrapText(text, width, "characters").join("")).toBe(text.replaceAll("\n", ""));
      }),
      { numRuns: 1_000 },
    );
  });

  it("wraps 1 MB without a blank in it in linear time", () => {
    const start = performance.now();
    wrapText("x".repeat(1_000_000), 80);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

/** A single character can be wider than two columns (stray emoji modifiers); it cannot be cut. */
function widest(row: string): number {
  return Math.max(0, ...Array.from(new Intl.Segmenter().segment(row), ({ segment }) => textWidth(segment)));
}
