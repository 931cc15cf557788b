import fc from "fast-check";
import { parse } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import { editSetting } from "../../src/config/settings-edit.ts";

const FILE = `// mine
{
  // which one
  "model": "a/b", // the good one
  "retry": {
    "attempts": 4 // enough
  },
  "theme": "dark" // at night
}
`;

describe("an edit of a settings file", () => {
  test.each([
    [
      "a new setting goes behind the last line and its comment",
      ["maxSteps"],
      9,
      `"theme": "dark", // at night\n  "maxSteps": 9\n}`,
    ],
    ["a value is replaced where it stands", ["theme"], "light", `"theme": "light" // at night`],
    [
      "a key inside an object too",
      ["retry", "baseDelayMs"],
      5,
      `"attempts": 4, // enough\n    "baseDelayMs": 5\n  }`,
    ],
    [
      "an object that is not there yet is made",
      ["bash", "timeout"],
      5,
      `// at night\n  "bash": {\n    "timeout": 5\n  }\n}`,
    ],
    [
      "what is taken out leaves the comment beside it",
      ["model"],
      undefined,
      `// which one\n  // the good one\n  "retry"`,
    ],
    [
      "the last one takes the comma before it along",
      ["theme"],
      undefined,
      `    "attempts": 4 // enough\n  }\n  // at night\n}`,
    ],
  ] as const)("%s", (_what, path, value, expected) => {
    const edited = editSetting(FILE, path, value);
    expect(edited).toContain(expected);
    for (const comment of ["// mine", "// which one", "// the good one", "// enough", "// at night"])
      expect(edited).toContain(comment);
  });

  test.each([
    ["", '{\n  "a": 1\n}\n'],
    ["\n", '{\n  "a": 1\n}\n'],
    ["// only words\n", '// only words\n{\n  "a": 1\n}\n'],
    ['{"b": 2,}', '{\n  "b": 2,\n  "a": 1\n}'],
    ['{\n\t"b": 2\n}\n', '{\n\t"b": 2,\n\t"a": 1\n}\n'],
    ['{\n  "b": 2, // two\n}\n', '{\n  "b": 2, // two\n  "a": 1,\n}\n'],
  ])("%j gets a setting", (text, edited) => {
    expect(parse(editSetting(text, ["a"], 1), [], { allowTrailingComma: true })).toMatchObject({ a: 1 });
    if (text !== '{"b": 2,}') expect(editSetting(text, ["a"], 1)).toBe(edited);
  });

  test("taking out what is not there changes nothing", () => {
    expect(editSetting(FILE, ["nothing", "here"], undefined)).toBe(FILE);
  });

  const key = fc.constantFrom("a", "b", "c", "d");
  const value = fc.oneof(fc.boolean(), fc.integer(), fc.string(), fc.array(fc.string(), { maxLength: 3 }));
  const line = fc.record({
    key,
    value: fc.oneof(value, fc.dictionary(key, value, { maxKeys: 3 })),
    above: fc.boolean(),
    beside: fc.boolean(),
  });

  test("whatever the file holds: the setting is what was asked for, the others are as they were, no comment is lost", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(line, { selector: (one) => one.key, maxLength: 4 }),
        fc.boolean(),
        fc.oneof(fc.tuple(key), fc.tuple(key, key)),
        fc.option(value, { nil: undefined }),
        (lines, trailing, path, wanted) => {
          const text = render(lines, trailing);
          const before = parse(text);
          const [first, second] = path;
          const held = before?.[first];
          const isObject = typeof held === "object" && held !== null && !Array.isArray(held);
          fc.pre(second === undefined || held === undefined || isObject);
          const edited = editSetting(text, path, wanted);
          const errors: never[] = [];
          expect(parse(edited, errors, { allowTrailingComma: true })).toEqual(
            expectedAfter(before, path, wanted),
          );
          expect(errors).toEqual([]);
          for (const [index, { above, beside }] of lines.entries()) {
            if (above) expect(edited).toContain(`// above ${index}`);
            if (beside) expect(edited).toContain(`// beside ${index}`);
          }
        },
      ),
    );
  });
});

type Line = { key: string; value: unknown; above: boolean; beside: boolean };

function render(lines: readonly Line[], trailing: boolean): string {
  const rows = lines.map(({ key, value, above, beside }, index) => {
    const comma = index < lines.length - 1 || trailing ? "," : "";
    const written = JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
    const head = above ? `  // above ${index}\n` : "";
    return `${head}  ${JSON.stringify(key)}: ${written}${comma}${beside ? ` // beside ${index}` : ""}\n`;
  });
  return `{\n${rows.join("")}}\n`;
}

function expectedAfter(before: Record<string, unknown>, path: readonly string[], wanted: unknown): unknown {
  const [first = "", second] = path;
  const next: Record<string, unknown> = { ...before };
  if (second !== undefined) {
    const inner = { ...(next[first] as Record<string, unknown> | undefined) };
    if (wanted === undefined) {
      if (next[first] === undefined) return next;
      delete inner[second];
    } else inner[second] = wanted;
    next[first] = inner;
  } else if (wanted === undefined) delete next[first];
  else next[first] = wanted;
  return next;
}
