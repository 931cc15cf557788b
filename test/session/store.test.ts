import { existsSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { SessionEntry } from "../../src/protocol/session-entry.ts";
import { sessionContext } from "../../src/session/context.ts";
import { readBranch } from "../../src/session/read.ts";
import { createSession, openSession } from "../../src/session/store.ts";
import {
  allEntries,
  answer,
  call,
  result,
  storeContext,
  texts,
  USAGE,
  user,
  writeRun,
  writeSession,
} from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const cwd = "/repo/project";

describe("a session that is written", () => {
  it("is JSON in every line, a header with version first, mode 0600 in a folder 0700 (A-088)", async () => {
    const dir = join(await temporaryFolder(), "sessions");
    const store = createSession({ dir, cwd, ...storeContext() });
    await writeRun(store, "hi", answer("look", call("c1")), result("c1"), answer("hello"));
    await store.close();

    const path = store.path ?? "";
    const [header, ...entries] = readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({
      type: "session",
      version: 1,
      cwd,
      id: store.header.id,
      writer: "hearth test",
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    const types = entries.map((entry) => entry.message?.role ?? entry.type);
    expect(types).toEqual(["run_start", "user", "assistant", "tool_result", "assistant", "run_end", "state"]);
    expect(entries[2].message.usage).toEqual(USAGE);
    for (const entry of entries.slice(0, -1)) expect(SessionEntry.safeParse(entry).success).toBe(true);
  });

  it("leaves no file when nothing that matters was said, and keeps the settings from before the first prompt", async () => {
    const dir = await temporaryFolder();
    const left = createSession({ dir, cwd, ...storeContext() });
    await left.append({ type: "model", model: "a/b", thinking: "low" });
    await left.append({ type: "name", name: "nothing" });
    await left.append({ type: "queue", items: [] });
    await left.setPaused(true);
    await left.close();
    expect(await readdir(dir)).toEqual([]);

    const used = createSession({ dir, cwd, ...storeContext() });
    await used.append({ type: "model", model: "a/b", thinking: "low" });
    await writeRun(used, "hi");
    await used.close();
    const { state } = await readBranch(used.path ?? "");
    expect(state).toMatchObject({
      model: "a/b",
      thinking: "low",
      runs: 1,
      firstPrompt: "hi",
      runtimes: ["native"],
    });
  });

  it("is in the file when append resolves, in the order of the calls", async () => {
    const store = createSession({ dir: await temporaryFolder(), cwd, ...storeContext() });
    const writes = Array.from({ length: 50 }, (_, index) =>
      store.append({ type: "message", message: user(`${index}`) }, { sync: index % 10 === 0 }),
    );
    await Promise.all(writes);
    const { entries } = await readBranch(store.path ?? "");
    const said = texts(entries.filter((entry) => entry.type === "message"));
    expect(said).toEqual(Array.from({ length: 50 }, (_, index) => `${index}`));
    await store.close();
  });

  it("tells every 200 entries what its state is, so that a reader need not go to the start", async () => {
    const store = createSession({ dir: await temporaryFolder(), cwd, ...storeContext() });
    await store.append({ type: "name", name: "first" });
    for (let index = 0; index < 450; index++) await store.append({ type: "message", message: user("x") });
    const entries = await allEntries(store.entries());
    expect(entries.filter((entry) => entry.type === "state")).toHaveLength(2);
    expect((await readBranch(store.path ?? "")).state.name).toBe("first");
    await store.close();
  });

  it("refuses entries after close", async () => {
    const store = createSession({ dir: null, cwd, ...storeContext() });
    await store.close();
    await store.close();
    await expect(store.append({ type: "name", name: "x" })).rejects.toMatchObject({ code: "session.closed" });
  });
});

describe("a session that is opened again", () => {
  it("goes on after the last entry, under the same id (A-089)", async () => {
    const path = await writeSession(await temporaryFolder(), ["one", "two"]);
    const { store, branch } = await openSession(path, storeContext("f"));
    expect(store.state).toEqual(branch.state);
    await writeRun(store, "three", answer("answer to three"));
    await store.close();

    const again = await readBranch(path);
    expect(again.header.id).toBe(branch.header.id);
    expect(again.complete).toBe(true);
    expect(again.notices).toEqual([]);
    expect(texts(sessionContext(again).history)).toEqual(
      ["one", "two", "three"].flatMap((prompt) => [prompt, `answer to ${prompt}`]),
    );
    expect(again.state).toMatchObject({ runs: 3, usage: { input: 30, cost: 1.5 } });
  });

  it("changes not a byte before the first append", async () => {
    const path = await writeSession(await temporaryFolder(), ["one"]);
    const before = readFileSync(path);
    const { store } = await openSession(path, storeContext("f"));
    await store.close();
    expect(readFileSync(path)).toEqual(before);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it("keeps queue, pause, name and settings over a kill (A-025)", async () => {
    const store = createSession({ dir: await temporaryFolder(), cwd, ...storeContext() });
    await writeRun(store, "one");
    const item = { id: "q1", kind: "follow_up", text: "later", state: "pending", time: 1 } as const;
    await store.append({ type: "queue", items: [item, { ...item, id: "q0", state: "delivered" }] });
    await store.append({ type: "name", name: "my work" });
    await store.append({ type: "mode", mode: "plan" });
    await store.append({ type: "runtime", runtime: "gemini", externalSessionId: "x-1" });
    await store.setPaused(true);
    const { state } = await readBranch(store.path ?? ""); // Not closed: as a killed process leaves it.
    expect(state).toMatchObject({ queue: [item], paused: true, name: "my work", mode: "plan" });
    expect(state).toMatchObject({ runtime: "gemini", externalSessionId: "x-1" });
    await store.setPaused(false);
    expect((await readBranch(store.path ?? "")).state.paused).toBe(false);
    await store.close();
  });
});

describe("moving the leaf", () => {
  it("puts the next prompt after the target, keeps all runs in the file (A-097)", async () => {
    const path = await writeSession(await temporaryFolder(), ["one", "two", "three"]);
    const { store, branch } = await openSession(path, storeContext("f"));
    const end = branch.entries.find((entry) => entry.type === "run_end");
    await store.append({ type: "leaf", targetId: end?.id ?? null });
    expect(store.tip).toBe(end?.id);
    expect(texts(sessionContext(await readBranch(path)).history)).toEqual(["one", "answer to one"]);
    await writeRun(store, "other");
    await store.close();
    expect(texts(sessionContext(await readBranch(path)).history)).toEqual(["one", "answer to one", "other"]);
    expect(readFileSync(path, "utf8")).toContain("answer to three");
  });

  it("to null begins anew, also when the process ended right after", async () => {
    const path = await writeSession(await temporaryFolder(), ["one"]);
    const { store } = await openSession(path, storeContext("f"));
    await store.append({ type: "leaf", targetId: null });
    await store.close();
    const branch = await readBranch(path);
    expect(branch).toMatchObject({ entries: [], complete: true, notices: [] });
    const again = await openSession(path, storeContext("g"));
    await writeRun(again.store, "new");
    await again.store.close();
    expect(texts(sessionContext(await readBranch(path)).history)).toEqual(["new"]);
  });
});

describe("--no-session", () => {
  it("keeps everything in memory and touches no disk", async () => {
    const store = createSession({ dir: null, cwd, ...storeContext() });
    await writeRun(store, "hi", answer("hello"));
    expect(store.path).toBeNull();
    expect((await allEntries(store.entries())).map((entry) => entry.type)).toEqual([
      "run_start",
      "message",
      "message",
      "run_end",
    ]);
    await store.close();
  });
});

describe("a disk that fails (A-100)", () => {
  it.runIf(process.getuid?.() !== 0)("says that there is no permission", async () => {
    const dir = await temporaryFolder();
    await chmod(dir, 0o500);
    const store = createSession({ dir, cwd, ...storeContext() });
    await expect(store.append({ type: "message", message: user("hi") })).rejects.toMatchObject({
      code: "session.write",
      message: expect.stringContaining("no permission"),
    });
    await chmod(dir, 0o700);
  });

  it("keeps the entries and writes them all once it works again", async () => {
    const folder = await temporaryFolder();
    const dir = join(folder, "sessions");
    await writeFile(dir, "in the way");
    const store = createSession({ dir, cwd, ...storeContext() });
    for (const text of ["one", "two"]) {
      await expect(store.append({ type: "message", message: user(text) })).rejects.toMatchObject({
        code: "session.write",
        hint: expect.stringContaining("--no-session"),
      });
    }
    expect(await allEntries(store.entries())).toHaveLength(2);
    const { rename } = await import("node:fs/promises");
    await rename(dir, join(folder, "moved"));
    await mkdir(dir);
    await store.append({ type: "message", message: user("three") });
    await store.close();
    expect(texts(sessionContext(await readBranch(store.path ?? "")).history)).toEqual([
      "one",
      "two",
      "three",
    ]);
  });

  it.runIf(existsSync("/dev/full"))("that is full takes nothing and says so", async () => {
    const { symlink } = await import("node:fs/promises");
    const dir = await temporaryFolder();
    const store = createSession({ dir, cwd, ...storeContext() });
    await mkdir(dirname(store.path ?? ""), { recursive: true });
    await symlink("/dev/full", store.path ?? "");
    await expect(store.append({ type: "message", message: user("hi") })).rejects.toMatchObject({
      code: "session.write",
      message: expect.stringContaining("disk is full"),
    });
    const failure: unknown = await store.close().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "session.unsaved" });
    await rm(keptIn(failure));
  });
});

it("what cannot be saved when it is closed is kept elsewhere, and can be added by hand later", async () => {
  const folder = await temporaryFolder();
  const late = createSession({ dir: join(folder, "file"), cwd: "/w", id: "other", ...storeContext("o") });
  await writeFile(join(folder, "file"), "in the way");
  await expect(late.append({ type: "message", message: user("waits") })).rejects.toMatchObject({
    code: "session.write",
  });
  const failure: unknown = await late.close().catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "session.unsaved",
    hint: expect.stringContaining(`>> ${late.path}`),
  });
  const kept = keptIn(failure);
  const restored = join(folder, "20260101T000000_other.jsonl");
  await writeFile(restored, await readFile(kept));
  expect(texts(sessionContext(await readBranch(restored)).history)).toEqual(["waits"]);
  await rm(kept);
});

function keptIn(failure: unknown): string {
  return /kept in (\S+)\.$/.exec((failure as Error).message)?.[1] ?? "";
}
