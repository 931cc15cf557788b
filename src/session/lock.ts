// The lock beside a session file: one writer at a time. A dead writer's lock is taken over.
import { hostname } from "node:os";
import { AppError } from "../lib/app-error.ts";
import { type FileLock, fileLockOwner, type LockOwner, takeFileLock } from "../lib/file-lock.ts";

export type SessionLock = FileLock;

/**
 * Takes the lock of the session at `path`. Throws AppError `session.locked` when a live process has it, or
 * one of another host, which cannot be looked at from here.
 */
export function lockSession(path: string): SessionLock {
  const { lock, owner } = takeFileLock(lockFile(path));
  if (lock) return lock;
  throw lockedError(path, owner ?? null);
}

/** The live process that writes the session at `path`, or null. */
export function lockOwner(path: string): LockOwner | null {
  return fileLockOwner(lockFile(path));
}

export function lockFile(path: string): string {
  return `${path}.lock`;
}

function lockedError(path: string, owner: LockOwner | null): AppError {
  const who = owner ? `process ${owner.pid}` : "another process";
  const elsewhere = owner && owner.host !== hostname();
  const where = elsewhere ? ` on ${owner.host}` : "";
  return new AppError("session.locked", `This session is in use by ${who}${where}.`, {
    hint: elsewhere
      ? `--fork goes on in a copy. If that process is gone, delete ${lockFile(path)}.`
      : "`hearth sessions show` shows it, --fork goes on in a copy.",
  });
}
