import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { AgentEvent } from "../../src/protocol/event.ts";
import { type BranchPages, openBranchPages } from "../../src/session/branch-pages.ts";
import { readBranch } from "../../src/session/read.ts";
import { replayEvents } from "../../src/session/replay.ts";
import { createSession, openSession, type SessionStore } from "../../src/session/store.ts";
import {
  answer,
  call,
  result,
  storeContext,
  USAGE,
  user,
  writeRun,
  writeSession,
} from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

async function laidOut(path: string, before: string | null): Promise<BranchPages> {
  const pages = openBranchPages(path, { before });
  await pages.layOut({ signal: new AbortController().signal, onProgress: () => undefined });
  expect(pages.complete).toBe(true);
  return pages;
}

/** Oldest first; without the numbers of steps, which a page does not know. */
function eventsOf(pages: BranchPages): AgentEvent[] {
  const events = pages.pages.map((_, index) => pages.events(index));
  return unnumbered(events.reverse().flat());
}

function unnumbered(events: readonly AgentEvent[]): AgentEvent[] {
  return events.map((event) => {
    if (event.type === "step_start") return { ...event, step: 0 };
    return event.type === "run_end" && event.outcome === "interrupted"
      ? { ...event, steps: 0, usage: USAGE }
      : event;
  });
}

async function wholeBranch(path: string): Promise<AgentEvent[]> {
  const branch = await readBranch(path, { whole: true });
  return unnumbered([...replayEvents({ ...branch, state: { ...branch.state, queue: [] } })]);
}

const step = fc.record({
  partials: fc.nat({ max: 2 }),
  calls: fc.nat({ max: 3 }),
  size: fc.constantFrom<number[]>(10, 2_000, 60_000),
  queue: fc.boolean(),
});
const run = fc.record({
  steps: fc.array(step, { maxLength: 12 }),
  ended: fc.boolean(),
  steered: fc.boolean(),
});

let nextId = 0;

async function write(
  store: SessionStore,
  { steps, ended, steered }: typeof run extends fc.Arbitrary<infer T> ? T : never,
) {
  const runId = `r${nextId++}`;
  await store.append({ type: "run_start", runId, prompt: "go", runtime: "native" });
  await store.append({ type: "message", message: user("go") });
  for (const { partials, calls, size, queue } of steps) {
    const messageId = `m${nextId++}`;
    for (let part = 0; part < partials; part++) {
      await store.append({ type: "partial", messageId, deltas: [{ type: "text", index: 0, text: "x" }] });
      if (queue) await store.append({ type: "queue", items: [] });
    }
    const ids = Array.from({ length: calls }, () => `c${nextId++}`);
    const message = answer("y".repeat(size), ...ids.map((id) => call(id)));
    await store.append({ type: "message", id: messageId, message });
    for (const id of ids) await store.append({ type: "message", message: result(id, "z".repeat(size)) });
    if (steered) await store.append({ type: "message", message: user("and now?") });
  }
  if (ended) {
    await store.append({
      type: "run_end",
      runId,
      outcome: "completed",
      steps: 1,
      usage: USAGE,
      durationMs: 5,
    });
  }
}

it("property: the events of all pages are those of the whole branch, whatever its runs hold", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 12 }), async (runs) => {
      const dir = await temporaryFolder();
      const store = createSession({ dir, cwd: "/w", ...storeContext() });
      for (const each of runs) await write(store, each);
      await store.close();
      const path = store.path ?? "";
      const pages = await laidOut(path, null);
      expect(eventsOf(pages)).toEqual(await wholeBranch(path));
      pages.close();
    }),
    { numRuns: 25 },
  );
});

it("a run longer than a page is parted between its steps, and an answer is never parted from its pieces", async () => {
  const dir = await temporaryFolder();
  const store = createSession({ dir, cwd: "/w", ...storeContext() });
  const steps = Array.from({ length: 200 }, () => ({ partials: 2, calls: 2, size: 100, queue: false }));
  await write(store, { steps, ended: true, steered: false });
  await store.close();
  const pages = await laidOut(store.path ?? "", null);
  expect(pages.pages.length).toBeGreaterThan(10);
  expect(pages.pages.reduce((sum, page) => sum + page.runs, 0)).toBe(1);
  expect(eventsOf(pages)).toEqual(await wholeBranch(store.path ?? ""));
});

it("stops before the message that the frontend has, and before the start of its run", async () => {
  const dir = await temporaryFolder();
  const path = await writeSession(dir, ["one", "two", "three"]);
  const { entries } = await readBranch(path, { whole: true });
  const messages = entries.filter((entry) => entry.type === "message");
  const prompt = await laidOut(path, messages[2]?.id ?? "");
  expect(prompt.beginsRun).toBe(true);
  expect(eventsOf(prompt).filter((event) => event.type === "run_start")).toHaveLength(1);
  expect(eventsOf(prompt).at(-1)).toMatchObject({ type: "run_end", outcome: "completed" });
  const inside = await laidOut(path, messages[3]?.id ?? "");
  expect(inside.beginsRun).toBe(false);
  // The run of "two" goes on in what the frontend has: it was not interrupted.
  expect(eventsOf(inside).at(-1)).toMatchObject({ type: "message_end" });
  const nowhere = await laidOut(path, "no such message");
  expect(nowhere.pages).toEqual([]);
});

it("follows the branch after a rewind, and reads over damage and lines of other branches", async () => {
  const dir = await temporaryFolder();
  const path = await writeSession(dir, ["one", "two"]);
  const { store, branch } = await openSession(path, storeContext("f"));
  const target = branch.entries.find((entry) => entry.type === "run_end")?.id ?? null;
  await store.append({ type: "leaf", targetId: target });
  await writeRun(store, "instead", answer("yes"));
  await store.append({ type: "leaf", targetId: target });
  await store.close();
  expect(eventsOf(await laidOut(path, null))).toEqual(await wholeBranch(path));
  const again = await openSession(path, storeContext("g"));
  await writeRun(again.store, "at last", answer("well"));
  await again.store.close();
  appendFileSync(path, '{"type":"message","id":"torn');
  expect(eventsOf(await laidOut(path, null))).toEqual(await wholeBranch(path));
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, lines.map((line, index) => (index === 3 ? "not json" : line)).join("\n"));
  expect(JSON.stringify(eventsOf(await laidOut(path, null)))).toContain("at last");
});

it("tells in which pages a word may stand without reading their entries", async () => {
  const dir = await temporaryFolder();
  const path = await writeSession(
    dir,
    Array.from({ length: 60 }, (_, index) => `prompt number${index}x`),
  );
  const pages = await laidOut(path, null);
  expect(pages.pages.length).toBeGreaterThan(2);
  const holding = pages.pages.map((_, index) => pages.mayHold(index, [/NUMBER7X/iu, /answer/u]));
  expect(holding.filter((holds) => holds)).toHaveLength(1);
});
