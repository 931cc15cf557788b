// A host that does not answer (it is stopped, or of another version): ended from outside, its program with it.
import { setTimeout as sleep } from "node:timers/promises";
import { fileLockOwner } from "../../lib/file-lock.ts";
import { signalGroup } from "../../lib/process-group.ts";
import { type SessionRecord, sessionFiles } from "./session-file.ts";
import { findSession, hasHost } from "./sessions.ts";

const POLL_MS = 20;

/** Resolves when nothing of it is left and it is called lost. */
export async function endSilentHost(dir: string, { name, hostPid }: SessionRecord): Promise<void> {
  const owner = fileLockOwner(sessionFiles(dir, name).lock);
  if (owner?.pid === hostPid) signalGroup(hostPid, "SIGKILL");
  while (hasHost(dir, name)) await sleep(POLL_MS);
  await findSession(dir, name);
}
