import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lockFile, lockOwner, lockSession } from "../../src/session/lock.ts";
import { readBranch } from "../../src/session/read.ts";
import { openSession } from "../../src/session/store.ts";
import { storeContext, writeSession } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

it("tells a second writer the pid that has the session, and lets it read (A-099)", async () => {
  const path = await writeSession(await temporaryFolder(), ["one"]);
  const { store } = await openSession(path, storeContext());
  await expect(openSession(path, storeContext())).rejects.toMatchObject({
    code: "session.locked",
    message: expect.stringContaining(`${process.pid}`),
    hint: expect.stringMatching(/show.*--fork/),
  });
  expect(lockOwner(path)?.pid).toBe(process.pid);
  expect((await readBranch(path)).state.runs).toBe(1);
  await store.close();
  expect(lockOwner(path)).toBeNull();
  await (await openSession(path, storeContext())).store.close();
});

it("holds pid, host and start time, and leaves no other file behind", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "s.jsonl");
  const lock = lockSession(path);
  expect(await readdir(folder)).toEqual(["s.jsonl.lock"]);
  const content = JSON.parse(readFileSync(lockFile(path), "utf8"));
  expect(content).toMatchObject({ pid: process.pid, host: hostname() });
  if (existsSync("/proc/self/stat")) expect(content.started).toMatch(/^\d+$/);
  lock.release();
  lock.release();
  expect(await readdir(folder)).toEqual([]);
});

it("of a dead process is taken over (A-099)", async () => {
  const path = join(await temporaryFolder(), "s.jsonl");
  await writeFile(lockFile(path), JSON.stringify({ pid: await deadPid(), host: hostname(), started: null }));
  expect(lockOwner(path)).toBeNull();
  lockSession(path).release();
});

it.runIf(existsSync("/proc/self/stat"))(
  "of a process whose pid now belongs to another is taken over",
  async () => {
    const path = join(await temporaryFolder(), "s.jsonl");
    await writeFile(lockFile(path), JSON.stringify({ pid: process.pid, host: hostname(), started: "1" }));
    lockSession(path).release();
  },
);

it.each(["", "garbage", '{"pid":"x"}'])(
  "with the content %j is nobody's and is taken over",
  async (content) => {
    const path = join(await temporaryFolder(), "s.jsonl");
    await writeFile(lockFile(path), content);
    lockSession(path).release();
  },
);

it("of another host cannot be judged: it holds, and the hint names the file", async () => {
  const path = join(await temporaryFolder(), "s.jsonl");
  await writeFile(lockFile(path), JSON.stringify({ pid: 1, host: "elsewhere", started: null }));
  let caught: unknown;
  try {
    lockSession(path);
  } catch (error) {
    caught = error;
  }
  expect(caught).toMatchObject({
    code: "session.locked",
    message: expect.stringContaining("elsewhere"),
    hint: expect.stringContaining(lockFile(path)),
  });
});

it("is not given away by a release after another took it over", async () => {
  const path = join(await temporaryFolder(), "s.jsonl");
  const lock = lockSession(path);
  const other = JSON.stringify({ pid: process.ppid, host: hostname(), started: null });
  await writeFile(lockFile(path), other);
  lock.release();
  expect(readFileSync(lockFile(path), "utf8")).toBe(other);
});

const RACES = 100;
const RACERS = 3;

it(`raced for by ${RACERS} processes at the same moment, free or left by a dead one, is had by one (${RACES} times)`, async () => {
  const folder = await temporaryFolder();
  const dead = JSON.stringify({ pid: await deadPid(), host: hostname(), started: null });
  for (let race = 0; race < RACES; race += 2) await writeFile(lockFile(join(folder, `${race}`)), dead);
  const start = Date.now() + 1_000;
  const racers = Array.from({ length: RACERS }, () => startRacer([folder, `${RACES}`, `${start}`]));
  // Nobody leaves before all have tried: the locks of who is gone are free again.
  const won = (await Promise.all(racers.map(({ won }) => won))).flat();
  for (const { child } of racers) child.stdin.end();
  expect(won.toSorted((a, b) => a - b)).toEqual(Array.from({ length: RACES }, (_, race) => race));
  expect((await readdir(folder)).filter((name) => name.endsWith(".evict"))).toEqual([]);
}, 30_000);

/** `won` resolves to the numbers of the races that it won; it keeps them until its input ends. */
function startRacer(args: string[]) {
  const script = join(import.meta.dirname, "../support/racing-child.ts");
  const child = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const won = new Promise<number[]>((resolve) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.endsWith("\n")) resolve(output.trim().split(" ").filter(Boolean).map(Number));
    });
  });
  return { child, won };
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "0"]);
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid ?? 0;
}
