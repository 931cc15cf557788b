// Traces of running programs of external agents: a file for each of our processes that started some, so that the next
// start knows, at the price of one look into a folder, that something may have been left behind by one that was killed.
import { mkdirSync } from "node:fs";
import { readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { fileLockOwner, takeFileLock } from "../../lib/file-lock.ts";

/** Folders in which this process left its trace. */
const left = new Set<string>();

/** Before the first program starts. Without a place to write there is no trace, and the program starts all the same. */
export function leaveTrace(folder: string): void {
  if (left.has(folder)) return;
  left.add(folder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { lock } = takeFileLock(join(folder, `${process.pid}.lock`));
    if (lock) process.once("exit", () => lock.release());
  } catch {
    // A full or read-only disk: what is left behind then stays until it ends by itself.
    left.delete(folder);
  }
}

/** Ends what the programs of killed processes left behind. Never rejects. */
export async function sweepTraces(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".lock")).map((name) => join(folder, name));
  const old = files.filter((file) => !isOwned(file));
  if (old.length === 0) return;
  const { endOrphans } = await import("../../lib/process-mark.ts");
  endOrphans();
  // Another start may sweep at the same time.
  await Promise.all(old.map((file) => unlink(file).catch(() => undefined)));
}

function isOwned(file: string): boolean {
  try {
    return fileLockOwner(file) !== null;
  } catch {
    // It cannot be read: not ours to judge.
    return true;
  }
}
