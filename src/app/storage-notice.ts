// What a person is told when the session cannot be saved, and when it can be again.
import type { FailureData } from "../lib/app-error.ts";
import type { AgentEvent } from "../protocol/event.ts";

/** null: it works again, and what waited is in the file. */
export function storageNotice(failure: FailureData | null): Extract<AgentEvent, { type: "notice" }> {
  if (failure === null) {
    const message = "The session is saved again; nothing of it is missing.";
    return { type: "notice", level: "info", code: "session.saved", message };
  }
  const { code, message, hint } = failure;
  return { type: "notice", level: "error", code, message, ...(hint === undefined ? {} : { hint }) };
}
