// What is said of a program from what can be seen of it.
import { expect, test } from "vitest";
import { type ActivityFacts, activityOf } from "../../../src/mux/activity/activity.ts";

const QUIET: ActivityFacts = { exited: false, quietMs: 5_000, reading: "no", beforeCursor: "" };

test.for<{ name: string; facts: Partial<ActivityFacts>; state: string }>([
  { name: "wrote a second ago", facts: { quietMs: 1_000 }, state: "active" },
  { name: "wrote two seconds ago", facts: { quietMs: 2_000 }, state: "idle" },
  { name: "is blocked on its terminal alone", facts: { reading: "only", quietMs: 300 }, state: "waiting" },
  { name: "was caught between two lines", facts: { reading: "only", quietMs: 10 }, state: "active" },
  {
    name: "watches its terminal beside other things",
    facts: { reading: "also", quietMs: 500 },
    state: "active",
  },
  { name: "still does so after two seconds", facts: { reading: "also" }, state: "waiting" },
  {
    name: "cannot be looked at and has a prompt",
    facts: { reading: "unknown", beforeCursor: "pass: " },
    state: "waiting",
  },
  {
    name: "cannot be looked at, in a line of text",
    facts: { reading: "unknown", beforeCursor: "working" },
    state: "idle",
  },
  {
    name: "is known not to read, whatever its line",
    facts: { reading: "no", beforeCursor: "$ " },
    state: "idle",
  },
  { name: "has ended", facts: { exited: true, reading: "only" }, state: "exited" },
])("a program that $name is $state", ({ facts, state }) => {
  expect(activityOf({ ...QUIET, ...facts })).toBe(state);
});
