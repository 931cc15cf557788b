// /help: the table as text; a frontend with keys says what they are. Takes the table as a parameter, since the table holds this command too.
import type { App } from "../app.ts";
import type { Command } from "./command.ts";

export function helpCommand(table: () => readonly Command[]): Command {
  return {
    name: "help",
    summary: "what there is",
    whileBusy: "now",
    run: async (_args, app) => {
      const rows = table().map((command) => {
        const usage = command.usage === undefined ? "" : ` ${command.usage}`;
        return `- \`/${command.name}${usage}\` - ${command.summary}`;
      });
      return { text: [...rows, "", ...(await templateRows(app)), MARKS].join("\n"), ui: { kind: "help" } };
    },
  };
}

const MARKS = "`!command` runs a shell command into the conversation, `@` completes files.";

async function templateRows(app: App): Promise<string[]> {
  const rows = (await app.templates.list()).map(({ name, argumentHint, description }) => {
    const usage = argumentHint === "" ? "" : ` ${argumentHint}`;
    return `- \`/${name}${usage}\` - ${description}`;
  });
  return rows.length === 0 ? [] : ["Prompts of your own:", "", ...rows, ""];
}
