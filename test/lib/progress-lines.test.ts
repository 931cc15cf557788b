import fc from "fast-check";
import { expect, test } from "vitest";
import { collapseProgress } from "../../src/lib/progress-lines.ts";

test.each([
  ["a line that is drawn again", "10%\r50%\r100%\ndone\n", "100%\ndone\n"],
  ["CRLF, which only ends a line", "one\r\ntwo\r\n", "one\ntwo\n"],
  ["a return that nothing follows yet, which stays", "10%\r50%\r", "50%\r"],
  ["erase and return", "10%\x1b[2K\r50%", "50%"],
  ["return and erase", "10 of 100\r\x1b[K50", "50"],
  ["an erased line", "10%\x1b[2K\x1b[1G\ndone", "\ndone"],
  ["several lines, drawn again from the first", "a 1\nb 1\n\x1b[2Aa 2\nb 2\n", "a 2\nb 2\n"],
  ["lines that were erased below", "a\nb\nc\x1b[2A\x1b[Jnew", "new"],
  ["colours, which stay", "\x1b[31mred\x1b[0m\r\x1b[32mgreen\x1b[0m", "\x1b[32mgreen\x1b[0m"],
])("of %s the last state is left", (_, text, shown) => {
  expect(collapseProgress(text)).toBe(shown);
});

const piece = fc.constantFrom(
  "a",
  "bc",
  "50%",
  "\n",
  "\r",
  "\r\n",
  "\x1b[K",
  "\x1b[2K",
  "\x1b[1A",
  "\x1b[G",
  "\x1b[31m",
);
const output = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));

test("a text that comes in pieces collapses to the same as at once, line by line", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "bc", "50%", "\n", "\r", "\x1b[2K\r"), { maxLength: 40 }),
      (pieces) => {
        const grown = pieces.reduce((text, next) => collapseProgress(text + next), "");
        expect(grown.replace(/\r$/, "")).toBe(collapseProgress(pieces.join("")).replace(/\r$/, ""));
      },
    ),
  );
});

test("what is left has no line drawn over another, and what has none is untouched", () => {
  fc.assert(
    fc.property(output, fc.string(), (text, plain) => {
      expect(collapseProgress(text)).not.toMatch(/\r(?!$)|\x1b\[\d*[A-GJK]/);
      const still = plain.replaceAll("\r", "").replaceAll("\x1b", "");
      expect(collapseProgress(still)).toBe(still);
    }),
  );
});
