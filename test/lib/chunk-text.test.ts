import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkText } from "../../src/lib/chunk-text.ts";

describe("chunkText", () => {
  it("gives pieces of the size asked for, and none of an empty text", () => {
    expect([...chunkText("abcde", 2)]).toEqual(["ab", "cd", "e"]);
    expect([...chunkText("", 2)]).toEqual([]);
  });

  it("loses nothing and never cuts a surrogate pair", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        (text, size) => {
          const chunks = [...chunkText(text, size)];
          expect(chunks.join("")).toBe(text);
          for (const chunk of chunks) expect(chunk.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});
