// A try of every way, with random edits on both sides: what comes of applying and discarding.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { beginTry } from "../../../src/sandbox/overlay/begin.ts";
import { mountPlan, ownIdentity } from "../../../src/sandbox/overlay/mount.ts";
import { copyFolder, type TryWay, tryPlaces } from "../../../src/sandbox/overlay/record.ts";
import { openTrial } from "../../../src/sandbox/overlay/trial.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { commitAll, plant, playRound } from "../../support/try-rounds.ts";

const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
const DRIVER = fileURLToPath(new URL("../../support/try-driver.ts", import.meta.url));

async function begin(way: TryWay, seed: number) {
  const folder = await temporaryFolder();
  const [workspace, dir] = [join(folder, "work, space: one"), join(folder, "data", "tries")];
  mkdirSync(dir, { recursive: true });
  plant(workspace, seed);
  if (way === "worktree") commitAll(workspace);
  const options = {
    id: "t1",
    dir,
    workspace,
    ownFolders: [dir],
    env,
    wished: way,
    canEnter: true,
    now: Date.now,
  };
  const record = await beginTry(options);
  return { record, places: tryPlaces(dir, "t1"), dir };
}

test.each(["copy", "worktree"] as const)("%s: the person's stays, the session's is applied", async (way) => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= (way === "copy" ? 8 : 4); seed++) {
    const { record, places } = await begin(way, seed);
    const trial = await openTrial({ record, places, env });
    for (let round = 0; round < 4; round++) {
      const found = await playRound(trial, {
        tried: copyFolder(places, record.covered),
        real: record.covered,
        seed: seed * 100 + round,
      });
      wrong.push(...found.map((words) => `seed ${seed * 100 + round}: ${words}`));
    }
  }
  expect(wrong).toEqual([]);
});

test("overlay: the person's stays, the session's is applied", async ({ skip }) => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= 4; seed++) {
    const made = await begin("overlay", seed).catch((error: unknown) => {
      if ((error as { code?: string }).code === "try.impossible") return null;
      throw error;
    });
    if (made === null) return skip("the kernel allows no overlay here");
    const { record, places, dir } = made;
    const plan = mountPlan(
      places,
      { covered: record.covered, start: record.workspace, identity: ownIdentity() },
      [process.execPath, DRIVER, dir, "t1", String(seed * 100), "4"],
    );
    const output = execFileSync(plan.file, [...plan.args], { env, encoding: "utf8" });
    expect(output).toContain("played");
    // What the person took away below an overlay may be shown, and what came may be hidden, until it is mounted anew.
    const told = output.split("\n").filter((line) => line !== "" && line !== "played");
    wrong.push(...told.filter((line) => !/(listed after|left after)/.test(line)));
  }
  expect(wrong).toEqual([]);
});
