// The messages a model is shown, kept up with the events: what a runtime that starts now would be given.
import type { AgentEvent } from "../protocol/event.ts";
import type { HistoryEntry } from "../runtimes/runtime.ts";
import { withoutResults } from "../session/context.ts";

/** `history` with the event's message at its end, cut to a compaction's summary, or without dropped results; the same list for others. */
export function extendHistory(history: HistoryEntry[], event: AgentEvent): HistoryEntry[] {
  if (event.type === "message_end" && event.parentToolCallId === undefined) {
    history.push({ id: event.messageId, message: event.message });
    return history;
  }
  if (event.type === "compaction_end" && event.summary !== null && !event.error) {
    const kept = history.findIndex((entry) => entry.id === event.firstKeptId);
    const summary: HistoryEntry = {
      id: `summary-${event.firstKeptId ?? "all"}`,
      message: { role: "system", content: [{ type: "text", text: event.summary }] },
    };
    return [summary, ...(kept < 0 ? [] : history.slice(kept))];
  }
  return event.type === "results_dropped" ? withoutResults(history, event) : history;
}
