// `hearth sessions list|show|path|rm`.
import { formatAge } from "../../app/format.ts";
import { openLibrary } from "../../app/session-library.ts";
import { processEnvironment } from "../../config/env.ts";
import { hearthPaths } from "../../config/paths.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { EXIT } from "../exit.ts";
import { workingDirectory } from "../open-app.ts";

export async function listSessionsCommand(options: { all?: boolean; json?: boolean }): Promise<number> {
  const library = await openSessions();
  const sessions = await library.list({ all: options.all === true });
  if (options.json) {
    print(JSON.stringify(sessions, null, 2));
    return EXIT.completed;
  }
  if (sessions.length === 0) {
    process.stderr.write(
      options.all
        ? "No saved sessions.\n"
        : "No saved sessions of this directory. hint: --all lists every one.\n",
    );
    return EXIT.completed;
  }
  for (const session of sessions) {
    const title = oneLine(session.name || session.firstPrompt || "(no prompt)");
    const age = formatAge(Date.now() - session.modifiedMs);
    const place = options.all ? `  ${oneLine(session.cwd)}` : "";
    print(
      `${session.id}  ${age.padStart(7)}  ${String(session.runs).padStart(3)} runs  ${title.slice(0, 70)}${place}`,
    );
  }
  return EXIT.completed;
}

export async function showSessionCommand(reference: string, options: { json?: boolean }): Promise<number> {
  const library = await openSessions();
  print(
    options.json
      ? JSON.stringify(await library.entries(reference), null, 2)
      : await library.markdown(reference),
  );
  return EXIT.completed;
}

export async function sessionPathCommand(reference: string): Promise<number> {
  print(await (await openSessions()).path(reference));
  return EXIT.completed;
}

export async function removeSessionsCommand(references: readonly string[]): Promise<number> {
  const library = await openSessions();
  // All are looked up first: a wrong name removes nothing.
  const paths = await Promise.all(references.map((reference) => library.path(reference)));
  for (const path of paths) {
    await library.remove(path);
    process.stderr.write(`Removed ${path}\n`);
  }
  return EXIT.completed;
}

async function openSessions(): Promise<ReturnType<typeof openLibrary>> {
  const env = processEnvironment();
  const { sessionsDir } = hearthPaths(env);
  return openLibrary({ dir: sessionsDir, cwd: await workingDirectory(undefined), env });
}

function oneLine(text: string): string {
  return sanitizeText(text).replace(/\s+/g, " ");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
