// Copies a session's branch into a new session; the original is only read, also while another process has it.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SESSION_VERSION, type SessionHeader } from "../protocol/session-entry.ts";
import { NO_USAGE } from "../protocol/usage-sum.ts";
import { newFileLog } from "./entry-log.ts";
import { readBranch, readEntries, readHeader, type SessionBranch } from "./read.ts";
import { sessionFileName, sessionFolder } from "./session-paths.ts";
import type { StateEntry, StoredEntry, StoredState } from "./state-entry.ts";
import type { StoreContext } from "./store.ts";
import { applyEntry, NEW_SESSION } from "./stored-state.ts";
import { collectTree, findNode, pathTo } from "./tree.ts";

export type ForkOptions = StoreContext & {
  /** The folder of all sessions. */
  dir: string;
  /** Where the copy belongs; absent: where the original does. */
  cwd?: string;
  /** The entry that the copy ends with, on any branch; absent: the one the original was left on. */
  at?: string;
};

/** Entries a write, so that the copy of a huge session needs little memory. */
const ENTRIES_PER_WRITE = 1000;

/**
 * Makes a new session with a whole branch of the one at `path`, and gives its file. What waited in the queue
 * and what was spent stay with the original. Throws like `readBranch`, or AppError `session.write`.
 */
export async function forkSession(path: string, options: ForkOptions): Promise<string> {
  const { entries, header: original, state } = await branchTo(path, options.at);
  const { dir, clock, newId, writer, cwd = original.cwd } = options;
  const time = new Date(clock()).toISOString();
  const header: SessionHeader = {
    type: "session",
    version: SESSION_VERSION,
    id: newId(),
    time,
    cwd,
    parentSession: original.id,
    ...(options.try === undefined ? {} : { try: options.try }),
    writer,
  };
  const snapshot: StateEntry = {
    type: "state",
    id: newId(),
    parentId: entries.at(-1)?.id ?? null,
    time,
    state: copiedState(state),
  };
  const copy = join(sessionFolder(dir, cwd), sessionFileName(header));
  const log = newFileLog(copy, header);
  try {
    for (let at = 0; at < entries.length; at += ENTRIES_PER_WRITE) {
      log.append(entries.slice(at, at + ENTRIES_PER_WRITE));
    }
    log.append([snapshot]);
    await log.sync();
  } catch (error) {
    await rm(copy, { force: true }); // Half a copy is no session.
    throw error;
  } finally {
    await log.close();
  }
  return copy;
}

/** What waits, what was spent, and the session of an external agent stay with the original. */
export function copiedState(state: StoredState): StoredState {
  return { ...state, queue: [], paused: false, usage: NO_USAGE, openRun: null, externalSessionId: null };
}

/** The branch that ends with the entry `at`, and what was true there; the one of now without it. */
async function branchTo(
  path: string,
  at: string | undefined,
): Promise<Pick<SessionBranch, "entries" | "header" | "state">> {
  if (at === undefined) return readBranch(path, { whole: true });
  const tree = await collectTree(readEntries(path));
  const ids = new Set(pathTo(findNode(tree, at)).map((node) => node.id));
  const entries: StoredEntry[] = [];
  for await (const batch of readEntries(path)) {
    entries.push(...batch.filter(({ id, type }) => ids.has(id) && type !== "state" && type !== "leaf"));
  }
  return { header: await readHeader(path), entries, state: entries.reduce(applyEntry, NEW_SESSION) };
}
