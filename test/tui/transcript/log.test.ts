import { expect, it } from "vitest";
import type { TranscriptItem } from "../../../src/app/transcript-item.ts";
import type { AgentEvent } from "../../../src/protocol/event.ts";
import { TranscriptLog } from "../../../src/tui/transcript/log.ts";

const delta = (text: string): AgentEvent => ({
  type: "message_update",
  messageId: "m1",
  delta: { type: "text", index: 0, text },
});

it("holds what is being said as live items, and as finished ones when it was said", () => {
  const log = new TranscriptLog(() => 0);
  log.apply({ type: "message_start", messageId: "m1", role: "assistant" });
  expect(log.live()).toEqual([]);
  log.apply(delta("Hello "));
  log.apply(delta("there"));
  expect(log.live()).toMatchObject([{ kind: "assistant", id: "m1-0", text: "Hello there" }]);
  expect(log.live()).toBe(log.live());
  log.apply({ type: "message_reset", messageId: "m1" });
  expect(log.live()).toEqual([]);
  log.apply(delta("Again"));
  log.apply({
    type: "message_end",
    messageId: "m1",
    message: {
      role: "assistant",
      content: [{ type: "text", text: "Again" }],
      stopReason: "stop",
      model: "m",
      usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
    },
  } as AgentEvent);
  expect(log.live()).toEqual([]);
  expect(log.items.get()).toMatchObject([{ kind: "assistant", text: "Again" }]);
});

it("shows a call that runs, and keeps it once when it has ended", () => {
  const log = new TranscriptLog(() => 0);
  log.apply({ type: "tool_start", toolCallId: "c1", name: "bash", arguments: { command: "ls" } });
  log.apply({ type: "tool_update", toolCallId: "c1", text: "a.txt\n" });
  expect(log.live()).toMatchObject([{ kind: "tool", status: "running", output: "a.txt\n" }]);
  log.apply({
    type: "tool_end",
    toolCallId: "c1",
    name: "bash",
    isError: false,
    content: [{ type: "text", text: "a.txt\n" }],
  });
  expect(log.live()).toEqual([]);
  expect(log.items.get()).toHaveLength(1);
});

const note = (id: number): TranscriptItem => ({
  kind: "notice",
  id: `${id}`,
  level: "info",
  message: `${id}`,
});

it("drops its oldest items, but none while it is held, and knows in which run each came", () => {
  const log = new TranscriptLog(() => 0);
  const release = log.hold();
  for (let id = 0; id < 5_001; id++) log.add(note(id));
  expect(log.items.get()).toHaveLength(5_001);
  expect(log.trimmed).toBe(false);
  release();
  log.apply({ type: "run_start", runId: "r", prompt: "p", runtime: "native" });
  log.add(note(5_001));
  expect(log.items.get()).toHaveLength(5_000);
  expect(log.trimmed).toBe(true);
  expect(
    log.items
      .get()
      .map((item) => log.runOf(item))
      .slice(-2),
  ).toEqual([0, 1]);
});

it("another conversation begins with nothing of the one before", () => {
  const log = new TranscriptLog(() => 0);
  log.apply({ type: "run_start", runId: "r", prompt: "p", runtime: "native" });
  log.apply({ type: "tool_start", toolCallId: "c1", name: "bash", arguments: {} });
  log.add(note(1));
  log.restart();
  expect(log.items.get()).toEqual([]);
  expect(log.live()).toEqual([]);
  expect(log.run).toBe(0);
});
