// Tries from outside: begun once, held by one, swept when they are over, never while somebody begins one.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endTry, holdTrial, prepareTry, triesOf } from "../../src/runtimes/try-mode.ts";
import { lockSession } from "../../src/session/lock.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };

async function place() {
  const folder = await temporaryFolder();
  const [workspace, dir] = [join(folder, "work"), join(folder, "data", "tries")];
  mkdirSync(workspace);
  writeFileSync(join(workspace, "a.txt"), "a\n");
  return { dir, workspace, ownFolders: [join(folder, "data")], env, wished: "copy" as const, now: Date.now };
}

test("a try is begun once, and one process has it at a time", async () => {
  const mode = await place();
  expect(await prepareTry("t1", mode)).toBeNull();
  const held = await holdTrial("t1", mode);
  writeFileSync(join(held.root, "a.txt"), "A\n");
  await expect(holdTrial("t1", mode)).rejects.toMatchObject({ code: "try.locked" });
  await expect(endTry("t1", mode)).rejects.toMatchObject({ code: "try.locked" });
  expect(await held.leave()).toMatchObject([{ path: "a.txt" }]);
  await prepareTry("t1", mode);
  const again = await holdTrial("t1", mode);
  expect(await again.changes()).toMatchObject([{ path: "a.txt" }]);
  await again.discard({ what: "all" });
  expect(await again.leave()).toEqual([]);
  await expect(holdTrial("t1", mode)).rejects.toMatchObject({ code: "try.unknown" });
  expect(readdirSync(mode.dir)).toEqual([]);
});

test("a try belongs to its directory", async () => {
  const mode = await place();
  await prepareTry("t1", mode);
  expect(await triesOf(mode.workspace, mode.dir)).toEqual(["t1"]);
  expect(await triesOf("/elsewhere", mode.dir)).toEqual([]);
  await expect(prepareTry("t1", { ...mode, workspace: "/" })).rejects.toMatchObject({
    code: "try.elsewhere",
  });
});

test("what is over is swept with the next start, what is being begun and what cannot be understood is not", async () => {
  const mode = await place();
  for (const id of ["over", "begun", "newer"]) mkdirSync(join(mode.dir, id, "upper"), { recursive: true });
  writeFileSync(join(mode.dir, "newer", "try.json"), '{"version":2}');
  const lock = lockSession(join(mode.dir, "begun"));
  try {
    await prepareTry("t1", mode);
  } finally {
    lock.release();
  }
  expect(["over", "begun", "newer", "t1"].map((id) => existsSync(join(mode.dir, id)))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
