import { describe, expect, test } from "vitest";
import { aroundMatch, markMatch } from "../../../src/tui/editor/match-mark.ts";

const mark = (text: string): string => `[${text}]`;

describe("a match in a row", () => {
  test.each([
    ["fix the Parser", "parse", "fix the [Parse]r"],
    ["fix the parser", "fpr", "[f]ix the [p]a[r]ser"],
    ["fix the parser", "", "fix the parser"],
    ["fix the parser", "xyz", "fix the parser"],
    ["a 中文 line", "中", "a [中]文 line"],
  ])("%j with %j is %j", (line, query, expected) => {
    expect(markMatch(line, query, mark)).toBe(expected);
  });

  test("is moved into sight where it stands far to the right", () => {
    const line = `${"word ".repeat(30)}needle at the end`;
    const shown = aroundMatch(line, "needle", { width: 40, ellipsis: "…" });
    expect(shown).toMatch(/^….*needle at the end$/);
    expect(shown.length).toBeLessThanOrEqual(40);
    expect(aroundMatch(line, "word", { width: 20, ellipsis: "…" })).toBe("word word word word…");
  });
});
