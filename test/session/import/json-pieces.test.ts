import fc from "fast-check";
import { expect, it } from "vitest";
import { JsonPieces } from "../../../src/session/import/json-pieces.ts";

function pieces(text: string, blockSize: number): { values: unknown[]; bad: number } {
  const reader = new JsonPieces();
  const bytes = Buffer.from(text);
  const values: unknown[] = [];
  for (let at = 0; at < bytes.length; at += blockSize)
    values.push(...reader.push(bytes.subarray(at, at + blockSize)));
  values.push(...reader.end());
  return { values, bad: reader.bad };
}

it("gives the elements of a list one by one, however the bytes come", () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(0, 2),
      (list, size, indent) => {
        expect(pieces(JSON.stringify(list, null, indent), size)).toEqual({
          values: JSON.parse(JSON.stringify(list)),
          bad: 0,
        });
      },
    ),
  );
});

it("gives the messages of a document one by one, and its other fields as one object at the end", () => {
  const field = fc.tuple(
    fc.string().filter((name) => !["messages", "history", "__proto__", ""].includes(name)),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(
      fc.array(field, { minLength: 1, maxLength: 4 }),
      fc.array(fc.jsonValue(), { maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
      (fields, messages, size) => {
        const rest = JSON.parse(JSON.stringify(Object.fromEntries(fields)));
        const text = JSON.stringify({ messages, ...rest }, null, size % 3);
        expect(pieces(text, size).values).toEqual([...JSON.parse(JSON.stringify(messages)), rest]);
      },
    ),
  );
});

it("counts what is no JSON and goes on behind it, and never throws", () => {
  expect(pieces('[1, nonsense, {"a":2}]', 4)).toEqual({ values: [1, { a: 2 }], bad: 1 });
  fc.assert(
    fc.property(fc.stringMatching(/^[[\]{}",:\\a1 ]*$/), fc.integer({ min: 1, max: 9 }), (text, size) => {
      pieces(text, size);
    }),
  );
});
