// Keys in the sentences and hints of the screen, as they are bound now. Nothing else writes the name of a key.
import { showChord } from "./chord.ts";
import { type Keybindings, keyLabel } from "./keybindings.ts";
import type { KeyAction } from "./keys.ts";

/** The name of an action's key. */
export type KeyNames = (action: KeyAction) => string;

/** The key that tmux takes for itself unless it is told otherwise. */
export const TMUX_PREFIX = showChord("ctrl+b");

/** Gives the name of an action's first key: `Ctrl+X`; "no key" where it has none. */
export function keyNames(bindings: Keybindings): KeyNames {
  return (action) => keyLabel(action, bindings) || "no key";
}

/** Actions side by side and what they do: `Alt+Up/Down move`. */
export type KeyHint = readonly [actions: readonly KeyAction[], words: string];

/** `Ctrl+F` as `^F`, where there are many in a row. */
export function shortKey(key: string): string {
  return key.replace(/^Ctrl\+(\S)$/, "^$1");
}

/** A hint for each part that has a key. */
export function keyHints(parts: readonly KeyHint[], bindings: Keybindings): string[] {
  return parts.flatMap(([actions, words]) => {
    const keys = actions.map((action) => keyLabel(action, bindings)).filter((key) => key !== "");
    const held = heldIn(keys[0] ?? "");
    const shown = keys.map((key, index) => (index === 0 ? shortKey(key) : withoutHeld(key, held)));
    return keys.length === 0 ? [] : [`${shown.join("/")} ${words}`];
  });
}

/** `Ctrl+` of `Ctrl+X`. */
function heldIn(key: string): string {
  return key.slice(0, key.lastIndexOf("+", key.length - 2) + 1);
}

function withoutHeld(key: string, held: string): string {
  return key.startsWith(held) ? key.slice(held.length) : key;
}

/** What /help says of keys, as Markdown. */
export function keysSummary(bindings: Keybindings): string {
  const key = keyNames(bindings);
  return [
    `${key("submit")} sends, or steers while the agent works; ${key("newline")}, or a backslash before ${key("submit")}, makes a new line; ${key("follow_up")} queues a follow-up; ${key("steer_now")} steers now.`,
    `${key("interrupt")} interrupts. ${key("cycle_mode")} cycles the permission modes. ${key("transcript")} opens the transcript, ${key("search_history")} searches your prompts, ${key("palette")} finds commands; \`/keys\` shows every key. ${key("clear_or_leave")} twice leaves.`,
  ].join("\n");
}

/** How to see what an item leaves out: "(Ctrl+O)"; "" without a key for it. */
export function moreHint(bindings: Keybindings): string {
  const key = keyLabel("transcript", bindings);
  return key === "" ? "" : `(${key})`;
}
