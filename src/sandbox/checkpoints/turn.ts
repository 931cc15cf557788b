// Turns: one operation at a time on a shadow repository, of this process and of all others.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../lib/app-error.ts";
import { type FileLock, takeFileLock } from "../../lib/file-lock.ts";

const POLL_MS = 20;
/** The first checkpoint of a large workspace takes seconds; who holds it longer is stuck. */
const PATIENCE_MS = 20_000;

export interface Turns {
  /** Throws `checkpoints.busy` when another process does not let go. */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Resolves when nothing is under way. */
  rest(): Promise<void>;
}

export function createTurns(lockFile: string): Turns {
  let last: Promise<unknown> = Promise.resolve();
  const locked = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const lock = await waitForLock(lockFile).catch((cause: unknown) => {
      if (cause instanceof AppError) throw cause;
      const message = `${dirname(lockFile)} cannot be written.`;
      throw new AppError("checkpoints.storage", message, { cause });
    });
    try {
      return await work();
    } finally {
      lock.release();
    }
  };
  return {
    take: (work) => {
      const done = last.then(() => locked(work));
      // Whoever asked is told what failed; the next one goes on.
      last = done.catch(() => undefined);
      return done;
    },
    rest: async () => {
      await last;
    },
  };
}

async function waitForLock(file: string): Promise<FileLock> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { lock, owner } = takeFileLock(file);
    if (lock) return lock;
    if (Date.now() >= deadline) {
      const who = owner ? `process ${owner.pid}` : "another process";
      throw new AppError("checkpoints.busy", `The checkpoints of this workspace are in use by ${who}.`, {
        hint: `If it is gone, delete ${file}.`,
      });
    }
    await sleep(POLL_MS);
  }
}
