// A whole session at the level of the loop: the control loop over runLoop, with a scripted model, plain-function
// tools and a list for a disk. Nothing here waits for time.

import type { CompactionSettings, LoopLimits, RequestSettings } from "../../src/agent/agent-settings.ts";
import { compact } from "../../src/agent/compaction.ts";
import { type ControlLoopOptions, createControlLoop } from "../../src/agent/control-loop.ts";
import { runLoop } from "../../src/agent/loop.ts";
import { Transcript, type TranscriptEntry } from "../../src/agent/transcript.ts";
import { AppError } from "../../src/lib/app-error.ts";
import type { Gate } from "../../src/protocol/approval.ts";
import type { OutputContent } from "../../src/protocol/content.ts";
import type { QueueItem } from "../../src/protocol/control.ts";
import type { AgentEvent, AgentState } from "../../src/protocol/event.ts";
import type { AssistantMessage, Message, StopReason } from "../../src/protocol/message.ts";
import type { Model } from "../../src/protocol/model.ts";
import type { ModelEvent, ModelRequest, StreamFn } from "../../src/protocol/stream.ts";
import type { Tool, ToolCallOptions, ToolOutput } from "../../src/protocol/tool.ts";
import type { Usage } from "../../src/protocol/usage.ts";
import { ofType } from "../support/events.ts";

export const MODEL: Model = {
  id: "scripted",
  vendor: "test",
  name: "Scripted",
  api: "openai-chat",
  contextWindow: 200_000,
  maxOutput: 8_000,
  input: ["text", "image"],
  thinking: [],
  price: null,
};

export const NO_COMPACTION: CompactionSettings = {
  asks: true,
  enabled: true,
  reserveTokens: 20_000,
  keepTokens: 20_000,
};

export type Reply = {
  text?: string;
  calls?: { id?: string; name: string; args?: Record<string, unknown>; broken?: string }[];
  stopReason?: StopReason;
  usage?: Partial<Usage>;
  error?: AssistantMessage["error"];
  /** Waited for after the text was streamed and before the end. */
  until?: Promise<unknown>;
  /** Events before anything else. */
  before?: ModelEvent[];
};

let calls = 0;

export function answerOf(reply: Reply): AssistantMessage {
  const content: OutputContent[] = reply.text ? [{ type: "text", text: reply.text }] : [];
  for (const { id, name, args, broken } of reply.calls ?? []) {
    calls += 1;
    const call = { type: "tool_call" as const, id: id ?? `call-${calls}`, name, arguments: args ?? {} };
    content.push(broken === undefined ? call : { ...call, invalidArguments: broken });
  }
  const stopReason = reply.stopReason ?? (reply.error ? "error" : reply.calls ? "tool_use" : "stop");
  const usage = {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
    reasoning: 0,
    cost: null,
    ...reply.usage,
  };
  const message = { role: "assistant" as const, content, stopReason, usage, model: "test/scripted" };
  return reply.error ? { ...message, error: reply.error } : message;
}

/** Answers with the replies in order, then with "done"; honours abort with the partial kept. */
export function scriptedModel(
  replies: (Reply | ((request: ModelRequest) => Reply))[],
  requests: ModelRequest[] = [],
) {
  const stream: StreamFn = async function* (request, { signal }) {
    requests.push({ ...request, messages: [...request.messages] });
    const next = replies.shift() ?? { text: "done" };
    const reply = typeof next === "function" ? next(request) : next;
    for (const event of reply.before ?? []) yield event;
    yield { type: "start" };
    const message = answerOf(reply);
    yield* deltas(message);
    if (reply.until !== undefined) await Promise.race([reply.until, aborted(signal)]);
    yield { type: "end", message: signal.aborted ? { ...message, stopReason: "aborted" } : message };
  };
  return { stream, requests };
}

export function* deltas(message: AssistantMessage): Generator<ModelEvent> {
  for (const [index, part] of message.content.entries()) {
    if (part.type === "text") yield { type: "text_delta", index, text: part.text };
    if (part.type === "tool_call") yield { type: "tool_call_start", index, id: part.id, name: part.name };
  }
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

type ToolSpec = Partial<
  Pick<Tool, "readOnly" | "kind" | "terminal" | "parse" | "paths" | "backgroundable">
> & {
  run?: (args: Record<string, unknown>, options: ToolCallOptions) => Promise<ToolOutput | string> | string;
};

export function tool(name: string, spec: ToolSpec = {}): Tool {
  const { run = () => `${name} ok`, ...rest } = spec;
  return {
    name,
    description: name,
    parameters: { type: "object" },
    readOnly: false,
    kind: "execute",
    parse: (args) => args,
    ...rest,
    execute: async (args, options) => {
      const output = await run(args, options);
      return typeof output === "string" ? { content: [{ type: "text", text: output }] } : output;
    },
  };
}

export function requiring(field: string): Tool["parse"] {
  return (args) => {
    if (typeof args[field] !== "string") throw new AppError("tool.arguments", `${field} is missing`);
    return args;
  };
}

const OPEN_GATE: Gate = {
  witness: async () => null,
  check: async ({ arguments: args }) => ({ allowed: true, arguments: args }),
};

/** Asks for every call of these tools. */
export function askingGate(...names: string[]): Gate {
  return {
    witness: async () => null,
    check: async (call, { ask }) => {
      if (!names.includes(call.name)) return { allowed: true, arguments: call.arguments };
      const answer = await ask({
        id: `ask-${call.toolCallId}`,
        toolCallId: call.toolCallId,
        name: call.name,
        arguments: call.arguments,
        subject: call.name,
        place: "workspace",
        reason: "default",
        warnings: [],
      });
      return answer.outcome.startsWith("allow")
        ? { allowed: true, arguments: answer.arguments ?? call.arguments }
        : { allowed: false, kind: "user", message: `denied by user: ${answer.reason ?? ""}` };
    },
  };
}

export type SessionOptions = {
  replies?: (Reply | ((request: ModelRequest) => Reply))[];
  stream?: StreamFn;
  tools?: Tool[];
  gate?: Gate;
  limits?: LoopLimits;
  model?: Partial<Model>;
  compaction?: Partial<CompactionSettings>;
  history?: TranscriptEntry[];
  queue?: QueueItem[];
  paused?: boolean;
  run?: ControlLoopOptions["run"];
  applySetting?: ControlLoopOptions["applySetting"];
  /** Rejects the events it throws for. */
  disk?: (event: AgentEvent) => void;
  sleep?: (milliseconds: number) => Promise<void>;
  takeNews?: () => string[];
};

export type Session = ReturnType<typeof session>;

/** Starts a session; `events` is everything it emitted, `until` waits for a state of it. */
export function session(options: SessionOptions = {}) {
  const events: AgentEvent[] = [];
  const waiting: { test: () => boolean; resolve: () => void }[] = [];
  const emit = async (event: AgentEvent) => {
    options.disk?.(event);
    events.push(event);
    for (const waiter of waiting.filter(({ test }) => test())) waiter.resolve();
  };
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const { stream, requests } = options.stream
    ? { stream: options.stream, requests: [] }
    : scriptedModel(options.replies ?? []);
  const transcript = new Transcript(options.history ?? []);
  const settings = (): RequestSettings => ({
    model: { ...MODEL, ...options.model },
    thinking: "off",
    system: "You are a test.",
    tools: options.tools ?? [],
  });
  const compaction = { ...NO_COMPACTION, ...options.compaction };
  const common = { transcript, stream, newId };
  const loop = createControlLoop({
    runtime: "native",
    run:
      options.run ??
      ((input) =>
        runLoop({
          ...input,
          ...common,
          settings,
          gate: options.gate ?? OPEN_GATE,
          limits: options.limits ?? { maxSteps: 100 },
          compaction,
          takeNews: options.takeNews ?? (() => []),
          now: () => 1_000,
          sleep: options.sleep ?? (() => new Promise(() => undefined)),
        })),
    compact: async ({ hint, control, emit: out }) => {
      const asked = {
        reason: "manual" as const,
        settings: settings(),
        limits: compaction,
        control,
        emit: out,
      };
      await compact({ ...common, ...asked, ...(hint === undefined ? {} : { hint }) });
    },
    applySetting: options.applySetting ?? (async () => undefined),
    queue: options.queue ?? [],
    paused: options.paused ?? false,
    emit,
    now: () => 1_000,
    newId,
  });
  const until = (test: () => boolean): Promise<void> =>
    test()
      ? Promise.resolve()
      : new Promise((resolve) => {
          waiting.push({ test, resolve });
        });
  const count = (type: AgentEvent["type"]) => events.filter((event) => event.type === type).length;
  return {
    ...loop,
    events,
    requests,
    transcript,
    until,
    /** Waits for the nth event of a type. */
    nth: (type: AgentEvent["type"], n = 1) => until(() => count(type) >= n),
    inState: (state: AgentState) => until(() => stateOf(events) === state),
    settled: (n = 1) => until(() => count("settled") >= n),
    count,
    /** Sends a prompt and waits until it settled. */
    ask: async (text: string) => {
      const before = count("settled");
      loop.send({ type: "prompt", text });
      await until(() => count("settled") > before);
    },
  };
}

export function stateOf(events: readonly AgentEvent[]): AgentState {
  const changes = events.filter((event) => event.type === "state_changed");
  return changes.at(-1)?.to ?? "idle";
}

export function states(events: readonly AgentEvent[]): string {
  return ["idle", ...ofType(events, "state_changed").map((event) => event.to)].join(" ");
}

export function outcomes(events: readonly AgentEvent[]): string[] {
  return ofType(events, "run_end").map((event) => event.outcome);
}

/** Role and text of each message, in one line each. */
export function lines(messages: readonly Message[]): string[] {
  return messages.map((message) => {
    const parts = message.content.map((part) => {
      if (part.type === "text") return part.text;
      return part.type === "tool_call" ? `${part.name}()` : part.type;
    });
    return `${message.role}: ${parts.join(" | ")}`;
  });
}

export function results(events: readonly AgentEvent[]): string[] {
  const messages = ofType(events, "message_end").map((event) => event.message);
  return lines(messages.filter((message) => message.role === "tool_result")).map((line) => line.slice(13));
}

/** The queue as the last snapshot says: kind and text of what is pending. */
export function pending(events: readonly AgentEvent[]): string[] {
  const items = ofType(events, "queue_changed").at(-1)?.items ?? [];
  return items.filter((item) => item.state === "pending").map((item) => `${item.kind}: ${item.text}`);
}

/** A tool that runs until it is let go, or is cancelled with its partial output. */
export function holdable(name = "bash", partial = "partial") {
  const gate = Promise.withResolvers<string>();
  let runs = 0;
  const held = tool(name, {
    run: async (_, { signal }) => {
      runs += 1;
      const output = await Promise.race([gate.promise, aborted(signal)]);
      return output ?? { content: [{ type: "text", text: partial }], isError: true };
    },
  });
  return { tool: held, release: (text: string) => gate.resolve(text), runs: () => runs };
}

/** Text lines of the nth request. */
export function asked(s: Session, n: number): string[] {
  return lines(s.requests[n]?.messages ?? []);
}

/** Lets everything that can go on by itself go on. */
export async function quiet(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
