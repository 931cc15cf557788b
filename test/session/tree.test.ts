import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredEntry } from "../../src/session/state-entry.ts";
import { createSession } from "../../src/session/store.ts";
import { collectTree, listBranches, pathTo, rewindTarget } from "../../src/session/tree.ts";
import { answer, batch, storeContext, user, writeRun } from "../support/session-entries.ts";

async function threeRuns() {
  const store = createSession({ dir: null, cwd: "/w", ...storeContext() });
  for (const prompt of ["one", "two", "three"]) await writeRun(store, prompt, answer(`answer to ${prompt}`));
  return store;
}

const promptsOf = async (store: Awaited<ReturnType<typeof threeRuns>>) =>
  pathTo((await collectTree(store.entries())).tip)
    .filter((node) => node.type === "run_start")
    .map((node) => node.text);

describe("/rewind N (A-097)", () => {
  it.each([
    [0, []],
    [1, ["one"]],
    [2, ["one", "two"]],
    [3, ["one", "two", "three"]],
  ])("to %i keeps the first runs, and the next prompt makes a second branch", async (runs, kept) => {
    const store = await threeRuns();
    await store.append({ type: "leaf", targetId: rewindTarget(await collectTree(store.entries()), runs) });
    expect(await promptsOf(store)).toEqual(kept);
    await writeRun(store, "other");
    expect(await promptsOf(store)).toEqual([...kept, "other"]);
    const branches = listBranches(await collectTree(store.entries()));
    expect(branches.map(({ prompt, current, runs }) => ({ prompt, current, runs }))).toEqual(
      runs === 3
        ? [{ prompt: "one", current: true, runs: 4 }]
        : [
            { prompt: ["one", "two", "three"][runs], current: false, runs: 3 },
            { prompt: "other", current: true, runs: runs + 1 },
          ],
    );
  });

  it.each([4, -1, 1.5])("to %d is refused and names how many there are", async (runs) => {
    const tree = await collectTree((await threeRuns()).entries());
    expect(() => rewindTarget(tree, runs)).toThrow("there are 3 runs");
  });

  it("counts the runs of the current branch only", async () => {
    const store = await threeRuns();
    await store.append({ type: "leaf", targetId: rewindTarget(await collectTree(store.entries()), 1) });
    await writeRun(store, "other");
    const tree = await collectTree(store.entries());
    expect(() => rewindTarget(tree, 3)).toThrow("there are 2 runs");
  });
});

describe("the tree", () => {
  it("shows the current branch also right after a move, before anything follows", async () => {
    const store = await threeRuns();
    await store.append({ type: "leaf", targetId: rewindTarget(await collectTree(store.entries()), 1) });
    const branches = listBranches(await collectTree(store.entries()));
    expect(branches.map(({ prompt, current }) => ({ prompt, current }))).toEqual([
      { prompt: "one", current: true },
      { prompt: "two", current: false },
    ]);
  });

  it("knows labels", async () => {
    const store = await threeRuns();
    await store.append({ type: "label", targetId: store.tip ?? "", label: "good" });
    expect(listBranches(await collectTree(store.entries()))[0]?.label).toBe("good");
  });

  it("property: whatever ids and parents there are, every path ends", async () => {
    const id = fc.integer({ min: 0, max: 9 }).map(String);
    const entry = fc.record({ id, parentId: fc.option(id), move: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 40 }), async (drafts) => {
        const entries = drafts.map(({ id, parentId, move }): StoredEntry => {
          const place = { id, parentId, time: "t" };
          return move
            ? { ...place, type: "leaf", targetId: parentId }
            : { ...place, type: "message", message: user(id) };
        });
        const tree = await collectTree(batch(entries));
        expect(pathTo(tree.tip).length).toBeLessThanOrEqual(entries.length);
        listBranches(tree);
      }),
    );
  });
});
