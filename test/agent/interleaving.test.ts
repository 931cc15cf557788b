// The laws of a session, for random interleavings of model events, tool results and control messages.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ControlMessage, QueueItem } from "../../src/protocol/control.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import type { AssistantMessage, Message, StopReason } from "../../src/protocol/message.ts";
import type { ModelRequest, StreamFn } from "../../src/protocol/stream.ts";
import type { Tool } from "../../src/protocol/tool.ts";
import { ofType } from "../support/events.ts";
import {
  aborted,
  answerOf,
  askingGate,
  deltas,
  quiet,
  type Reply,
  session,
  stateOf,
  tool,
} from "./harness.ts";

type Action =
  | { step: "go" | "tick"; n: number }
  | { step: "send"; message: ControlMessage }
  | { step: "approve"; yes: boolean };

const text = fc.constantFrom("a", "b", "c");
const position = fc.nat(5);
/** Texts get their ids when they are sent; queue edits aim at the nth text sent so far. */
const message: fc.Arbitrary<ControlMessage> = fc.oneof(
  { weight: 16, arbitrary: fc.record({ type: fc.constant("prompt" as const), text }) },
  { weight: 16, arbitrary: fc.record({ type: fc.constant("steer" as const), text, now: fc.boolean() }) },
  { weight: 12, arbitrary: fc.record({ type: fc.constant("follow_up" as const), text }) },
  { weight: 4, arbitrary: fc.constant({ type: "steer" as const, text: "", now: true }) },
  { weight: 12, arbitrary: fc.record({ type: fc.constantFrom("pause" as const, "resume" as const) }) },
  { weight: 8, arbitrary: fc.constant({ type: "interrupt" as const }) },
  { weight: 4, arbitrary: fc.constant({ type: "compact" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "exit" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "exit" as const, now: true }) },
  {
    weight: 12,
    arbitrary: fc
      .oneof(
        fc.record({ action: fc.constant("edit" as const), id: position.map(String), text }),
        fc.record({
          action: fc.constant("kind" as const),
          id: position.map(String),
          kind: fc.constantFrom("steer" as const, "follow_up" as const),
        }),
        fc.record({ action: fc.constant("move" as const), id: position.map(String), position }),
        fc.record({ action: fc.constant("remove" as const), id: position.map(String) }),
        fc.constant({ action: "clear" as const }),
      )
      .map((edit) => ({ type: "queue" as const, edit })),
  },
);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ step: fc.constant("go" as const), n: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ step: fc.constant("send" as const), message }) },
  { weight: 2, arbitrary: fc.record({ step: fc.constant("tick" as const), n: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant("approve" as const), yes: fc.boolean() }) },
);
const reply: fc.Arbitrary<Reply> = fc.record(
  {
    text: fc.constantFrom("x", ""),
    calls: fc.array(fc.record({ name: fc.constantFrom("read", "grep", "write", "bash", "frob", "finish") }), {
      maxLength: 4,
    }),
    stopReason: fc.constantFrom<StopReason>(
      "stop",
      "tool_use",
      "tool_use",
      "tool_use",
      "tool_use",
      "length",
      "error",
    ),
    usage: fc.constantFrom(
      { input: 10 },
      { input: 20 },
      { input: 30 },
      { input: 190_000 },
      { input: 300_000 },
    ),
    error: fc.constantFrom(
      { code: "provider.server", message: "500" },
      { code: "provider.context_overflow", message: "long" },
    ),
  },
  { requiredKeys: ["stopReason"] },
);
const scenario = fc.record({
  actions: fc.array(action, { minLength: 5, maxLength: 50, size: "max" }),
  replies: fc.array(reply, { minLength: 1, maxLength: 10, size: "max" }),
  paused: fc.constantFrom(false, false, false, true),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** Points where the model or a tool waits for the test to let it go on. */
function gates() {
  let open: (() => void)[] = [];
  return {
    wait: (signal: AbortSignal) =>
      Promise.race([new Promise<void>((resolve) => open.push(resolve)), aborted(signal)]),
    go: (n: number) => open.splice(n % Math.max(1, open.length), 1)[0]?.(),
    closed: () => open.length,
    all: () => {
      for (const resolve of open) resolve();
      open = [];
    },
  };
}

/** What was called outside: a model request or a tool, with the state then, and whether a pause was in force. */
type External = { state: string; paused: boolean; messages?: readonly Message[] };

function start({ replies, paused }: Pick<Scenario, "replies" | "paused">) {
  const gate = gates();
  const external: External[] = [];
  const script = [...replies];
  let before = 0;
  /** In force: asked for before all came to rest, and not taken back since. */
  const here = () => {
    const pause = pauseId(s.events);
    return {
      state: stateOf(s.events),
      paused: pause !== undefined && pause === pauseId(s.events.slice(0, before)),
    };
  };
  const stream: StreamFn = async function* (request: ModelRequest, { signal }) {
    external.push({ ...here(), messages: [...request.messages] });
    await gate.wait(signal);
    const next = script.shift() ?? { text: "done" };
    const message: AssistantMessage = answerOf(
      next.stopReason === "error" ? next : { ...next, error: undefined },
    );
    yield { type: "start" };
    yield* deltas(message);
    await gate.wait(signal);
    yield { type: "end", message: signal.aborted ? { ...message, stopReason: "aborted" } : message };
  };
  const run: Parameters<typeof tool>[1] = {
    run: async (_, { signal, onUpdate }) => {
      external.push(here());
      await gate.wait(signal);
      onUpdate("partial");
      return { content: [{ type: "text", text: "partial" }], isError: signal.aborted };
    },
  };
  const tools: Tool[] = [
    tool("read", { ...run, readOnly: true }),
    tool("grep", { ...run, readOnly: true }),
    tool("write", run),
    tool("bash", run),
    tool("finish", { ...run, terminal: true }),
  ];
  const s = session({ stream, tools, gate: askingGate("bash"), limits: { maxSteps: 6 }, paused });
  const mark = () => {
    before = s.events.length;
  };
  return { s, gate, external, mark };
}

function pauseId(events: readonly AgentEvent[]): string | undefined {
  const items = ofType(events, "queue_changed").at(-1)?.items ?? [];
  return items.find(({ kind, state }) => kind === "pause" && state === "pending")?.id;
}

function openApprovals(events: readonly AgentEvent[]): string[] {
  const resolved = new Set(ofType(events, "approval_resolved").map((event) => event.requestId));
  return ofType(events, "approval_request")
    .map((event) => event.request.id)
    .filter((id) => !resolved.has(id));
}

async function play({ actions, ...scenario }: Scenario) {
  const { s, gate, external, mark } = start(scenario);
  const sent: string[] = [];
  for (const next of actions) {
    if (hasLeft(s.events)) break;
    await act(next, { s, gate, mark, sent });
    if (next.step === "send" && next.message.type === "exit" && next.message.now) break;
  }
  for (let before = -1; before !== s.events.length || gate.closed() > 0; ) {
    before = s.events.length;
    s.send({ type: "resume" });
    approve(s, true);
    gate.all();
    await quiet();
  }
  const items = ofType(s.events, "queue_changed").flatMap((event) => event.items);
  const removed = new Set(items.filter((item) => item.state === "cancelled").map((item) => item.id));
  return { events: s.events, sent, removed, external };
}

type Playing = Omit<ReturnType<typeof start>, "external"> & { sent: string[] };

async function act(next: Action, { s, gate, mark, sent }: Playing): Promise<void> {
  switch (next.step) {
    case "send":
      say(next.message, s, sent);
      break;
    case "approve":
      approve(s, next.yes);
      break;
    case "go":
      gate.go(next.n);
      await quiet();
      mark();
      break;
    case "tick":
      for (let i = 0; i < next.n; i++) await Promise.resolve();
      break;
  }
}

/** Sends a message; texts get the ids 0, 1, 2, ... */
function say(next: ControlMessage, s: ReturnType<typeof session>, sent: string[]): void {
  const isText = next.type === "prompt" || next.type === "steer" || next.type === "follow_up";
  if (!isText || next.text === "") {
    s.send(next);
    return;
  }
  const id = String(sent.length);
  sent.push(id);
  s.send({ ...next, id });
}

function hasLeft(events: readonly AgentEvent[]): boolean {
  return ofType(events, "settled").some((event) => event.exit);
}

function approve(s: ReturnType<typeof session>, yes: boolean): void {
  const [requestId] = openApprovals(s.events);
  if (requestId) s.send({ type: "approve", requestId, outcome: yes ? "allow_once" : "reject_once" });
}

type Played = Awaited<ReturnType<typeof play>>;

function checkTexts({ events, sent, removed }: Played): void {
  const delivered = ofType(events, "message_end").filter(
    ({ message }) => message.role === "user" && message.source !== "notice",
  );
  const last = ofType(events, "queue_changed").at(-1)?.items ?? [];
  const waiting = last.filter((item) => item.state === "pending").map((item) => item.id);
  const left = hasLeft(events);
  for (const id of sent) {
    const times = delivered.filter((event) => event.messageId === id).length;
    const ends = [times > 0, removed.has(id), left && waiting.includes(id)].filter(Boolean).length;
    expect({ id, times, ends }).toEqual({ id, times: Math.min(times, 1), ends: 1 });
  }
  expect(new Set(delivered.map((event) => event.messageId)).size).toBe(delivered.length);
}

function checkRuns(events: readonly AgentEvent[]): void {
  const marks = events.filter((event) => event.type === "run_start" || event.type === "run_end");
  for (const [index, event] of marks.entries()) {
    expect(event.type).toBe(index % 2 === 0 ? "run_start" : "run_end");
    if (index % 2 === 1) expect(event.runId).toBe(marks[index - 1]?.runId);
  }
  expect(marks.length % 2).toBe(0);
}

function checkCalls(events: readonly AgentEvent[]): void {
  let open: string[] = [];
  for (const { message } of ofType(events, "message_end")) {
    if (message.role === "tool_result") {
      expect(message.toolCallId).toBe(open.shift());
      continue;
    }
    expect(open).toEqual([]);
    if (message.role === "assistant") {
      open = message.content.flatMap((part) => (part.type === "tool_call" ? [part.id] : []));
    }
  }
  expect(open).toEqual([]);
  const starts = ofType(events, "tool_start").map((event) => event.toolCallId);
  const ends = ofType(events, "tool_end").map((event) => event.toolCallId);
  expect(starts.toSorted()).toEqual(ends.toSorted());
  expect(new Set(starts).size).toBe(starts.length);
}

function checkPairs(events: readonly AgentEvent[]): void {
  const started = ofType(events, "message_start").map((event) => event.messageId);
  const ended = ofType(events, "message_end").filter(({ message }) => message.role === "assistant");
  expect(ended.map((event) => event.messageId)).toEqual(started);
  expect(ofType(events, "step_start").map((event) => event.step)).toEqual(
    ofType(events, "step_end").map((event) => event.step),
  );
  expect(openApprovals(events)).toEqual([]);
  expect(ofType(events, "compaction_start")).toHaveLength(ofType(events, "compaction_end").length);
}

function checkStates(events: readonly AgentEvent[]): void {
  let state = "idle";
  for (const { from, to } of ofType(events, "state_changed")) {
    expect(from).toBe(state);
    expect(to).not.toBe(from);
    state = to;
  }
}

/** settled: no run is open and no text waits (except when leaving). */
function checkSettled(events: readonly AgentEvent[]): void {
  let runs = 0;
  let texts = 0;
  for (const event of events) {
    if (event.type === "run_start") runs += 1;
    if (event.type === "run_end") runs -= 1;
    if (event.type === "queue_changed") texts = event.items.filter(isWaitingText).length;
    if (event.type === "settled") expect([runs, event.exit ? 0 : texts]).toEqual([0, 0]);
  }
}

function isWaitingText({ kind, state }: QueueItem): boolean {
  return state === "pending" && kind !== "pause" && kind !== "exit";
}

/** After whatever happened, settled comes, and never twice for nothing. */
function checkSettledOnce(events: readonly AgentEvent[]): void {
  const types = events.map((event) => event.type).filter((type) => type !== "state_changed");
  const last = types.findLast((type) => type !== "queue_changed" && type !== "notice");
  if (last) expect(last).toBe("settled");
  const twice = types.findIndex((type, index) => type === "settled" && types[index - 1] === "settled");
  if (twice >= 0) expect([hasLeft(events), twice]).toEqual([true, types.length - 1]);
  expect(hasLeft(events) ? ["idle", "paused"] : ["idle"]).toContain(stateOf(events));
}

function checkQueue(events: readonly AgentEvent[]): void {
  const done = new Set<string>();
  for (const { items } of ofType(events, "queue_changed")) {
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    for (const item of items) expect(done.has(item.id)).toBe(false);
    for (const item of items) if (item.state !== "pending") done.add(item.id);
  }
  const returned = ofType(events, "queue_returned").flatMap((event) => event.items.map(({ id }) => id));
  expect(new Set(returned).size).toBe(returned.length);
}

/** Nothing external starts while paused or idle; every request is one a service would accept. */
function checkExternal(external: readonly External[]): void {
  for (const { state, paused, messages } of external) {
    expect(paused).toBe(false);
    expect(["streaming", "running_tools", "compacting", "awaiting_approval"]).toContain(state);
    if (!messages) continue;
    let open: string[] = [];
    for (const message of messages) {
      if (message.role === "tool_result") expect(message.toolCallId).toBe(open.shift());
      else expect(open).toEqual([]);
      if (message.role === "assistant") {
        expect(message.content.length).toBeGreaterThan(0);
        open = message.content.flatMap((part) => (part.type === "tool_call" ? [part.id] : []));
      }
    }
    expect(open).toEqual([]);
  }
}

async function checkLaws(scenario: Scenario): Promise<void> {
  const played = await play(scenario);
  checkTexts(played);
  checkRuns(played.events);
  checkCalls(played.events);
  checkPairs(played.events);
  checkStates(played.events);
  checkSettled(played.events);
  checkSettledOnce(played.events);
  checkQueue(played.events);
  checkExternal(played.external);
}

describe("for random interleavings of model events, tool results and control messages", () => {
  const law =
    "each text is delivered once or handed back, each call has one result in order, each run one end, settled only at rest";

  it(`${law} (400 with a fixed seed)`, async () => {
    await fc.assert(fc.asyncProperty(scenario, checkLaws), { numRuns: 400, seed: 2024 });
  });

  it(`${law} (200 with a fresh seed)`, async () => {
    await fc.assert(fc.asyncProperty(scenario, checkLaws), { numRuns: 200 });
  });
});
