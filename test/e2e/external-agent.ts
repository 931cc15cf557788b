// A place whose settings declare a scripted external agent, and what that agent leaves behind.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { type AgentAct, type AgentScript, acpAgent } from "../support/acp-agent.ts";
import { newPlace, type Place } from "../support/hearth.ts";
import { elapse, openTui, type Tui, type TuiOptions, writeSettings } from "./tui-driver.ts";

export type AgentPlace = { place: Place; agent: ReturnType<typeof acpAgent>; settings: object };

/** Settings of the agent beside its command, and settings beside the runtimes. */
export type AgentSettings = { codex?: object; others?: object; settings?: object };

/** A place where `codex` is an agent that does what the script says. */
export async function newAgentPlace(script: AgentScript, given: AgentSettings = {}): Promise<AgentPlace> {
  const place = await newPlace();
  const folder = join(place.home, "agent");
  await mkdir(folder);
  const agent = acpAgent(folder, script);
  const { command, args } = agent;
  const runtimes = { codex: { kind: "acp", command, args, ...given.codex }, ...given.others };
  const settings = { runtimes, ...given.settings };
  await writeSettings(place, settings);
  return { place, agent, settings };
}

/** The program in that place with `codex` forced, in the terminal. */
export async function openWithAgent(
  { place }: AgentPlace,
  script: ScriptInput = [],
  { args = [], ...options }: TuiOptions = {},
): Promise<Tui> {
  return openTui(script, { place, ...options, args: ["--runtime", "codex", ...args] });
}

/** What `preferences.json` holds; null when there is none. */
export async function preferences(place: Place): Promise<unknown> {
  const text = await readFile(preferencesFile(place), "utf8").catch(() => null);
  return text === null ? null : JSON.parse(text);
}

export function preferencesFile(place: Place): string {
  return join(place.env.HEARTH_HOME ?? "", "preferences.json");
}

/** Ids of the agent's processes that still run; a process that ended but was not waited for counts too. */
export function livingAgents({ agent }: AgentPlace): number[] {
  return [...new Set(agent.told().map(({ pid }) => pid))].filter(isThere);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: it is gone.
    return false;
  }
}

/** Rejects when an agent's process is still there after `ms`. */
export async function agentsGone(agents: AgentPlace, ms = 3_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (livingAgents(agents).length > 0) {
    if (Date.now() > deadline) throw new Error(`Still there: ${livingAgents(agents).join(", ")}`);
    await elapse(20);
  }
}

export const say = (text: string): AgentAct => ({ do: "say", text });

export const update = (sessionUpdate: string, fields: object): AgentAct => ({
  do: "update",
  update: { sessionUpdate, ...fields },
});

/** The agent asks whether it may run the command; allowed, it tells the output. */
export function askToRun(command: string, output: string, toolCallId = "call-1"): AgentAct {
  const result = [{ type: "content", content: { type: "text", text: output } }];
  return {
    do: "ask",
    toolCall: { toolCallId, title: command, kind: "execute", status: "pending", rawInput: { command } },
    allowed: [update("tool_call_update", { toolCallId, status: "completed", content: result })],
    denied: [say("I was not allowed.")],
  };
}
