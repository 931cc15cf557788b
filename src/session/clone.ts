// Copies a session with every branch into a new one; the original is only read, also while another process has it.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SESSION_VERSION, type SessionHeader } from "../protocol/session-entry.ts";
import { newFileLog } from "./entry-log.ts";
import { copiedState } from "./fork.ts";
import { readBranch, readEntries } from "./read.ts";
import { sessionFileName, sessionFolder } from "./session-paths.ts";
import type { StateEntry } from "./state-entry.ts";
import type { StoreContext } from "./store.ts";

/** `dir`: the folder of all sessions; `cwd`: where the copy belongs. */
type CloneOptions = StoreContext & { dir: string; cwd: string };

/**
 * Gives the copy's file: every entry that can be read as it was, and the branch that the original was left on. What
 * waited in the queue and what was spent stay with the original. Throws like `readBranch`, or `session.write`.
 */
export async function cloneSession(path: string, options: CloneOptions): Promise<string> {
  const { dir, clock, newId, writer, cwd } = options;
  const { header: original, state, entries } = await readBranch(path);
  const time = new Date(clock()).toISOString();
  const header: SessionHeader = {
    type: "session",
    version: SESSION_VERSION,
    id: newId(),
    time,
    cwd,
    parentSession: original.id,
    writer,
  };
  const tip = entries.at(-1)?.id ?? null;
  const snapshot: StateEntry = { type: "state", id: newId(), parentId: tip, time, state: copiedState(state) };
  const copy = join(sessionFolder(dir, cwd), sessionFileName(header));
  const log = newFileLog(copy, header);
  try {
    for await (const batch of readEntries(path)) log.append(batch.filter(({ type }) => type !== "state"));
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
