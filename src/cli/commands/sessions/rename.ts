// `hearth sessions rename`.
import { AppError } from "../../../lib/app-error.ts";
import { EXIT } from "../../exit.ts";
import { printJson, tell } from "../../print-lines.ts";
import { openSessions } from "./open-sessions.ts";

export async function renameSessionCommand(
  reference: string,
  words: readonly string[],
  options: { json?: boolean },
): Promise<number> {
  const name = words.join(" ").trim();
  if (name === "") {
    throw new AppError("session.name", "A session needs a name with a letter in it.", {
      hint: "`hearth sessions rename ID the new name`",
    });
  }
  const library = await openSessions();
  const path = await library.path(reference);
  await library.rename(path, name);
  if (options.json) printJson({ path, name });
  else tell(`Named ${name}: ${path}`);
  return EXIT.completed;
}
