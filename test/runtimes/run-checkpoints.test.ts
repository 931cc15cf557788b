import { expect, it } from "vitest";
import { AppError } from "../../src/lib/app-error.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import { NO_USAGE } from "../../src/protocol/usage-sum.ts";
import { createRunCheckpoints } from "../../src/runtimes/run-checkpoints.ts";
import type { Checkpoint } from "../../src/sandbox/checkpoints/checkpoints.ts";

const start = (runId: string): AgentEvent => ({ type: "run_start", runId, prompt: "p", runtime: "native" });
const end = (runId: string): AgentEvent => ({
  type: "run_end",
  runId,
  outcome: "completed",
  steps: 1,
  usage: NO_USAGE,
  durationMs: 1,
});

/** Checkpoints that are made when the test lets them, or fail. */
function held(failure?: AppError) {
  const events: AgentEvent[] = [];
  const waiting: ((taken: Checkpoint) => void)[] = [];
  const kinds: string[] = [];
  let ids = 0;
  const runs = createRunCheckpoints({
    checkpoints: {
      take: (kind) => {
        kinds.push(kind);
        if (failure) return Promise.reject(failure);
        return new Promise((resolve) => waiting.push(resolve));
      },
      diff: async () => [],
    },
    emit: async (event) => {
      events.push(event);
    },
    newId: () => `${++ids}`,
  });
  const release = async (commit: string) => {
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    waiting.shift()?.({ commit, files: 1 });
  };
  return { runs, events, kinds, release };
}

it("makes one checkpoint for all calls of a run, one after it, and the next run's first change waits for that", async () => {
  const { runs, events, kinds, release } = held();
  void runs.follow(start("one"));
  const changes = [runs.beforeChange(), runs.beforeChange()];
  await release("a");
  await Promise.all(changes);
  void runs.follow(end("one"));
  void runs.follow(start("two"));
  const next = runs.beforeChange();
  await expect.poll(() => kinds).toEqual(["before", "after"]);
  await release("b");
  await release("c");
  await next;
  expect(kinds).toEqual(["before", "after", "before"]);
  expect(events).toMatchObject([
    { commit: "a", kind: "before", runId: "one" },
    { commit: "b", kind: "after", runId: "one" },
    { commit: "c", kind: "before", runId: "two" },
  ]);
});

it("makes none for a run that asks for none, and does not hold up its end", () => {
  const { runs, kinds } = held();
  void runs.follow(start("one"));
  expect(runs.follow(end("one"))).toBeNull();
  expect(kinds).toEqual([]);
});

it("lets the work go on where none can be made, and says so once", async () => {
  const refused = new AppError("checkpoints.unavailable", "Not here.", { hint: "There." });
  const { runs, events, kinds } = held(refused);
  for (const runId of ["one", "two"]) {
    void runs.follow(start(runId));
    await runs.beforeChange();
    await runs.follow(end(runId));
  }
  expect(kinds).toEqual(["before", "before"]);
  expect(events).toEqual([
    { type: "notice", level: "info", code: "checkpoints.unavailable", message: "Not here.", hint: "There." },
  ]);
});

it("settles although a checkpoint takes long", async () => {
  const { runs, release } = held();
  void runs.follow(start("one"));
  const before = runs.beforeChange();
  await release("a");
  await before;
  await runs.follow(end("one"));
  await runs.close();
});
