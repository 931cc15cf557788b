// The runtime of Claude Code over a scripted one's real process, and the agent's acts in short words.
import { createClaudeCodeRuntime } from "../../../src/runtimes/claude-code/claude-code-runtime.ts";
import { type ClaudeScript, claudeAgent } from "../../support/claude-agent.ts";
import type { ClaudeAct } from "../../support/claude-agent-acts.ts";
import { ofType } from "../../support/events.ts";
import { type SessionSettings, startSession } from "../../support/runtime-session.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

export async function prepare(
  script: ClaudeScript,
  { env = {}, idleTimeoutSeconds = 20 }: { env?: Record<string, string>; idleTimeoutSeconds?: number } = {},
) {
  const cwd = await temporaryFolder();
  const home = await temporaryFolder();
  const agent = claudeAgent(home, script);
  const { command, args } = agent;
  let ids = 0;
  const runtime = createClaudeCodeRuntime({
    name: "scripted",
    command,
    args,
    env: { PATH: process.env.PATH ?? "", HOME: home, ...env },
    idleTimeoutSeconds,
    releaseSeconds: 60,
    newId: () => `id-${++ids}`,
    now: Date.now,
  });
  const start = (settings?: SessionSettings) => startSession(runtime, cwd, settings);
  return { cwd, home, agent, runtime, start };
}

export const say = (text: string): ClaudeAct => ({ do: "say", text });

export const ask = (id: string, name: string, input: object, allowed: ClaudeAct[] = []): ClaudeAct => ({
  do: "ask",
  id,
  name,
  input,
  allowed,
});

export const result = (id: string, text: string, rest: object = {}): ClaudeAct => ({
  do: "result",
  id,
  text,
  ...rest,
});

export const outcome = (session: { events: Parameters<typeof ofType>[0] }) =>
  ofType(session.events, "run_end").at(-1);
