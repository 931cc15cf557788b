// A try in a copy: what is told when settling cannot go on, links, git's own files, what the person does meanwhile.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Base } from "../../../src/sandbox/overlay/base.ts";
import { BaseTexts } from "../../../src/sandbox/overlay/base-texts.ts";
import { beginTry } from "../../../src/sandbox/overlay/begin.ts";
import { copyFolder, removeTree, tryPlaces } from "../../../src/sandbox/overlay/record.ts";
import { applyChanges } from "../../../src/sandbox/overlay/settle.ts";
import { openTrial } from "../../../src/sandbox/overlay/trial.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { commitAll } from "../../support/try-rounds.ts";

const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };

async function tryOf(files: Readonly<Record<string, string>>, { git = false } = {}) {
  const folder = await temporaryFolder();
  const [workspace, dir] = [join(folder, "work"), join(folder, "tries")];
  for (const [path, content] of Object.entries(files)) write(join(workspace, path), content);
  if (git) commitAll(workspace);
  const wished = "copy" as const;
  const record = await beginTry({
    id: "t",
    dir,
    workspace,
    ownFolders: [dir],
    env,
    wished,
    canEnter: false,
    now: Date.now,
  });
  const places = tryPlaces(dir, "t");
  const trial = await openTrial({ record, places, env });
  const base = await Base.open({ folder: places.folder, createdMs: record.createdMs });
  if (base === null) throw new Error("no base");
  const trees = { tried: copyFolder(places, workspace), real: workspace };
  return { trial, ...trees, settling: { trees, base, texts: new BaseTexts(places.folder) } };
}

function write(path: string, content: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
}

test("a failure in the middle says what was applied and what was not", async () => {
  const { trial, tried, real, settling } = await tryOf({ "a.txt": "a\n", "m/x.txt": "x\n", "z.txt": "z\n" });
  write(join(tried, "a.txt"), "A\n");
  rmSync(join(tried, "m"), { recursive: true });
  write(join(tried, "m"), "no folder any more\n");
  write(join(tried, "z.txt"), "Z\n");
  const found = await trial.changes();
  // Put there after it was looked at, so the folder cannot give way.
  write(join(real, "m/mine.txt"), "mine\n");
  await expect(applyChanges(found, settling)).rejects.toMatchObject({
    code: "try.apply",
    message: expect.stringMatching(
      /^2 of 4 changes were applied \(m\/x\.txt, a\.txt\); then m failed: ENOTEMPTY/,
    ),
  });
  expect(readFileSync(join(real, "a.txt"), "utf8")).toBe("A\n");
  expect(readFileSync(join(real, "m/mine.txt"), "utf8")).toBe("mine\n");
  expect(readFileSync(join(real, "z.txt"), "utf8")).toBe("z\n");
  expect((await readdir(real, { recursive: true })).filter((name) => name.includes(".hearth-"))).toEqual([]);
  const left = (await trial.changes()).map(({ path, state }) => `${path} ${state}`);
  expect(left).toEqual(["m conflict", "z.txt clean"]);
});

test("what cannot be made ready is told before anything is done", async () => {
  const { trial, tried, real, settling } = await tryOf({ "a.txt": "a\n", "b.txt": "b\n" });
  write(join(tried, "a.txt"), "A\n");
  write(join(tried, "b.txt"), "B\n");
  const found = await trial.changes();
  rmSync(join(tried, "b.txt"));
  await expect(applyChanges(found, settling)).rejects.toThrow("Nothing was done: b.txt failed");
  expect(readFileSync(join(real, "a.txt"), "utf8")).toBe("a\n");
  expect(await readdir(real)).toEqual(["a.txt", "b.txt"]);
});

test("what the person changes after it was looked at is left alone", async () => {
  const { trial, tried, real, settling } = await tryOf({ "a.txt": "a\n" });
  write(join(tried, "a.txt"), "A\n");
  const found = await trial.changes();
  write(join(real, "a.txt"), "mine, longer\n");
  expect(await applyChanges(found, settling)).toMatchObject({ done: [], conflicts: [{ path: "a.txt" }] });
  expect(readFileSync(join(real, "a.txt"), "utf8")).toBe("mine, longer\n");
});

test("nothing is written through a link that the person put in the way", async () => {
  const { trial, tried, real } = await tryOf({ "d/a.txt": "a\n" });
  const outside = await temporaryFolder();
  write(join(tried, "d/new.txt"), "new\n");
  rmSync(join(real, "d"), { recursive: true });
  symlinkSync(outside, join(real, "d"));
  const { conflicts } = await trial.apply({ what: "all" }).catch(() => ({ conflicts: [] }));
  expect(existsSync(join(outside, "new.txt"))).toBe(false);
  expect(lstatSync(join(real, "d")).isSymbolicLink()).toBe(true);
  expect([...conflicts].every(({ state }) => state === "conflict")).toBe(true);
});

test("a conflict shows both sides from where they began, also after a part was applied", async () => {
  const { trial, tried, real } = await tryOf({ "a.txt": "one\ntwo\nthree\n" });
  write(join(tried, "a.txt"), "one\ntwo\nTHREE\n");
  await trial.note();
  write(join(real, "a.txt"), "ONE\ntwo\nthree\n");
  const [change] = await trial.changes();
  if (!change) throw new Error("no change");
  expect(change.state).toBe("conflict");
  const { base, ours, theirs } = await trial.sides(change);
  expect(base).toBe(true);
  expect(ours?.hunks[0]?.lines).toEqual([" one", " two", "-three", "+THREE"]);
  expect(theirs?.hunks[0]?.lines).toEqual(["-one", "+ONE", " two", " three"]);
  await expect(trial.apply({ what: "path", path: "a.txt" })).rejects.toMatchObject({ code: "try.conflict" });
  await trial.discard({ what: "path", path: "a.txt" });
  expect(readFileSync(join(tried, "a.txt"), "utf8")).toBe("ONE\ntwo\nthree\n");
});

test("what was applied is followed when the person goes on with it", async () => {
  const { trial, tried, real } = await tryOf({ "a.txt": "a\n" });
  write(join(tried, "a.txt"), "A\n");
  await trial.apply({ what: "all" });
  write(join(real, "a.txt"), "A and mine\n");
  expect(await trial.changes()).toEqual([]);
  expect(readFileSync(join(tried, "a.txt"), "utf8")).toBe("A and mine\n");
});

test("one conflict among git's own files holds all of them back, but not the others", async () => {
  const { trial, tried, real } = await tryOf({ "a.txt": "a\n" }, { git: true });
  write(join(tried, "a.txt"), "A\n");
  commitAll(tried);
  write(join(real, "b.txt"), "b\n");
  commitAll(real);
  const head = readFileSync(join(real, ".git/logs/HEAD"), "utf8");
  const changes = await trial.changes();
  expect(new Set(changes.filter(({ group }) => group === "git").map(({ state }) => state))).toEqual(
    new Set(["conflict"]),
  );
  const { done } = await trial.apply({ what: "all" });
  expect(done.map(({ path }) => path)).toEqual(["a.txt"]);
  expect(readFileSync(join(real, ".git/logs/HEAD"), "utf8")).toBe(head);
});

test("removing a try never follows a link out of it, and opens what is closed", async () => {
  const folder = await temporaryFolder();
  const kept = join(folder, "kept");
  write(join(kept, "file"), "kept");
  chmodSync(kept, 0o500);
  write(join(folder, "try/closed/inner/file"), "x");
  symlinkSync(kept, join(folder, "try/link"));
  chmodSync(join(folder, "try/closed/inner"), 0);
  chmodSync(join(folder, "try/closed"), 0o500);
  await removeTree(join(folder, "try"));
  expect(existsSync(join(folder, "try"))).toBe(false);
  expect(readFileSync(join(kept, "file"), "utf8")).toBe("kept");
  expect(lstatSync(kept).mode & 0o777).toBe(0o500);
});
