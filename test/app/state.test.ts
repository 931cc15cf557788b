import { describe, expect, it } from "vitest";
import {
  answeringModel,
  initialState,
  isAtWork,
  reduceState,
  type SessionState,
} from "../../src/app/state.ts";
import type { ApprovalRequest } from "../../src/protocol/approval.ts";
import type { QueueItem } from "../../src/protocol/control.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import { answer, result, USAGE, user } from "../support/session-entries.ts";

const NOW = 5_000;
const run = { runId: "r", startedMs: 1, steps: 0 };
const item = (id: string, state: QueueItem["state"]): QueueItem => ({
  id,
  kind: "steer",
  text: id,
  state,
  time: 1,
});
const request: ApprovalRequest = {
  id: "q1",
  toolCallId: "c1",
  name: "bash",
  arguments: {},
  subject: "ls",
  place: "workspace",
  reason: "",
  warnings: [],
};
const failure = { code: "x", message: "y" };
const compaction: Extract<AgentEvent, { type: "compaction_end" }> = {
  type: "compaction_end",
  summary: "s",
  firstKeptId: null,
  tokensBefore: 900,
  tokensAfter: 90,
  filesRead: [],
  filesModified: [],
};
const runEnd = {
  type: "run_end",
  runId: "r",
  outcome: "completed",
  steps: 1,
  usage: USAGE,
  durationMs: 1,
} as const;
const toolEnd: AgentEvent = { type: "tool_end", toolCallId: "c1", name: "read", isError: false, content: [] };

/** What changes, from a state in the midst of a run. */
const ROWS: readonly [title: string, event: AgentEvent, change: Partial<SessionState>][] = [
  [
    "a run that starts",
    { type: "run_start", runId: "n", prompt: "p", runtime: "codex" },
    { run: { runId: "n", startedMs: NOW, steps: 0 }, runtime: "codex" },
  ],
  ["a run that ends", runEnd, { run: null, runs: 3, runningTools: [], approvals: [] }],
  [
    "an answer of another than the run began with",
    { type: "message_start", messageId: "m", role: "assistant", runtime: "native" },
    { run: { ...run, runtime: "native" } },
  ],
  ["a step", { type: "step_start", step: 4 }, { run: { ...run, steps: 4 } }],
  [
    "an answer: its usage adds up and fills the context",
    { type: "message_end", messageId: "m", message: answer("a") },
    {
      usage: { ...USAGE, input: 20, output: 10, cost: 1 },
      contextTokens: 15,
      answeredBy: answer("a").model,
    },
  ],
  [
    "an answer of a subagent: it costs, and fills nothing",
    { type: "message_end", messageId: "m", message: answer("a"), parentToolCallId: "c1" },
    { usage: { ...USAGE, input: 20, output: 10, cost: 1 } },
  ],
  [
    "an answer without usage",
    {
      type: "message_end",
      messageId: "m",
      message: { ...answer("a"), usage: { ...USAGE, input: 0, output: 0, cost: null } },
    },
    { answeredBy: answer("a").model },
  ],
  ["a prompt", { type: "message_end", messageId: "m", message: user("p") }, {}],
  ["a result", { type: "message_end", messageId: "m", message: result("c1") }, {}],
  [
    "a tool that starts",
    { type: "tool_start", toolCallId: "c2", name: "grep", arguments: {} },
    {
      runningTools: [
        { toolCallId: "c1", name: "read", startedMs: 2 },
        { toolCallId: "c2", name: "grep", startedMs: NOW },
      ],
    },
  ],
  ["a tool that ends", toolEnd, { runningTools: [] }],
  [
    "a plan",
    { type: "plan_update", entries: [{ text: "t", status: "pending" }] },
    { plan: [{ text: "t", status: "pending" }] },
  ],
  [
    "a question",
    { type: "approval_request", request: { ...request, id: "q2" } },
    { approvals: [request, { ...request, id: "q2" }] },
  ],
  [
    "an answered question",
    { type: "approval_resolved", requestId: "q1", toolCallId: "c1", outcome: "allow_once" },
    { approvals: [] },
  ],
  [
    "a queue: pending items only",
    { type: "queue_changed", items: [item("a", "pending"), item("b", "delivered"), item("c", "cancelled")] },
    { queue: [item("a", "pending")] },
  ],
  [
    "another state",
    { type: "state_changed", from: "streaming", to: "retrying", detail: "in 3 s" },
    { state: "retrying", stateSinceMs: NOW, detail: "in 3 s" },
  ],
  ["a compaction", compaction, { contextTokens: 90 }],
  [
    "a compaction that cost something",
    { ...compaction, usage: USAGE },
    { contextTokens: 90, usage: { ...USAGE, input: 20, output: 10, cost: 1 } },
  ],
  ["a compaction that failed", { ...compaction, summary: null, error: failure }, {}],
  [
    "another model",
    { type: "model_changed", model: "x/y", thinking: "high" },
    { model: "x/y", thinking: "high" },
  ],
  ["another mode", { type: "mode_changed", mode: "plan" }, { mode: "plan" }],
  ["another runtime", { type: "runtime_changed", runtime: "codex" }, { runtime: "codex" }],
];

const UNSEEN: readonly AgentEvent[] = [
  { type: "step_end", step: 1 },
  { type: "message_start", messageId: "m", role: "assistant" },
  { type: "message_update", messageId: "m", delta: { type: "text", index: 0, text: "t" } },
  { type: "message_reset", messageId: "m" },
  { type: "tool_update", toolCallId: "c1", text: "t" },
  { type: "queue_returned", items: [] },
  { type: "retry_start", attempt: 2, maxAttempts: 4, delayMs: 1, error: failure },
  { type: "compaction_start", reason: "manual", tokensBefore: 1 },
  { type: "notice", level: "info", message: "n" },
  { type: "settled" },
];

describe(`the state after an event (${ROWS.length + UNSEEN.length} events)`, () => {
  const before = initialState({
    state: "streaming",
    run,
    runs: 2,
    runningTools: [{ toolCallId: "c1", name: "read", startedMs: 2 }],
    approvals: [request],
    usage: { ...USAGE },
    contextTokens: 7,
  });

  it.each(ROWS)("follows %s", (_title, event, change) => {
    expect(reduceState(before, event, NOW)).toEqual({ ...before, ...change });
  });

  it.each(UNSEEN)("is the same object after $type", (event) => {
    expect(reduceState(before, event, NOW)).toBe(before);
  });

  it("counts no step outside a run", () => {
    const idle = initialState({});
    expect(reduceState(idle, { type: "step_start", step: 1 }, NOW)).toBe(idle);
  });

  it.each([
    [{ run }, true],
    [{ run, state: "paused" }, true],
    [{ state: "compacting" }, true],
    [{ starting: "codex" }, true],
    [{ shells: [{ id: "s", command: "ls", startedMs: 1, output: "" }] }, true],
    [{}, false],
    [{ state: "paused" }, false],
  ] as const)("says for %o that it is at work: %s", (known, expected) => {
    expect(isAtWork(initialState(known))).toBe(expected);
  });

  it.each([
    [{ runtime: "native", answeredBy: "codex/gpt" }, "a/native-choice"],
    [{ runtime: "codex", answeredBy: "" }, ""],
    [{ runtime: "codex", answeredBy: "codex/gpt" }, "codex/gpt"],
    [{ runtime: "codex", answeredBy: "a/native-choice" }, ""],
  ])("names for %o the model %s", (known, model) => {
    expect(answeringModel(initialState({ model: "a/native-choice", ...known }))).toBe(model);
  });
});
