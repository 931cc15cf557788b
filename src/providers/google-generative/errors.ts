// Errors of the Gemini API: what its SDK throws, and finish reasons that mean the answer is none.
import type { AppError } from "../../lib/app-error.ts";
import type { Endpoint } from "../endpoint.ts";
import { providerError, toProviderError } from "../errors.ts";
import { cutError } from "../wire-run.ts";

/** The SDK says this when a stream ends inside an event. */
const CUT = /^Incomplete JSON segment at the end/;
/** The SDK puts the error body behind words of its own: `got status: UNAVAILABLE. {"error":...}`. */
const BODY_IN_MESSAGE = /^[^{]*(\{.*\})\s*$/s;
/** The model's own slips; another try may go well. */
const SLIPS = new Set(["MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE", "UNEXPECTED_TOOL_CALL"]);

/** `headers` are those of the answer: the SDK's errors do not carry them, and Retry-After is among them. */
export function googleError(error: unknown, endpoint: Endpoint, headers: Headers | null): AppError {
  if (!(error instanceof Error)) return toProviderError(error, endpoint);
  if (CUT.test(error.message)) return cutError(endpoint, error);
  if (error.name !== "ApiError") return toProviderError(error, endpoint);
  const message = error.message.replace(BODY_IN_MESSAGE, "$1");
  return toProviderError({ status: Reflect.get(error, "status"), message, headers, cause: error }, endpoint);
}

/**
 * Null for reasons that end an answer well. `words` is the vendor's finishMessage.
 * https://ai.google.dev/api/generate-content#FinishReason
 */
export function finishError(reason: string, words: string, endpoint: Endpoint): AppError | null {
  if (reason === "STOP" || reason === "MAX_TOKENS") return null;
  const text = words === "" ? reason : `${reason}: ${words}`;
  return providerError(SLIPS.has(reason) ? "malformed_stream" : "refused", text, endpoint);
}
