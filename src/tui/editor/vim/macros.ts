// Vim's macros: presses under a name, to be pressed again. Pure; pressing them is for who knows the keys.
import type { KeyPress } from "../../keys/read-keys.ts";
import type { Macro, VimState } from "./vim-state.ts";

/** Presses that one `@` may come to: a macro that calls itself ends there. */
export const MOST_PRESSES = 5_000;

/** Begins to record; a capital adds to the macro. Null when the name is none. */
export function startMacro(vim: VimState, name: string): VimState | null {
  if (!/^[a-zA-Z0-9"]$/.test(name)) return null;
  const before = name === name.toLowerCase() ? [] : (vim.macros[name.toLowerCase()] ?? []);
  return { ...vim, recording: { name: name.toLowerCase(), presses: before } };
}

/** The press that ends the recording is no part of it. */
export function stopMacro(vim: VimState): VimState {
  const { recording } = vim;
  if (recording === null) return vim;
  const macros = { ...vim.macros, [recording.name]: recording.presses.slice(0, -1) };
  return { ...vim, macros, recording: null };
}

/** A recording that nobody ends must not grow for ever. */
export function recordPress(vim: VimState, press: KeyPress): VimState {
  const { recording } = vim;
  if (recording === null || recording.presses.length >= MOST_PRESSES) return vim;
  return { ...vim, recording: { ...recording, presses: [...recording.presses, press] } };
}

/** `@@` is the last one again. Null when there is no such macro. */
export function macroNamed(vim: VimState, name: string): { name: string; macro: Macro } | null {
  const wanted = name === "@" ? vim.lastMacro : name.toLowerCase();
  const macro = wanted === null ? undefined : vim.macros[wanted];
  return wanted === null || macro === undefined ? null : { name: wanted, macro };
}
