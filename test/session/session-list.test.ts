import { existsSync, readFileSync } from "node:fs";
import { appendFile, mkdir, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findSession, listSessions, removeSession } from "../../src/session/session-list.ts";
import { sessionFolder, sessionIdOf, taskFolder } from "../../src/session/session-paths.ts";
import { openSession } from "../../src/session/store.ts";
import { storeContext, writeSession } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Three sessions in two projects; the last of `ids` is the newest. */
async function threeSessions() {
  const dir = await temporaryFolder();
  const paths: Record<string, string> = {};
  const sessions = [
    { id: "abc1", cwd: "/repo/a" },
    { id: "abd2", cwd: "/repo/b" },
    { id: "xyz3", cwd: "/repo/a" },
  ];
  for (const [index, session] of sessions.entries()) {
    const path = await writeSession(dir, [`prompt of ${session.id}`, "second"], session);
    await utimes(path, 1000 + index, 1000 + index);
    paths[session.id] = path;
  }
  return { dir, paths };
}

describe("the list (A-090)", () => {
  it("of a project holds its sessions, newest first, with what a picker shows", async () => {
    const { dir, paths } = await threeSessions();
    const sessions = await listSessions(dir, { cwd: "/repo/a" });
    expect(sessions.map(({ id }) => id)).toEqual(["xyz3", "abc1"]);
    expect(sessions[0]).toMatchObject({
      path: paths.xyz3,
      cwd: "/repo/a",
      firstPrompt: "prompt of xyz3",
      name: null,
      runs: 2,
      runtimes: ["native"],
      modifiedMs: 1_002_000,
      parentSession: null,
      openedBy: null,
    });
  });

  it("of all projects holds all, or the newest few", async () => {
    const { dir } = await threeSessions();
    expect((await listSessions(dir)).map(({ id }) => id)).toEqual(["xyz3", "abd2", "abc1"]);
    expect((await listSessions(dir, { limit: 1 })).map(({ id }) => id)).toEqual(["xyz3"]);
    expect(await listSessions(join(dir, "nowhere"))).toEqual([]);
  });

  it("shows name and pid of one that is open, and survives broken files", async () => {
    const { dir, paths } = await threeSessions();
    const { store } = await openSession(paths.abd2 ?? "", storeContext("f"));
    await store.append({ type: "name", name: "my work" });
    await writeFile(join(dirname(paths.abc1 ?? ""), "20260101T000000_broken.jsonl"), "broken");
    await writeFile(join(dirname(paths.abc1 ?? ""), "notes.txt"), "not ours");
    await appendFile(paths.abc1 ?? "", '{"torn');
    const sessions = await listSessions(dir);
    expect(sessions).toHaveLength(3);
    expect(sessions.find(({ id }) => id === "abd2")).toMatchObject({
      name: "my work",
      openedBy: process.pid,
    });
    expect(sessions.find(({ id }) => id === "abc1")?.runs).toBe(2);
    await store.close();
  });
});

describe("finding one (A-091)", () => {
  it("takes an id, its beginning, or a path", async () => {
    const { dir, paths } = await threeSessions();
    const path = paths.abc1 ?? "";
    for (const reference of ["abc1", "abc", path, `./${basename(path)}`]) {
      expect(await findSession(dir, { reference, cwd: dirname(path) })).toBe(path);
    }
  });

  it("refuses a beginning of several ids, with the candidates", async () => {
    const { dir } = await threeSessions();
    const found = findSession(dir, { reference: "ab", cwd: "/" });
    await expect(found).rejects.toMatchObject({ code: "session.ambiguous" });
    await expect(found).rejects.toThrow(/abd2 {2}prompt of abd2\nabc1 {2}prompt of abc1/);
  });

  it("takes the whole id of one that is the beginning of another", async () => {
    const dir = await temporaryFolder();
    const path = await writeSession(dir, ["x"], { id: "ab" });
    await writeSession(dir, ["x"], { id: "abc" });
    expect(await findSession(dir, { reference: "ab", cwd: "/" })).toBe(path);
  });

  it.each(["nope", "", "/nowhere/s.jsonl", "../x.jsonl"])("knows none called %j", async (reference) => {
    const { dir } = await threeSessions();
    await expect(findSession(dir, { reference, cwd: "/repo" })).rejects.toMatchObject({
      code: "session.not_found",
    });
  });
});

describe("removing one (A-103)", () => {
  it("takes its tasks with it and leaves its forks", async () => {
    const { dir, paths } = await threeSessions();
    const path = paths.abc1 ?? "";
    await mkdir(taskFolder(path));
    await writeFile(join(taskFolder(path), "20260101T000000_task.jsonl"), "x");
    await removeSession(path);
    expect(existsSync(path)).toBe(false);
    expect(existsSync(taskFolder(path))).toBe(false);
    expect((await listSessions(dir)).map(({ id }) => id)).toEqual(["xyz3", "abd2"]);
  });

  it("refuses one that is open, and what is no session", async () => {
    const { dir, paths } = await threeSessions();
    const { store } = await openSession(paths.abc1 ?? "", storeContext("f"));
    await expect(removeSession(paths.abc1 ?? "")).rejects.toMatchObject({ code: "session.locked" });
    await store.close();
    const other = join(dir, "other.jsonl");
    await writeFile(other, "mine");
    await expect(removeSession(other)).rejects.toMatchObject({ code: "session.invalid" });
    expect(readFileSync(other, "utf8")).toBe("mine");
  });
});

it.each([
  ["/repo/my project", "my-project"],
  ["/", "root"],
  ["/home/x/.config", "config"],
  ["/repo/日本", "root"],
])("the folder of %s begins with %s and is its own", (cwd, readable) => {
  const name = basename(sessionFolder("/data", cwd));
  expect(name.replace(/-[0-9a-f]{8}$/, "")).toBe(readable);
  expect(name).not.toBe(basename(sessionFolder("/data", `${cwd}/${basename(cwd)}`)));
});

it.each([
  ["20260101T000000_abc.jsonl", "abc"],
  ["20260101T000000_abc.jsonl.lock", null],
  ["abc.jsonl", null],
])("%s is the file of session %s", (name, id) => {
  expect(sessionIdOf(name)).toBe(id);
});
