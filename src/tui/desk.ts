// Desk: what is on the screen beside the transcript, and what key handlers may do with it. Types only.
import type { App } from "../app/app.ts";
import type { CommandResult } from "../app/commands/command.ts";
import type { TranscriptItem } from "../app/transcript-item.ts";
import type { PreviewLine } from "./components/picker-preview.ts";
import type { PickerItem, PickerState } from "./components/picker-state.ts";
import type { ProcessesView } from "./components/process-list.ts";
import type { Composer } from "./editor/composer.ts";
import type { Keybindings } from "./keys/keybindings.ts";
import type { KeyAction } from "./keys/keys.ts";
import type { ItemView } from "./transcript/item-view.ts";

/** A list to choose from; `choose` and `cancel` are called after the list was closed. */
export type PickerFocus = {
  kind: "picker";
  picker: PickerState<string>;
  choose: (value: string) => void;
  cancel?: () => void;
  /** What Enter does, as the hint says it; absent: it chooses. */
  verb?: string;
  /** What leaving does, as the hint says it; absent: it leaves. */
  closes?: string;
  /** A question with few answers: the filter is not shown before something is typed. */
  isShort?: boolean;
  /** Of the item under the cursor; absent: there is none to show, null: it is on its way. */
  preview?: readonly PreviewLine[] | null;
  /** Rows that the longest preview needs. */
  previewHeight?: number;
  /** Further keys of this picker. */
  keys?: readonly PickerKey[];
  /** Waits for a yes; any other key takes it away. */
  question?: { text: string; yes: () => void };
  /** Told after every change of this picker: another item may be under the cursor. */
  follow?: () => void;
};

/** `item` is the one under the cursor; the list stays open. */
export type PickerKey = {
  action: KeyAction;
  label: string;
  run: (item: PickerItem<string> | undefined) => void;
};

/** One question that is answered with a text: a reason, a key, an edited command. */
type LineFocus = {
  kind: "line";
  title: string;
  composer: Composer;
  /** The text is a secret: shown as dots. */
  masked: boolean;
};

/** `initial` stands in the input already; `cancel` is called when the person goes back. */
export type Question = {
  title: string;
  initial?: string;
  masked?: boolean;
  submit: (text: string) => void;
  cancel?: () => void;
};

/** The list of background processes, as it was looked at last; `endAllMs` is when "end all" was pressed once. */
export type ProcessFocus = { kind: "processes"; view: ProcessesView; endAllMs: number };

/** Who gets the keys. An open approval gets them while the focus is the composer's. `id`: the queue item looked at. */
export type Focus =
  | { kind: "composer" }
  | PickerFocus
  | LineFocus
  | ProcessFocus
  | { kind: "queue"; id: string };

/** Why the program should be started anew. */
export type Restart = "demo" | "settings" | { session: string };

export interface Desk {
  readonly app: App;
  readonly bindings: Keybindings;
  /** Milliseconds since the epoch. */
  now(): number;
  /** How things look now. */
  view(): ItemView;
  focus(): Focus;
  setFocus(focus: Focus): void;
  readonly composer: Composer;
  /** Asks in a line of its own; the draft stays untouched. */
  ask(question: Question): void;
  /** A line under the input until the next key. */
  say(hint: string): void;
  /** Adds to the transcript. */
  show(item: TranscriptItem): void;
  /** Runs the task and shows what it failed with. */
  attempt(task: () => Promise<void>): void;
  /** Does what a command asks of the screen. */
  apply(result: CommandResult): void;
  /** Runs a slash command as if the person had typed it. */
  command(line: string): void;
  /** Does what a key means that is not about a text. */
  onAction(action: KeyAction): void;
  /** Name of the theme in force. */
  readonly theme: string;
  /** Paints the live rows with another theme, null: with that in force again. Throws `theme.*`; then nothing changes. */
  tryTheme(name: string | null): void;
  /** Opens a file in the person's editor; resolves when that has ended. Throws `editor.*`. */
  editFile(file: string): Promise<void>;
  /** Starts the program anew: on the example project, with what was just stored, or where that session works. */
  restart(why: Restart): void;
  /** Ends the program with this exit code. */
  leave(code: number): void;
}

export const COMPOSER_FOCUS: Focus = { kind: "composer" };
