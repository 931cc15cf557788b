// Turns what Ink tells of the keyboard into presses. The only place that knows how terminals write keys.
import type { Key } from "ink";
import { formatChord } from "./chord.ts";

/**
 * One press. `chord` names it for the table of keys (null for several characters at once); `text` is what it types,
 * null for a key that types nothing.
 */
export type KeyPress = { chord: string | null; text: string | null };

/** What Ink's `useInput` gave: presses in order, or a text that was pasted without the marks of a paste. */
export type KeyboardInput = { presses: KeyPress[] } | { paste: string };

const NAMED_KEYS = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "escape"],
  ["tab", "tab"],
  ["backspace", "backspace"],
  ["delete", "delete"],
] as const satisfies readonly (readonly [keyof Key, string])[];

const CONTROL = /[\x00-\x1f\x7f]/;

/**
 * Ink hands over whatever arrived together. Characters with control keys around them are typed in order; a line
 * break with characters behind it is a paste, so that its lines are not sent one by one.
 */
export function readKeys(input: string, key: Key): KeyboardInput {
  if (key.eventType === "release") return { presses: [] };
  const named = NAMED_KEYS.find(([property]) => key[property])?.[1];
  if (named !== undefined) return { presses: namedPresses(named, key) };
  if (key.ctrl || key.meta || key.super || key.hyper) return { presses: modifiedPress(input, key) };
  if (input.length > 1 && /[\r\n][\s\S]*[^\x00-\x1f\x7f]/.test(input)) return { paste: input };
  return { presses: plainPresses(input, key) };
}

/** As `readKeys`; what was pasted is one press that no key stands for. */
export function pressesOf(input: string, key: Key): KeyPress[] {
  const read = readKeys(input, key);
  return "presses" in read ? read.presses : [{ chord: null, text: read.paste }];
}

/** Escape twice within one reading looks like Alt+Escape to Ink. */
function namedPresses(name: string, key: Key): KeyPress[] {
  const press = { chord: chordOf(name, key), text: null };
  if (name !== "escape" || !key.meta) return [press];
  const once = { chord: "escape", text: null };
  return [once, once];
}

function modifiedPress(input: string, key: Key): KeyPress[] {
  // Capitals are told as Shift already.
  const letter = input.toLowerCase();
  if (input === "" || [...input].length > 1) return [];
  if (CONTROL.test(input)) return controlPresses(input, key);
  return [{ chord: chordOf(letter === " " ? "space" : (LATIN_KEYS.get(letter) ?? letter), key), text: null }];
}

function plainPresses(input: string, key: Key): KeyPress[] {
  return input
    .split(/([\x00-\x1f\x7f])/)
    .filter((part) => part !== "")
    .flatMap((part) => (CONTROL.test(part) ? controlPresses(part, key) : [textPress(part, key)]));
}

function textPress(typed: string, key: Key): KeyPress {
  // Kitty reports Shift with the plain letter when it was not asked for the text itself.
  const text = key.shift && typed.length === 1 ? typed.toUpperCase() : typed;
  const single = [...text].length === 1;
  return { chord: single ? (text === " " ? "space" : text) : null, text };
}

/** A control character inside a longer reading, or one that Ink leaves to us: line feed is Ctrl+J. */
function controlPresses(character: string, key: Key): KeyPress[] {
  const alone = { ...key, ctrl: false };
  const name = CONTROL_NAMES.get(character);
  if (name !== undefined) return [{ chord: chordOf(name, alone), text: null }];
  const letter = String.fromCharCode(character.charCodeAt(0) + 64).toLowerCase();
  return [{ chord: chordOf(letter, { ...key, ctrl: true }), text: null }];
}

const CONTROL_NAMES: ReadonlyMap<string, string> = new Map([
  ["\r", "enter"],
  ["\t", "tab"],
  ["\x1b", "escape"],
  ["\x7f", "backspace"],
  ["\b", "backspace"],
]);

/**
 * Shortcuts on a Russian keyboard: kitty tells the letter on the key, not its place, and Ink drops the place. Latin
 * letters by the place of the Cyrillic ones (ЙЦУКЕН on QWERTY).
 */
const LATIN_KEYS: ReadonlyMap<string, string> = new Map(
  [..."йцукенгшщзхъфывапролджэячсмитьбю"].map((letter, index) => [
    letter,
    "qwertyuiop[]asdfghjkl;'zxcvbnm,."[index] ?? letter,
  ]),
);

function chordOf(name: string, key: Key): string {
  const modifiers = new Set<"ctrl" | "alt" | "shift" | "super">();
  if (key.ctrl) modifiers.add("ctrl");
  if (key.meta) modifiers.add("alt");
  if (key.shift) modifiers.add("shift");
  if (key.super || key.hyper) modifiers.add("super");
  return formatChord(modifiers, name);
}
