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

/** One line on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One JSON value on standard output. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Words for people, on standard error. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function oneLine(text: string): string {
  return sanitizeText(text).replace(/\s+/g, " ").trim();
}
