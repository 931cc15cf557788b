// `hearth runtime status|activate NAME|deactivate [NAME]|use config`: /runtime without a session.
import { runtimeCommand } from "../../app/commands/runtime.ts";
import { EXIT } from "../exit.ts";
import { openApp } from "../open-app.ts";
import type { ChatOptions } from "../options.ts";

/** Prints what `/runtime` answers; without words the status. Throws as that does. */
export async function runtimeCliCommand(words: readonly string[], flags: ChatOptions): Promise<number> {
  const app = await openApp({ ...flags, session: false }, { interactive: false });
  try {
    const { text = "" } = await runtimeCommand.run(words.join(" ") || "status", app);
    process.stdout.write(`${text}\n`);
    return EXIT.completed;
  } finally {
    await app.close();
  }
}
