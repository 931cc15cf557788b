// Reading a list of events.
import type { AgentEvent } from "../../src/protocol/event.ts";

export function ofType<T extends AgentEvent["type"]>(events: readonly AgentEvent[], type: T) {
  return events.filter((event): event is Extract<AgentEvent, { type: T }> => event.type === type);
}
