// What an agent's error says to a person. Pure.
import { AppError } from "../../lib/app-error.ts";
import { fieldOf } from "../../lib/field-of.ts";

/** ACP's code for "authentication required"; Gemini's agent gives the HTTP status instead. */
const AUTH_CODES: readonly unknown[] = [-32000, 401];
/** How opencode's and Qwen's agents tell it, in words alone. */
const NOT_LET_IN =
  /\b401\b|(invalid|incorrect|missing) (x-)?api[ _-]key|unauthori[sz]ed|authentication (failed|required)/i;
const LOG_IN =
  "Log in with its own program first, or give it the key it needs (runtimes.NAME.env or passEnv).";

/** An error that the agent answered, unlike one of the connection. */
export function isRequestError(error: unknown): boolean {
  return error instanceof Error && !(error instanceof AppError) && typeof fieldOf(error, "code") === "number";
}

/** The agent's own sentence, out of the layers that some wrap it in. */
function agentWords(error: unknown): { message: string; hint?: string } {
  const message = error instanceof Error ? error.message : String(error);
  const data = fieldOf(error, "data");
  const details = [data, fieldOf(data, "details"), fieldOf(data, "message")].find(
    (text) => typeof text === "string",
  );
  const said = innerMessage(message);
  const told =
    typeof details === "string" && !said.includes(details) ? `${said}: ${innerMessage(details)}` : said;
  const isAuth = AUTH_CODES.includes(fieldOf(error, "code")) || NOT_LET_IN.test(told);
  return isAuth ? { message: told, hint: LOG_IN } : { message: told };
}

/** Gemini's agent passes the service's JSON on as the message. */
function innerMessage(text: string): string {
  if (!text.startsWith("{")) return text;
  try {
    const inner = fieldOf(fieldOf(JSON.parse(text), "error"), "message");
    return typeof inner === "string" ? inner : text;
  } catch {
    // It only looked like JSON: the text itself is what was said.
    return text;
  }
}

/** What the agent answered, as our error; anything else as it is. */
export function agentError(error: unknown): unknown {
  if (!isRequestError(error)) return error;
  const { message, hint } = agentWords(error);
  const code = hint === undefined ? "runtime.failed" : "runtime.auth";
  return new AppError(code, message, { cause: error, ...(hint === undefined ? {} : { hint }) });
}
