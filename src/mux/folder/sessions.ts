// The terminal sessions there are. Whose host was killed is found out here: its program is ended and it is called lost.
import { readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileLockOwner } from "../../lib/file-lock.ts";
import { endSession } from "../pty/end-session.ts";
import { processStat } from "../pty/process-stat.ts";
import { checkName, unknownSession } from "./names.ts";
import { readRecord, recordedNames, type SessionRecord, sessionFiles, writeRecord } from "./session-file.ts";

/** In the order of their start. */
export async function allSessions(dir: string): Promise<SessionRecord[]> {
  const records = await Promise.all((await recordedNames(dir)).map((name) => settledRecord(dir, name)));
  return records.flatMap((record) => record ?? []).toSorted((a, b) => a.createdMs - b.createdMs);
}

/** Throws `mux.name`, `mux.unknown`. */
export async function findSession(dir: string, name: string): Promise<SessionRecord> {
  checkName(name);
  const record = await settledRecord(dir, name);
  if (record === null) throw unknownSession(name, await recordedNames(dir));
  return record;
}

/** The record; when it says "running" there is a live host. */
async function settledRecord(dir: string, name: string): Promise<SessionRecord | null> {
  const record = await readRecord(dir, name);
  if (record?.state !== "running" || hasHost(dir, name)) return record;
  // The host writes how it ended before it lets go of the lock: it may have done so between the two looks.
  const again = await readRecord(dir, name);
  if (again?.state !== "running") return again;
  return settleLost(dir, again);
}

/** How long a host may take to write down how its program ended, and to say goodbye to its clients. */
const GOODBYE_MS = 5_000;
const POLL_MS = 20;

/** After the end of its program: resolves when its host is gone too, so that what is read next is final. */
export async function untilHostGone(dir: string, name: string): Promise<void> {
  const deadline = Date.now() + GOODBYE_MS;
  while (hasHost(dir, name) && Date.now() < deadline) await sleep(POLL_MS);
}

export function hasHost(dir: string, name: string): boolean {
  return fileLockOwner(sessionFiles(dir, name).lock) !== null;
}

async function settleLost(dir: string, record: SessionRecord): Promise<SessionRecord> {
  if (await isStillThere(record)) await endSession(record.pid, { force: true });
  const lost: SessionRecord = { ...record, state: "lost", endedMs: Date.now() };
  await writeRecord(dir, lost);
  await rm(record.socket, { force: true });
  return lost;
}

/** Numbers of processes are given anew, after a restart of the machine all of them. */
async function isStillThere({ pid, started, boot }: SessionRecord): Promise<boolean> {
  if (boot === null || boot !== (await bootId())) return false;
  const leader = processStat(pid);
  return leader === null || leader.started === started;
}

/** Null where there is no /proc. */
export async function bootId(): Promise<string | null> {
  try {
    return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  } catch {
    // No Linux.
    return null;
  }
}
