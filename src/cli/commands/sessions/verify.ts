// `hearth sessions verify`.
import type { SessionLibrary } from "../../../app/session-library.ts";
import { EXIT } from "../../exit.ts";
import { print, printJson } from "../../print-lines.ts";
import { oneLine, openSessions } from "./open-sessions.ts";

type Verdict = Awaited<ReturnType<SessionLibrary["verify"]>>;

/** Exit code 1 when one of them is damaged. */
export async function verifySessionsCommand(
  references: readonly string[],
  options: { json?: boolean },
): Promise<number> {
  const library = await openSessions();
  const verdicts: Verdict[] = [];
  for (const reference of references) verdicts.push(await library.verify(reference));
  if (options.json) printJson(verdicts);
  else for (const verdict of verdicts) print(verdictText(verdict));
  return verdicts.some(({ errors }) => errors > 0) ? EXIT.failed : EXIT.completed;
}

function verdictText(verdict: Verdict): string {
  const { path, entries, unknown, problems, errors, warnings } = verdict;
  const told = problems.map(({ line, level, message }) => `  line ${line}: ${level}: ${oneLine(message)}`);
  const more = errors + warnings - problems.length;
  return [
    `${path}: ${errors === 0 ? "whole" : "damaged"}, ${count(entries, "entry", "entries")}${unknown > 0 ? `, ${unknown} of a newer kind` : ""}`,
    ...told,
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(errors > 0 ? ["  hint: `hearth sessions repair` makes a whole copy beside it."] : []),
  ].join("\n");
}

function count(number: number, one: string, more: string): string {
  return `${number} ${number === 1 ? one : more}`;
}
