// Names that the person gave to checkpoints: refs of the shadow repository, which are never pruned.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode } from "../../lib/error-code.ts";
import type { NamedCheckpoint } from "./checkpoints.ts";
import type { ShadowGit } from "./shadow-git.ts";

export const NAMES = "refs/named";

export async function setName(git: ShadowGit, name: string, commit: string): Promise<void> {
  await git.run(["update-ref", `${NAMES}/${encode(name)}`, commit]);
}

/** Oldest first. */
export async function listNames(git: ShadowGit): Promise<NamedCheckpoint[]> {
  const files = (await namesIn(join(git.gitDir, NAMES))).filter((file) => !file.endsWith(".lock"));
  const found = await Promise.all(files.map((file) => readName(git, file)));
  return found.flatMap((one) => one ?? []).toSorted((one, other) => one.timeMs - other.timeMs);
}

async function readName(git: ShadowGit, file: string): Promise<NamedCheckpoint | null> {
  const commit = (await readFile(join(git.gitDir, NAMES, file), "utf8")).trim();
  const text = await git.run(["cat-file", "commit", commit]).catch(() => null);
  const seconds = /^committer .*> (\d+) /m.exec(text ?? "")?.[1];
  // Damaged, or cut short by a power cut: it names nothing any more.
  return seconds === undefined ? null : { name: decode(file), commit, timeMs: Number(seconds) * 1_000 };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** Any text is a ref's name then, also where the file system does not tell upper from lower case. */
function encode(name: string): string {
  return Buffer.from(name).toString("hex");
}

function decode(file: string): string {
  return Buffer.from(file, "hex").toString();
}
