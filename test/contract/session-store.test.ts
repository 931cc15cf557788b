// What every session store promises, whether it keeps its entries in a file or in memory.
import { describe, expect, it } from "vitest";
import { createSession } from "../../src/session/store.ts";
import { allEntries, answer, storeContext, user } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const message = (text: string) => ({ type: "message", message: user(text) }) as const;

describe.each([
  ["a file", temporaryFolder],
  ["memory", () => Promise.resolve(null)],
])("a session in %s", (_, folder) => {
  const open = async () => createSession({ dir: await folder(), cwd: "/repo/project", ...storeContext() });

  it("makes each entry the child of the one before it and gives all in order", async () => {
    const store = await open();
    const ids = [await store.append(message("one")), await store.append(message("two"))];
    expect(store.tip).toBe(ids[1]);
    expect(await allEntries(store.entries())).toMatchObject([
      { id: ids[0], parentId: null },
      { id: ids[1], parentId: ids[0] },
    ]);
    await store.close();
  });

  it("goes on where a move of the leaf points, and keeps what was there", async () => {
    const store = await open();
    const first = await store.append(message("one"));
    await store.append(message("left"));
    await store.append({ type: "leaf", targetId: first });
    expect(store.tip).toBe(first);
    await store.append(message("right"));
    const entries = await allEntries(store.entries());
    expect(entries.flatMap((entry) => (entry.type === "message" ? [entry.parentId] : []))).toEqual([
      null,
      first,
      first,
    ]);
    await store.close();
  });

  it("writes entries in the order of the calls, also when nobody waits", async () => {
    const store = await open();
    const texts = Array.from({ length: 50 }, (_item, index) => `${index}`);
    await Promise.all(texts.map((text, index) => store.append(message(text), { sync: index % 7 === 0 })));
    const entries = await allEntries(store.entries());
    const said = entries.flatMap((entry) => (entry.type === "message" ? [entry.message.content[0]] : []));
    expect(said).toEqual(texts.map((text) => ({ type: "text", text })));
    await store.close();
  });

  it("knows its state: usage, queue, pause, open run", async () => {
    const store = await open();
    await store.append({ type: "run_start", runId: "r", prompt: "p", runtime: "native" });
    await store.append({ type: "message", message: answer("hello") });
    const item = { id: "q", kind: "steer", text: "t", state: "pending", time: 1 } as const;
    await store.append({ type: "queue", items: [item, { ...item, id: "d", state: "delivered" }] });
    await store.setPaused(true);
    expect(store.state).toMatchObject({
      paused: true,
      queue: [item],
      openRun: { runId: "r", steps: 1 },
      usage: { input: 10, output: 5 },
    });
    await store.close();
  });

  it("refuses an entry after it was closed, which may be done twice", async () => {
    const store = await open();
    await store.append(message("one"));
    await store.close();
    await store.close();
    await expect(store.append(message("two"))).rejects.toMatchObject({ code: "session.closed" });
  });
});
