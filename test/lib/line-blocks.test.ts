import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { countLinesBefore, type FileLine, linesFromEnd, linesFromStart } from "../../src/lib/line-blocks.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** The lines of the text in both directions, as [offset, text, terminated]. */
async function bothWays(path: string, content: Buffer) {
  await writeFile(path, content);
  const handle = await open(path, "r");
  try {
    const backward = await collect(linesFromEnd(handle, content.length));
    const forward = await collect(linesFromStart(handle, content.length));
    const counts = await countLinesBefore(
      handle,
      forward.map(([offset]) => offset),
    );
    return { backward: backward.reverse(), forward, counts };
  } finally {
    await handle.close();
  }
}

async function collect(batches: AsyncIterable<FileLine[]>) {
  const lines: [number, string, boolean][] = [];
  for await (const batch of batches) {
    for (const { offset, bytes, terminated } of batch)
      lines.push([offset, bytes.toString("latin1"), terminated]);
  }
  return lines;
}

function expectedLines(content: Buffer) {
  const pieces = content.toString("latin1").split("\n");
  let offset = 0;
  return pieces.flatMap((text, index): [number, string, boolean][] => {
    const line: [number, string, boolean] = [offset, text, index < pieces.length - 1];
    offset += text.length + 1;
    return index === pieces.length - 1 && text === "" ? [] : [line];
  });
}

it("property: both directions give the same lines, at their offsets, also empty ones and a last one unended", async () => {
  const path = join(await temporaryFolder(), "lines");
  const text = fc
    .array(fc.constantFrom("a", "bc", "\n", "\n\n", "ä"))
    .map((parts) => Buffer.from(parts.join("")));
  await fc.assert(
    fc.asyncProperty(text, async (content) => {
      const { backward, forward, counts } = await bothWays(path, content);
      expect(forward).toEqual(expectedLines(content));
      expect(backward).toEqual(forward);
      expect(counts).toEqual(forward.map((_, index) => index));
    }),
    { numRuns: 200 },
  );
});

it("lines longer than the blocks come whole", async () => {
  const path = join(await temporaryFolder(), "lines");
  const content = Buffer.from(["short", "x".repeat(6_000_000), "y".repeat(70_000), "", "end"].join("\n"));
  const { backward, forward } = await bothWays(path, content);
  expect(backward.map(([offset, text]) => [offset, text.length])).toEqual(
    expectedLines(content).map(([offset, text]) => [offset, text.length]),
  );
  expect(forward.length).toBe(5);
});
