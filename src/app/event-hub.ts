// EventHub: numbers the events of one session and hands them to every subscriber. Keeps nothing.
import type { AgentEvent, EventEnvelope } from "../protocol/event.ts";

export type EventListener = (envelope: EventEnvelope) => void;

export interface EventHub {
  publish(event: AgentEvent): void;
  /** Returns the function that ends the subscription. A listener must not throw. */
  subscribe(listener: EventListener): () => void;
}

/** `now` in milliseconds since the epoch. `seq` starts at 1. */
export function createEventHub(options: { sessionId: string; now: () => number }): EventHub {
  const listeners = new Set<EventListener>();
  let seq = 0;
  let runId: string | null = null;
  return {
    publish: (event) => {
      seq += 1;
      if (event.type === "run_start") runId = event.runId;
      const time = new Date(options.now()).toISOString();
      const envelope: EventEnvelope = { seq, sessionId: options.sessionId, runId, time, event };
      for (const listener of listeners) listener(envelope);
      if (event.type === "run_end") runId = null;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
