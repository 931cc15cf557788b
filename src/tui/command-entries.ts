// The slash commands as the input completes them. What only the screen knows, the names of themes, is added here.
import type { App } from "../app/app.ts";
import type { Command } from "../app/commands/command.ts";
import { COMMANDS } from "../app/commands/table.ts";
import type { CommandEntry } from "./editor/completion.ts";

export function commandEntries(app: App): CommandEntry[] {
  return COMMANDS.map((command) => ({ ...command, complete: () => candidates(command, app) }));
}

async function candidates(
  { name, complete }: Command,
  app: App,
): ReturnType<NonNullable<Command["complete"]>> {
  if (name === "theme") return (await import("./theme/theme-names.ts")).themeChoices(app.paths.themesDir);
  return (await complete?.(app)) ?? [];
}
