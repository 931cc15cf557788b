// ChatUsage: token counts of a Chat Completions answer, wherever the service put them.
import type { TokenCounts } from "../answer-builder.ts";
import { isObject, numberField, objectField, type WireObject } from "../wire-fields.ts";

/**
 * The counts in our sense, or null when the payload has none. The service's `prompt_tokens` counts cached tokens
 * too; `completion_tokens` counts reasoning, except where the total shows that it does not (xAI).
 */
export function readChatUsage(payload: WireObject): TokenCounts | null {
  const usage = [payload.usage, objectField(payload, "x_groq").usage].find(isObject);
  if (usage === undefined) return null;
  const prompt = numberField(usage, "prompt_tokens") ?? 0;
  const completion = numberField(usage, "completion_tokens") ?? 0;
  const promptDetails = objectField(usage, "prompt_tokens_details");
  const reasoning = numberField(objectField(usage, "completion_tokens_details"), "reasoning_tokens") ?? 0;
  const cacheRead =
    numberField(promptDetails, "cached_tokens") ??
    numberField(usage, "prompt_cache_hit_tokens", "cached_tokens") ??
    0;
  const cacheWrite = numberField(promptDetails, "cache_write_tokens") ?? 0;
  const isApart = numberField(usage, "total_tokens") === prompt + completion + reasoning;
  return {
    input: Math.max(0, prompt - cacheRead - cacheWrite),
    output: isApart ? completion + reasoning : completion,
    cacheRead,
    cacheWrite,
    reasoning,
  };
}
