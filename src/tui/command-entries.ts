// The slash commands that completion offers: Hearth's own, and the person's prompt templates as they are now. What only
// the screen knows, the names of themes, is added here.
import type { App } from "../app/app.ts";
import type { Command } from "../app/commands/command.ts";
import { COMMANDS } from "../app/commands/table.ts";
import type { CommandEntry } from "./editor/completion.ts";

/** `entries` is the same list for as long as the screen lives; `refresh` reads the templates anew. */
export function commandEntries(app: App): { entries: readonly CommandEntry[]; refresh: () => Promise<void> } {
  const own = COMMANDS.map((command) => ({ ...command, complete: () => candidates(command, app) }));
  const entries: CommandEntry[] = [...own];
  const refresh = async (): Promise<void> => {
    const templates = await app.templates.list();
    entries.splice(own.length, entries.length, ...templates.map(entryOf));
  };
  return { entries, refresh };
}

async function candidates(
  { name, complete }: Command,
  app: App,
): ReturnType<NonNullable<Command["complete"]>> {
  if (name === "theme") return (await import("./theme/theme-names.ts")).themeChoices(app.paths.themesDir);
  return (await complete?.(app)) ?? [];
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
