// How much of the context window an answer shows to be filled.
import type { Usage } from "../protocol/usage.ts";

/** Tokens of a prompt and its answer: what the next request holds at least. */
export function promptTokens({ input, cacheRead, cacheWrite, output }: Usage): number {
  return input + cacheRead + cacheWrite + output;
}
