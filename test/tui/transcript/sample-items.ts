// One item of every kind and state, as a session would hold them.
import type { ToolItem, TranscriptItem } from "../../../src/app/transcript-item.ts";

const patch = [
  "--- a/src/parser/lines.ts",
  "+++ b/src/parser/lines.ts",
  "@@ -12,1 +12,2 @@",
  '-  return text.split("\\n");',
  "+  // A bare CR is data: only LF and CRLF end a line.",
  "+  return text.split(/\\r?\\n/);",
].join("\n");
const longPatch = ["@@ -0,0 +1,40 @@", ...Array.from({ length: 40 }, (_, line) => `+line ${line + 1}`)].join(
  "\n",
);
/** A change with lines that are too long for a narrow window, tabs, wide characters and several hunks. */
export const samplePatch = {
  path: "lines.ts",
  added: 4,
  removed: 3,
  patch: [
    "--- a/lines.ts",
    "+++ b/lines.ts",
    "@@ -1,4 +1,5 @@",
    " // Splits a text into lines.",
    "-export function splitLines(text: string): string[] {",
    '-\treturn text.split("\\n");',
    "+export function splitLines(text: string): readonly string[] {",
    "+\t// A bare CR is data: only LF and CRLF end a line, and this comment is long enough to be wrapped at eighty columns.",
    "+\treturn text.split(/\\r?\\n/);",
    " }",
    "@@ -98,3 +99,2 @@",
    " const title = 1;",
    '-const greeting = "你好，世界";',
    "-gone entirely\u202e and reversed",
    '+const greeting = "你好，朋友";',
  ].join("\n"),
};
const usage = { input: 2_100, output: 84, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: 0.08 };

export function tool(name: string, args: Record<string, unknown>, change: Partial<ToolItem> = {}): ToolItem {
  return {
    kind: "tool",
    id: name,
    name,
    arguments: args,
    status: "done",
    output: "",
    startedMs: 88_000,
    durationMs: 120,
    ...change,
  };
}

export const sampleItems: readonly TranscriptItem[] = [
  {
    kind: "user",
    id: "u1",
    text: "the tests in src/parser fail on windows line endings, fix that\n\nand add a test",
    images: 2,
  },
  {
    kind: "thinking",
    id: "t1",
    text: "The user wants **CRLF** handled.\nLet me look at the parser first, then decide.",
    live: true,
    startedMs: 93_000,
  },
  {
    kind: "thinking",
    id: "t2",
    text: "The user wants **CRLF** handled.\nLet me look.",
    live: false,
  },
  {
    kind: "assistant",
    id: "a1",
    text: "I'll look at how lines are split first.\n\n```ts\nlet a = 1;\n```",
    speaker: "",
  },
  tool("grep", { pattern: "split\\(", path: "src/parser" }, { details: { summary: "5 matches" } }),
  tool("read", { path: "src/parser/lines.ts", offset: 10, limit: 20 }, { output: "a\nb\n" }),
  tool("write", { path: "test/parser/lines.test.ts", content: "a\nb\nc\n" }),
  tool(
    "edit",
    { path: "src/parser/lines.ts" },
    { details: { diff: { path: "src/parser/lines.ts", patch, added: 2, removed: 1 } } },
  ),
  tool(
    "edit",
    { path: "src/new.ts" },
    { details: { diff: { path: "src/new.ts", patch: longPatch, added: 40, removed: 0 } } },
  ),
  tool(
    "bash",
    { command: "npm test -- parser" },
    {
      status: "running",
      output: "1\n2\n3\n4\n  ✓ parser/lines.test.ts (14)\n\x1b[33m  ❯ parser/blocks.test.ts (22)\x1b[0m\n",
    },
  ),
  tool(
    "bash",
    { command: "npm test\nnpm run lint" },
    {
      status: "failed",
      output: "1 failed\nAssertionError",
      durationMs: 73_000,
      details: { exitCode: 1, summary: "exit 1" },
    },
  ),
  tool("bash", { command: "true" }, { details: { exitCode: 0, summary: "exit 0" } }),
  tool("bash", { command: "rm -rf build && npm run build" }, { status: "waiting" }),
  tool("bash", { command: "curl x.org" }, { status: "denied", gate: "use the fetch tool" }),
  tool("glob", { pattern: "**/*.ts" }, { status: "cancelled" }),
  tool("ls", {}, { status: "skipped" }),
  tool("git_commit", { message: "fix: CRLF\n\nbody" }, { details: { summary: "committed" } }),
  tool("git_add", { paths: ["a.ts", "b.ts"] }),
  tool(
    "todo",
    {},
    {
      details: {
        plan: [
          { text: "read", status: "completed" },
          { text: "fix it", status: "in_progress" },
          { text: "test", status: "pending" },
        ],
      },
    },
  ),
  tool(
    "Read",
    { file_path: "/repo/project/src/a/rather/long/path/to/some/file/of/the/parser/lines.ts" },
    { gate: "asked us: allowed by rule" },
  ),
  tool(
    "mcp__tracker__search",
    { filter: {}, text: "open bugs" },
    { status: "failed", output: "no connection\nto the tracker" },
  ),
  tool("read", { path: "child.ts" }, { parentToolCallId: "task-1", output: "a" }),
  { kind: "shell", id: "s1", command: "echo hi; exit 3", output: "hi\n", exitCode: 3 },
  {
    kind: "plan",
    id: "p1",
    entries: [
      { text: "look at it", status: "completed" },
      { text: "mend it and explain at length why it had to be mended in that way", status: "in_progress" },
    ],
  },
  { kind: "notice", id: "n1", level: "info", message: "Context was compacted: 150k to 32k tokens." },
  {
    kind: "notice",
    id: "n2",
    level: "warning",
    message: "steering reaches it only between its own steps",
    hint: "Alt+Enter queues it.",
  },
  { kind: "notice", id: "n3", level: "error", message: "The settings could not be read." },
  {
    kind: "error",
    id: "e1",
    failure: {
      code: "provider.auth",
      message: "Anthropic refused the key in ANTHROPIC_API_KEY.",
      hint: "Set another key, then send the prompt again.",
    },
  },
  { kind: "run_end", id: "r1", outcome: "completed", steps: 3, durationMs: 41_000, usage },
  {
    kind: "run_end",
    id: "r2",
    outcome: "interrupted",
    steps: 1,
    durationMs: 900,
    usage: { ...usage, input: 0, cost: null },
  },
  { kind: "runtime", id: "x1", runtime: "claude-code", detail: "it has the conversation so far" },
  {
    kind: "assistant",
    id: "a2",
    text: "Two problems. The regex runs on every call.",
    speaker: "claude-code",
  },
];
