// Slash commands in an editor: those that make sense without our screen, and what they answer as text.

import type { AvailableCommand } from "@agentclientprotocol/sdk/unstable";
import type { App } from "../app/app.ts";
import type { CommandResult, PickerName } from "../app/commands/command.ts";
import { listModels } from "../app/commands/model.ts";
import { formatRuntimeStatus } from "../app/commands/runtime.ts";
import { COMMANDS, findCommand, isCommand } from "../app/commands/table.ts";
import { type LateResult, submit } from "../app/submit.ts";

/** What is the editor's own affair, or of our screen alone. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  new: "Begin a new thread in your editor.",
  resume: "Open the session from your editor's list of threads, or with `hearth --resume`.",
  fork: "Fork the thread in your editor, or with `hearth --fork`.",
  clone: "`hearth --fork` goes on in a copy.",
  exit: "Close the thread in your editor.",
  copy: "Copy the answer in your editor.",
};
const OF_THE_SCREEN = "queue pause continue steer followup stop background".split(" ");
const WITHOUT_SCREEN = "theme settings keys setup palette files prompts vim help search".split(" ");

/** Those offered to the person, our own first, then their prompt templates. */
export async function availableCommands(app: App): Promise<AvailableCommand[]> {
  const own = COMMANDS.filter(({ name }) => isOffered(name, app)).map(({ name, summary, usage }) => ({
    name,
    description: summary,
    ...(usage === undefined ? {} : { input: { hint: usage } }),
  }));
  const templates = await app.templates.list();
  return [
    ...own,
    ...templates
      .filter(({ name }) => !isCommand(name))
      .map(({ name, description }) => ({
        name,
        description: description || `your prompt ${name}`,
        input: { hint: "arguments" },
      })),
  ];
}

function isOffered(name: string, app: App): boolean {
  if (name in ELSEWHERE || OF_THE_SCREEN.includes(name) || WITHOUT_SCREEN.includes(name)) return false;
  return app.trial !== null || !["changes", "apply", "discard"].includes(name);
}

/** A line that means a command of ours; null: it is a prompt, a template's too. */
export function readCommand(text: string): string | null {
  const line = text.trim();
  const [, name] = /^\/([^\s/]+)(?:\s|$)/.exec(line) ?? [];
  return name !== undefined && isCommand(name) ? line : null;
}

export type CommandAnswer = {
  /** For the person; "" for nothing to say. */
  text: string;
  /** To be sent to the model; null for nothing. */
  prompt: string | null;
};

/** Carries it out. Throws AppError for what cannot be done. `late` is told of one that had to wait for the run. */
export async function runCommand(
  app: App,
  line: string,
  late: (answer: CommandAnswer | { error: unknown }) => void,
): Promise<CommandAnswer> {
  const { command } = findCommand(line);
  const elsewhere = ELSEWHERE[command.name] ?? screenWords(command.name);
  if (elsewhere !== null) return { text: elsewhere, prompt: null };
  const onLate: LateResult = (result) => {
    if ("error" in result) late(result);
    else answerOf(app, result).then(late, (error: unknown) => late({ error }));
  };
  return answerOf(app, await submit(app, { text: line, as: "enter" }, onLate));
}

function screenWords(name: string): string | null {
  if (WITHOUT_SCREEN.includes(name))
    return `/${name} needs Hearth's own screen: run \`hearth\` in a terminal.`;
  return OF_THE_SCREEN.includes(name)
    ? `/${name} is for Hearth's own screen; your editor steers the run.`
    : null;
}

async function answerOf(app: App, result: CommandResult): Promise<CommandAnswer> {
  const { text, say, prompt = null, ui } = result;
  const shown = text ?? (await uiText(app, ui));
  return { text: [shown, say].filter((part) => part !== undefined && part !== "").join("\n\n"), prompt };
}

/** What a screen would have opened, in words. */
function uiText(app: App, ui: CommandResult["ui"]): Promise<string> | string {
  switch (ui?.kind) {
    case "picker":
      return pickerText(app, ui.picker);
    case "processes":
      return ui.text;
    case "confirm":
      return `${ui.question} \`${ui.line}\` does it.`;
    case "draft":
      return `Your prompt was:\n\n${ui.text}`;
    default:
      return "";
  }
}

async function pickerText(app: App, picker: PickerName): Promise<string> {
  switch (picker) {
    case "model": {
      const rows = (await listModels(app)).map(({ vendor, id, name }) => `- \`${vendor}/${id}\` ${name}`);
      return [...rows, "", "`/model NAME` chooses one, your editor's list too."].join("\n");
    }
    case "runtime":
      return formatRuntimeStatus(app);
    case "run":
    case "tree":
      return `\`\`\`text\n${await app.sessions.tree()}\n\`\`\`\n\n\`/rewind RUN\` goes back to the end of a run.`;
    default:
      return "";
  }
}
