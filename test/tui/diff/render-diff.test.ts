import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import { renderDiff } from "../../../src/tui/diff/render-diff.ts";
import { loadWordDiff } from "../../../src/tui/diff/word-diff.ts";
import { expectGolden } from "../../support/golden.ts";
import { hardText, strayControls, testTheme, testView, visible } from "../theme/test-view.ts";

const before = [
  "// Splits a text into lines.",
  "export function splitLines(text: string): string[] {",
  '\treturn text.split("\\n");',
  "}",
  ...Array.from({ length: 20 }, (_, line) => `const unchanged${line} = ${line};`),
  "export const END = 1;",
  "gone entirely",
].join("\n");
const after = [
  "// Splits a text into lines.",
  "export function splitLines(text: string): readonly string[] {",
  "\t// A bare CR is data: only LF and CRLF end a line, and this comment is long enough to be wrapped at eighty columns.",
  "\treturn text.split(/\\r?\\n/);",
  "}",
  ...Array.from({ length: 20 }, (_, line) => `const unchanged${line} = ${line};`),
  "export const END = 2;",
].join("\n");
const patch = createTwoFilesPatch("a/lines.ts", "b/lines.ts", before, after);

beforeAll(() => loadWordDiff());

describe("renderDiff", () => {
  it.each([40, 80, 120, 160])("draws a patch at %d columns", async (width) => {
    await expectGolden(`tui/diff-${width}`, renderDiff(patch, testView(width)).join("\n"));
  });

  it("stands before and after side by side where both sides have room, each with its own numbers", () => {
    expect(renderDiff(patch, testView(130))).toContainEqual(
      expect.stringMatching(/^ 5 {4}\} +│ {2}7 {4}\}$|^ 4 {4}\} +│ {2}5 {4}\}$/),
    );
    const rows = renderDiff("@@ -8,2 +9,3 @@\n same\n-old word\n+new\n+old words", testView(160));
    expect(rows.map((row) => row.split(/\s+│\s*/))).toEqual([
      ["8    same", "9    same"],
      ["", "10  + new"],
      ["9  - old word", "11  + old words"],
    ]);
  });

  it.each([
    ["the window is narrow", "@@ -1 +1 @@\n-a\n+b", 120],
    ["lines were only added", "@@ -1,1 +1,2 @@\n a\n+b", 160],
    ["lines were only removed", "@@ -1,2 +1,1 @@\n a\n-b", 160],
  ])("stays one text when %s", (_, text, width) => {
    expect(renderDiff(text, testView(width)).join("\n")).not.toContain("│");
  });

  it("marks the words that changed also where lines came and went around them", () => {
    const rows = renderDiff("@@ -1,1 +1,2 @@\n-let total = count;\n+// why\n+let sum = count;", {
      ...testView(40),
      theme: testTheme("16"),
    });
    const word = testTheme("16").style.diffAddWord("sum");
    expect(rows.at(-1)).toContain(word);
  });

  it("shows control characters instead of carrying them out or hiding them", () => {
    const rows = renderDiff("@@ -1,2 +1,2 @@\n-a\x1b[2Jb\n-x\ry\n+\u202ec\u200bd\n+z\u2028w", testView(60));
    expect(rows).toEqual(["1  - a\\u001b[2Jb", "2  - x\\u000dy", "1  + \\u202ec\\u200bd", "2  + z\\u2028w"]);
  });

  it("tells a change of line ends apart, and is silent about those that stay", () => {
    expect(renderDiff("@@ -1 +1 @@\n-a\r\n+a", testView(40))).toEqual(["1  - a\\r", "1  + a"]);
    expect(renderDiff("@@ -1 +1 @@\n-a\r\n+b\r", testView(40))).toEqual(["1  - a", "1  + b"]);
  });

  it("loses no character of either side, however narrow the halves and long the lines", () => {
    const line = fc.stringMatching(/^[a-z(){};=" ]{0,200}$/).map((text) => `x${text}x`);
    const lines = fc.array(line, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lines, lines, fc.integer({ min: 126, max: 200 }), (olds, news, width) => {
        const text = [
          `@@ -1,${olds.length} +1,${news.length} @@`,
          ...olds.map((a) => `-${a}`),
          ...news.map((b) => `+${b}`),
        ];
        const rows = renderDiff(text.join("\n"), testView(width));
        const half = Math.floor((width - 3) / 2);
        const code = (from: number, to: number) =>
          rows
            .map((row) => row.slice(from, to).slice(5))
            .join("")
            .replaceAll(/\s/g, "");
        expect(code(0, half)).toBe(olds.join("").replaceAll(" ", ""));
        expect(code(half + 3, width)).toBe(news.join("").replaceAll(" ", ""));
      }),
    );
  });

  it("stops at a number of rows and says how many lines are left", () => {
    const rows = renderDiff(patch, { ...testView(80), maxRows: 4, moreHint: "(Ctrl+O)" });
    expect(rows).toHaveLength(5);
    expect(rows.at(-1)).toBe("… 14 more lines (Ctrl+O)");
  });

  it("counts all the lines of a long patch that it does not show", () => {
    const many = Array.from({ length: 50_000 }, (_, line) => `+added ${line}\n-removed ${line}`);
    const rows = renderDiff(`@@ -1,50000 +1,50000 @@\n${many.join("\n")}`, { ...testView(200), maxRows: 12 });
    expect(rows).toHaveLength(13);
    const shown = 100_000 - Number(/^… (\d+) more lines/.exec(rows.at(-1) ?? "")?.[1]);
    expect(
      rows
        .slice(0, -1)
        .join("")
        .match(/\d {2}[-+] /g),
    ).toHaveLength(shown);
    expect(renderDiff(patch, testView(81))).not.toBe(renderDiff(patch, testView(82)));
  });

  it("names the further files of a patch and takes signs in the text for text", () => {
    const two =
      "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a\n-b\n+++ c\n+@@ -1 +1 @@\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+new\n\\ No newline at end of file";
    expect(renderDiff(two, testView(40))).toEqual([
      "1  - -- a",
      "2  - b",
      "1  + ++ c",
      "2  + @@ -1 +1 @@",
      "y",
      "1  + new",
    ]);
  });

  it.each(["", "no patch", "@@ -1 +1 @@", "@@ -1,5 +1,5 @@\n-a"])("takes %j as it comes", (text) => {
    expect(renderDiff(text, testView(40)).length).toBeLessThanOrEqual(1);
  });

  it("gives no row wider than asked and no control character, and loses nothing, for any two texts", () => {
    fc.assert(
      fc.property(hardText, hardText, fc.integer({ min: 20, max: 180 }), (a, b, width) => {
        const rows = renderDiff(
          createTwoFilesPatch("a", "b", a, b),
          testView(width, { theme: testTheme("16") }),
        );
        expect(strayControls(rows)).toEqual([]);
        for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(width);
        expect(visible(rows).join("")).not.toContain("undefined");
      }),
    );
  });
});
