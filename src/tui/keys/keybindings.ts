// Keybindings: the table of keys with a person's own choices from keybindings.json over it.
import { readFile } from "node:fs/promises";
import { type ParseError, parse } from "jsonc-parser";
import { isErrorCode } from "../../lib/error-code.ts";
import { nearest } from "../../lib/nearest.ts";
import { parseChord, showChord } from "./chord.ts";
import { KEY_ACTIONS, type KeyAction, type KeyPlace } from "./keys.ts";
import type { KeyPress } from "./read-keys.ts";

/** `problems` are sentences about what could not be used and which keys clash; everything else is in force. */
export type Keybindings = {
  readonly byPlace: ReadonlyMap<KeyPlace, ReadonlyMap<string, KeyAction>>;
  readonly problems: readonly string[];
};

/** Reads the file; absent means the defaults. JSON with comments: `{"newline": ["ctrl+j"], "redraw": []}`. */
export async function readKeybindings(file: string): Promise<Keybindings> {
  try {
    return parseKeybindings(await readFile(file, "utf8"), file);
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return defaultKeybindings();
    return bind(new Map(), [`${file} cannot be read; the default keys apply.`]);
  }
}

/** The text of a keybindings file; `name` is for the sentences about it. */
export function parseKeybindings(text: string, name: string): Keybindings {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [wrong] = errors;
  if (wrong || (value !== undefined && !isRecord(value))) {
    const what = wrong
      ? `${name}, line ${text.slice(0, wrong.offset).split("\n").length}: that is no JSON`
      : `${name} is no JSON object`;
    return bind(new Map(), [`${what}; the default keys apply.`]);
  }
  const problems: string[] = [];
  const chosen = new Map<KeyAction, string[]>();
  for (const [action, keys] of Object.entries(value ?? {})) {
    const entry = KEY_ACTIONS.find((candidate) => candidate.action === action);
    if (entry) chosen.set(entry.action, readChords(keys, `${name}: ${action}`, problems));
    else problems.push(unknownAction(action, name));
  }
  return bind(chosen, problems);
}

export function defaultKeybindings(): Keybindings {
  return bind(new Map(), []);
}

/** What the press means in the first of `places` where it means something; null: nothing, so it types its text. */
export function matchKey(
  press: KeyPress,
  bindings: Keybindings,
  places: readonly KeyPlace[],
): KeyAction | null {
  if (press.chord === null) return null;
  for (const place of places) {
    const action = bindings.byPlace.get(place)?.get(press.chord);
    if (action) return action;
  }
  return null;
}

/** The first key of an action as shown in a hint (`Ctrl+X`); empty when it has none. */
export function keyLabel(action: KeyAction, bindings: Keybindings): string {
  for (const actions of bindings.byPlace.values()) {
    for (const [chord, bound] of actions) if (bound === action) return showChord(chord);
  }
  return "";
}

/** A person's key takes precedence over a default. */
function bind(chosen: ReadonlyMap<KeyAction, readonly string[]>, problems: string[]): Keybindings {
  const byPlace = new Map<KeyPlace, Map<string, KeyAction>>();
  for (const { where } of KEY_ACTIONS) byPlace.set(where, new Map());
  for (const { action, where } of KEY_ACTIONS) {
    bindChosen(action, chosen.get(action) ?? [], byPlace.get(where) ?? new Map(), problems);
  }
  for (const { action, where, keys } of KEY_ACTIONS) {
    if (!chosen.has(action)) bindDefault(action, keys, byPlace.get(where) ?? new Map(), problems);
  }
  return { byPlace, problems };
}

/** Of two choices for one key the first stands. */
function bindChosen(
  action: KeyAction,
  chords: readonly string[],
  bound: Map<string, KeyAction>,
  problems: string[],
): void {
  for (const chord of chords) {
    const taken = bound.get(chord) ?? action;
    if (taken === action) bound.set(chord, action);
    else problems.push(`${showChord(chord)} stands for both ${taken} and ${action}; ${taken} has it.`);
  }
}

function bindDefault(
  action: KeyAction,
  chords: readonly string[],
  bound: Map<string, KeyAction>,
  problems: string[],
): void {
  const free = chords.filter((chord) => !bound.has(chord));
  for (const chord of free) bound.set(chord, action);
  if (free.length > 0) return;
  const takers = [...new Set(chords.map((chord) => bound.get(chord)))].join(", ");
  problems.push(`${action} has no key left: ${takers} took it.`);
}

function readChords(keys: unknown, where: string, problems: string[]): string[] {
  const written: unknown[] = Array.isArray(keys) ? keys : [keys];
  return written.flatMap((key) => {
    const chord = typeof key === "string" ? parseChord(key) : null;
    if (chord === null) problems.push(`${where}: ${JSON.stringify(key)} is no key.`);
    return chord ?? [];
  });
}

function unknownAction(action: string, name: string): string {
  const near = nearest(
    action,
    KEY_ACTIONS.map((entry) => entry.action),
  );
  return `${name}: there is no action ${JSON.stringify(action)}${near === undefined ? "" : `; did you mean ${near}?`}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
