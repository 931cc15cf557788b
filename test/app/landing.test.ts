// The words for when a queued item takes effect, in every state of a session.
import fc from "fast-check";
import { expect, test } from "vitest";
import { interruptWords } from "../../src/app/interrupt-words.ts";
import { landingOf } from "../../src/app/landing.ts";
import { initialState, type SessionState } from "../../src/app/state.ts";
import type { QueueItem, QueueKind } from "../../src/protocol/control.ts";
import { AgentState } from "../../src/protocol/event.ts";

const NOW = 1_000_000;
const RUN = { runId: "r", startedMs: NOW - 60_000, steps: 1 };
const BASH = { toolCallId: "c1", name: "bash", startedMs: NOW - 12_000 };
const QUESTION = {
  id: "a",
  toolCallId: "c1",
  name: "bash",
  arguments: {},
  subject: "rm",
  place: "workspace",
  reason: "",
  warnings: [],
};

function landings(state: Partial<SessionState>, kinds: readonly QueueKind[]): string[] {
  const queue = kinds.map(
    (kind, index): QueueItem => ({ id: `${index}`, kind, text: "t", state: "pending", time: NOW }),
  );
  const whole = initialState({ ...state, queue });
  return queue.map((item) => landingOf(item, whole, NOW));
}

test.each<[string, Partial<SessionState>, string]>([
  ["a tool runs", { state: "running_tools", runningTools: [BASH] }, "after bash, 0:12 running"],
  [
    "several run",
    { state: "running_tools", runningTools: [BASH, { ...BASH, name: "read" }] },
    "after bash and 1 more, 0:12 running",
  ],
  ["the model answers", { state: "streaming" }, "after this answer"],
  ["a request is tried again", { state: "retrying" }, "after the retry"],
  ["the context is compacted", { state: "compacting" }, "after compacting"],
  ["a question is open", { state: "awaiting_approval", approvals: [QUESTION] }, "after your answer to bash"],
  ["between two calls", { state: "running_tools" }, "before the next request"],
])("while %s, a steer and a pause say what they wait for", (_, state, words) => {
  const busy = { ...state, run: RUN };
  expect(landings(busy, ["steer", "follow_up", "follow_up", "exit"])).toEqual([
    words,
    "when this is done",
    "after 2",
    "when all is done",
  ]);
  expect(landings(busy, ["pause", "steer", "follow_up", "exit"])).toEqual([
    words,
    "after /continue",
    "when this is done",
    "after /continue, when all is done",
  ]);
});

test.each<[string, Partial<SessionState>, readonly QueueKind[], string[]]>([
  [
    "a paused run",
    { state: "paused", run: RUN },
    ["pause", "steer", "follow_up"],
    ["until /continue", "after /continue", "when this is done"],
  ],
  [
    "a session left paused",
    { state: "paused" },
    ["pause", "follow_up", "follow_up", "exit"],
    ["until /continue", "after /continue", "after 2", "when all is done"],
  ],
  [
    "texts of an earlier process",
    {},
    ["steer", "follow_up"],
    ["with your next prompt, or /continue", "with your next prompt, or /continue"],
  ],
  ["a runtime that starts", { starting: "codex" }, ["follow_up"], ["once codex has started"]],
  [
    "a compaction alone",
    { state: "compacting" },
    ["steer", "follow_up"],
    ["after compacting", "after compacting"],
  ],
])("of %s too", (_, state, kinds, words) => {
  expect(landings(state, kinds)).toEqual(words);
});

test("whatever the state, each item has words of its own, and a follow-up names one that stands before it", () => {
  const state = fc.record({
    state: fc.constantFrom(...AgentState.options),
    run: fc.constantFrom(null, RUN),
    starting: fc.constantFrom("", "codex"),
    runningTools: fc.constantFrom([], [BASH]),
    approvals: fc.constantFrom([], [QUESTION]),
  });
  const kinds = fc.array(fc.constantFrom<QueueKind>("steer", "follow_up", "pause", "exit"), { maxLength: 6 });
  fc.assert(
    fc.property(state, kinds, (known, queue) => {
      for (const [index, words] of landings(known, queue).entries()) {
        expect(words).toMatch(/^(after|before|when|with|until|once) /);
        const named = Number(/^after (\d+)$/.exec(words)?.[1] ?? 0);
        expect(named).toBeLessThanOrEqual(index);
        if (named > 0) expect([queue[index], queue[named - 1]]).toEqual(["follow_up", "follow_up"]);
      }
    }),
  );
});

test.each<[readonly QueueKind[], string]>([
  [[], "Interrupted."],
  [["pause", "exit"], "Interrupted."],
  [["steer"], "Interrupted; 1 queued text is back in the input."],
  [["steer", "pause", "follow_up"], "Interrupted; 2 queued texts are back in the input."],
])("an interrupt with %j queued says %j", (kinds, words) => {
  const queue = kinds.map((kind, index) => ({
    id: `${index}`,
    kind,
    text: "t",
    state: "pending" as const,
    time: 0,
  }));
  expect(interruptWords(initialState({ queue }))).toBe(words);
});
