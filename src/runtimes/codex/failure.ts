// What Codex says of a turn that failed or is tried again, for a person. Pure.
import { AppError } from "../../lib/app-error.ts";
import { fieldOf, rowOf } from "../../lib/field-of.ts";
import type { AgentUpdate } from "../external/connection.ts";
import type { TurnError } from "./wire.ts";

export const LOG_IN =
  "Run `codex login`, or give the key to it: printenv OPENAI_API_KEY | codex login --with-api-key";

/** What helps where the kind of error tells it (`codexErrorInfo`). */
const HINTS: Readonly<Record<string, string>> = {
  contextWindowExceeded: "Start a new session, or hand the conversation to another runtime.",
  usageLimitExceeded: "The plan's limit is reached: wait, or hand the conversation to another runtime.",
  rateLimitExceeded: "Wait a little, or hand the conversation to another runtime.",
  modelNotFound: "Choose another of its models.",
};

/** `runtime.auth` where a login is missing or refused, else `runtime.failed`. */
export function turnFailure(error: TurnError): AppError {
  const { kind, status } = errorKind(error.codexErrorInfo);
  const message = wholeSentence(error);
  if (kind === "unauthorized" || status === 401)
    return new AppError("runtime.auth", message, { hint: LOG_IN });
  const hint = rowOf(HINTS, kind);
  return new AppError("runtime.failed", message, {
    ...(hint === undefined ? {} : { hint }),
    ...(status === null ? {} : { status }),
  });
}

/** A word, or an object whose one key is the word and may hold an HTTP status. */
function errorKind(info: unknown): { kind: string; status: number | null } {
  if (typeof info === "string") return { kind: info, status: null };
  if (typeof info !== "object" || info === null) return { kind: "other", status: null };
  const [kind = "other"] = Object.keys(info);
  const status = fieldOf(fieldOf(info, kind), "httpStatusCode");
  return { kind, status: typeof status === "number" ? status : null };
}

function wholeSentence({ message, additionalDetails }: TurnError): string {
  const said = innerMessage(message);
  if (!additionalDetails || said.includes(additionalDetails)) return said;
  return `${said} (${innerMessage(additionalDetails)})`;
}

/** A service's refusal comes as the JSON that it answered. */
function innerMessage(text: string): string {
  if (!text.trimStart().startsWith("{")) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    const inner = fieldOf(fieldOf(parsed, "error"), "message") ?? fieldOf(parsed, "message");
    return typeof inner === "string" ? inner : text;
  } catch {
    // It only looked like JSON: the text itself is what was said.
    return text;
  }
}

/**
 * "Reconnecting... 2/5" counts its tries. "Reconnecting... waiting for network" does not: it goes on for ever.
 * `tries`: how many it made before, of those that it does not count.
 */
export function retryUpdate({ message, additionalDetails }: TurnError, tries: number): AgentUpdate {
  const [, attempt, of] = /(\d+)\/(\d+)/.exec(message) ?? [];
  const details = additionalDetails ? innerMessage(additionalDetails) : message;
  return {
    type: "retry",
    attempt: attempt === undefined ? tries + 1 : Number(attempt),
    maxAttempts: of === undefined ? tries + 1 : Number(of),
    delayMs: 0,
    reason: /[.!?]$/.test(details) ? details : `${details}.`,
  };
}
