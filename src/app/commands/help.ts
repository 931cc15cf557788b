// /help: the table as text. Takes the table as a parameter, since the table holds this command too.
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
      return { text: [...rows, "", ...(await templateRows(app)), KEYS].join("\n") };
    },
  };
}

async function templateRows(app: App): Promise<string[]> {
  const rows = (await app.templates.list()).map(({ name, argumentHint, description }) => {
    const usage = argumentHint === "" ? "" : ` ${argumentHint}`;
    return `- \`/${name}${usage}\` - ${description}`;
  });
  return rows.length === 0 ? [] : ["Prompts of your own:", "", ...rows, ""];
}

const KEYS = `Enter sends, or steers while the agent works; Shift+Enter, or a backslash before Enter, makes a new line; Alt+Enter queues a follow-up; Ctrl+S steers now.
Esc interrupts. Shift+Tab cycles the permission modes. Ctrl+O opens the transcript, Ctrl+R searches your prompts, Ctrl+P finds commands; \`/keys\` shows every key.
\`!command\` runs a shell command into the conversation, \`@\` completes files. Ctrl+C twice leaves.`;
