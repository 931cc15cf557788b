import { describe, expect, it } from "vitest";
import { createEventHub } from "../../src/app/event-hub.ts";
import type { AgentEvent, EventEnvelope } from "../../src/protocol/event.ts";
import { USAGE } from "../support/session-entries.ts";

const notice = (message: string): AgentEvent => ({ type: "notice", level: "info", message });
const start: AgentEvent = { type: "run_start", runId: "r1", prompt: "p", runtime: "native" };
const end: AgentEvent = {
  type: "run_end",
  runId: "r1",
  outcome: "completed",
  steps: 1,
  usage: USAGE,
  durationMs: 1,
};
const hub = () => createEventHub({ sessionId: "s", now: () => 0 });

describe("the event hub", () => {
  it("numbers events from 1 and names the run of each, its start and end included", () => {
    const events = hub();
    const seen: EventEnvelope[] = [];
    events.subscribe((envelope) => seen.push(envelope));
    for (const event of [notice("a"), start, notice("b"), end, { type: "settled" } as const])
      events.publish(event);
    expect(seen.map(({ seq, runId }) => [seq, runId])).toEqual([
      [1, null],
      [2, "r1"],
      [3, "r1"],
      [4, "r1"],
      [5, null],
    ]);
    expect(seen[0]).toMatchObject({ sessionId: "s", time: "1970-01-01T00:00:00.000Z" });
  });

  it("gives every subscriber the same order, also when one of them publishes", () => {
    const events = hub();
    const seen: string[][] = [[], []];
    const note = (list: string[] | undefined, { event, seq }: EventEnvelope) =>
      list?.push(`${seq} ${event.type === "notice" ? event.message : event.type}`);
    events.subscribe((envelope) => {
      note(seen[0], envelope);
      if (envelope.seq === 1) events.publish(notice("inner"));
    });
    events.subscribe((envelope) => note(seen[1], envelope));
    events.publish(notice("outer"));
    expect(seen).toEqual([
      ["1 outer", "2 inner"],
      ["1 outer", "2 inner"],
    ]);
  });

  it("tells a new subscriber from the next event on, and one that left nothing more", () => {
    const events = hub();
    const seen: string[] = [];
    const leave = events.subscribe(() => {
      events.subscribe(() => seen.push("new"));
      other();
    });
    const other = events.subscribe(() => seen.push("other"));
    events.publish(notice("a"));
    expect(seen).toEqual([]);
    leave();
    events.publish(notice("b"));
    expect(seen).toEqual(["new"]);
  });
});
