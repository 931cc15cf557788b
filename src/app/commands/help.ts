// /help: the table as text; a frontend with keys says what they are. Takes the table as a parameter, since the table holds this command too.
import type { Command } from "./command.ts";

export function helpCommand(table: () => readonly Command[]): Command {
  return {
    name: "help",
    summary: "what there is",
    whileBusy: "now",
    run: () => {
      const rows = table().map((command) => {
        const usage = command.usage === undefined ? "" : ` ${command.usage}`;
        return `- \`/${command.name}${usage}\` - ${command.summary}`;
      });
      return Promise.resolve({ text: [...rows, "", MARKS].join("\n"), ui: { kind: "help" } });
    },
  };
}

const MARKS = "`!command` runs a shell command into the conversation, `@` completes files.";
