import fc from "fast-check";
import { expect, it } from "vitest";
import { wrapText } from "../../../src/lib/wrap.ts";
import {
  compileQuery,
  findHits,
  highlightRow,
  matchesItem,
  plainRow,
  type Query,
} from "../../../src/tui/transcript-view/query.ts";
import { tool } from "../transcript/sample-items.ts";

function query(text: string): Query {
  const compiled = compileQuery(text);
  if (compiled === null) throw new Error(`${text} is no query`);
  return compiled;
}

const assistant = (text: string) => ({ kind: "assistant", id: "a", text, speaker: "" }) as const;

it("capitals count only when the query has some, and signs stand for themselves", () => {
  expect(matchesItem(query("hello"), assistant("Say HELLO"))).toBe(true);
  expect(matchesItem(query("Hello"), assistant("say hello"))).toBe(false);
  expect(matchesItem(query("a.b(c)"), assistant("x a.b(c) y"))).toBe(true);
  expect(matchesItem(query("a.b"), assistant("axb"))).toBe(false);
  expect(compileQuery("  ")).toBeNull();
});

it("finds what was read, what was written, what was run and what it said", () => {
  expect(matchesItem(query("needle"), tool("bash", { command: "grep needle" }))).toBe(true);
  expect(matchesItem(query("needle"), tool("bash", { command: "ls" }, { output: "a needle\n" }))).toBe(true);
  expect(matchesItem(query("needle"), tool("write", { path: "a", content: "needle" }))).toBe(true);
});

it("property: words of a text are found in its rows, however it is wrapped", () => {
  const word = fc.stringMatching(/^[a-z]{1,9}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 3, maxLength: 40 }),
      fc.nat(),
      fc.integer({ min: 10, max: 60 }),
      (words, at, width) => {
        const from = at % (words.length - 1);
        const text = words.join(" ");
        const rows = wrapText(text, width).map((row) => `  ${row}`);
        const hits = findHits(query(`${words[from]} ${words[from + 1]}`), rows);
        expect(hits.length).toBeGreaterThan(0);
        for (const parts of hits) {
          const found = parts.map(({ row, start, end }) => (rows[row] ?? "").slice(start, end)).join(" ");
          expect(found.replace(/\s+/g, " ")).toBe(`${words[from]} ${words[from + 1]}`);
        }
      },
    ),
  );
});

it("property: highlighting changes no character and inverts the hits alone, whatever the row is painted with", () => {
  const piece = fc.record({
    text: fc.stringMatching(/^[a-c ]{0,6}$/),
    before: fc.constantFrom("", "\x1b[1m", "\x1b[38;2;1;2;3m", "\x1b]8;;http://a.b\x1b\\"),
    after: fc.constantFrom("", "\x1b[22m", "\x1b[39m", "\x1b]8;;\x1b\\"),
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const row = pieces.map(({ text, before, after }) => before + text + after).join("");
      const plain = plainRow(row);
      const hits = findHits(query("ab"), [row]).flat();
      const lit = highlightRow(row, hits);
      expect(plainRow(lit)).toBe(plain);
      const inverted = [...lit.matchAll(/\x1b\[7m(.*?)\x1b\[27m/g)].map((match) => match[1]).join("");
      expect(plainRow(inverted)).toBe((plain.match(/ab/g) ?? []).join(""));
    }),
  );
});
