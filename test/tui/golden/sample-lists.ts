// What the newer lists of the sample desk hold: roles, parts of the system prompt, snapshots, a try, a search.
import type { App, FoundSession } from "../../../src/app/app.ts";
import type { Snapshot } from "../../../src/app/rollback/checkpoint-choice.ts";
import type { FileDiff } from "../../../src/protocol/checkpoint.ts";
import type { TryChange } from "../../../src/protocol/try-change.ts";

const MINUTE = 60_000;

type Role = Awaited<ReturnType<App["roles"]["list"]>>["roles"][number];

const ROLES: readonly Role[] = [
  {
    name: "reviewer",
    description: "reads changes and says what is wrong with them, without changing anything",
    source: "user",
    path: "/home/me/.config/hearth/roles/reviewer.md",
    model: "anthropic/claude-sonnet-9",
    thinking: "high",
    tools: ["read", "grep", "git_diff"],
    mode: "plan",
    text: "You review. Name the file and the line of each finding.",
  },
  {
    name: "译者",
    description: "translates the documents",
    source: "project",
    path: "/home/me/parser/.hearth/roles/译者.md",
    text: "You translate.",
  },
];

const PATCH = [
  "--- a/src/parser/lines.ts",
  "+++ b/src/parser/lines.ts",
  "@@ -3,3 +3,3 @@",
  " export function lines(text: string) {",
  '-  return text.split("\\n");',
  "+  return text.split(/\\r?\\n/);",
  "",
].join("\n");

const CHANGED: readonly FileDiff[] = [
  { path: "src/parser/lines.ts", change: "changed", added: 1, removed: 1, patch: PATCH },
  { path: "test/fixtures/crlf.txt", change: "added", added: 12, removed: 0, patch: "" },
];

function snapshots(): Snapshot[] {
  const snapshot = (id: string, minutes: number | null, title: string, change: Partial<Snapshot> = {}) => ({
    id,
    timeMs: minutes === null ? null : Date.now() - minutes * MINUTE - 10_000,
    title,
    files: null,
    commit: "c0",
    ...change,
  });
  return [
    snapshot("start", 42, "before the first change"),
    snapshot("turn-0001", 40, "the tests in src/parser fail on windows line endings, fix that", { files: 2 }),
    snapshot("turn-0002", null, "what did you change?", { files: 0, commit: null }),
    snapshot("safety-1", 12, "before /undo"),
    snapshot("green", 3, "named"),
  ];
}

const hunk = (number: number, ...lines: readonly string[]) => ({
  number,
  mark: `m${number}`,
  header: `@@ -${number * 10},2 +${number * 10},2 @@`,
  lines,
});

const change = (path: string, rest: Partial<TryChange> = {}): TryChange => ({
  path,
  kind: "changed",
  what: "text",
  state: "clean",
  group: null,
  hunks: [],
  added: 1,
  removed: 1,
  realStamp: "s",
  ...rest,
});

const TRIED: readonly TryChange[] = [
  change("src/parser/lines.ts", {
    hunks: [
      hunk(1, '-import { a } from "./a";', '+import { a } from "./a.ts";'),
      hunk(2, '-  return text.split("\\n");', "+  return text.split(/\\r?\\n/);"),
    ],
    added: 2,
    removed: 2,
  }),
  change("README.md", { state: "conflict", hunks: [hunk(1, "-old", "+new")] }),
  change("test/fixtures/crlf.txt", { kind: "added", added: 12, removed: 0 }),
  change("node_modules/.cache/x", { kind: "added", group: "ignored" }),
];

const FOUND: readonly FoundSession[] = [
  {
    id: "s1",
    path: "/home/me/.hearth/sessions/s1.jsonl",
    cwd: "/home/me/parser",
    name: "parser: windows line endings",
    firstPrompt: "fix it",
    modifiedMs: Date.now() - 2 * MINUTE - 10_000,
    runs: 14,
    runtimes: ["native"],
    kind: "answer",
    entryId: "e1",
    time: "2026-11-20T10:00:00.000Z",
    entries: 2,
    text: "Lines are split at CRLF too now; all 14 tests pass.",
  },
  {
    id: "s2",
    path: "/home/me/.hearth/sessions/s2.jsonl",
    cwd: "/home/me/parser",
    name: "",
    firstPrompt: "解析器：表格对齐",
    modifiedMs: Date.now() - 4_320 * MINUTE - 10_000,
    runs: 3,
    runtimes: ["codex"],
    kind: "tool",
    entryId: "e2",
    time: "2026-11-17T10:00:00.000Z",
    entries: 1,
    text: "src/table.ts:14: split at CRLF 中文",
  },
];

/** Parts of the sample app. */
export function sampleLists() {
  return {
    roles: { list: async () => ({ roles: [...ROLES], problems: [] }) },
    system: {
      parts: async () => [
        { name: "base", text: "You are Hearth, a coding agent.\nYou work in the person's repository." },
        { name: "AGENTS.md", text: "Tests live in test/.\nNo default exports." },
      ],
    },
    checkpoints: {
      list: async () => snapshots(),
      diff: async () => ({ where: "turn-0001", files: [...CHANGED] }),
    },
    trial: {
      changes: async () => [...TRIED],
      sides: async () => ({ base: false, ours: null, theirs: null }),
    },
    search: async () => [...FOUND],
  };
}
