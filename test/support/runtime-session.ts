// A runtime session for tests: its events in a list that can be waited on, with a gate and ids of its own.

import { createGate, type GateOptions } from "../../src/policy/gate.ts";
import { ruleLayer } from "../../src/policy/rules.ts";
import type { PermissionMode } from "../../src/protocol/approval.ts";
import type { ControlMessage } from "../../src/protocol/control.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import type { Message } from "../../src/protocol/message.ts";
import type { Runtime, RuntimeStart } from "../../src/runtimes/runtime.ts";
import { ofType } from "./events.ts";

export type SessionSettings = Partial<RuntimeStart> & {
  rules?: { allow?: string[]; deny?: string[] };
  interactive?: boolean;
};

/** Starts `runtime` in `cwd`; rejects as its start does. */
export async function startSession(runtime: Runtime, cwd: string, settings: SessionSettings = {}) {
  const events: AgentEvent[] = [];
  const waiting = new Set<() => void>();
  const emit = async (event: AgentEvent) => {
    events.push(structuredClone(event));
    for (const wake of waiting) wake();
  };
  const { rules = {}, interactive = true, ...start } = settings;
  const remembered: string[] = [];
  const mode: PermissionMode = start.mode ?? "ask";
  const session = await runtime.start({
    sessionId: "s",
    cwd,
    history: [],
    queue: [],
    paused: false,
    model: "test/scripted",
    thinking: "off",
    mode,
    emit,
    gate: testGate({ cwd, mode, rules, interactive, remembered }),
    beforeChange: () => Promise.resolve(),
    signal: new AbortController().signal,
    ...start,
  });
  const until = (test: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const wake = () => {
        if (!test()) return;
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
      wake();
    });
  const count = (type: AgentEvent["type"]) => events.filter((event) => event.type === type).length;
  return {
    events,
    remembered,
    until,
    capabilities: session.capabilities,
    send: (message: ControlMessage) => session.send(message),
    close: () => session.close("stop"),
    /** Waits for the nth event of a type. */
    nth: (type: AgentEvent["type"], n = 1) => until(() => count(type) >= n),
    ask: async (text: string) => {
      const before = count("settled");
      session.send({ type: "prompt", text });
      await until(() => count("settled") > before);
    },
    messages: (): Message[] => ofType(events, "message_end").map((event) => event.message),
    [Symbol.asyncDispose]: () => session.close("stop"),
  };
}

type GateSettings = {
  cwd: string;
  mode: PermissionMode;
  rules: { allow?: string[]; deny?: string[] };
  interactive: boolean;
  remembered: string[];
};

function testGate({ cwd, mode, rules, interactive, remembered }: GateSettings) {
  const options: GateOptions = {
    mode: () => mode,
    rules: () => [ruleLayer("test", rules)],
    place: () => ({ name: "workspace", sandboxed: false, root: cwd, home: "/home/nobody" }),
    remember: async (rule) => void remembered.push(rule),
    interactive,
  };
  return createGate(options);
}

/** Role and content of each message, one line each; calls as name(arguments), results after an arrow. */
export function talk(messages: readonly Message[]): string[] {
  return messages.map((message) => {
    const parts = message.content.map((part) => {
      if (part.type === "text") return part.text;
      if (part.type === "thinking") return `(${part.text})`;
      return part.type === "tool_call" ? `${part.name}(${JSON.stringify(part.arguments)})` : part.type;
    });
    const failed = message.role === "tool_result" && message.isError ? "!" : "";
    return `${message.role}${failed}: ${parts.join(" | ")}`;
  });
}

/** What is wrong with a talk for a model service: calls without their results right after, results without calls. */
export function faults(messages: readonly Message[]): string[] {
  const found: string[] = [];
  let open = new Set<string>();
  for (const message of messages) {
    if (message.role === "tool_result") {
      if (!open.delete(message.toolCallId)) found.push(`result without call: ${message.toolCallId}`);
      continue;
    }
    for (const id of open) found.push(`call without result: ${id}`);
    const calls =
      message.role === "assistant" ? message.content.filter((part) => part.type === "tool_call") : [];
    open = new Set(calls.map((call) => call.id));
  }
  for (const id of open) found.push(`call without result: ${id}`);
  return found;
}
