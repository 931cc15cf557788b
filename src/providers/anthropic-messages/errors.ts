// Errors of the Messages API: what its SDK throws, and stop reasons that mean the answer is none.
import type { AppError } from "../../lib/app-error.ts";
import type { Endpoint } from "../endpoint.ts";
import { providerError, toProviderError } from "../errors.ts";
import { textField, type WireObject } from "../wire-fields.ts";

export function anthropicError(error: unknown, endpoint: Endpoint): AppError {
  return toProviderError(error, endpoint);
}

/**
 * Null for reasons that end an answer well. `details` is the message's stop_details.
 * https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
 */
export function stopError(stopReason: string, details: WireObject, endpoint: Endpoint): AppError | null {
  if (stopReason === "refusal") {
    const words = textField(details, "explanation") || textField(details, "category");
    return providerError("refused", words, endpoint);
  }
  if (stopReason === "model_context_window_exceeded") {
    return providerError("context_overflow", "the answer filled the rest of the window", endpoint);
  }
  return null;
}
