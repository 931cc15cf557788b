import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import { loadMarkdown, renderMarkdown } from "../../../src/tui/markdown/render-markdown.ts";
import { asciiGlyphs } from "../../../src/tui/theme/glyphs.ts";
import { expectGolden } from "../../support/golden.ts";
import { hardText, strayControls, testTheme, testView, visible } from "../theme/test-view.ts";

const sampler = readFileSync("test/tui/markdown/sampler.md", "utf8");

beforeAll(() => loadMarkdown(sampler));

describe("renderMarkdown", () => {
  it.each([40, 80, 120])("draws the sampler at %d columns", async (width) => {
    const rows = renderMarkdown(sampler, testView(width, { theme: testTheme("truecolor") }));
    await expectGolden(`tui/markdown-${width}`, visible(rows).join("\n"));
  });

  it.each([
    ["keeps back quotes and heading signs where nothing else can mark them", "# A `b`", ["# A `b`"]],
    ["shows an address that the text hides", "[here](https://x.org/a)", ["here (https://x.org/a)"]],
    ["does not repeat an address that is the text", "<https://x.org/a>", ["https://x.org/a"]],
    ["numbers lists from their start", "7. a\n1. b", ["7. a", "8. b"]],
    ["keeps single line breaks", "a\nb<br>c", ["a", "b", "c"]],
    ["keeps the empty rows between items that the source has", "- a\n\n- b\n- c", ["• a", "", "• b", "• c"]],
    ["sets rows of an item in under its text", "10. a\n\n    b", ["10. a", "", "    b"]],
    ["shows HTML as it is written", "a <b>c</b> <!-- d -->", ["a <b>c</b> <!-- d -->"]],
    ["shows definitions of links", "[a]: /b 'c'", ["[a]: /b 'c'"]],
    [
      "decodes references, and strips what they may smuggle in",
      "&lt;&#27;[2J&#x202e;&nosuch;",
      ["<&nosuch;"],
    ],
    ["shows an unclosed fence as code", "```js\nlet a", ["  let a"]],
    ["keeps a fence's own empty lines", "```\n\na\n\n```", ["", "  a", ""]],
    [
      "lays a table that does not fit out as records",
      "|a|b|c|\n|-|-|-|\n|1|2|3|\n|4|5|6|",
      ["a: 1", "b: 2", "c: 3", "", "a: 4", "b: 5", "c: 6"],
      8,
    ],
    ["renders nothing for blank text", " \n\n", []],
  ])("%s", (_, text, rows, width = 40) => {
    expect(renderMarkdown(text, testView(width))).toEqual(rows);
  });

  it("uses ASCII signs where asked to", () => {
    const rows = renderMarkdown(
      "- a\n\n> b\n\n---\n\n|c|d|\n|-|-|\n|e|f|",
      testView(30, { glyphs: asciiGlyphs }),
    );
    expect(rows).toEqual(["- a", "", "| b", "", "-".repeat(24), "", "c | d", "--+--", "e | f"]);
  });

  it("names the host a link leads to when its text names another, or its letters only look Latin", () => {
    const view = testView(80, { links: true });
    expect(visible(renderMarkdown("[https://bank.com](https://evil.org)", view))).toEqual([
      "https://bank.com (https://evil.org)",
    ]);
    expect(visible(renderMarkdown("[hi](https://еxample.com)", view))).toEqual([
      "hi (https://xn--xample-2of.com/)",
    ]);
    expect(visible(renderMarkdown("[www.a.org](https://a.org/x)", view))).toEqual(["www.a.org"]);
  });

  it("gives terminals no address with an odd scheme, and none that could end its own sequence", () => {
    const rows = renderMarkdown(
      "[a](javascript:alert(1)) [b](<https://x.org/\x1b\\y z>)",
      testView(80, { links: true }),
    );
    expect(rows.join("")).toBe("a (javascript:alert(1)) \x1b]8;;https://x.org/y%20z\x1b\\b\x1b]8;;\x1b\\");
  });

  it("does not throw on texts that exhaust the lexer, and shows them", () => {
    for (const text of [
      ...[200, 800, 1_600, 2_400].map((depth) => `${">".repeat(depth)} x`),
      ...[200, 800, 1_600].map((depth) => `${"- ".repeat(depth)} x`),
      ...[200, 500].map((depth) => `${"*a **b ".repeat(depth)}${"c** d*".repeat(depth)}`),
      ...[200, 1_000, 4_000].map((depth) => `${"![".repeat(depth)}a${"](b)".repeat(depth)}`),
      `${">".repeat(5_000)} x`,
      `${"- ".repeat(3_000)}x`,
      "[".repeat(20_000),
      "*a ".repeat(5_000),
    ]) {
      const rows = renderMarkdown(text, testView(40));
      expect(rows.join("").replace(/\s/g, "").length).toBeGreaterThan(0);
      for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(40);
    }
  });

  it("gives no row wider than asked, no control character and no blank at a row's end, for any text", () => {
    fc.assert(
      fc.property(hardText, fc.integer({ min: 12, max: 60 }), fc.boolean(), (text, width, links) => {
        const rows = renderMarkdown(text, testView(width, { links, theme: testTheme("16") }));
        expect(strayControls(rows)).toEqual([]);
        for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves every byte of code as it is", () => {
    const anyCode = fc
      .array(fc.constantFrom("/*", "*/", '"', "`", "${", "<", "&amp;", "function ", "a", " ", "\n", "#", "'"))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(anyCode, fc.constantFrom("ts", "python", "nosuch"), (code, language) => {
        const rows = renderMarkdown(
          `~~~~\`${language}\n${code}\n~~~~`.replace("`", ""),
          testView(200, { theme: testTheme("16") }),
        );
        const lines = code.split("\n").map((line) => (line.trimEnd() === "" ? "" : `  ${line.trimEnd()}`));
        expect(visible(rows)).toEqual(lines);
      }),
    );
  });
});
