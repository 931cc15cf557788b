import fc from "fast-check";
import { expect, test } from "vitest";
import { boundedLines } from "../../src/acp/bounded-lines.ts";

async function through(chunks: readonly Uint8Array[], most: number): Promise<string> {
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return Buffer.from(await new Response(source.pipeThrough(boundedLines(most))).arrayBuffer()).toString();
}

test("lines pass as they are, those that are too long are replaced, however the bytes are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 24 })),
      fc.integer({ min: 1, max: 9 }),
      async (lengths, size) => {
        const bytes = Buffer.from(lengths.map((length) => `${"é".repeat(length)}\n`).join(""));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
          bytes.subarray(n * size, (n + 1) * size),
        );
        const expected = lengths.map((length) =>
          2 * length + 1 > 20 ? "oversized\n" : `${"é".repeat(length)}\n`,
        );
        expect(await through(chunks, 20)).toBe(expected.join(""));
      },
    ),
  );
});

test("a last line without an end passes", async () => {
  expect(await through([Buffer.from("a\nb")], 20)).toBe("a\nb");
});
