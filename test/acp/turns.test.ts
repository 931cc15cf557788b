import { expect, test } from "vitest";
import { promptResponse } from "../../src/acp/turn-end.ts";
import { Turns } from "../../src/acp/turns.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import { NO_USAGE } from "../../src/protocol/usage-sum.ts";

const user = (messageId: string): AgentEvent => ({
  type: "message_end",
  messageId,
  message: { role: "user", content: [{ type: "text", text: "x" }] },
});
const start: AgentEvent = { type: "run_start", runId: "r", prompt: "x", runtime: "native" };
const end = (more: object = {}): AgentEvent => ({
  type: "run_end",
  runId: "r",
  outcome: "completed",
  steps: 1,
  usage: NO_USAGE,
  durationMs: 1,
  ...more,
});
const settled: AgentEvent = { type: "settled" };

function open(...ids: string[]) {
  const turns = new Turns();
  const done: string[] = [];
  for (const id of ids) {
    turns.begin(id).then(
      ({ outcome }) => done.push(`${id} ${outcome}`),
      (error: Error) => done.push(`${id} ${error.message}`),
    );
    turns.sent(id);
  }
  const take = async (...events: AgentEvent[]) => {
    for (const event of events) turns.take(event);
    await new Promise((resolve) => setImmediate(resolve));
    return done;
  };
  return { turns, take };
}

test("a turn ends when its run is over and nothing more comes by itself", async () => {
  const { take } = open("a");
  expect(await take(user("a"), start, end())).toEqual([]);
  expect(await take(settled)).toEqual(["a completed"]);
});

test("the first of two ends when the second begins, each with the end of its own run", async () => {
  const { take } = open("a", "b");
  expect(await take(user("a"), start, end())).toEqual([]);
  expect(await take(start)).toEqual(["a completed"]);
  const error = { code: "x", message: "y" };
  expect(await take(user("b"), end({ outcome: "failed", error }), settled)).toEqual([
    "a completed",
    "b failed",
  ]);
});

test("what comes back from the queue is cancelled where somebody cancelled, else it failed", async () => {
  const item = (id: string) => ({
    id,
    kind: "follow_up" as const,
    text: "",
    state: "cancelled" as const,
    time: 0,
  });
  const first = open("a");
  first.turns.cancel();
  expect(await first.take({ type: "queue_returned", items: [item("a"), item("other")] })).toEqual([
    "a interrupted",
  ]);
  const second = open("b");
  expect(await second.take({ type: "queue_returned", items: [item("b")] })).toEqual([
    "b The prompt could not be taken and came back unsent.",
  ]);
});

test("a prompt that was taken and reached no run is answered all the same; one on its way is not", async () => {
  const { turns, take } = open("a");
  const late = turns.begin("late");
  expect(await take(settled)).toEqual(["a interrupted"]);
  turns.cancel();
  expect(turns.sent("late")).toBe(true);
  turns.close();
  expect((await late).outcome).toBe("interrupted");
});

test("a command that summarises ends with the settling, failed where that failed", async () => {
  const turns = new Turns();
  const first = turns.settling();
  turns.take(settled);
  expect((await first).outcome).toBe("completed");
  const second = turns.settling();
  const error = { code: "compaction.failed", message: "no" };
  const nothing = {
    summary: null,
    firstKeptId: null,
    tokensBefore: 1,
    tokensAfter: 1,
    filesRead: [],
    filesModified: [],
  };
  turns.take({ type: "compaction_end", ...nothing, error });
  turns.take(settled);
  expect(await second).toMatchObject({ outcome: "failed", error });
});

test("an end is told in the protocol's words, what failed is thrown", () => {
  const given = { error: null, stop: "stop" as const, usage: null };
  const say: string[] = [];
  const answer = (more: Parameters<typeof promptResponse>[0]) =>
    promptResponse(more, (text) => say.push(text));
  expect(answer({ ...given, outcome: "completed" })).toEqual({ stopReason: "end_turn" });
  expect(answer({ ...given, outcome: "completed", stop: "length" })).toEqual({ stopReason: "max_tokens" });
  expect(answer({ ...given, outcome: "interrupted" })).toEqual({ stopReason: "cancelled" });
  const error = { code: "run.max_steps", message: "Enough.", hint: "Go on." };
  expect(answer({ ...given, outcome: "limit", error })).toEqual({ stopReason: "max_turn_requests" });
  expect(say).toEqual(["Enough. Go on."]);
  expect(() =>
    answer({ ...given, outcome: "failed", error: { code: "provider.rate", message: "Slow", status: 429 } }),
  ).toThrow(
    expect.objectContaining({
      code: -32603,
      message: "Slow",
      data: { kind: "provider.rate", httpStatus: 429 },
    }),
  );
});
