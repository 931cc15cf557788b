import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { MarkdownStream } from "../../../src/tui/markdown/markdown-stream.ts";
import { loadMarkdown, renderMarkdown } from "../../../src/tui/markdown/render-markdown.ts";
import { testTheme, testView } from "../theme/test-view.ts";

const sampler = readFileSync("test/tui/markdown/sampler.md", "utf8");
const view = testView(60, { theme: testTheme("16") });

beforeAll(() => loadMarkdown(sampler));

function stream(text: string, size: number): { rows: string[]; longestTail: number } {
  const markdown = new MarkdownStream();
  const rows: string[] = [];
  let longestTail = 0;
  for (let start = 0; start < text.length; start += size) {
    markdown.push(text.slice(start, start + size));
    rows.push(...markdown.commit(view));
    longestTail = Math.max(longestTail, markdown.tail(view).length);
  }
  rows.push(...markdown.end(view));
  return { rows, longestTail };
}

describe("MarkdownStream", () => {
  it.each([1, 3, 17, 200, 10_000])("gives the sampler's rows in pieces of %d characters", (size) => {
    expect(stream(sampler, size).rows).toEqual(renderMarkdown(sampler, view));
  });

  it("gives the rows of the whole for documents of random blocks", () => {
    const block = fc.constantFrom(
      "A paragraph with **strong** and `code` that is long enough to be wrapped once or twice at sixty columns.",
      "# Heading",
      "- a\n- b\n  - c\n\n- d",
      "3. x\n4. y\n\n   more",
      "```ts\nlet a = `\n${1}`; /* c\n*/ f()\n```",
      "~~~\nplain\n~~~",
      "> quote\n> goes on",
      "|a|b|\n|-|-|\n|1|2|",
      "---",
      "    indented\n\n    code",
      "<div>\nhtml\n</div>",
    );
    const separator = fc.constantFrom("\n", "\n\n", "\n\n\n");
    const document = fc
      .array(fc.tuple(block, separator), { maxLength: 8 })
      .map((parts) => parts.flat().join(""));
    fc.assert(
      fc.property(document, fc.integer({ min: 1, max: 40 }), (text, size) => {
        expect(stream(text, size).rows).toEqual(renderMarkdown(text, view));
      }),
      { numRuns: 300 },
    );
  });

  it("commits rows of a fence that does not end, and keeps the live part short", () => {
    const code = Array.from({ length: 300 }, (_, line) => `const a${line} = "${line}"; /* ${line}`).join(
      "\n",
    );
    const text = `Look:\n\n\`\`\`ts\n${code}\n*/\n\`\`\`\nDone.`;
    const { rows, longestTail } = stream(text, 50);
    expect(rows).toEqual(renderMarkdown(text, view));
    expect(longestTail).toBeLessThanOrEqual(20);
  });

  it("commits rows of a paragraph that does not end, and keeps the live part short", () => {
    const text = `Intro.\n\n${"Some **strong** words and `code` in a very long paragraph. ".repeat(80)}\n\nEnd.`;
    const { rows, longestTail } = stream(text, 40);
    expect(rows).toEqual(renderMarkdown(text, view));
    expect(longestTail).toBeLessThanOrEqual(20);
  });

  it("commits items of a list that does not end, numbers them through, and keeps the live part short", () => {
    const text = Array.from(
      { length: 120 },
      (_, item) => `1. item ${item}${item % 7 === 0 ? "\n" : ""}`,
    ).join("\n");
    const { rows, longestTail } = stream(text, 30);
    expect(rows).toEqual(renderMarkdown(text, view));
    expect(rows.at(-1)).toContain("120.");
    expect(longestTail).toBeLessThanOrEqual(20);
  });

  it("loses and doubles no word when the width changes on the way", () => {
    const words = Array.from({ length: 900 }, (_, index) => `word${index}`);
    const markdown = new MarkdownStream();
    const rows: string[] = [];
    for (const [index, word] of words.entries()) {
      markdown.push(`${word} `);
      const width = index < 450 ? 100 : 60;
      if (index % 10 === 0) rows.push(...markdown.commit(testView(width)));
    }
    rows.push(...markdown.end(testView(60)));
    expect(rows.join(" ").split(/\s+/)).toEqual(words);
  });

  it("uses definitions of links that came before", () => {
    expect(stream("[a]: http://x.org/y\n\nText.\n\n[a] it is", 5).rows.at(-1)).toContain("http://x.org/y");
  });

  it("lets no escape sequence through that is cut between two pieces", () => {
    const markdown = new MarkdownStream();
    for (const piece of ["a\x1b", "]52;c;aG", "k=\x07b\x1b[", "2Jc\n\n"]) markdown.push(piece);
    expect(markdown.end(testView(60))).toEqual(["abc"]);
  });

  it("holds rows back while the colours of a language are being loaded", async () => {
    const markdown = new MarkdownStream();
    markdown.push("Text.\n\n```swift\nlet a = 1\n```\n");
    expect(markdown.commit(view)).toEqual([]);
    expect(markdown.tail(view).length).toBeGreaterThan(0);
    await markdown.ready();
    expect(markdown.commit(view).join("")).toContain("\x1b[35mlet");
  });
});
