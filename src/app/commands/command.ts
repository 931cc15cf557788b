// Command: the contract of one slash command. Each lives in a file of its own and stands once in the table.
import type { FileDiff } from "../../protocol/checkpoint.ts";
import type { App } from "../app.ts";
import type { RollbackAction } from "../rollback/checkpoint-choice.ts";

/** The lists there are to choose from. */
export type PickerName =
  | "model"
  | "session"
  | "search"
  | "run"
  | "snapshot"
  | "runtime"
  | "role"
  | "system"
  | "theme"
  | "permission-mode"
  | "tree"
  | "command"
  | "file"
  | "prompt"
  | "changes";

/** Something only the frontend can do. */
type UiRequest =
  | { kind: "picker"; picker: PickerName; query?: string }
  | { kind: "queue" }
  /** The line is run when the person says yes; `text` says the same where nobody can be asked. */
  | { kind: "confirm"; question: string; line: string }
  /** Background processes, with the one of `id` opened; `text` says the same where there is no screen for it. */
  | { kind: "processes"; id: string | null; text: string }
  | { kind: "copy"; text: string }
  /** Asks what to take back; `text` says what would change where there is no screen for it. */
  | { kind: "rollback"; action: RollbackAction }
  /** Shows what changed; `text` is the same where there is no screen for it. */
  | { kind: "diff"; where: string; files: readonly FileDiff[] }
  /** A text for the input, unless something stands there. */
  | { kind: "draft"; text: string }
  | { kind: "theme"; name: string; keep?: () => Promise<string> }
  | { kind: "screen"; screen: ScreenName }
  /** What its keys do belongs below the text. */
  | { kind: "help" }
  | { kind: "vim" }
  /** The session works elsewhere: the program has to be started anew for it. */
  | { kind: "restart"; session: string }
  | { kind: "exit" };

/** Screens that are loaded when they are asked for. */
export type ScreenName = "settings" | "keys" | "all-keys" | "setup";

/**
 * `text` is shown in the transcript, `say` is one line about what happened now, `prompt` is sent to the model, `ui` is
 * for the frontend. With a picker or a screen, `text` is for a frontend that has none. A theme is looked at first: one
 * that cannot be had is not kept; `keep` keeps it elsewhere than among the preferences, and gives what came of it, ""
 * for nothing to say.
 */
export type CommandResult = { text?: string; say?: string; prompt?: string; ui?: UiRequest };

/** A candidate for an argument, with what it is. */
export type ArgumentChoice = { value: string; detail: string };

export type Command = {
  name: string;
  aliases?: readonly string[];
  /** What may follow the name, as shown in /help: `[vendor/model]`. */
  usage?: string;
  summary: string;
  /** What it does while a run is active: run now, wait until it settles, or be refused. */
  whileBusy: "now" | "queue" | "refuse";
  /** Candidates for the argument, for completion. */
  complete?: (app: App) => Promise<ArgumentChoice[]>;
  /** Throws AppError for what cannot be done; nothing has changed then. */
  run: (args: string, app: App) => Promise<CommandResult>;
};
