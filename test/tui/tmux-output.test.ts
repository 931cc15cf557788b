import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { avoidHistoryCopy, outputFor } from "../../src/tui/tmux-output.ts";

test.each([
  ["\x1b[3A\x1b[1G\x1b[Jtext", "\x1b[3A\r\x1b[K \x1b[J\rtext"],
  ["\r\x1b[J", "\r\x1b[K \x1b[J\r"],
  ["plain \x1b[31mred\x1b[39m", "plain \x1b[31mred\x1b[39m"],
  ["abc\x1b[J", "abc\x1b[J"],
])("%j is written as %j: no erase begins in the first column", (data, expected) => {
  expect(avoidHistoryCopy(data)).toBe(expected);
});

test("what waits for a write to be done is told, inside tmux too", async () => {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  const output = outputFor(stream, avoidHistoryCopy);
  await new Promise<void>((resolve) => {
    output.write("\r\x1b[J", () => resolve());
  });
  expect(stream.read().toString()).toBe("\r\x1b[K \x1b[J\r");
});
