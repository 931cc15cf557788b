import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { keyboardOnly } from "../../src/tui/key-output.ts";

test("what Ink says of the keyboard goes through, frames and the cursor do not, and a write is told as done", async () => {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  const output = keyboardOnly(stream);
  for (const data of [
    "\x1b[?2004h",
    "\x1b[?25l",
    "\x1b[?2026h",
    "a frame\n",
    "\x1b[?u",
    "\x1b[>1u",
    "\x1b[<u",
  ]) {
    await new Promise<void>((resolve) => {
      output.write(data, () => resolve());
    });
  }
  expect(String(stream.read())).toBe("\x1b[?2004h\x1b[?u\x1b[>1u\x1b[<u");
});
