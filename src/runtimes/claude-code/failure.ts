// How a turn of Claude Code ended, as its answer or as an error. Pure.
import { AppError } from "../../lib/app-error.ts";
import type { TurnAnswer } from "../external/connection.ts";
import type { WireEnd } from "./wire.ts";

export const LOG_IN =
  "Run `claude` once by itself and log in, or give it a key: ANTHROPIC_API_KEY, or runtimes.NAME.env in the settings.";

const AUTH_STATUS: readonly (number | null)[] = [401, 403];

/** `error`: the kind of failure that it told in the turn. Throws `runtime.failed` or `runtime.auth`. */
export function endReason(end: WireEnd, error: string | null): TurnAnswer["reason"] {
  const { subtype, reason, isError, text, stopReason } = end;
  if (reason.startsWith("aborted")) return "cancelled";
  if (subtype === "error_max_turns" || subtype === "error_max_budget_usd") return "limit";
  if (isError || subtype.startsWith("error")) throw failure(text || reason.replaceAll("_", " "), end, error);
  if (stopReason === "refusal") return "refusal";
  return stopReason === "max_tokens" || stopReason === "model_context_window_exceeded" ? "length" : "stop";
}

function failure(text: string, { httpStatus }: WireEnd, error: string | null): AppError {
  const message = text === "" ? "its turn failed" : text;
  if (error === "authentication_failed" || AUTH_STATUS.includes(httpStatus)) {
    return new AppError("runtime.auth", message, { hint: LOG_IN });
  }
  return new AppError("runtime.failed", message);
}
