// The keys in force as groups of rows, one group a place: for /keys and for the document about keys. Pure.
import { showChord } from "./chord.ts";
import type { Keybindings } from "./keybindings.ts";
import { KEY_ACTIONS, type KeyAction, type KeyPlace } from "./keys.ts";

/** `chords` as keybindings.json writes them, `keys` as a person reads them (`Ctrl+X`). */
export type KeyRow = {
  action: KeyAction;
  chords: readonly string[];
  keys: readonly string[];
  summary: string;
  /** The keys the table gives it, where those in force are others; null: they are the table's. */
  instead: readonly string[] | null;
};

export type KeyGroup = { place: KeyPlace; title: string; rows: readonly KeyRow[] };

/** A place without a title is called by its name. */
const TITLES: Readonly<Record<string, string>> = {
  everywhere: "Everywhere",
  composer: "In the input",
  completion: "In the list of completions",
  search: "While you search earlier prompts",
  queue: "In the queue",
  approval: "When the agent asks",
  picker: "In a list to choose from",
  transcript: "In the transcript view",
  vim_insert: "Vim mode, while you write",
  vim_normal: "Vim mode, normal and visual",
};

/** In the order of the table. */
export function keyGroups(bindings: Keybindings): KeyGroup[] {
  const groups = Map.groupBy(KEY_ACTIONS, ({ where }) => where);
  return [...groups].map(([place, entries]) => ({
    place,
    title: TITLES[place] ?? place,
    rows: entries.map((entry) => rowOf(entry, bindings)),
  }));
}

function rowOf(entry: (typeof KEY_ACTIONS)[number], { byPlace }: Keybindings): KeyRow {
  const { action, where, summary } = entry;
  const chords = [...(byPlace.get(where) ?? [])].flatMap(([chord, taken]) =>
    taken === action ? [chord] : [],
  );
  const defaults: readonly string[] = entry.keys;
  const isSame = chords.length === defaults.length && chords.every((chord) => defaults.includes(chord));
  const instead = isSame ? null : defaults.map(showChord);
  return { action, chords, keys: chords.map(showChord), summary, instead };
}
