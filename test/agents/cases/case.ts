// Case: one thing that every agent owes. Throws where it does not hold.
import assert from "node:assert/strict";
import type { AgentEvent } from "../../../src/protocol/event.ts";
import type { Message } from "../../../src/protocol/message.ts";
import { ofType } from "../../support/events.ts";
import type { Bed } from "../bed.ts";

export type Case = {
  name: string;
  /** A word for the table on how it holds. */
  play: (bed: Bed) => Promise<string | undefined>;
};

/** The words of the newest answer. */
export function answerOf(messages: readonly Message[]): string {
  const answer = messages.findLast(({ role }) => role === "assistant");
  return (answer?.content ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** The end of the one run of these events, that it is of this outcome. */
export function runEnd(events: readonly AgentEvent[], outcome: string) {
  const ends = ofType(events, "run_end");
  assert.deepEqual(
    ends.map((end) => end.outcome),
    [outcome],
    `the run should be ${outcome}: ${JSON.stringify(ends.map(({ error }) => error ?? null))}`,
  );
  return ends[0];
}

/** Every call that was begun has one end. */
export function callsAreClosed(events: readonly AgentEvent[]): void {
  const ids = (type: "tool_start" | "tool_end") => ofType(events, type).map((event) => event.toolCallId);
  assert.deepEqual(
    ids("tool_end").toSorted(),
    ids("tool_start").toSorted(),
    "each call begins and ends once",
  );
}

export function contentText(content: readonly { type: string; text?: string }[]): string {
  return content.map(({ text = "" }) => text).join("");
}

export function times(text: string, word: string): number {
  return text.split(word).length - 1;
}
