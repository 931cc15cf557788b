// What processes that were killed left behind: cleared away once the git they may have started is done.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isErrorCode } from "../../lib/error-code.ts";
import { HISTORY } from "./keep.ts";
import { NAMES } from "./names.ts";

/** For a git that goes on without us: it is about to restore files, and to look at them meanwhile would mislead. */
const ORPHAN_MS = 3_000;
const POLL_MS = 20;

/** Called with the lock: none of ours is at work there. */
export async function clearLeftovers(gitDir: string): Promise<void> {
  const deadline = Date.now() + ORPHAN_MS;
  // Git holds the lock of its index for as long as it works, and one that was killed leaves it for ever.
  while ((await namesIn(gitDir)).some(isIndexLock) && Date.now() < deadline) await sleep(POLL_MS);
  for (const folder of ["", HISTORY, NAMES]) {
    const names = (await namesIn(join(gitDir, folder))).filter(isLeft);
    await Promise.all(names.map((name) => rm(join(gitDir, folder, name), { force: true })));
  }
}

function isIndexLock(name: string): boolean {
  return /^index\..*\.lock$/.test(name);
}

function isLeft(name: string): boolean {
  return /^index\..|\.lock$|\.tmp$/.test(name);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
