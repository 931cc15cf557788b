// `hearth sessions search`.
import type { FoundSession } from "../../../app/app.ts";
import { formatAge } from "../../../app/format.ts";
import { EXIT } from "../../exit.ts";
import { print, printJson, tell } from "../../print-lines.ts";
import { oneLine, openSessions } from "./open-sessions.ts";

type SearchFlags = { all?: boolean; json?: boolean; limit?: number };

/** Exit code 0 also where nothing was found: an empty list is an answer. */
export async function searchSessionsCommand(words: readonly string[], flags: SearchFlags): Promise<number> {
  const library = await openSessions();
  const found = await library.search(words.join(" "), {
    all: flags.all === true,
    signal: new AbortController().signal,
    ...(flags.limit === undefined ? {} : { limit: flags.limit }),
  });
  if (flags.json) {
    printJson(found);
    return EXIT.completed;
  }
  if (found.length === 0) {
    const hint = flags.all ? "" : " hint: --all searches every directory.";
    tell(`No session holds ${oneLine(words.join(" "))}.${hint}`);
  }
  for (const session of found) print(hitLines(session, flags.all === true));
  return EXIT.completed;
}

const WHAT = { name: "name", prompt: "prompt", answer: "answer", tool: "output" } as const;

function hitLines(session: FoundSession, all: boolean): string {
  const age = formatAge(Date.now() - session.modifiedMs);
  const title = oneLine(session.name || session.firstPrompt).slice(0, 70);
  const place = all ? `  ${oneLine(session.cwd)}` : "";
  return `${session.id}  ${age.padStart(7)}  ${title}${place}\n    ${WHAT[session.kind]}: ${oneLine(session.text)}`;
}
