import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { readJsonLines } from "../../../src/runtimes/external/json-lines.ts";

/** What is heard of chunks as a pipe may bring them. */
async function heard(chunks: readonly (string | Buffer)[]): Promise<Record<string, unknown>[]> {
  const source = new PassThrough();
  const messages: Record<string, unknown>[] = [];
  readJsonLines(source, (message) => {
    messages.push(message);
    if (message.throws === true) throw new Error("of a form that nobody foresaw");
  });
  for (const chunk of chunks) source.write(chunk);
  source.end();
  await new Promise((resolve) => source.once("end", resolve));
  return messages;
}

it("a character may be cut by the border of two chunks, and a line by many", async () => {
  const bytes = Buffer.from('{"text":"grüße 你好 🙂"}\n{"n":1}\n');
  const single = [...bytes].map((byte) => Buffer.from([byte]));
  expect(await heard(single)).toEqual([{ text: "grüße 你好 🙂" }, { n: 1 }]);
});

it("one line of 20 MB is a message like any", async () => {
  const text = "x".repeat(20_000_000);
  const line = Buffer.from(`${JSON.stringify({ text })}\n`);
  const chunks = Array.from({ length: Math.ceil(line.length / 65_536) }, (_, at) =>
    line.subarray(at * 65_536, (at + 1) * 65_536),
  );
  const [message] = await heard(chunks);
  expect(message?.text).toHaveLength(20_000_000);
});

it("what is no object is left out, and what cannot be taken in stops nothing", async () => {
  const lines = [
    "[1]",
    "null",
    "{broken",
    "",
    "log: {}",
    '{"throws":true}',
    '{"__proto__":{"a":1}}',
    '{"n":1}',
  ];
  const messages = await heard([lines.join("\n")]);
  expect(messages.map((message) => Object.keys(message))).toEqual([["throws"], ["__proto__"], ["n"]]);
  expect(messages.every((message) => !("a" in message))).toBe(true);
});
