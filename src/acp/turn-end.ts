// How a turn ended, as the answer to its prompt. A run that failed is an error, never the end of a turn. Pure.
import type { Usage } from "../protocol/usage.ts";
import { failureError } from "./failure.ts";
import type { TurnEnd } from "./turns.ts";
import type { PromptResponse } from "./wire.ts";

const REFUSED = "provider.refused";

/** Throws the error that answers a failed run. `say` puts what a stop reason leaves unsaid into the answer. */
export function promptResponse(end: TurnEnd, say: (text: string) => void): PromptResponse {
  const { outcome, error, stop, usage } = end;
  const used = usage === null ? {} : { usage: turnUsage(usage) };
  switch (outcome) {
    case "completed":
      return { stopReason: stop === "length" ? "max_tokens" : "end_turn", ...used };
    case "interrupted":
      return { stopReason: "cancelled", ...used };
    case "limit":
      if (error) say([error.message, error.hint].filter((part) => part !== undefined).join(" "));
      return { stopReason: "max_turn_requests", ...used };
    case "failed":
      if (error?.code !== REFUSED)
        throw failureError(error ?? { code: "run.failed", message: "The run failed." });
      say(error.message);
      return { stopReason: "refusal", ...used };
  }
}

/** Of the run: as clients count it, what caches had stands beside the input. */
function turnUsage({ input, output, cacheRead, cacheWrite, reasoning }: Usage) {
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: input + output + cacheRead + cacheWrite,
    cachedReadTokens: cacheRead,
    cachedWriteTokens: cacheWrite,
    thoughtTokens: reasoning,
  };
}
