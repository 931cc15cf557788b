// `hearth sessions repair`.
import { EXIT } from "../../exit.ts";
import { printJson, tell } from "../../print-lines.ts";
import { openSessions } from "./open-sessions.ts";

export async function repairSessionCommand(reference: string, options: { json?: boolean }): Promise<number> {
  const repair = await (await openSessions()).repair(reference);
  if (options.json) {
    printJson(repair);
    return EXIT.completed;
  }
  const { path, id, kept, dropped, relinked, newHeader } = repair;
  if (path === null) {
    tell("The session is whole; nothing was written.");
    return EXIT.completed;
  }
  const facts = [`${kept} entries kept`, `${dropped} lines dropped`, `${relinked} linked anew`];
  tell(`A whole copy was written: ${path}`);
  tell(`${[...facts, ...(newHeader ? ["a new header"] : [])].join(", ")}. The damaged file stays as it is.`);
  tell(`hint: \`hearth --resume ${id}\` goes on with it.`);
  return EXIT.completed;
}
