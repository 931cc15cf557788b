// A lock file with its owner in it: one process at a time has it. A dead owner's lock is taken over.
import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { isErrorCode } from "./error-code.ts";
import { lookAtProcess } from "./process-start.ts";

const ATTEMPTS = 20;
const WAIT_MS = 5;

/** `started`: as in lookAtProcess, null where there is no /proc. */
export type LockOwner = { pid: number; host: string; started: string | null };

export interface FileLock {
  /** Removes the lock if it is still ours. */
  release(): void;
}

/**
 * Takes the lock at `file`, whose folder exists. `owner`: who has it, a live process or one of another host, which
 * cannot be looked at from here; null where it cannot be told.
 */
export function takeFileLock(
  file: string,
): { lock: FileLock; owner?: never } | { lock: null; owner: LockOwner | null } {
  const content = `${JSON.stringify(ourselves())}\n`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (place(file, content)) return { lock: { release: () => release(file, content) } };
    const found = readLock(file);
    if (found === null) continue;
    const owner = parseOwner(found);
    if (owner && isAlive(owner)) return { lock: null, owner };
    evict(file, found);
  }
  return { lock: null, owner: parseOwner(readLock(file) ?? "") };
}

/** The live process that has the lock at `file`, or null. */
export function fileLockOwner(file: string): LockOwner | null {
  const owner = parseOwner(readLock(file) ?? "");
  return owner && isAlive(owner) ? owner : null;
}

/** Puts the file there whole or not at all: a process killed in between leaves no half-written lock. */
function place(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (isErrorCode(error, "EEXIST")) return false;
    if (isErrorCode(error, "EPERM", "ENOTSUP", "ENOSYS", "EMLINK")) return placeUnlinked(file, content);
    throw error;
  } finally {
    removeIfThere(draft);
  }
}

/** For file systems without hard links. */
function placeUnlinked(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (isErrorCode(error, "EEXIST")) return false;
    throw error;
  }
}

/**
 * Takes a dead owner's lock away. One process at a time may: who read that lock before another took it over would
 * else take the new one away.
 */
function evict(file: string, dead: string): void {
  const guard = `${file}.evict`;
  if (!placeUnlinked(guard, `${JSON.stringify(ourselves())}\n`)) {
    const owner = parseOwner(readLock(guard) ?? "");
    if (owner && isAlive(owner)) waitABit();
    else removeIfThere(guard); // Killed in the middle of it.
    return;
  }
  try {
    if (readLock(file) === dead) removeIfThere(file);
  } finally {
    removeIfThere(guard);
  }
}

/** Another process is at it, for some microseconds. */
function waitABit(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
}

function ourselves(): LockOwner {
  return { pid: process.pid, host: hostname(), started: lookAtProcess(process.pid)?.started ?? null };
}

function release(file: string, content: string): void {
  if (readLock(file) === content) removeIfThere(file);
}

function readLock(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return null;
    throw error;
  }
}

function parseOwner(content: string): LockOwner | null {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value !== "object" || value === null) return null;
    const { pid, host, started } = value as Record<string, unknown>;
    if (typeof pid !== "number" || typeof host !== "string") return null;
    return { pid, host, started: typeof started === "string" ? started : null };
  } catch {
    return null; // No lock of ours: nobody can be asked, so nobody holds it.
  }
}

function isAlive(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (isErrorCode(error, "ESRCH")) return false;
  }
  const running = lookAtProcess(owner.pid);
  if (running?.state === "Z" || running?.state === "X") return false; // Killed, only not yet waited for.
  return !running || owner.started === null || running.started === owner.started;
}

function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (!isErrorCode(error, "ENOENT")) throw error;
  }
}
