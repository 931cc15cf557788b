// `hearth sessions show`.
import { EXIT } from "../../exit.ts";
import { print, printJson } from "../../print-lines.ts";
import { openSessions } from "./open-sessions.ts";

export async function showSessionCommand(reference: string, options: { json?: boolean }): Promise<number> {
  const library = await openSessions();
  if (options.json) printJson(await library.entries(reference));
  else print(await library.markdown(reference));
  return EXIT.completed;
}
