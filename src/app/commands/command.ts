// Command: the contract of one slash command. Each lives in a file of its own and stands once in the table.
import type { App } from "../app.ts";

/** Something only the frontend can do. */
type UiRequest =
  | { kind: "picker"; picker: "model" | "session" | "run" | "runtime" | "theme" | "permission-mode" }
  | { kind: "queue" }
  /** Background processes, with the one of `id` opened; `text` says the same where there is no screen for it. */
  | { kind: "processes"; id: string | null; text: string }
  | { kind: "copy"; text: string }
  | { kind: "theme"; name: string }
  | { kind: "exit" };

/**
 * `text` is shown in the transcript, `say` is one line about what happened now, `prompt` is sent to the model, `ui` is
 * for the frontend.
 */
export type CommandResult = { text?: string; say?: string; prompt?: string; ui?: UiRequest };

export type Command = {
  name: string;
  aliases?: readonly string[];
  /** What may follow the name, as shown in /help: `[vendor/model]`. */
  usage?: string;
  summary: string;
  /** What it does while a run is active: run now, wait until it settles, or be refused. */
  whileBusy: "now" | "queue" | "refuse";
  /** Candidates for the argument, for completion. */
  complete?: (app: App) => Promise<string[]>;
  /** Throws AppError for what cannot be done; nothing has changed then. */
  run: (args: string, app: App) => Promise<CommandResult>;
};
