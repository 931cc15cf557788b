// EventHub: numbers the events of one session and hands them to every subscriber. Keeps nothing.
import type { AgentEvent, EventEnvelope } from "../protocol/event.ts";

export type EventListener = (envelope: EventEnvelope) => void;

export interface EventHub {
  /** Every subscriber gets the events in the order of the calls, also when one of them makes another. */
  publish(event: AgentEvent): void;
  /** From the next event on. Returns the function that ends it at once. A listener must not throw. */
  subscribe(listener: EventListener): () => void;
}

/** `now` in milliseconds since the epoch. `seq` starts at 1. */
export function createEventHub(options: { sessionId: string; now: () => number }): EventHub {
  const listeners = new Set<EventListener>();
  const waiting: EventEnvelope[] = [];
  let seq = 0;
  let runId: string | null = null;
  let handingOut = false;

  const seal = (event: AgentEvent): EventEnvelope => {
    if (event.type === "run_start") runId = event.runId;
    const time = new Date(options.now()).toISOString();
    const envelope = { seq, sessionId: options.sessionId, runId, time, event };
    if (event.type === "run_end") runId = null;
    return envelope;
  };
  const handOut = (envelope: EventEnvelope): void => {
    for (const listener of [...listeners]) if (listeners.has(listener)) listener(envelope);
  };

  return {
    publish: (event) => {
      const envelope = seal(event);
      // Nobody listens yet: the first event that is told has number 1.
      if (listeners.size === 0) return;
      seq += 1;
      waiting.push({ ...envelope, seq });
      if (handingOut) return;
      handingOut = true;
      try {
        for (let next = waiting.shift(); next; next = waiting.shift()) handOut(next);
      } finally {
        handingOut = false;
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
