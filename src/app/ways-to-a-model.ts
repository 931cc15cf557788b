// Ways to a model for somebody who has none yet: whose key a text is, what answers on this machine, which agents are
// installed; and taking one of them into the person's settings. Loaded by the first run alone.
import { type Environment, readVariable } from "../config/env.ts";
import { readRecord, readString } from "../config/state-shapes.ts";
import { findProgram } from "../lib/find-program.ts";
import type { App } from "./app.ts";

/** A vendor of which a key alone makes a model available. */
export type KeyVendor = { name: string; variable: string };

const ANTHROPIC = { name: "Anthropic", variable: "ANTHROPIC_API_KEY" };
const OPENAI = { name: "OpenAI", variable: "OPENAI_API_KEY" };
const GOOGLE = { name: "Google", variable: "GEMINI_API_KEY" };
const OPENROUTER = { name: "OpenRouter", variable: "OPENROUTER_API_KEY" };

export const KEY_VENDORS: readonly KeyVendor[] = [ANTHROPIC, OPENAI, GOOGLE, OPENROUTER];

/** How the vendors' keys begin; a plain `sk-` is several vendors'. */
const KEY_BEGINNINGS: readonly (readonly [pattern: RegExp, vendor: KeyVendor])[] = [
  [/^sk-ant-/, ANTHROPIC],
  [/^sk-or-/, OPENROUTER],
  [/^sk-(?:proj|svcacct|admin)-/, OPENAI],
  [/^AIza/, GOOGLE],
];

/** Whose key it is; null when its beginning does not tell. */
export function vendorOfKey(key: string): KeyVendor | null {
  return KEY_BEGINNINGS.find(([pattern]) => pattern.test(key))?.[1] ?? null;
}

/** `address` as a person reads it (`127.0.0.1:11434`); `models` are names of models that can chat, newest first. */
export type LocalModels = { address: string; models: string[] };

/** Ollama answers in milliseconds where it runs; nobody waits longer for what is not there. */
const OLLAMA_MS = 800;
const OLLAMA_PORT = 11_434;

/** Where Ollama listens: its own variable, which may leave scheme and port out, else its default. */
export function ollamaUrl(env: Environment): URL {
  const host = readVariable(env, "OLLAMA_HOST") ?? "";
  const written = /^https?:\/\//.test(host) ? host : `http://${host}`;
  const url = URL.canParse(written) ? new URL(written) : new URL("http://127.0.0.1");
  // The address a server is told to listen on everywhere is none to call.
  if (url.hostname === "0.0.0.0" || url.hostname === "") url.hostname = "127.0.0.1";
  if (url.port === "" && !/:(?:80|443)\/?$/.test(written)) url.port = String(OLLAMA_PORT);
  return url;
}

/** What Ollama offers; null when nothing answers in time. Never throws. https://docs.ollama.com/api/tags */
export async function findLocalModels(env: Environment): Promise<LocalModels | null> {
  const url = ollamaUrl(env);
  try {
    const response = await fetch(new URL("/api/tags", url), { signal: AbortSignal.timeout(OLLAMA_MS) });
    if (!response.ok) return null;
    const models = readRecord(await response.json())?.models;
    const names = (Array.isArray(models) ? models : []).flatMap(
      (each) => readString(readRecord(each)?.name) ?? [],
    );
    return { address: url.host, models: names.filter((name) => !/embed/i.test(name)) };
  } catch {
    // Nothing there, or something else: both mean that there is no model to choose.
    return null;
  }
}

/** Declares the endpoint with its models in the person's settings, and makes `model` the one that answers. */
export async function takeLocalModel(app: App, { models }: LocalModels, model: string): Promise<void> {
  const { settingsChoice, env } = app;
  const baseUrl = new URL("/v1", ollamaUrl(env)).href;
  await settingsChoice.set("providers.ollama", { api: "openai-chat", baseUrl, models }, "user");
  await settingsChoice.set("model", `ollama/${model}`, "user");
}

/** A program that speaks the Agent Client Protocol when it is started so. */
export type KnownAgent = { name: string; command: string; args: readonly string[] };

/** From the agents' own documentation and https://agentclientprotocol.com/overview/agents */
const KNOWN_AGENTS: readonly KnownAgent[] = [
  { name: "claude-code", command: "claude-agent-acp", args: [] },
  { name: "codex", command: "codex-acp", args: [] },
  { name: "gemini", command: "gemini", args: ["--acp"] },
  { name: "opencode", command: "opencode", args: ["acp"] },
  { name: "goose", command: "goose", args: ["acp"] },
  { name: "qwen", command: "qwen", args: ["--acp"] },
  { name: "cursor", command: "cursor-agent", args: ["acp"] },
  { name: "kimi", command: "kimi", args: ["acp"] },
];

/** Programs that need an adapter beside them, and the npm package that is it. */
const ADAPTERS: readonly { command: string; agent: string; package: string }[] = [
  { command: "claude", agent: "claude-code", package: "@agentclientprotocol/claude-agent-acp" },
  { command: "codex", agent: "codex", package: "@zed-industries/codex-acp" },
];

export type FoundAgents = {
  agents: readonly KnownAgent[];
  /** Installed, but nothing that speaks to it is. */
  missing: readonly { command: string; package: string }[];
};

/** Looks at the PATH; starts nothing. */
export function findAgents(env: Environment): FoundAgents {
  const path = readVariable(env, "PATH") ?? "";
  const isThere = (command: string) => findProgram(command, path) !== null;
  const agents = KNOWN_AGENTS.filter(({ command }) => isThere(command));
  const missing = ADAPTERS.filter(
    ({ command, agent }) => isThere(command) && !agents.some(({ name }) => name === agent),
  );
  return { agents, missing };
}

/** Declares the agent in the person's settings, and lets it take the turns. */
export async function takeAgent({ settingsChoice }: App, { name, command, args }: KnownAgent): Promise<void> {
  await settingsChoice.set(`runtimes.${name}`, { command, args }, "user");
  await settingsChoice.set("runtime", name, "user");
}
