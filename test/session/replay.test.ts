import { expect, it } from "vitest";
import type { AgentEvent } from "../../src/protocol/event.ts";
import { createRecorder } from "../../src/runtimes/recorder.ts";
import { replayEvents } from "../../src/session/replay.ts";
import { createSession } from "../../src/session/store.ts";
import { applyEntry, NEW_SESSION } from "../../src/session/stored-state.ts";
import { allEntries, answer, call, result, storeContext, USAGE, user } from "../support/session-entries.ts";

const END = { outcome: "completed", steps: 2, usage: USAGE, durationMs: 7 } as const;

/** What a live run emits, as far as it is stored. */
function liveRun(name: string): AgentEvent[] {
  const asked = answer("look", call(`${name}-c`));
  const [reading, answered] = [result(`${name}-c`), answer("done")];
  if (reading.role !== "tool_result") return [];
  const { toolCallId, toolName, content, isError } = reading;
  return [
    { type: "run_start", runId: name, prompt: name, runtime: "native" },
    { type: "message_end", messageId: `${name}-u`, message: user(name) },
    { type: "step_start", step: 1 },
    { type: "message_start", messageId: `${name}-1`, role: "assistant" },
    { type: "message_end", messageId: `${name}-1`, message: asked },
    { type: "tool_start", toolCallId, name: toolName, arguments: { path: "a.ts" } },
    { type: "tool_end", toolCallId, name: toolName, isError, content },
    { type: "message_end", messageId: `${name}-r`, message: reading },
    { type: "step_start", step: 2 },
    { type: "message_start", messageId: `${name}-2`, role: "assistant" },
    { type: "message_end", messageId: `${name}-2`, message: answered },
    { type: "notice", level: "info", message: "by the way" },
    { type: "plan_update", entries: [{ text: "look", status: "completed" }] },
    { type: "run_end", runId: name, ...END },
    { type: "model_changed", model: "a/b", thinking: "low" },
    { type: "mode_changed", mode: "plan" },
    { type: "runtime_changed", runtime: "gemini", externalSessionId: "x" },
  ];
}

async function recorded(events: readonly AgentEvent[]) {
  const store = createSession({ dir: null, cwd: "/w", ...storeContext() });
  const recorder = createRecorder({ store, onFailure: () => undefined });
  for (const event of events) await recorder.record(event);
  const entries = await allEntries(store.entries());
  return { entries, state: entries.reduce(applyEntry, NEW_SESSION) };
}

it("gives back the events that were recorded", async () => {
  const events = [...liveRun("one"), ...liveRun("two")];
  expect([...replayEvents(await recorded(events))]).toEqual(events);
});

it("gives the newest runs alone when asked", async () => {
  const branch = await recorded([...liveRun("one"), ...liveRun("two"), ...liveRun("three")]);
  expect([...replayEvents(branch, { runs: 1 })]).toEqual(liveRun("three"));
  expect([...replayEvents(branch, { runs: 0 })]).toEqual([]);
  expect([...replayEvents(branch, { runs: 9 })]).toEqual([...replayEvents(branch)]);
});

it("ends a run that was cut off, with its partial answer and the calls that got no result", async () => {
  const cut = liveRun("one").slice(0, 5);
  const types = [...replayEvents(await recorded(cut))].map((event) => event.type);
  expect(types).toEqual([
    ...cut.map((event) => event.type),
    "tool_start",
    "tool_end",
    "message_end",
    "run_end",
  ]);
  expect([...replayEvents(await recorded(cut))].at(-1)).toMatchObject({
    outcome: "interrupted",
    steps: 1,
    usage: USAGE,
  });
});

it("ends it also when another run began after it", async () => {
  const events = [...replayEvents(await recorded([...liveRun("one").slice(0, 2), ...liveRun("two")]))];
  const ends = events.flatMap((event) =>
    event.type === "run_end" ? [`${event.runId} ${event.outcome}`] : [],
  );
  expect(ends).toEqual(["one interrupted", "two completed"]);
});

it("tells a compaction, and at the end what still waits in the queue", async () => {
  const item = { id: "q", kind: "steer", text: "x", state: "pending", time: 1 } as const;
  const compaction: AgentEvent = {
    type: "compaction_end",
    summary: "sum",
    firstKeptId: null,
    tokensBefore: 9,
    tokensAfter: 1,
    filesRead: ["a"],
    filesModified: [],
  };
  const queue: AgentEvent = { type: "queue_changed", items: [item] };
  expect([...replayEvents(await recorded([queue, compaction]))]).toEqual([compaction, queue]);
});
