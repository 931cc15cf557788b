// The slash commands that completion offers: Hearth's own, and the person's prompt templates as they are now.
import type { App } from "../../app/app.ts";
import { COMMANDS } from "../../app/commands/table.ts";
import type { CommandEntry } from "./completion.ts";

/** `entries` is the same list for as long as the screen lives; `refresh` reads the templates anew. */
export function commandEntries(app: App): { entries: readonly CommandEntry[]; refresh: () => Promise<void> } {
  const own = COMMANDS.map((command) => ({
    ...command,
    complete: () => command.complete?.(app) ?? Promise.resolve([]),
  }));
  const entries: CommandEntry[] = [...own];
  const refresh = async (): Promise<void> => {
    const templates = await app.templates.list();
    entries.splice(own.length, entries.length, ...templates.map(entryOf));
  };
  return { entries, refresh };
}

function entryOf({
  name,
  argumentHint,
  description,
  source,
}: Awaited<ReturnType<App["templates"]["list"]>>[number]): CommandEntry {
  const whose = source === "project" ? "this project's prompt" : "your prompt";
  const summary = `${description} (${whose})`;
  return argumentHint === "" ? { name, summary } : { name, summary, usage: argumentHint };
}
