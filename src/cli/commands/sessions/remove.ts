// `hearth sessions rm`.
import { EXIT } from "../../exit.ts";
import { printJson, tell } from "../../print-lines.ts";
import { openSessions } from "./open-sessions.ts";

export async function removeSessionsCommand(
  references: readonly string[],
  options: { json?: boolean },
): Promise<number> {
  const library = await openSessions();
  // All are looked up first: a wrong name removes nothing.
  const paths = await Promise.all(references.map((reference) => library.path(reference)));
  for (const path of paths) {
    await library.remove(path);
    if (!options.json) tell(`Removed ${path}`);
  }
  if (options.json) printJson({ removed: paths });
  return EXIT.completed;
}
