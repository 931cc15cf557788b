import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import { renderDiff } from "../../../src/tui/diff/render-diff.ts";
import { loadWordDiff } from "../../../src/tui/diff/word-diff.ts";
import { hardText, strayControls, testTheme, testView, visible } from "../theme/test-view.ts";

const golden = (name: string) => `../../golden/tui/${name}.txt`;

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
  it.each([40, 80, 120])("draws a patch at %d columns", async (width) => {
    await expect(`${renderDiff(patch, testView(width)).join("\n")}\n`).toMatchFileSnapshot(
      golden(`diff-${width}`),
    );
  });

  it.each(["dark", "light", "high-contrast"])(
    "paints a patch in the %s theme, changed words standing out",
    async (name) => {
      const rows = renderDiff(patch, testView(80, { theme: testTheme("truecolor", name) }));
      await expect(`${rows.join("\n").replaceAll("\x1b", "␛")}\n`).toMatchFileSnapshot(
        golden(`diff-${name}`),
      );
    },
  );

  it("stops at a number of rows and says how many lines are left", () => {
    const rows = renderDiff(patch, { ...testView(80), maxRows: 4, moreHint: "(Ctrl+O)" });
    expect(rows).toHaveLength(5);
    expect(rows.at(-1)).toBe("… 14 more lines (Ctrl+O)");
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
      fc.property(hardText, hardText, fc.integer({ min: 20, max: 60 }), (a, b, width) => {
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
