// What every `hearth sessions` command begins with and prints with.
import { openLibrary, type SessionLibrary } from "../../../app/session-library.ts";
import { processEnvironment } from "../../../config/env.ts";
import { hearthPaths } from "../../../config/paths.ts";
import { sanitizeText } from "../../../lib/ansi.ts";
import { workingDirectory } from "../../open-app.ts";

/** The saved sessions, seen from the working directory. */
export async function openSessions(): Promise<SessionLibrary> {
  const env = processEnvironment();
  const { sessionsDir } = hearthPaths(env);
  return openLibrary({ dir: sessionsDir, cwd: await workingDirectory(undefined), env });
}

export function oneLine(text: string): string {
  return sanitizeText(text).replace(/\s+/g, " ").trim();
}
