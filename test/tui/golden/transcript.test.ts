// Every kind of item of the transcript, as each kind of terminal shows it.
import { readFileSync } from "node:fs";
import { beforeAll, describe, it } from "vitest";
import type { ToolItem, TranscriptItem } from "../../../src/app/transcript-item.ts";
import { loadWordDiff } from "../../../src/tui/diff/word-diff.ts";
import { loadMarkdown } from "../../../src/tui/markdown/render-markdown.ts";
import { needsRowBetween, renderItem } from "../../../src/tui/transcript/render-item.ts";
import { sampleItems, samplePatch, tool } from "../transcript/sample-items.ts";
import { type Component, expectScreens } from "./expect-screens.ts";
import { CLASS_NAMES } from "./theme-classes.ts";

const sampler = readFileSync("test/tui/markdown/sampler.md", "utf8");
const records =
  "| implementation | how many tests | what they cover | who wrote them | since |\n|:-|-:|:-:|-|-|\n| a.ts | 14 | **all** of it, and more than that | 中文 | yesterday |\n| b.ts | 2 | `x` | | |";

const isKind =
  (...kinds: TranscriptItem["kind"][]) =>
  (item: TranscriptItem): boolean =>
    kinds.includes(item.kind);

/** Items below each other as the transcript sets them. */
function items(
  name: string,
  list: readonly TranscriptItem[],
  change: Partial<Component> & { expanded?: boolean } = {},
): Component {
  const { expanded = false, ...rest } = change;
  return {
    name,
    draw: (view) => {
      let previous: TranscriptItem["kind"] | null = null;
      return list.flatMap((item) => {
        const gap = needsRowBetween(previous, item.kind);
        previous = item.kind;
        return [...(gap ? [""] : []), ...renderItem(item, { ...view, expanded })];
      });
    },
    ...rest,
  };
}

const user: TranscriptItem[] = [
  { kind: "user", id: "u1", text: "fix the line endings\n\nand add a test", images: 0 },
  {
    kind: "user",
    id: "u2",
    text: "[image #1 shot.png] what is wrong here? 中文也可以，包括很长的一行文字，它必须换行显示",
    images: 2,
    pictures: [{ name: "640x480 png, 34 KB" }, { name: "jpeg, 1.2 MB" }],
  },
];
const answer = (text: string, speaker = ""): TranscriptItem[] => [
  { kind: "assistant", id: "a", text, speaker },
];
const tools = sampleItems.filter((item): item is ToolItem => item.kind === "tool");
const states: ToolItem[] = [
  tool("bash", { command: "npm test" }, { status: "waiting" }),
  tool("bash", { command: "npm test" }, { status: "running", output: "one\ntwo\n" }),
  tool("bash", { command: "npm test" }, { output: "1\n2\n3", details: { summary: "exit 0", exitCode: 0 } }),
  tool(
    "bash",
    { command: "npm test" },
    { status: "failed", output: "boom\n[Exit code 1]", details: { exitCode: 1, summary: "exit 1" } },
  ),
  tool("bash", { command: "npm test" }, { status: "cancelled", output: "half" }),
  tool("bash", { command: "npm test" }, { status: "skipped" }),
  ...(["policy", "hook", "user", "unattended"] as const).map((denial) =>
    tool(
      "bash",
      { command: "rm -rf /" },
      { status: "denied", gate: `why it was ${denial}`, details: { denial } },
    ),
  ),
  tool(
    "edit",
    { path: "src/none.ts" },
    { status: "failed", output: "src/none.ts does not exist.\nDid you mean src/one.ts?" },
  ),
  tool(
    "read",
    { path: "shot.png" },
    { pictures: [{ name: "640x480 png, 34 KB" }], details: { summary: "image" } },
  ),
  tool("mcp__tracker__search", { query: "open bugs" }, { output: "3 found" }),
];

const COMPONENTS: readonly Component[] = [
  items("user", user),
  items("thinking", sampleItems.filter(isKind("thinking"))),
  items("thinking-expanded", sampleItems.filter(isKind("thinking")), { expanded: true }),
  items("answer", answer(sampler)),
  items("answer-of-another-agent", answer("Two problems. The regex runs on every call.", "claude-code")),
  items("wide-table", answer(records)),
  items("tools", tools),
  items("tools-expanded", tools, { expanded: true }),
  items("tool-states", states),
  items("diff", [tool("edit", { path: "lines.ts" }, { details: { diff: samplePatch } })], {
    widths: [160],
    expanded: true,
  }),
  items("shell", sampleItems.filter(isKind("shell"))),
  items("plan", sampleItems.filter(isKind("plan"))),
  items("notices", sampleItems.filter(isKind("notice"))),
  items("error", sampleItems.filter(isKind("error"))),
  items("run-ends", sampleItems.filter(isKind("run_end"))),
  items("runtime-banner", sampleItems.filter(isKind("runtime"))),
];

beforeAll(async () => {
  await Promise.all([loadMarkdown(sampler), loadMarkdown("```ts\n```"), loadWordDiff()]);
});

describe.each(CLASS_NAMES)("on a %s terminal", (kind) => {
  it.each(COMPONENTS)("$name is shown as it was", async (component) => {
    await expectScreens(component, kind);
  });
});
