import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import {
  expandTabs,
  graphemes,
  isSimpleText,
  textWidth,
  truncateMiddle,
  truncateText,
} from "../../src/lib/text-width.ts";
import { hardText } from "../tui/theme/test-view.ts";

describe("textWidth", () => {
  it("agrees with string-width on every character it calls simple", () => {
    for (let code = 0x20; code < 0x2700; code++) {
      const character = String.fromCharCode(code);
      if (isSimpleText(character)) expect(stringWidth(character), code.toString(16)).toBe(1);
    }
  });

  it("agrees with string-width on any text", () => {
    fc.assert(
      fc.property(hardText, (text) => {
        expect(textWidth(text)).toBe(stringWidth(text));
      }),
    );
  });

  it("counts escape sequences as nothing", () => {
    expect(textWidth("\x1b[1;31mab\x1b[0m \x1b]8;;http://x\x1b\\中\x1b]8;;\x1b\\")).toBe(5);
  });
});

describe("graphemes", () => {
  it("gives characters as people count them, with offsets and widths", () => {
    expect([...graphemes("a👨‍👩‍👧b")]).toEqual([
      { text: "a", offset: 0, width: 1 },
      { text: "👨‍👩‍👧", offset: 1, width: 2 },
      { text: "b", offset: 9, width: 1 },
    ]);
  });
});

describe("expandTabs", () => {
  it.each([
    ["a\tb", 8, "a       b"],
    ["\tb", 4, "    b"],
    ["中\tb\n\tc", 4, "中  b\n    c"],
  ])("%j at %d", (text, size, expected) => {
    expect(expandTabs(text, size)).toBe(expected);
  });
});

describe("truncateText and truncateMiddle", () => {
  it.each([
    ["fits", 4, "fits"],
    ["does not", 5, "does…"],
    ["中文字", 5, "中文…"],
    ["ab", 0, ""],
  ])("cuts the end of %j at %d", (text, width, expected) => {
    expect(truncateText(text, width)).toBe(expected);
  });

  it("keeps more of the end than of the beginning of a path", () => {
    expect(truncateMiddle("src/tui/markdown/render-markdown.ts", 20)).toBe("src/tu…r-markdown.ts");
  });

  it("never gives more columns than asked for", () => {
    fc.assert(
      fc.property(hardText, fc.integer({ min: 1, max: 30 }), (text, width) => {
        const line = text.replace(/\s/g, " ");
        expect(textWidth(truncateText(line, width))).toBeLessThanOrEqual(width);
        expect(textWidth(truncateMiddle(line, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

const CORPUS = "../shared/corpora/terminal/width.jsonl";
type Case = { fn: string; args: [string]; expected: number };
const cases: Case[] = existsSync(CORPUS)
  ? readFileSync(CORPUS, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];
const widths = cases.filter((row) => row.fn === "visibleWidth");

describe.runIf(existsSync(CORPUS))("width corpus", () => {
  it(`${widths.length} of ${cases.length} cases are widths, and come out the same`, () => {
    for (const row of widths) expect(textWidth(row.args[0]), row.args[0]).toBe(row.expected);
  });
});

describe.runIf(!existsSync(CORPUS))("width corpus", () => {
  it("is absent here: its cases are not run", () => expect(cases).toEqual([]));
});
