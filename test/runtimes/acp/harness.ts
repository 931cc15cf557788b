// The ACP runtime over a scripted agent's real process, and the agent's acts in short words.
import { AppError } from "../../../src/lib/app-error.ts";
import { createAcpRuntime } from "../../../src/runtimes/acp/acp-runtime.ts";
import { type AgentAct, type AgentScript, acpAgent } from "../../support/acp-agent.ts";
import type { Recorded } from "../../support/acp-transcript.ts";
import { ofType } from "../../support/events.ts";
import { type SessionSettings, startSession } from "../../support/runtime-session.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

export const ENV = { PATH: process.env.PATH ?? "" };

export function makeIds() {
  let ids = 0;
  return () => `id-${++ids}`;
}

export async function prepare(script: AgentScript, idleTimeoutSeconds = 20) {
  const cwd = await temporaryFolder();
  const folder = await temporaryFolder();
  const agent = acpAgent(folder, script);
  const { command, args } = agent;
  const newId = makeIds();
  const options = {
    name: "scripted",
    command,
    args,
    env: { ...ENV, HOME: folder },
    idleTimeoutSeconds,
    releaseSeconds: 60,
    newId,
    now: Date.now,
  };
  const runtime = createAcpRuntime(options);
  const start = (settings?: SessionSettings) => startSession(runtime, cwd, settings);
  return { cwd, home: folder, agent, runtime, start };
}

export const tool = (toolCallId: string, rest: Recorded): AgentAct => ({
  do: "update",
  update: { sessionUpdate: "tool_call", toolCallId, title: toolCallId, ...rest },
});
export const running = (toolCallId: string, command: string) =>
  tool(toolCallId, { kind: "execute", status: "in_progress", rawInput: { command } });
export const finished = (toolCallId: string, text: string): AgentAct => ({
  do: "update",
  update: {
    sessionUpdate: "tool_call_update",
    toolCallId,
    status: "completed",
    content: [{ type: "content", content: { type: "text", text } }],
  },
});
export const ask = (command: string, allowed: AgentAct[], denied: AgentAct[] = []): AgentAct => ({
  do: "ask",
  toolCall: {
    toolCallId: `call ${command}`,
    title: command,
    kind: "execute",
    status: "pending",
    rawInput: { command },
  },
  allowed,
  denied,
});
export const say = (text: string): AgentAct => ({ do: "say", text });

export const outcome = (session: { events: Parameters<typeof ofType>[0] }) =>
  ofType(session.events, "run_end").at(-1);

export async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`not an AppError: ${String(error)}`);
  return error;
}
