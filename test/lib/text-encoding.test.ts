import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText, detectBom, encodeText } from "../../src/lib/text-encoding.ts";

const CORPUS = "../shared/corpora/paths/paths.jsonl";
const present = existsSync(CORPUS);

type Row = { id: string; fn: string; args: { $bytes: string }[]; expected: unknown };

const rows: Row[] = present
  ? readFileSync(CORPUS, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ fn }: Row) => fn === "detectBOM")
  : [];

describe.runIf(present)(`byte order marks: ${rows.length} cases of the corpus`, () => {
  test.each(rows)("$id", ({ args, expected }) => {
    expect(detectBom(Buffer.from(args[0]?.$bytes ?? "", "base64"))).toEqual(expected);
  });
});

test.each([
  ["UTF-8", Buffer.from("grün"), { text: "grün", encoding: "utf8", bomLength: 0, lossy: false }],
  ["UTF-8 with mark", Buffer.from("\ufeffa"), { text: "a", encoding: "utf8", bomLength: 3, lossy: false }],
  [
    "UTF-16 LE",
    Buffer.from("\ufeffü", "utf16le"),
    { text: "ü", encoding: "utf16le", bomLength: 2, lossy: false },
  ],
  [
    "a replacement character that is really there",
    Buffer.from("\ufffd"),
    { text: "\ufffd", encoding: "utf8", bomLength: 0, lossy: false },
  ],
  [
    "Latin-1",
    Buffer.from("gr\xfcn", "latin1"),
    { text: "gr\ufffdn", encoding: "utf8", bomLength: 0, lossy: true },
  ],
  ["NUL bytes", Buffer.from("a\0b"), null],
  ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 65, 0, 0, 0]), null],
])("%s is decoded", (_, bytes, expected) => {
  expect(decodeText(bytes)).toEqual(expected);
});

test("any text comes back as the same bytes in every encoding we write", () => {
  const form = fc.constantFrom(
    { encoding: "utf8", bomLength: 0 } as const,
    { encoding: "utf8", bomLength: 3 } as const,
    { encoding: "utf16le", bomLength: 2 } as const,
    { encoding: "utf16be", bomLength: 2 } as const,
  );
  const text = fc
    .string({ unit: "grapheme" })
    .filter((one) => !one.includes("\0") && !one.startsWith("\ufeff"));
  fc.assert(
    fc.property(text, form, (original, like) => {
      const bytes = encodeText(original, like);
      expect(decodeText(bytes)).toEqual({ text: original, ...like, lossy: false });
    }),
  );
});
