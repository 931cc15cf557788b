// The sessions there are, by id, for telling what was imported before.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode } from "../../lib/error-code.ts";
import { sessionIdOf } from "../session-paths.ts";

/** Every session's file by its id, whether it can be read or not. `dir`: the folder of all sessions. */
export async function knownSessions(dir: string): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  for (const project of await entriesOf(dir)) {
    if (!project.isDirectory() && !project.isSymbolicLink()) continue;
    const folder = join(dir, project.name);
    for (const { name } of await entriesOf(folder)) {
      const id = sessionIdOf(name);
      if (id !== null) known.set(id, join(folder, name));
    }
  }
  return known;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return [];
    throw error;
  }
}
