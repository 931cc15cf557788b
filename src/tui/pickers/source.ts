// PickerSource: what one list offers, what choosing means, what is shown of an item. Types only.
import type { PickerName } from "../../app/commands/command.ts";
import type { PreviewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk, PickerKey, Question } from "../desk.ts";

/** At hand, or something that has to be read first. */
export type Preview =
  | readonly PreviewLine[]
  | ((options: { signal: AbortSignal }) => Promise<readonly PreviewLine[]>);

export type PickerSource = {
  /** What Enter does, as the hint says it. */
  verb?: string;
  /** What leaving does, as the hint says it. */
  closes?: string;
  /** `query`: what was typed, where the source answers it. */
  items: (options: { all: boolean; query: string; signal: AbortSignal }) => Promise<PickerItem<string>[]>;
  /** The items are found anew for each query instead of being filtered by it. */
  answers?: true;
  /** The list is closed by then. */
  choose: (value: string) => void;
  /** Of an item that `items` gave. */
  preview?: (value: string) => Preview;
  /** Rows that the longest preview needs; absent: as many as there is room for. */
  previewHeight?: number;
  keys?: (control: PickerControl) => readonly PickerKey[];
  /** Told which item is under the cursor, null when the list was left without choosing. */
  follow?: (value: string | null) => void;
  /** Said when there is nothing to choose from. */
  nothing?: string;
};

/** What a key of a picker can do with it. */
export interface PickerControl {
  /** Whether all items are listed, not only the nearest. */
  readonly all: boolean;
  /** Lists all items, or the nearest again. */
  toggleAll(): void;
  /** Lists the items anew; the filter stays, and the item under the cursor where it is still there. */
  reload(): void;
  /** Goes on when the person says yes. */
  confirm(text: string, yes: () => void): void;
  /** Asks for a text and comes back to the list. */
  ask(question: Pick<Question, "title" | "initial" | "submit">): void;
  close(): void;
}

export type Sources = Readonly<Record<PickerName, (desk: Desk) => PickerSource>>;
