import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { TranscriptItem } from "../../../src/app/transcript-item.ts";
import { textWidth } from "../../../src/lib/text-width.ts";
import { loadWordDiff } from "../../../src/tui/diff/word-diff.ts";
import { loadMarkdown } from "../../../src/tui/markdown/render-markdown.ts";
import { asciiGlyphs } from "../../../src/tui/theme/glyphs.ts";
import { needsRowBetween, renderItem } from "../../../src/tui/transcript/render-item.ts";
import { expectGolden } from "../../support/golden.ts";
import { hardText, strayControls, testTheme, testView, visible } from "../theme/test-view.ts";
import { sampleItems, tool } from "./sample-items.ts";

const view = testView(80);

function transcript(change: Parameters<typeof testView>[1], width: number): string[] {
  let previous: TranscriptItem["kind"] | null = null;
  return sampleItems.flatMap((item) => {
    const rows = renderItem(item, testView(width, change));
    const gap = needsRowBetween(previous, item.kind);
    previous = item.kind;
    return gap ? ["", ...rows] : rows;
  });
}

beforeAll(async () => {
  await Promise.all([loadMarkdown("```ts\n```"), loadWordDiff()]);
});

describe("renderItem", () => {
  it.each([40, 80, 120])("draws every kind of item at %d columns", async (width) => {
    await expectGolden(`tui/transcript-${width}`, transcript({}, width).join("\n"));
  });

  it("draws every kind of item expanded", async () => {
    await expectGolden("tui/transcript-expanded", transcript({ expanded: true }, 80).join("\n"));
  });

  it("says of a failure what went wrong first, and no empty lines", () => {
    const failed = tool(
      "git_commit",
      {},
      { status: "failed", output: "Who are you?\n\nRun\n\n  git config\n" },
    );
    const theme = testTheme("16");
    const rows = renderItem(failed, testView(60, { theme })).slice(1);
    expect(rows).toEqual([
      `      ${theme.style.error("Who are you?")}`,
      `      ${theme.style.dim("Run")}`,
      `      ${theme.style.dim("  git config")}`,
    ]);
  });

  it("names no key for what it leaves out where there is no transcript to open", () => {
    expect(transcript({}, 80).join("\n")).toContain("(Ctrl+O)");
    const rows = transcript({ moreHint: "" }, 80);
    expect(rows.join("\n")).not.toContain("Ctrl+O");
    expect(rows.join("\n")).toMatch(/more lines?$/m);
  });

  it("draws every kind of item with ASCII alone, but for what was said", () => {
    const rows = transcript({ glyphs: asciiGlyphs }, 80).filter(
      (row) => !/parser\/(lines|blocks).test/.test(row),
    );
    expect(rows.filter((row) => /[^ -~]/.test(row))).toEqual([]);
  });

  it.each([
    ["has all at 60", 60, "  ✓ grep  a long pattern to look for       5 matches    0.1s"],
    ["drops the time first", 34, "  ✓ grep  a lo…look for  5 matches"],
    ["then the result", 20, "  ✓ grep  a l…ok for"],
    ["and keeps the name", 12, "  ✓ grep  a…"],
  ])("a call's line %s", (_, width, row) => {
    const item = tool(
      "grep",
      { pattern: "a long pattern to look for" },
      { details: { summary: "5 matches" } },
    );
    expect(renderItem(item, testView(width))[0]).toBe(row);
  });

  it("shows the time a call has been running", () => {
    const item = tool("bash", { command: "sleep 99" }, { status: "running", startedMs: 28_000 });
    expect(renderItem(item, view)[0]).toMatch(/running {3} 1:12$/);
  });

  it("cuts a long diff and a long output, and shows all when expanded", () => {
    const output = Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n");
    const item = tool("bash", { command: "make" }, { status: "failed", output });
    expect(renderItem(item, view).at(1)).toBe("      … 22 more lines (Ctrl+O)");
    expect(renderItem(item, view).at(-1)).toBe("      line 29");
    expect(renderItem(item, { ...view, expanded: true })).toHaveLength(32);
  });

  it("leaves no blank at a row's end and makes no frame, so that it copies clean", () => {
    for (const row of visible(transcript({ theme: testTheme("truecolor") }, 80)))
      expect(row).toBe(row.trimEnd());
  });

  it("gives no row wider than asked and no control character, whatever the texts", () => {
    const text = hardText;
    const item: fc.Arbitrary<TranscriptItem> = fc.oneof(
      fc.record({ kind: fc.constant("user" as const), id: text, text, images: fc.nat(2) }),
      fc.record({ kind: fc.constant("assistant" as const), id: text, text, speaker: text }),
      fc.record({ kind: fc.constant("thinking" as const), id: text, text, live: fc.boolean() }),
      fc.record({ kind: fc.constant("shell" as const), id: text, command: text, output: text }),
      fc.record({
        kind: fc.constant("notice" as const),
        id: text,
        level: fc.constantFrom("info", "warning", "error"),
        message: text,
        hint: text,
      }),
      fc.record({
        kind: fc.constant("error" as const),
        id: text,
        failure: fc.record({ code: text, message: text, hint: text }),
      }),
      fc.record({ kind: fc.constant("runtime" as const), id: text, runtime: text, detail: text }),
      fc
        .tuple(text, text, fc.constantFrom("running", "done", "failed", "denied", "waiting"))
        .map(([a, b, status]) =>
          tool(a, { [a]: b, command: b }, { status, output: a + b, gate: b, details: { summary: a } }),
        ),
      text.map((name) => tool("todo", {}, { details: { plan: [{ text: name, status: "pending" }] } })),
    );
    fc.assert(
      fc.property(item, fc.integer({ min: 16, max: 120 }), fc.boolean(), (shown, width, expanded) => {
        const rows = renderItem(shown, testView(width, { expanded, theme: testTheme("16") }));
        expect(strayControls(rows)).toEqual([]);
        for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 1_000 },
    );
  });
});
