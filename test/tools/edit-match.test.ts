import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdits } from "../../src/tools/edit-match.ts";

const apply = (original: string, oldText: string, newText: string, replaceAll = false) =>
  applyEdits(original, [{ oldText, newText, replaceAll }]).text;

test.each([
  ["ends of lines", "a\r\nb\r\nc\r\n", "a\nb", "x\ny\nz", "x\r\ny\r\nz\r\nc\r\n"],
  ["new lines land with the ends of their place", "a\nb\r\nc\r\n", "c", "c\nd", "a\nb\r\nc\r\nd\r\n"],
  ["LF stays LF", "a\nb\n", "a", "a\nx", "a\nx\nb\n"],
  ["blanks at ends of lines in the file", "a  \nb\t\nc\n", "a\nb\nc", "a\nB\nc", "a  \nB\nc\n"],
  ["blanks at ends of lines in the old text", "a\nb\nc\n", "a \nb  ", "a\nB", "a\nB\nc\n"],
  ["quotes", "say “hi” to ‘it’\n", "say \"hi\" to 'it'", "say \"ho\" to 'it'", "say “ho” to ‘it’\n"],
  ["dashes and no-break blanks", "a\u00a0– b\n", "a - b", "a - c", "a\u00a0– c\n"],
  ["an ellipsis", "wait… what\n", "wait... what", "wait... who", "wait… who\n"],
  ["combining marks", "cafe\u0301 old\n", "café old", "café new", "cafe\u0301 new\n"],
  ["indentation that is missing", "  if (a) {\n    b();\n  }\n", "if (a) {\n  b();\n}", "c();", "  c();\n"],
  ["indentation that is too deep", "a:\n  b\n", "    a:\n      b\n", "    a:\n      c\n", "a:\n  c\n"],
])("tolerance: %s", (_, original, oldText, newText, expected) => {
  expect(apply(original, oldText, newText)).toBe(expected);
});

test.each([
  ["edit.not_found", "a half … sign", "half . sign"],
  ["edit.not_found", "  a\n    b\n", "a\nb"],
  ["edit.not_found", "function  f()", "function f()"],
  ["edit.ambiguous", "“a” “a”", '"a"'],
  ["edit.ambiguous", "aaa", "aa"],
  ["edit.empty", "a", ""],
  ["edit.same", "a", "new"],
])("%s: %j does not hold %j once", (code, original, oldText) => {
  expect(() => apply(original, oldText, "new")).toThrow(
    expect.objectContaining(code === "edit.same" ? {} : { code }),
  );
});

test("an exact match wins over a tolerant one", () => {
  expect(apply('“x”\n"x"\n', '"x"', '"y"')).toBe('“x”\n"y"\n');
});

test("a match that is not exact never cuts a character in two", () => {
  expect(() => apply("x ﬁ y", "f", "g")).toThrow("not found");
  expect(apply("“ﬁn”", '"fin"', '"end"')).toBe("“end”");
});

test("edits of one call may not overlap, and each is matched against the original", () => {
  const both = (second: string) =>
    applyEdits("one two", [
      { oldText: "one", newText: "two" },
      { oldText: second, newText: "3" },
    ]).text;
  expect(both("two")).toBe("two 3");
  expect(() => both("ne t")).toThrow(expect.objectContaining({ code: "edit.overlap" }));
});

describe("a miss tells what to do", () => {
  const hint = (original: string, oldText: string, newText = "new") => {
    try {
      apply(original, oldText, newText);
    } catch (error) {
      return error instanceof Error && "hint" in error ? String(error.hint) : "";
    }
    return "";
  };
  test("the nearest region and the line that differs", () => {
    const original = "function sum(a, b) {\n  return a + b;\n}\n";
    expect(hint(original, "function sum(a, b) {\n  return a - b;\n}")).toBe(
      'The nearest text is at lines 1-3; line 2 differs:\n  file:     "  return a + b;"\n  old_text: "  return a - b;"',
    );
  });
  test("a difference of indentation alone is named", () => {
    expect(hint("if x:\n\tgo()\n\tstop()\n", "if x:\n    go()\n    stop()\n")).toContain(
      "differs in its indentation",
    );
  });
  test("an edit that was made before is recognised", () => {
    expect(hint("const a = 2;\n", "const a = 1;", "const a = 2;")).toContain("may have been made before");
  });
  test("nothing like it", () => {
    expect(hint("abc\n", "zzzz")).toContain("Nothing like it");
  });
  test("a long text is searched in under a second", () => {
    const original = Array.from({ length: 50_000 }, (_, line) => `line ${line} with some words in it`).join(
      "\n",
    );
    const startedMs = performance.now();
    expect(hint(original, "line x with other words in it\nand more")).not.toBe("");
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });
});

const texts = fc.string({
  unit: fc.constantFrom("a", "b", " ", "\t", "\n", "\r\n", "“", '"', "–", "-", "é", "…"),
});

describe("for any text", () => {
  test("a unique part is replaced and nothing else changes", () => {
    fc.assert(
      fc.property(texts, texts, texts, (before, after, newText) => {
        const marker = "<unique marker>";
        fc.pre(newText !== marker && !newText.includes("\n"));
        expect(apply(before + marker + after, marker, newText)).toBe(before + newText + after);
      }),
    );
  });

  test("replace_all agrees with a literal split and join", () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom("a", "ab", '"', "a "),
        fc.constantFrom("$&", "x", ""),
        (text, oldText, newText) => {
          fc.pre(text.includes(oldText));
          expect(apply(text, oldText, newText, true)).toBe(text.split(oldText).join(newText));
        },
      ),
    );
  });

  test("an edit throws, or replaces one place and leaves what is around it", () => {
    fc.assert(
      fc.property(texts, texts, (text, oldText) => {
        const edited = tried(text, oldText);
        if (!edited || edited.edits[0]?.tier === "indentation") return;
        const [before = "", after = ""] = edited.text.split("<new>");
        expect(text.startsWith(before)).toBe(true);
        expect(text.endsWith(after)).toBe(true);
        if (edited.edits[0]?.tier === "exact") expect(before + oldText + after).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

function tried(text: string, oldText: string) {
  try {
    return applyEdits(text, [{ oldText, newText: "<new>" }]);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^edit\./) });
    return null;
  }
}
