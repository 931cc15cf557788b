// Writes entries of a session into a new one: what forks and copies have in common.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SESSION_VERSION, type SessionHeader } from "../protocol/session-entry.ts";
import { NO_USAGE } from "../protocol/usage-sum.ts";
import { newFileLog } from "./entry-log.ts";
import { sessionFileName, sessionFolder } from "./session-paths.ts";
import type { StateEntry, StoredEntry, StoredState } from "./state-entry.ts";
import type { StoreContext } from "./store.ts";

/** `dir`: the folder of all sessions; `cwd`: where the copy belongs. */
export type CopyPlace = StoreContext & { dir: string; cwd: string };

/** `tip`: the entry that the copy is left on, null at its root; `state` what was true there. */
export type CopiedSession = {
  parentSession: string;
  tip: string | null;
  state: StoredState;
  batches: AsyncIterable<readonly StoredEntry[]> | Iterable<readonly StoredEntry[]>;
};

/**
 * Gives the new session's file. What waited in the queue and what was spent stay with the original. Throws what reading
 * the batches throws, or AppError `session.write`; nothing is left of the copy then.
 */
export async function writeCopy(copied: CopiedSession, place: CopyPlace): Promise<string> {
  const { parentSession, tip, batches } = copied;
  const { dir, clock, newId, writer, cwd } = place;
  const time = new Date(clock()).toISOString();
  const header: SessionHeader = {
    type: "session",
    version: SESSION_VERSION,
    id: newId(),
    time,
    cwd,
    parentSession,
    ...(place.try === undefined ? {} : { try: place.try }),
    writer,
  };
  const state = copiedState(copied.state);
  const snapshot: StateEntry = { type: "state", id: newId(), parentId: tip, time, state };
  const file = join(sessionFolder(dir, cwd), sessionFileName(header));
  const log = newFileLog(file, header);
  try {
    for await (const batch of batches) log.append(batch);
    log.append([snapshot]);
    await log.sync();
  } catch (error) {
    await rm(file, { force: true }); // Half a copy is no session.
    throw error;
  } finally {
    await log.close();
  }
  return file;
}

/** What waits, what was spent, and the session of an external agent stay with the original. */
function copiedState(state: StoredState): StoredState {
  const external = { externalSessionId: null, externalSessions: {} };
  return { ...state, ...external, queue: [], paused: false, usage: NO_USAGE, openRun: null };
}
