import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import { MarkdownStream } from "../../../src/tui/markdown/markdown-stream.ts";
import { loadMarkdown, renderMarkdown } from "../../../src/tui/markdown/render-markdown.ts";
import { strayControls, testView } from "../theme/test-view.ts";

const CORPUS = "../shared/corpora/commonmark/spec-0.31.2.jsonl";
type Example = { section: string; markdown: string; html: string };
const examples: Example[] = existsSync(CORPUS)
  ? readFileSync(CORPUS, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];
const view = testView(40);

/** A link whose definition comes after it is text when its paragraph ends; a stream has shown it by then. */
function definesLater(markdown: string): boolean {
  return /\[[\s\S]*\n[ >]*\[[\s\S]+\]:/.test(markdown);
}

/** Named references are decoded where they are common, and shown as written where they are not. */
const NAMED = /&[A-Za-z]\w*;/;

describe.runIf(examples.length > 0)(`CommonMark's examples (${examples.length})`, () => {
  beforeAll(() => loadMarkdown(examples.map((example) => example.markdown).join("\n")));

  it("all keep every word, fit the width and hold no control character", () => {
    for (const { markdown, html } of examples) {
      const rows = renderMarkdown(markdown, view);
      expect(strayControls(rows)).toEqual([]);
      for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(40);
      const shown = rows.join("").replace(/\s/g, "");
      if (NAMED.test(markdown)) continue;
      for (const word of wordsOf(html)) expect(shown, markdown).toContain(word);
    }
  });

  it("all can be cut after every character", () => {
    for (const { markdown } of examples) {
      for (let end = 0; end < markdown.length; end++) {
        expect(strayControls(renderMarkdown(markdown.slice(0, end), view))).toEqual([]);
      }
    }
  });

  it("character by character give the rows of the whole, except for links defined after their use", () => {
    const differing = examples.filter(
      ({ markdown }) => streamed(markdown) !== renderMarkdown(markdown, view).join("\n"),
    );
    for (const { markdown } of differing) expect(definesLater(markdown), markdown).toBe(true);
    expect(differing.length).toBeLessThan(examples.length / 10);
  });
});

describe.runIf(examples.length === 0)("CommonMark's examples", () => {
  it("are absent here: they are not run", () => expect(examples).toEqual([]));
});

function streamed(markdown: string): string {
  const stream = new MarkdownStream();
  const rows: string[] = [];
  for (const character of markdown) {
    stream.push(character);
    rows.push(...stream.commit(view));
    for (const row of stream.tail(view)) expect(textWidth(row)).toBeLessThanOrEqual(40);
  }
  return [...rows, ...stream.end(view)].join("\n");
}

function wordsOf(html: string): string[] {
  return html
    .replace(/<[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .split(/\s+/)
    .filter((word) => word !== "");
}
