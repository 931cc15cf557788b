import { describe, expect, it } from "vitest";
import { listField, readFrontMatter, textField } from "../../src/lib/front-matter.ts";

describe("front matter", () => {
  it("gives texts, quoted texts, lists in both forms, and the body", () => {
    const text = [
      "\uFEFF---",
      "description: Reviews a change # not this",
      'title: "with \\"quotes\\" # and a sign"',
      "single: 'it''s'",
      "tools: [read, 'grep', ]",
      "others:",
      "  - one",
      "  - two # second",
      "empty:",
      "url: https://example.com/a#b",
      "---",
      "",
      "Body",
      "---",
      "more",
    ].join("\r\n");
    const { fields, body } = readFrontMatter(text);
    expect(Object.fromEntries(fields)).toEqual({
      description: "Reviews a change",
      title: 'with "quotes" # and a sign',
      single: "it's",
      tools: "[read, 'grep', ]",
      others: ["one", "two"],
      empty: "",
      url: "https://example.com/a#b",
    });
    expect(body).toBe("Body\n---\nmore");
    expect(listField(fields, "tools")).toEqual(["read", "grep"]);
    expect(listField(fields, "url")).toEqual(["https://example.com/a#b"]);
    expect(listField(fields, "others")).toEqual(["one", "two"]);
    expect(listField(fields, "nothing")).toBeUndefined();
    expect(textField(fields, "empty")).toBeUndefined();
  });

  it.each(["no block", "--- \nfield: without end", "", "text\n---\na: b\n---"])(
    "%j has none: it is the body",
    (text) => {
      expect(readFrontMatter(text)).toEqual({ fields: new Map(), body: text.trim() });
    },
  );

  it("of an empty block is empty, and names of the prototype are nothing special", () => {
    expect(readFrontMatter("---\n---\nx")).toEqual({ fields: new Map(), body: "x" });
    const { fields } = readFrontMatter("---\n__proto__: y\nconstructor: z\n---\n");
    expect(textField(fields, "toString")).toBeUndefined();
  });
});
