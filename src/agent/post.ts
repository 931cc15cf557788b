// Publishing an event that nothing waits for.
import type { AgentEvent, EmitEvent } from "../protocol/event.ts";
import type { Failure } from "../protocol/failure.ts";

/** The order of calls is the order of events. A failed write is reported by who writes, and by the next awaited event. */
export function post(emit: EmitEvent, event: AgentEvent): void {
  emit(event).catch(() => undefined);
}

/** A failure as one sentence for the person. */
export function postNotice(emit: EmitEvent, level: "info" | "warning" | "error", failure: Failure): void {
  const { code, message, hint } = failure;
  post(emit, { type: "notice", level, code, message, ...(hint === undefined ? {} : { hint }) });
}
