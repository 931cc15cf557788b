// From a key of an @ mention to the list that it brings, in a workspace of 100,000 files: the finder by itself, and the
// program in its terminal.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFileFinder } from "../src/tui/editor/file-finder.ts";
import { openPlace } from "./place.ts";
import { type Measure, sample, sampleCold } from "./sample.ts";
import { openPrompt, type Screen } from "./screen.ts";

const FILES = 100_000;
const IN_A_FOLDER = 250;
const BOUND_MS = 50;
/** Typed letter by letter; each of them is the name of a file, but for its ending. */
const NAMES = ["file12345", "file98765", "file4711", "file31415", "file27182"];

export const completion: Measure = {
  name: "completion",
  run: async (rounds) => {
    const found = await sample(rounds(3), searchAlone);
    const shown = await sampleCold(rounds(2), typeMentions);
    const row = (name: string, { values, bareMs }: typeof found) => ({
      name,
      unit: "ms" as const,
      samples: values.flat(),
      at: 0.95,
      bound: BOUND_MS,
      bare: bareMs,
    });
    return [
      row("key of @ among 100,000 files, p95: found", found),
      row("key of @ among 100,000 files, p95: on the screen", shown),
    ];
  },
};

function paths(): string[] {
  return Array.from({ length: FILES }, (_, index) => {
    const folder = Math.floor(index / IN_A_FOLDER);
    return `packages/group-${folder % 20}/part-${folder}/file${index}.ts`;
  });
}

/** What grows letter by letter: `f`, `fi`, `fil` and so on. */
function prefixes(name: string): string[] {
  return Array.from({ length: name.length }, (_, index) => name.slice(0, index + 1));
}

async function searchAlone(): Promise<number[]> {
  const { signal } = new AbortController();
  const all = paths();
  const finder = createFileFinder(() => Promise.resolve(all), performance.now.bind(performance));
  await finder.find("", { signal });
  const samples: number[] = [];
  for (const query of NAMES.flatMap(prefixes)) {
    const askedAt = performance.now();
    await finder.find(query, { signal });
    samples.push(performance.now() - askedAt);
  }
  return samples;
}

async function typeMentions(): Promise<number[]> {
  await using place = await openPlace([]);
  await writeFiles(place.cwd);
  const { screen, clear } = await openPrompt([], place);
  await clear();
  screen.type("@");
  await screen.waitFor(/packages\//);
  const samples: number[] = [];
  for (const name of NAMES) {
    screen.type("file");
    await screen.waitFor(/\/file0\.ts[^\n]*\n(?:[^\n]*\n)*› @file *\n/);
    for (const prefix of prefixes(name).slice("file".length)) samples.push(await typeLetter(screen, prefix));
    screen.type("\x17@");
    await screen.waitFor(/› @ *\n/);
  }
  await screen.leave();
  return samples;
}

/** The file that has this very name stands first once the list is that of the letter. */
async function typeLetter(screen: Screen, query: string): Promise<number> {
  const typedAt = performance.now();
  screen.type(query.slice(-1));
  const first = new RegExp(`\\n\\s*\\n +\\S*/${query}\\.ts[^\\n]*\\n(?:[^\\n]*\\n)*› @${query} *\\n`);
  return (await screen.waitFor(first)) - typedAt;
}

async function writeFiles(cwd: string): Promise<void> {
  const all = paths();
  for (let at = 0; at < all.length; at += IN_A_FOLDER) {
    const files = all.slice(at, at + IN_A_FOLDER);
    await mkdir(join(cwd, files[0] ?? "", ".."), { recursive: true });
    await Promise.all(files.map((path) => writeFile(join(cwd, path), "")));
  }
}
