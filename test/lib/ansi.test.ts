import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTextSanitizer, revealControls, sanitizeText } from "../../src/lib/ansi.ts";
import { expandTabs, truncateText } from "../../src/lib/text-width.ts";
import { hardText } from "../tui/theme/test-view.ts";

describe("sanitizeText", () => {
  it.each([
    ["colours", "\x1b[1;31mred\x1b[0m", "red"],
    ["cursor movement and erasing", "a\x1b[2J\x1b[3J\x1b[10;10Hb", "ab"],
    ["private modes", "\x1b[?25l\x1b[?1049hx", "x"],
    ["the clipboard (OSC 52)", "a\x1b]52;c;c2VjcmV0\x07b", "ab"],
    ["a title ended by ST", "a\x1b]0;title\x1b\\b", "ab"],
    ["hyperlinks, keeping their text", "\x1b]8;;http://x\x1b\\here\x1b]8;;\x1b\\", "here"],
    ["device control strings", "a\x1bPq#0;2\x1b\\b", "ab"],
    ["8-bit forms", "a\x9b31mb\x9d0;t\x9cc", "abc"],
    ["single escapes", "a\x1bcb\x1b(Bc\x1b7d", "abcd"],
    ["control characters", "a\x00\x07\x08\x0b\x0c\x7fb", "ab"],
    ["overrides of direction", "a\u202e\u2066b\u2069\u200f", "ab"],
    ["zero-width characters that join nothing", "a\u200b\ufeff\u2060\u00adb", "ab"],
  ])("drops %s", (_, text, clean) => {
    expect(sanitizeText(text)).toBe(clean);
  });

  it("swallows nothing behind a string that is never ended", () => {
    expect(sanitizeText("a\x1b]52;c;rest of the line\nnext")).toBe("a52;c;rest of the line\nnext");
  });

  it("keeps tabs, newlines and joiners, and makes newlines of carriage returns and line separators", () => {
    expect(sanitizeText("a\tb\r\nc\rd\u2028e \u{1f468}\u200d\u{1f469}")).toBe(
      "a\tb\nc\nd\ne \u{1f468}\u200d\u{1f469}",
    );
  });

  it("replaces lone surrogates", () => {
    expect(sanitizeText("a\ud800b")).toBe("a\ufffdb");
  });

  it("takes time that grows with the length only, whatever the text", () => {
    const start = performance.now();
    for (const unit of ["\x9d", "\x1b]a", "\x1b[0", "\x1bP\x1b", "\x1b]8;;"])
      sanitizeText(unit.repeat(200_000 / unit.length));
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe("createTextSanitizer", () => {
  it.each([
    ["a line end", ["a\r\x1b", "[31m\n", "b"], "a\nb"],
    ["a line end, the sequence whole", ["a\r\x1b[31m", "\nb"], "a\nb"],
    ["a surrogate pair", ["\ud83d\x1b[0", "m\ude00"], "\u{1f600}"],
  ])("joins %s across a sequence that is dropped", (_, pieces, clean) => {
    const sanitizer = createTextSanitizer();
    const pushed = pieces.map((piece) => sanitizer.push(piece)).join("");
    expect(pushed + sanitizer.end()).toBe(clean);
    expect(sanitizeText(pieces.join(""))).toBe(clean);
  });

  it("gives the same text for any cutting into pieces", () => {
    fc.assert(
      fc.property(hardText, fc.array(fc.nat(80), { maxLength: 8 }), (text, cuts) => {
        const sanitizer = createTextSanitizer();
        let clean = "";
        let start = 0;
        for (const cut of cuts) {
          clean += sanitizer.push(text.slice(start, start + cut));
          start += cut;
        }
        clean += sanitizer.push(text.slice(start)) + sanitizer.end();
        expect(clean).toBe(sanitizeText(text));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("revealControls", () => {
  it("shows what sanitizeText would drop", () => {
    expect(revealControls("rm \u202e-rf\x1b[2K a\nb\tc\rd")).toBe("rm \\u202e-rf\\u001b[2K a\nb\tc\\u000dd");
  });
});

const CORPUS = "../shared/corpora/terminal/unsafe-text.jsonl";
// The peer keeps DEL and a bare CR. DEL prints nothing anywhere; a CR would let later text overwrite earlier.
const OTHERWISE = ["preserve DEL (0x7F)"];

type Case = { fn: string; args: string[]; expected: string; matcher: string; source: { test: string } };
const cases: Case[] = existsSync(CORPUS)
  ? readFileSync(CORPUS, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];
const stripped = cases.filter(
  (row) => row.fn === "stripUnsafeCharacters" && !OTHERWISE.some((name) => row.source.test.endsWith(name)),
);

describe.runIf(existsSync(CORPUS))(`unsafe-text corpus (${cases.length} cases)`, () => {
  it(`${stripped.length} texts are stripped as a peer does, with CR as newline; decided otherwise: ${OTHERWISE.join(", ")}`, () => {
    for (const row of stripped) {
      expect(sanitizeText(row.args[0] ?? ""), row.source.test).toBe(row.expected.replace(/\r\n?/g, "\n"));
    }
  });

  it("control sequences can be made visible, lists show one line, cut where it is too long", () => {
    for (const row of cases) {
      const [text, width] = row.args;
      if (row.fn === "escapeAnsiCtrlCodes") expect(revealControls(text ?? "")).toBe(row.expected);
      if (row.fn !== "sanitizeForDisplay" || typeof text !== "string") continue;
      const line = sanitizeText(text).replace(/\s+/g, " ");
      expect(truncateText(expandTabs(line), Number(width ?? 80), "...")).toBe(row.expected);
    }
  });
});

describe.runIf(!existsSync(CORPUS))("unsafe-text corpus", () => {
  it("is absent here: its cases are not run", () => expect(cases).toEqual([]));
});
