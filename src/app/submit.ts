// What a line that a person enters means: a slash command, a shell command, a steer, a follow-up or a prompt.
import { AppError } from "../lib/app-error.ts";
import type { ImageContent } from "../protocol/content.ts";
import type { App } from "./app.ts";
import type { Command, CommandResult } from "./commands/command.ts";
import { isAtWork, willSettle } from "./state.ts";
import { asksToThink } from "./think-prefix.ts";

export type Submission = {
  text: string;
  images?: ImageContent[];
  /** How a plain text goes while a run is active; Enter, Alt+Enter and Ctrl+S. */
  as: "enter" | "follow_up" | "steer_now";
};

/** Told what a command that had to wait gave, or why it failed. */
export type LateResult = (result: CommandResult | { error: unknown }) => void;

/**
 * Carries it out. Throws AppError for what cannot be done: the text is the person's again then. A command that
 * must wait for the run answers through `late`.
 */
export async function submit(app: App, submission: Submission, late: LateResult): Promise<CommandResult> {
  const { text } = submission;
  if (text.startsWith("/") && !looksLikePath(text) && !(await isTemplate(app, text)))
    return runCommand(app, text, late);
  if (text.startsWith("!") && !asksToThink(text) && text.slice(1).trim() !== "") {
    await app.conversation.shell(text.slice(1).trim());
    return {};
  }
  await app.prompt(text, {
    ...(submission.images === undefined ? {} : { images: submission.images }),
    ...kindOf(app, submission.as),
  });
  return {};
}

function kindOf(app: App, as: Submission["as"]): { kind: "prompt" | "steer" | "follow_up"; now?: boolean } {
  const busy = app.conversation.state().run !== null;
  if (!busy) return { kind: "prompt" };
  switch (as) {
    case "enter":
      return { kind: app.settings.enterWhileBusy === "follow_up" ? "follow_up" : "steer" };
    case "follow_up":
      return { kind: "follow_up" };
    case "steer_now":
      return { kind: "steer", now: true };
  }
}

/** A prompt of the person's own, by its name; Hearth's own commands come first, so these are not looked for. */
async function isTemplate(app: App, line: string): Promise<boolean> {
  const { isCommand } = await import("./commands/table.ts");
  const [, name = ""] = /^\/(\S+)/.exec(line) ?? [];
  return !isCommand(name) && (await app.templates.list()).some((template) => template.name === name);
}

async function runCommand(app: App, line: string, late: LateResult): Promise<CommandResult> {
  const { findCommand } = await import("./commands/table.ts");
  const { command, args } = findCommand(line);
  const state = app.conversation.state();
  if (!isAtWork(state)) return command.run(args, app);
  switch (command.whileBusy) {
    case "now":
      return command.run(args, app);
    case "refuse":
      throw new AppError("control.busy", `/${command.name} has to wait: the agent is at work.`, {
        hint: "Interrupt it, or hold it with `/pause`.",
      });
    case "queue":
      if (!willSettle(state)) return command.run(args, app);
      runWhenSettled(app, command, args, late);
      return { text: `/${command.name} runs when the work is done.` };
  }
}

function runWhenSettled(app: App, command: Command, args: string, late: LateResult): void {
  const unsubscribe = app.conversation.subscribe(({ event }) => {
    if (event.type !== "settled") return;
    unsubscribe();
    if (event.exit) return;
    command.run(args, app).then(late, (error: unknown) => late({ error }));
  });
}

/** `/usr/bin/env is missing` is a prompt, `/model` is a command. */
function looksLikePath(text: string): boolean {
  return /^\/[^\s/]*\//.test(text) || text.startsWith("//");
}
