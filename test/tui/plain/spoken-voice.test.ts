import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AgentEvent } from "../../../src/protocol/event.ts";
import { NO_USAGE } from "../../../src/protocol/usage-sum.ts";
import { sayTime } from "../../../src/tui/plain/say-item.ts";
import { createSpokenVoice } from "../../../src/tui/plain/spoken-voice.ts";
import { approvalRequest, queueItem } from "../components/sample-state.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const text = (value: string): AgentEvent => ({
  type: "message_update",
  messageId: "m",
  delta: { type: "text", index: 0, text: value },
});
const start = (id: string, command: string): AgentEvent => ({
  type: "tool_start",
  toolCallId: id,
  name: "bash",
  arguments: { command },
});
const end = (id: string, exitCode: number, output = ""): AgentEvent => ({
  type: "tool_end",
  toolCallId: id,
  name: "bash",
  isError: exitCode !== 0,
  content: [{ type: "text", text: output }],
  details: { exitCode, durationMs: 1_234 },
});
const answer = (value: string): AgentEvent => ({
  type: "message_end",
  messageId: "m",
  message: {
    role: "assistant",
    content: [{ type: "text", text: value }],
    model: "a/b",
    stopReason: "stop",
    usage: NO_USAGE,
  },
});

function hear(...events: AgentEvent[]): string[] {
  const voice = createSpokenVoice(() => undefined);
  for (const event of events) voice.apply(event);
  return voice.lines();
}

describe("the spoken voice", () => {
  it("says an answer line by line as it comes, and never twice", () => {
    const voice = createSpokenVoice(() => undefined);
    voice.apply({ type: "message_start", messageId: "m", role: "assistant" });
    voice.apply(text("I'll **look**"));
    expect(voice.lines()).toEqual([]);
    voice.apply(text(" first.\nThen"));
    expect(voice.lines()).toEqual(["Hearth says:", "I'll look first."]);
    voice.apply(text(" more\x1b[2J\u202e."));
    voice.apply(answer("I'll **look** first.\nThen more."));
    expect(voice.lines()).toEqual(["Then more."]);
  });

  it("says an answer that came at once", () => {
    expect(hear(answer("# Hi"))).toEqual(["Hearth says:", "Heading: Hi"]);
  });

  it("says a tool once, when it is over, in words", () => {
    expect(hear(start("1", "npm test"), end("1", 0))).toEqual([
      "Tool bash, npm test: done, exit 0, 1.2 seconds.",
    ]);
    expect(hear(start("1", "npm test"), end("1", 2, "a\n\nb\n"))).toEqual([
      "Tool bash, npm test: failed, exit 2, 1.2 seconds.",
      "Output:",
      "a",
      "b",
    ]);
  });

  it("says that a tool runs only when it takes long", async () => {
    const onLines = vi.fn();
    const voice = createSpokenVoice(onLines);
    voice.apply(start("1", "npm test"));
    voice.apply(start("2", "ls"));
    voice.apply(end("2", 0));
    voice.lines();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(onLines).toHaveBeenCalledTimes(1);
    expect(voice.lines()).toContain("Tool bash, npm test: running.");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onLines).toHaveBeenCalledTimes(1);
  });

  it("asks in words what it may do, with the change and what to type", () => {
    const voice = createSpokenVoice(() => undefined);
    const patch = "--- a/x\n+++ b/x\n@@ -12,1 +12,1 @@\n-old\n+new\n";
    expect(voice.question(approvalRequest({ patch }))).toEqual([
      "Question: bash wants to run, workspace, no network:",
      "rm -rf build && npm run build",
      "Removed, line 12: old",
      "Added, line 12: new",
      "Warning: rm -rf build deletes 214 files that git ignores",
      "Reason: rule: ask (default for commands)",
      "Type y for once, a for always bash(npm run build), or n and a reason for no, then Enter.",
    ]);
  });

  it("says what is queued, once, and when it will go", () => {
    const items = [queueItem("1", "steer", "also\nthis"), queueItem("2", "pause", "")];
    expect(
      hear(
        { type: "queue_changed", items },
        { type: "queue_changed", items: [...items, queueItem("3", "follow_up", "then that")] },
        { type: "queue_changed", items: [] },
      ),
    ).toEqual([
      "Queued, goes after the running tools: also this",
      "Queued, goes when this is done: then that",
    ]);
  });

  it("says pauses, retries of an answer, notices, plans, failures and how it ended", () => {
    const usage = { ...NO_USAGE, cost: 0.08 };
    expect(
      hear(
        { type: "state_changed", from: "streaming", to: "paused" },
        { type: "message_reset", messageId: "m" },
        { type: "notice", level: "warning", message: "careful", hint: "Look." },
        {
          type: "plan_update",
          entries: [
            { text: "a", status: "completed" },
            { text: "b", status: "in_progress" },
            { text: "c", status: "pending" },
          ],
        },
        {
          type: "run_end",
          runId: "r",
          outcome: "failed",
          steps: 1,
          usage,
          durationMs: 61_000,
          error: { code: "provider.auth", message: "No key.", hint: "Set one." },
        },
      ),
    ).toEqual([
      "Paused. Type /continue to go on.",
      "The answer broke off; it begins again.",
      "Warning: careful Look.",
      "Plan:",
      "Done: a",
      "Now: b",
      "Later: c",
      "Error provider.auth: No key. Set one.",
      "Failed: 1 step, 1 minute 1 second, $0.080.",
    ]);
  });

  it("has no sign that carries a meaning of its own", () => {
    const voice = createSpokenVoice(() => undefined);
    for (const event of [start("1", "x"), end("1", 1, "out"), answer("done")]) voice.apply(event);
    const lines = [
      ...voice.lines(),
      ...voice.question(approvalRequest()),
      voice.prompts.input,
      voice.prompts.answer,
    ];
    expect(lines.join("\n")).not.toMatch(/[^\x20-\x7e\n]/);
    expect(lines.filter((line) => /^[^\w"']/.test(line))).toEqual([]);
  });
});

it.each([
  [0, "0.0 seconds"],
  [1_234, "1.2 seconds"],
  [60_000, "1 minute 0 seconds"],
  [125_900, "2 minutes 5 seconds"],
])("%d ms are %s", (milliseconds, words) => {
  expect(sayTime(milliseconds)).toBe(words);
});
