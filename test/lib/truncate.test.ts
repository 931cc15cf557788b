import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countLines, cutBytes, cutLine, keepHead, keepTail } from "../../src/lib/truncate.ts";

const limits = { maxBytes: 20, maxLines: 3 };

test.each([
  ["a\nb\n", { text: "a\nb\n", lines: 2, cut: false, partial: false }],
  ["a\nb\nc\nd\n", { text: "a\nb\nc\n", lines: 3, cut: true, partial: false }],
  ["short\nééééééééééé\n", { text: "short\n", lines: 1, cut: true, partial: false }],
  ["ééééééééééé", { text: "éééééééééé", lines: 1, cut: true, partial: true }],
  ["", { text: "", lines: 0, cut: false, partial: false }],
])("the head of %j", (text, expected) => {
  expect(keepHead(text, limits)).toEqual(expected);
});

test.each([
  ["a\nb\n", { text: "a\nb\n", lines: 2, cut: false, partial: false }],
  ["a\nb\nc\nd", { text: "b\nc\nd", lines: 3, cut: true, partial: false }],
  ["ééééééééééé\nshort\n", { text: "short\n", lines: 1, cut: true, partial: false }],
  ["xééééééééééé", { text: "éééééééééé", lines: 1, cut: true, partial: true }],
  ["", { text: "", lines: 0, cut: false, partial: false }],
])("the tail of %j", (text, expected) => {
  expect(keepTail(text, limits)).toEqual(expected);
});

test("one line is cut between characters and marked", () => {
  expect(cutLine("abc", 3)).toBe("abc");
  expect(cutLine("abcd", 3)).toBe("abc…");
  expect(cutLine("ab😀d", 3)).toBe("ab…");
});

const texts = fc.string({ unit: fc.constantFrom("a", "é", "€", "😀", "\n"), maxLength: 60 });

describe("for any text", () => {
  test("head and tail fit, are parts of it, and are valid UTF-8", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const head = keepHead(text, limits);
        const tail = keepTail(text, limits);
        expect(text.startsWith(head.text)).toBe(true);
        expect(text.endsWith(tail.text)).toBe(true);
        for (const { text: kept, lines, cut, partial } of [head, tail]) {
          expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(limits.maxBytes);
          expect(countLines(kept)).toBeLessThanOrEqual(limits.maxLines);
          expect(kept.isWellFormed()).toBe(true);
          expect(cut).toBe(kept !== text);
          if (!partial) expect(lines).toBe(countLines(kept));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a cut at a number of bytes takes as many whole characters as fit", () => {
    fc.assert(
      fc.property(texts, fc.nat(30), (text, size) => {
        const kept = cutBytes(text, size);
        expect(text.startsWith(kept)).toBe(true);
        expect(kept.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(size);
        const [next] = text.slice(kept.length);
        if (next !== undefined) expect(Buffer.byteLength(kept)).toBeGreaterThan(size - 4);
      }),
    );
  });
});
