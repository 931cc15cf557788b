// The session files that lie on disk, found by their names. Looks at names, sizes and times; opens none of them.
import { type Dirent, type Stats, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode } from "../lib/error-code.ts";
import { lockFile } from "./lock.ts";
import { unreadable } from "./session-notice.ts";
import { sessionIdOf } from "./session-paths.ts";

/** `size` in bytes. `hasLock`: a lock lies beside it, of a live process or a dead one. */
export type SessionFile = {
  id: string;
  name: string;
  path: string;
  modifiedMs: number;
  size: number;
  hasLock: boolean;
};

/** Files looked at between two turns of the event loop: some 2 ms. */
const LOOKS_AT_ONCE = 500;
/** Files read at a time: enough to hide the latency of a slow disk. */
const PARALLEL_READS = 16;

/** The folders of all projects. */
export async function foldersOf(dir: string): Promise<string[]> {
  const entries = await entriesOf(dir);
  const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  return folders.map((entry) => join(dir, entry.name));
}

/** The sessions in a project's folder, in no order; `only` picks by id before a file is looked at. */
export async function filesOf(
  folder: string,
  only: (id: string) => boolean = () => true,
): Promise<SessionFile[]> {
  const entries = await entriesOf(folder);
  const names = new Set(entries.map(({ name }) => name));
  const wanted = entries.filter((entry) => {
    const id = entry.isFile() || entry.isSymbolicLink() ? sessionIdOf(entry.name) : null;
    return id !== null && only(id);
  });
  const files: SessionFile[] = [];
  for (let at = 0; at < wanted.length; at += LOOKS_AT_ONCE) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    for (const { name } of wanted.slice(at, at + LOOKS_AT_ONCE)) {
      const file = lookAt(folder, name, names.has(lockFile(name)));
      if (file) files.push(file);
    }
  }
  return files;
}

/** Newest first. */
export function byTime(a: SessionFile, b: SessionFile): number {
  return b.modifiedMs - a.modifiedMs || (a.id < b.id ? 1 : -1);
}

/** `work` for every item, some at a time, in order. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += PARALLEL_READS) {
    results.push(...(await Promise.all(items.slice(at, at + PARALLEL_READS).map(work))));
  }
  return results;
}

/** null for what is no file, and for what another process removed just now. */
function lookAt(folder: string, name: string, hasLock: boolean): SessionFile | null {
  const path = join(folder, name);
  const found = statOf(path);
  if (!found?.isFile()) return null;
  const id = sessionIdOf(name) ?? name;
  return { id, name, path, modifiedMs: found.mtimeMs, size: found.size, hasLock };
}

/** At once: ten thousand promises cost ten times as much. */
function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
    throw unreadable(path, error);
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return [];
    throw unreadable(folder, error);
  }
}
