import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { contents, git, nothing, testWorkspace } from "./test-workspace.ts";

const CHILD = fileURLToPath(new URL("checkpointing-child.ts", import.meta.url));
const ROUNDS = 50;

/** Kills it a random while after so many of its lines; gives the lines it printed whole. */
async function runAndKill(args: string[], lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  let isDue = false;
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (isDue || output.split("\n").length <= lines) return;
    isDue = true;
    setTimeout(() => child.kill("SIGKILL"), Math.random() * 150);
  });
  await new Promise((resolve) => child.once("close", resolve));
  return output.split("\n").slice(0, -1);
}

it(`survives SIGKILL at ${ROUNDS} random moments: the next start is fine, nothing of the person's is touched`, async () => {
  const work = await testWorkspace();
  git(work.root, "init", "--quiet");
  for (let file = 0; file < 20; file++) work.write(`f${file}`, "first\n");
  work.write(".gitignore", "ignored\n");
  work.write("ignored", "mine\n");
  git(work.root, "add", "-A");
  git(work.root, "commit", "--quiet", "-m", "one");
  mkdirSync(join(work.root, "untouched"));
  writeFileSync(join(work.root, "untouched", "file"), "mine\n");
  const repository = contents(join(work.root, ".git"), { times: true });
  let taken = 0;
  let restored = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const told = await runAndKill([work.root, work.dir, work.home], 1 + (round % 4));
    expect(told.filter((line) => line.startsWith("damage"))).toEqual([]);
    taken += told.filter((line) => line.startsWith("taken")).length;
    restored += told.filter((line) => line.startsWith("restored")).length;
    const commit = told.findLast((line) => line.startsWith("taken"))?.split(" ")[1];
    if (commit === undefined) continue;
    // Whatever was told as kept can be brought back, whole, by the next start.
    const next = await testWorkspace({ folder: work.folder });
    await next.restore({ to: commit }, nothing);
    const texts = Array.from({ length: 20 }, (_, file) =>
      work.read(`f${file}`).split(" ").slice(0, 2).join(" "),
    );
    expect(new Set(texts).size).toBe(1);
  }
  expect(contents(join(work.root, ".git"), { times: true })).toEqual(repository);
  expect(readFileSync(join(work.root, "untouched", "file"), "utf8")).toBe("mine\n");
  expect(work.read("ignored")).toBe("mine\n");
  expect(
    readdirSync(work.root).filter((name) => !/^(f\d+|ignored|untouched|\.git(ignore)?)$/.test(name)),
  ).toEqual([]);
  expect(work.damage).toEqual([]);
  expect(taken).toBeGreaterThanOrEqual(ROUNDS / 2);
  expect(restored).toBeGreaterThanOrEqual(ROUNDS / 4);
  await (await testWorkspace({ folder: work.folder })).take("after");
  const [shadow = ""] = readdirSync(work.dir).filter((name) => name.endsWith(".git"));
  expect(readdirSync(join(work.dir, shadow)).filter((name) => /^index\.|\.lock$|\.tmp$/.test(name))).toEqual(
    [],
  );
}, 180_000);
