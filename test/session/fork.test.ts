import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sessionContext } from "../../src/session/context.ts";
import { forkSession } from "../../src/session/fork.ts";
import { readBranch } from "../../src/session/read.ts";
import { listSessions } from "../../src/session/session-list.ts";
import { openSession } from "../../src/session/store.ts";
import { answer, storeContext, texts, user, writeRun, writeSession } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

it("copies the path to the leaf into a new session and leaves the original as it is (A-098)", async () => {
  const dir = await temporaryFolder();
  const path = await writeSession(dir, ["one", "two"]);
  const { store, branch } = await openSession(path, storeContext("f"));
  const firstEnd = branch.entries.find((entry) => entry.type === "run_end")?.id ?? null;
  await store.append({ type: "leaf", targetId: firstEnd });
  await writeRun(store, "instead of two", answer("yes"));
  await store.append({
    type: "queue",
    items: [{ id: "q", kind: "steer", text: "x", state: "pending", time: 1 }],
  });
  const before = readFileSync(path);

  const copy = await forkSession(path, { dir, ...storeContext("g") }); // While it is open.
  expect(readFileSync(path)).toEqual(before);
  await store.close();
  const forked = await openSession(copy, storeContext("h"));
  expect(forked.branch.header).toMatchObject({ parentSession: branch.header.id, cwd: branch.header.cwd });
  expect(forked.branch.header.id).not.toBe(branch.header.id);
  expect(forked.branch.notices).toEqual([]);
  expect(texts(sessionContext(forked.branch).history)).toEqual([
    "one",
    "answer to one",
    "instead of two",
    "yes",
  ]);
  expect(forked.branch.state).toMatchObject({ queue: [], usage: { input: 0 }, firstPrompt: "one" });
  await writeRun(forked.store, "three");
  await forked.store.close();
  expect((await listSessions(dir)).map(({ parentSession }) => parentSession)).toContain(branch.header.id);
});

it("copies what a compaction stands for as well", async () => {
  const dir = await temporaryFolder();
  const path = await writeSession(dir, ["one"]);
  const { store } = await openSession(path, storeContext("f"));
  const files = { filesRead: [], filesModified: [] };
  await store.append({
    type: "compaction",
    summary: "sum",
    firstKeptId: null,
    tokensBefore: 2,
    tokensAfter: 1,
    ...files,
  });
  await store.append({ type: "message", message: user("new") });
  await store.close();
  const branch = await readBranch(await forkSession(path, { dir, cwd: "/elsewhere", ...storeContext("g") }), {
    whole: true,
  });
  expect(branch.entries.filter((entry) => entry.type === "message")).toHaveLength(3);
  expect(texts(sessionContext(branch).history)).toEqual(["sum", "new"]);
  expect(branch.header.cwd).toBe("/elsewhere");
});
