// What presses are read by, besides the composer's state: bindings, commands, the width of the rows, vim's keys.
import type { Keybindings } from "../keys/keybindings.ts";
import type { KeyAction } from "../keys/keys.ts";
import type { KeyPress } from "../keys/read-keys.ts";
import type { CommandEntry } from "./completion.ts";
import type { ComposerState } from "./composer-state.ts";
import type { Pressed } from "./outcome.ts";

export type ComposerContext = {
  bindings: Keybindings;
  commands: readonly CommandEntry[];
  /** Columns of the text on the screen. */
  width: number;
  /** Absent until vim mode is wanted: it is loaded then. */
  vim?: VimKeys;
};

/** The keys that are there without vim mode: a press, or an action by its name. */
export type KeysBelow = {
  press: (state: ComposerState, press: KeyPress) => Pressed;
  act: (state: ComposerState, action: KeyAction) => Pressed;
};

/** A press while `state.vim` is set. */
export type VimKeys = (
  state: ComposerState,
  press: KeyPress,
  context: ComposerContext & { below: KeysBelow },
) => Pressed;
