import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layoutText, offsetAt, positionOf, shownText, shownWidth } from "../../../src/tui/editor/layout.ts";
import { hardText } from "./hard-text.ts";

const rowsOf = (text: string, width: number): string[] =>
  layoutText(text, width).map(([start, end]) => text.slice(start, end));

describe("rows", () => {
  test.each([
    ["", 10, [""]],
    ["hello", 10, ["hello"]],
    ["one two three", 10, ["one two ", "three"]],
    ["one twoo three", 9, ["one twoo ", "three"]],
    ["abcdefghijklmno", 11, ["abcdefghij", "klmno"]],
    ["a\n\nb\n", 10, ["a", "", "b", ""]],
    ["中文字中文字", 9, ["中文字中", "文字"]],
    ["ab 中文字中文", 9, ["ab 中文", "字中文"]],
    ["1234567 ", 8, ["1234567", " "]],
    ["\tx", 10, ["\tx"]],
  ])("%j at %i columns", (text, width, rows) => {
    expect(rowsOf(text, width)).toEqual(rows);
  });

  test("joined they are the text, and none is wider than asked", () => {
    fc.assert(
      fc.property(hardText, fc.integer({ min: 8, max: 40 }), (text, width) => {
        const rows = layoutText(text, width);
        let joined = "";
        let at = 0;
        for (const [start, end] of rows) {
          joined += text.slice(at, start) + text.slice(start, end);
          expect(["", "\n"]).toContain(text.slice(at, start));
          at = end;
          expect(shownWidth(text.slice(start, end))).toBeLessThanOrEqual(width);
        }
        expect(joined).toBe(text);
      }),
    );
  });

  test("an offset inside a character has the column where the character begins", () => {
    const text = "𐀀中文ก็🇩🇪";
    expect(positionOf(text, layoutText(text, 9), 9)).toEqual({ row: 0, column: 6 });
  });

  test("the cursor always finds a place within the width, and the way back", () => {
    fc.assert(
      fc.property(hardText, fc.integer({ min: 8, max: 40 }), fc.nat(), (text, width, seed) => {
        const rows = layoutText(text, width);
        const offset = text === "" ? 0 : seed % (text.length + 1);
        const { row, column } = positionOf(text, rows, offset);
        expect(column).toBeLessThan(width);
        const [start, end] = rows[row] ?? [-1, -1];
        expect(offset).toBeGreaterThanOrEqual(start);
        expect(offset).toBeLessThanOrEqual(end);
        const back = offsetAt(text, rows, row, column);
        expect(back).toBeGreaterThanOrEqual(start);
        expect(back).toBeLessThanOrEqual(end);
      }),
    );
  });
});

describe("what is shown", () => {
  test.each([
    ["a\tb", "a    b"],
    ["\x1b[31mred", "␛[31mred"],
    ["x\x07\x7f", "x␇␡"],
    ["a\u202eb\u2028c\u200b", "a?b?c?"],
    ["\ud800", "?"],
    ["é👨‍👩‍👧‍👦中", "é👨‍👩‍👧‍👦中"],
  ])("%j is %j", (text, shown) => {
    expect(shownText(text)).toBe(shown);
    expect(shownWidth(text)).toBe(shownWidth(shown));
  });
});

test("lines of plain characters are broken as those that are looked at one by one", () => {
  const plain = fc.string({ unit: fc.constantFrom(..."ab  -\n"), maxLength: 60 });
  fc.assert(
    fc.property(plain, fc.integer({ min: 8, max: 20 }), (text, width) => {
      // One column wide as well, but not among the characters that are known for it.
      expect(layoutText(text, width)).toEqual(layoutText(text.replaceAll("a", "\u1e01"), width));
    }),
    { numRuns: 500 },
  );
});
