// The laws of a session, for random interleavings of model events, tool results and control messages.
import fc from "fast-check";
import { describe, it } from "vitest";
import type { ControlMessage } from "../../src/protocol/control.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import type { AssistantMessage, StopReason } from "../../src/protocol/message.ts";
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
import { checkLaws, type External, hasLeft, MOVED, type Moving, openApprovals } from "./session-laws.ts";

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
  { weight: 16, arbitrary: fc.constant({ type: "background" as const }) },
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
  const executing = new Set<string>();
  const movable: Parameters<typeof tool>[1] = {
    backgroundable: true,
    run: async (_, { signal, background, toolCallId }) => {
      external.push(here());
      executing.add(toolCallId);
      const moved = aborted(background ?? signal).then(() => MOVED);
      const text = await Promise.race([gate.wait(signal), moved]);
      executing.delete(toolCallId);
      return { content: [{ type: "text", text: text ?? "partial" }], isError: signal.aborted && !text };
    },
  };
  const tools: Tool[] = [
    tool("read", { ...run, readOnly: true }),
    tool("grep", { ...run, readOnly: true }),
    tool("write", movable),
    tool("bash", movable),
    tool("finish", { ...run, terminal: true }),
  ];
  const s = session({ stream, tools, gate: askingGate("bash"), limits: { maxSteps: 6 }, paused });
  const mark = () => {
    before = s.events.length;
  };
  return { s, gate, external, mark, executing, moving: [] as Moving[] };
}

function pauseId(events: readonly AgentEvent[]): string | undefined {
  const items = ofType(events, "queue_changed").at(-1)?.items ?? [];
  return items.find(({ kind, state }) => kind === "pause" && state === "pending")?.id;
}

async function play({ actions, ...scenario }: Scenario) {
  const { external, ...started } = start(scenario);
  const { s, gate, moving } = started;
  const sent: string[] = [];
  for (const next of actions) {
    if (hasLeft(s.events)) break;
    await act(next, { ...started, sent });
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
  return { events: s.events, sent, removed, external, moving };
}

type Playing = Omit<ReturnType<typeof start>, "external"> & { sent: string[] };

async function act(next: Action, { s, gate, mark, sent, executing, moving }: Playing): Promise<void> {
  switch (next.step) {
    case "send": {
      const met = { executing: [...executing], anyOpen: openCalls(s.events) > 0 };
      const before = refusals(s.events);
      say(next.message, s, sent);
      if (next.message.type === "background") moving.push({ ...met, refused: refusals(s.events) > before });
      break;
    }
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

function openCalls(events: readonly AgentEvent[]): number {
  return ofType(events, "tool_start").length - ofType(events, "tool_end").length;
}

function refusals(events: readonly AgentEvent[]): number {
  return ofType(events, "notice").filter(({ code }) => code === "control.background").length;
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

function approve(s: ReturnType<typeof session>, yes: boolean): void {
  const [requestId] = openApprovals(s.events);
  if (requestId) s.send({ type: "approve", requestId, outcome: yes ? "allow_once" : "reject_once" });
}

describe("for random interleavings of model events, tool results and control messages", () => {
  const law =
    "each text is delivered once or handed back, each call has one result in order, each run one end, settled only at rest";

  it(`${law} (400 with a fixed seed)`, async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (played) => checkLaws(await play(played))),
      { numRuns: 400, seed: 2024 },
    );
  });

  it(`${law} (200 with a fresh seed)`, async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (played) => checkLaws(await play(played))),
      { numRuns: 200 },
    );
  });
});
