// Usage: tokens and money of one model response, or of a sum of them.
import * as z from "zod/mini";

/** US dollars of each kind of tokens. */
const Costs = z.object({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.number(),
});
export type Costs = z.infer<typeof Costs>;

/**
 * Token counts. `input` is the input that was NOT read from or written to a cache; `cacheRead` and
 * `cacheWrite` stand beside it, so input + cacheRead + cacheWrite is the whole prompt. `output` includes
 * `reasoning`, which says how many of them were thinking. `cost` is US dollars, null when no price is known;
 * `costs` what of it each kind took, where that is told.
 */
export const Usage = z.object({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.number(),
  reasoning: z.number(),
  cost: z.nullable(z.number()),
  costs: z.optional(Costs),
});
export type Usage = z.infer<typeof Usage>;
