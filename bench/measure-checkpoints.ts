// Checkpoints of a workspace of 10,000 files: the first, and one more after a few of them changed.
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCheckpoints } from "../src/sandbox/checkpoints/open-checkpoints.ts";
import { type Measure, sampleCold } from "./sample.ts";

const FOLDERS = 100;
const FILES_IN_ONE = 100;
const CHANGED = 10;
/** The bound for a checkpoint of thousands of files of which few changed. */
const BOUND_MS = 300;

export const checkpoints: Measure = {
  name: "checkpoints",
  run: async (rounds) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "hearth-bench-")));
    try {
      const root = join(folder, "work");
      await writeFiles(root);
      const first = await sampleCold(rounds(3), () => measureFirst(folder, root));
      const next = await measureNext(folder, root, rounds(15));
      return [
        {
          name: "checkpoint of 10,000 files: first",
          unit: "ms",
          samples: first.values,
          bare: first.bareMs,
        },
        {
          name: `checkpoint of 10,000 files: ${CHANGED} changed`,
          unit: "ms",
          samples: next.values,
          bound: BOUND_MS,
          bare: next.bareMs,
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** About 4 KB each, as sources are. */
async function writeFiles(root: string): Promise<void> {
  for (let each = 0; each < FOLDERS; each++) {
    const folder = join(root, `part-${each}`);
    await mkdir(folder, { recursive: true });
    const names = Array.from({ length: FILES_IN_ONE }, (_, file) => `file-${file}.ts`);
    await Promise.all(names.map((name) => writeFile(join(folder, name), textOf(`${each} ${name}`, 100))));
  }
}

function textOf(seed: string, lines: number): string {
  return Array.from({ length: lines }, (_, line) => `export const line${line} = "${seed}";\n`).join("");
}

function open(folder: string, root: string, name: string) {
  const home = join(folder, "home");
  return openCheckpoints({
    root,
    home,
    dir: join(folder, name),
    env: { PATH: process.env.PATH ?? "", HOME: home },
    exclude: [],
    onDamage: (message) => {
      throw new Error(message);
    },
    now: Date.now,
  });
}

/** Each time into a repository that is not there yet. */
async function measureFirst(folder: string, root: string): Promise<number> {
  const checkpoints = open(folder, root, `first-${performance.now()}`);
  const before = performance.now();
  await checkpoints.take("before");
  return performance.now() - before;
}

async function measureNext(folder: string, root: string, rounds: number) {
  const checkpoints = open(folder, root, "next");
  await checkpoints.take("before");
  let round = 0;
  return sampleCold(rounds, async () => {
    round += 1;
    for (let file = 0; file < CHANGED; file++) {
      await writeFile(join(root, `part-${file * 7}`, `file-${file}.ts`), textOf(`${round} changed`, 120));
    }
    const before = performance.now();
    const { files } = await checkpoints.take("after");
    const milliseconds = performance.now() - before;
    if (files !== CHANGED) throw new Error(`The checkpoint says that ${files} files changed.`);
    return milliseconds;
  });
}
