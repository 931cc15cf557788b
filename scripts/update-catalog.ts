// Makes the model catalogue out of pi-ai's (MIT): node scripts/update-catalog.ts PI-AI.jsonl
import { readFileSync, writeFileSync } from "node:fs";
import type { Model, Price, ThinkingLevel, WireApi } from "../src/protocol/model.ts";

const NOTICE =
  "From the catalogue of @earendil-works/pi-ai 1.5.2 (https://github.com/earendil-works/pi), made 2026-11-10. MIT licence, Copyright (c) 2025 Mario Zechner. Prices are US dollars per million tokens.";

const APIS: Readonly<Record<string, WireApi>> = {
  "anthropic-messages": "anthropic-messages",
  "openai-responses": "openai-responses",
  "openai-completions": "openai-chat",
  "mistral-conversations": "openai-chat",
  "google-generative-ai": "google-generative",
};

/** Fields of `compat` that our wire APIs read under pi's names. */
const COMPAT_KEYS = [
  "supportsDeveloperRole",
  "maxTokensField",
  "supportsUsageInStreaming",
  "supportsReasoningEffort",
  "thinkingFormat",
  "requiresReasoningContentOnAssistantMessages",
  "supportsMidConvoSystemMessages",
  "cacheControlFormat",
];

/** Levels that pi takes for granted where its map is silent; the others must be named. */
const GRANTED: readonly ThinkingLevel[] = ["off", "minimal", "low", "medium", "high"];

/** Files and the vendors in each; the common ones are read at every start. */
export const CATALOG_FILES = {
  "catalog-common.json": ["anthropic", "openai", "google"],
  "catalog-others.json": ["openrouter", "deepseek", "groq", "mistral", "xai"],
} as const;

export type SourceRow = {
  id: string;
  name: string;
  api: string;
  provider: string;
  type: string;
  reasoning?: boolean;
  input: string[];
  cost: Price;
  contextWindow?: number;
  maxTokens?: number;
  compat?: Record<string, unknown>;
  thinkingLevelMap?: Record<string, string | null>;
};

/** A row as one of our models; null for what is no chat model of a wire API of ours. */
export function toModel(row: SourceRow): Model | null {
  const isRelayedClaude = row.provider === "openrouter" && row.api === "anthropic-messages";
  const api = isRelayedClaude ? "openai-chat" : APIS[row.api];
  if (api === undefined || row.type !== "chat" || !row.contextWindow || !row.maxTokens) return null;
  const words = row.reasoning === true ? effortWords(row) : {};
  const compat = compatOf(row, words, api);
  if (isRelayedClaude)
    Object.assign(compat, { thinkingFormat: "openrouter", cacheControlFormat: "anthropic" });
  return {
    id: row.id,
    vendor: row.provider,
    name: row.name,
    api,
    contextWindow: row.contextWindow,
    maxOutput: row.maxTokens,
    input: row.input.includes("image") ? ["text", "image"] : ["text"],
    thinking: Object.keys(words) as ThinkingLevel[],
    price: row.cost,
    ...(Object.keys(compat).length === 0 ? {} : { compat }),
  };
}

/** Each level the model knows with the service's word for it; our max is the service's max or xhigh. */
function effortWords({ thinkingLevelMap: map = {} }: SourceRow): Partial<Record<ThinkingLevel, string>> {
  const words: Partial<Record<ThinkingLevel, string>> = {};
  for (const level of GRANTED) {
    const word = map[level];
    if (word !== null) words[level] = word ?? level;
  }
  const max = map.max ?? map.xhigh;
  if (max) words.max = max;
  return words;
}

/** The words are kept where they differ from ours, and whole where their being there says how thinking is asked for. */
function compatOf(row: SourceRow, words: Partial<Record<ThinkingLevel, string>>, api: WireApi) {
  const compat: Record<string, unknown> = {};
  for (const key of COMPAT_KEYS) if (row.compat?.[key] !== undefined) compat[key] = row.compat[key];
  const isAsked =
    row.compat?.forceAdaptiveThinking === true ||
    (api === "google-generative" && row.thinkingLevelMap !== undefined);
  const named = row.thinkingLevelMap?.off ?? undefined;
  const kept = Object.entries(words)
    .map(([level, word]) => [level, api === "google-generative" ? word.toLowerCase() : word])
    .filter(([level, word]) => (level === "off" ? named !== undefined : isAsked || level !== word));
  if (kept.length > 0 && (api !== "anthropic-messages" || isAsked)) compat.effort = Object.fromEntries(kept);
  return compat;
}

if (import.meta.main) {
  const [source = ""] = process.argv.slice(2);
  const rows: SourceRow[] = readFileSync(source, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const models = rows.map(toModel).filter((model) => model !== null);
  for (const [file, vendors] of Object.entries(CATALOG_FILES)) {
    const listed = models.filter(({ vendor }) => (vendors as readonly string[]).includes(vendor));
    const lines = listed.map((model) => JSON.stringify(model)).join(",\n");
    const text = `{"notice":${JSON.stringify(NOTICE)},"models":[\n${lines}\n]}\n`;
    writeFileSync(new URL(`../src/providers/${file}`, import.meta.url), text);
  }
}
