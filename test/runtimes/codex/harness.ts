// The Codex runtime over its scripted twin's real process, and the twin's acts in short words.
import { createCodexRuntime } from "../../../src/runtimes/codex/codex-runtime.ts";
import type { CodexLimits } from "../../../src/runtimes/codex/limits.ts";
import type { Recorded } from "../../support/acp-transcript.ts";
import { type CodexAct, type CodexScript, codexAgent } from "../../support/codex-agent.ts";
import { type SessionSettings, startSession } from "../../support/runtime-session.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const ENV = { PATH: process.env.PATH ?? "" };

export function runtimeOptions(
  program: { command: string; args: readonly string[] },
  idleTimeoutSeconds = 20,
) {
  let ids = 0;
  return {
    name: "codex",
    ...program,
    env: ENV,
    idleTimeoutSeconds,
    releaseSeconds: 60,
    newId: () => `id-${++ids}`,
    now: Date.now,
  };
}

export async function prepare(
  script: CodexScript | ((cwd: string) => CodexScript),
  limits: Partial<CodexLimits> = {},
) {
  const cwd = await temporaryFolder();
  const agent = codexAgent(await temporaryFolder(), typeof script === "function" ? script(cwd) : script);
  const { command, args } = agent;
  const runtime = createCodexRuntime(runtimeOptions({ command, args }), limits);
  const start = (settings?: SessionSettings) => startSession(runtime, cwd, settings);
  return { cwd, agent, runtime, start };
}

export const say = (text: string): CodexAct => ({ do: "say", text });

export const notify = (method: string, params: Recorded): CodexAct => ({ do: "notify", method, params });

export const item = (begins: boolean, fields: Recorded): CodexAct =>
  notify(begins ? "item/started" : "item/completed", { item: fields });

function commandItem(id: string, command: string, rest: Recorded = {}): Recorded {
  return {
    type: "commandExecution",
    id,
    command: `/bin/bash -lc '${command}'`,
    status: "inProgress",
    ...rest,
  };
}

/** A command that runs: it has its process. */
export const running = (id: string, command: string) =>
  item(true, commandItem(id, command, { processId: "1" }));

export const finished = (id: string, command: string, output: string) =>
  item(false, commandItem(id, command, { status: "completed", aggregatedOutput: output, exitCode: 0 }));

export const piece = (itemId: string, delta: string) =>
  notify("item/commandExecution/outputDelta", { itemId, delta });

/** A command that it may not run before it is told so. */
export const askToRun = (id: string, command: string, output: string): CodexAct[] => [
  item(true, commandItem(id, command)),
  {
    do: "ask",
    method: "item/commandExecution/requestApproval",
    params: { kind: "command", itemId: id, command: `/bin/bash -lc '${command}'` },
    allowed: [finished(id, command, output)],
    denied: [item(false, commandItem(id, command, { status: "declined" }))],
  },
];

export const askToChange = (id: string, changes: Recorded[]): CodexAct[] => [
  item(true, { type: "fileChange", id, changes, status: "inProgress" }),
  {
    do: "ask",
    method: "item/fileChange/requestApproval",
    params: { itemId: id },
    allowed: [item(false, { type: "fileChange", id, changes, status: "completed" })],
    denied: [item(false, { type: "fileChange", id, changes, status: "declined" })],
  },
];

export function tokens(input: number, cached: number, output: number, reasoning = 0): Recorded {
  return {
    inputTokens: input,
    cachedInputTokens: cached,
    cacheWriteInputTokens: 0,
    outputTokens: output,
    reasoningOutputTokens: reasoning,
  };
}

export const counted = (total: Recorded, last: Recorded = total) =>
  notify("thread/tokenUsage/updated", { tokenUsage: { total, last } });
