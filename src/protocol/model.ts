// Model: what can be asked, over which wire API, at which price; and the stream that answers.
import * as z from "zod/mini";

export const WireApi = z.enum(["anthropic-messages", "openai-responses", "openai-chat", "google-generative"]);
export type WireApi = z.infer<typeof WireApi>;

export const ThinkingLevel = z.enum(["off", "minimal", "low", "medium", "high", "max"]);
export type ThinkingLevel = z.infer<typeof ThinkingLevel>;

/** US dollars per million tokens. A tier replaces all four once the whole prompt exceeds `inputTokensAbove`. */
export const Price = z.object({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.number(),
  tiers: z.optional(
    z.array(
      z.object({
        inputTokensAbove: z.number(),
        input: z.number(),
        output: z.number(),
        cacheRead: z.number(),
        cacheWrite: z.number(),
      }),
    ),
  ),
});
export type Price = z.infer<typeof Price>;

/** One model of one vendor. `id` is the vendor's own; VENDOR/ID names it in flags and settings. */
export const Model = z.object({
  id: z.string(),
  vendor: z.string(),
  name: z.string(),
  api: WireApi,
  /** Tokens that prompt and answer may take together. */
  contextWindow: z.number(),
  /** Tokens that one answer may take. */
  maxOutput: z.number(),
  input: z.array(z.enum(["text", "image"])),
  /** Whether thinking can be asked for; the levels that mean anything to it. Empty: it cannot think. */
  thinking: z.array(ThinkingLevel),
  price: z.nullable(Price),
  /** Wire oddities of compatible endpoints, read only inside providers/. */
  compat: z.optional(z.record(z.string(), z.unknown())),
});
export type Model = z.infer<typeof Model>;
