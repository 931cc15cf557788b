// Around a whole run of tests: all temporary folders are made in one of the run's own, and no process that knows of it may
// be left at the end.
import { mkdtempSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { leftBehind, type Process } from "./left-behind.ts";

/** What was told to end has this long to be gone. */
const GRACE_MS = 5_000;

/** For vitest, which calls what it gives at the end; the run fails when that rejects. Linux alone says what carries a folder. */
export function setup(): (() => Promise<void>) | undefined {
  if (process.platform !== "linux") return undefined;
  // A short name: the path of a socket has 107 bytes (unix(7)).
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ht-")));
  process.env.TMPDIR = folder;
  return async () => {
    const left = await lastOnes(folder);
    for (const { pid } of left) end(pid);
    // What a test could not remove is no fault of the next one.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
    if (left.length === 0) return;
    const lines = left.map(({ pid, command }) => `  ${pid} ${command}`);
    throw new Error(`Tests left processes behind (ended now):\n${lines.join("\n")}`);
  };
}

async function lastOnes(folder: string): Promise<Process[]> {
  const until = Date.now() + GRACE_MS;
  let left = leftBehind(folder);
  while (left.length > 0 && Date.now() < until) {
    await sleep(100);
    left = leftBehind(folder);
  }
  return left;
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in between: what was wanted.
  }
}
