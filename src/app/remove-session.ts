// Removes a saved session, and with the last session that works in it a try and all that was not applied.
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Environment } from "../config/env.ts";
import { hearthPaths } from "../config/paths.ts";
import { readHeader } from "../session/read.ts";
import { removeSession } from "../session/session-list.ts";
import { sessionIdOf } from "../session/session-paths.ts";

/** `inUse`: the try of this program, which stays. Throws as `removeSession` does, and `try.locked`. */
export async function removeSessionAndTry(
  path: string,
  { env, inUse }: { env: Environment; inUse: string | null },
): Promise<void> {
  const { try: id } = await readHeader(path);
  await removeSession(path);
  if (id === undefined || id === inUse || (await isUsed(id, dirname(path)))) return;
  const { endTry } = await import("../runtimes/try-mode.ts");
  await endTry(id, { dir: hearthPaths(env).triesDir, env });
}

/** Forks of a session work in its try too; they lie in the same folder. */
async function isUsed(id: string, folder: string): Promise<boolean> {
  for (const name of await readdir(folder)) {
    if (sessionIdOf(name) === null) continue;
    // What is no readable session works nowhere.
    const header = await readHeader(join(folder, name)).catch(() => null);
    if (header?.try === id) return true;
  }
  return false;
}
