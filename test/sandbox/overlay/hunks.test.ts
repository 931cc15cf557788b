// Hunks of a text: taken over or dropped one by one, in any order, they come to the same as the whole.
import fc from "fast-check";
import { expect, test } from "vitest";
import { diffTexts, dropHunk, takeHunk, textOf } from "../../../src/sandbox/overlay/hunks.ts";

const line = fc.constantFrom(
  "a",
  "b",
  "c",
  "",
  "  d",
  "e\r",
  "\\ No newline at end of file",
  "+x",
  "-y",
  "@@ -1 +1 @@",
);
const text = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.boolean())
  .map(([lines, ends]) => lines.join("\n") + (ends ? "\n" : ""));

/** Picks hunks by the numbers given until none is left. */
async function settleAll(
  before: string,
  after: string,
  { picks, take }: { picks: readonly number[]; take: boolean },
): Promise<[before: string, after: string]> {
  let [old, now] = [before, after];
  for (let round = 0; ; round++) {
    const hunks = (await diffTexts(old, now))?.hunks ?? [];
    const hunk = hunks[(picks[round % picks.length] ?? 0) % Math.max(1, hunks.length)];
    if (!hunk) return [old, now];
    const text = await (take ? takeHunk : dropHunk)(old, now, hunk);
    if (text === null) throw new Error(`hunk ${hunk.number} does not fit`);
    if (take) old = text;
    else now = text;
  }
}

test("taking every hunk gives the new text, dropping every hunk the old one", async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }),
      async (before, after, picks) => {
        expect((await settleAll(before, after, { picks, take: true }))[0]).toBe(after);
        expect((await settleAll(before, after, { picks, take: false }))[1]).toBe(before);
      },
    ),
    { numRuns: 300 },
  );
});

test("a hunk that is another one by now is not taken", async () => {
  const [hunk] = (await diffTexts("a\nb\n", "a\nc\n"))?.hunks ?? [];
  const mark = hunk?.mark ?? "";
  expect(await takeHunk("a\nb\n", "a\nc\n", { number: 1, mark })).toBe("a\nc\n");
  expect(await takeHunk("a\nb\n", "a\nd\n", { number: 1, mark })).toBeNull();
  expect(await takeHunk("a\nb\n", "a\nc\n", { number: 2 })).toBeNull();
});

test("only UTF-8 without NUL is text, byte for byte", () => {
  expect(textOf(Buffer.from("\ufeffä\r\n"))).toBe("\ufeffä\r\n");
  expect(textOf(Buffer.from([0xe4, 0x0a]))).toBeNull();
  expect(textOf(Buffer.from("a\0b"))).toBeNull();
});
