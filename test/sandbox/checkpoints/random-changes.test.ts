import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { type Random, seededRandom } from "../../support/random.ts";
import { contents, nothing, testWorkspace } from "./test-workspace.ts";

const ROUNDS = 25;
const NAMES = ["a", "b", "c", "d", "é", "x y"] as const;

it.each([
  ["fixed", 4_711],
  ["fresh", Date.now() % 1_000_000],
])(
  "whatever became of files, folders and links, each point comes back as it was (%s seed %i)",
  { timeout: 120_000 },
  async (_, seed) => {
    const random = seededRandom(seed);
    const work = await testWorkspace();
    const outside = join(work.folder, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "file"), "outside\n");
    const points: { commit: string; files: Record<string, string> }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (let count = random.between(1, 12); count > 0; count--) changeSomething(work.root, outside, random);
      const now = contents(work.root);
      points.push({ commit: (await work.take("named", `point ${round}`)).commit, files: now });
      const point = points[random.between(0, points.length - 1)];
      if (!point) continue;
      let safety = "";
      const { left } = await work.restore({ to: point.commit }, async ({ commit }) => {
        safety = commit;
      });
      expect(left).toEqual([]);
      expect(contents(work.root)).toEqual(point.files);
      if (random.chance(0.5)) continue;
      await work.restore({ to: safety, between: [safety, point.commit] }, nothing);
      expect(contents(work.root)).toEqual(now);
    }
    expect(contents(outside)).toEqual({ file: "644 outside\n" });
  },
);

function changeSomething(root: string, outside: string, random: Random): void {
  const parts = Array.from({ length: random.between(1, 3) }, () => random.pick(NAMES));
  const file = join(root, ...parts);
  if (!canMake(root, parts)) return;
  const isFile = present(file) && lstatSync(file).isFile();
  const change = random.pick(["write", "write", "remove", "link", "mode", "move"]);
  if (change === "remove") rmSync(file, { recursive: true, force: true });
  else if (change === "write" && (isFile || !present(file))) writeWhole(file, `${random.between(1, 999)}\n`);
  else if (change === "mode" && isFile) chmodSync(file, random.pick([0o644, 0o755]));
  else if (change === "link" && !present(file)) link(file, random.pick(["../nowhere", outside]));
  else if (change === "move") move(file, join(root, random.pick(["moved", "moved too"])));
}

function link(file: string, target: string): void {
  mkdirSync(dirname(file), { recursive: true });
  symlinkSync(target, file);
}

function move(file: string, target: string): void {
  if (present(file) && !present(target)) renameSync(file, target);
}

function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Links that lead nowhere count. */
function present(file: string): boolean {
  try {
    lstatSync(file);
    return true;
  } catch {
    // ENOENT
    return false;
  }
}

/** Every folder on the way is one, or can become one: nothing is written through a link. */
function canMake(root: string, parts: readonly string[]): boolean {
  return parts.slice(0, -1).every((_, index) => {
    const folder = join(root, ...parts.slice(0, index + 1));
    return !present(folder) || lstatSync(folder).isDirectory();
  });
}
