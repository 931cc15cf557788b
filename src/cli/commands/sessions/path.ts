// `hearth sessions path`.
import { EXIT } from "../../exit.ts";
import { print, printJson } from "../../print-lines.ts";
import { openSessions } from "./open-sessions.ts";

export async function sessionPathCommand(reference: string, options: { json?: boolean }): Promise<number> {
  const path = await (await openSessions()).path(reference);
  if (options.json) printJson({ path });
  else print(path);
  return EXIT.completed;
}
