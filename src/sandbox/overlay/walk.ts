// Walks a folder: every file, link and empty folder below it, relative to it. Follows no symlink.
import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode } from "../../lib/error-code.ts";
import { lookAt } from "./node.ts";

/** Paths below `root/under`, relative to `root`; `under` itself where it is no folder, or an empty one. Folders too with `folders`. */
export async function* leavesOf(
  root: string,
  under: string,
  options: { folders?: boolean } = {},
): AsyncGenerator<string> {
  const entries = await entriesOf(join(root, under));
  await breathe();
  if (entries === null) {
    yield under;
    return;
  }
  if (under !== "" && (entries.length === 0 || options.folders)) yield under;
  for (const entry of entries) {
    const path = under === "" ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) yield* leavesOf(root, path, options);
    else yield path;
  }
}

/** Whoever else has something to do gets a turn between two folders. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** The entries of a folder; null for what is none, also for a link to one. */
export async function entriesOf(path: string): Promise<Dirent[] | null> {
  if (lookAt(path).kind !== "folder") return null;
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    // What may not be read can hold nothing that the session wrote.
    if (isErrorCode(error, "ENOENT", "ENOTDIR", "EACCES")) return null;
    throw error;
  }
}

/** The folders that a relative path lies in, outermost first. */
export function foldersAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
