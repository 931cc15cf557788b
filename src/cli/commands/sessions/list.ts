// `hearth sessions list`.
import { formatAge } from "../../../app/format.ts";
import { EXIT } from "../../exit.ts";
import { print, printJson, tell } from "../../print-lines.ts";
import { oneLine, openSessions } from "./open-sessions.ts";

export async function listSessionsCommand(options: { all?: boolean; json?: boolean }): Promise<number> {
  const library = await openSessions();
  const sessions = await library.list({ all: options.all === true });
  if (options.json) {
    printJson(sessions);
    return EXIT.completed;
  }
  if (sessions.length === 0) {
    tell(
      options.all
        ? "No saved sessions."
        : "No saved sessions of this directory. hint: --all lists every one.",
    );
    return EXIT.completed;
  }
  for (const session of sessions) {
    const title = oneLine(session.name || session.firstPrompt || "(no prompt)");
    const age = formatAge(Date.now() - session.modifiedMs);
    const place = options.all ? `  ${oneLine(session.cwd)}` : "";
    print(
      `${session.id}  ${age.padStart(7)}  ${String(session.runs).padStart(3)} ${session.runs === 1 ? "run " : "runs"}  ${title.slice(0, 70)}${place}`,
    );
  }
  return EXIT.completed;
}
