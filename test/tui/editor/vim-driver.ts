// Drives the composer in vim mode: keys as one writes them, a text with its cursor at `|`.
import { type ComposerState, EMPTY_COMPOSER } from "../../../src/tui/editor/composer-state.ts";
import type { Pressed } from "../../../src/tui/editor/outcome.ts";
import { pressKey } from "../../../src/tui/editor/press-key.ts";
import { pressVim } from "../../../src/tui/editor/vim/press-vim.ts";
import { FIRST_VIM } from "../../../src/tui/editor/vim/vim-state.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";

export const context = { bindings: defaultKeybindings(), commands: [], width: 40, vim: pressVim };

/** In normal mode with the cursor at `|`. */
export function vimAt(marked: string): ComposerState {
  const at = marked.indexOf("|");
  const text = marked.replace("|", "");
  const editor = { ...EMPTY_COMPOSER.editor, text, cursor: Math.max(0, at) };
  return { ...EMPTY_COMPOSER, editor, vim: { ...FIRST_VIM, mode: "normal" } };
}

/** Keys as one writes them: `dwix<Esc>`, `<C-r>`, `<CR>`. */
export function pressAll(state: ComposerState, keys: string): Pressed {
  let pressed: Pressed = { state, outcome: null };
  for (const [key] of keys.matchAll(/<[\w-]+>|[\s\S]/gu)) {
    pressed = pressKey(pressed.state, readKey(key), context);
  }
  return pressed;
}

const NAMED: Record<string, string> = {
  "<Esc>": "escape",
  "<CR>": "enter",
  "<BS>": "backspace",
  "<Up>": "up",
};

function readKey(key: string): { chord: string | null; text: string | null } {
  const control = /^<([CA])-(.)>$/.exec(key);
  if (control) return { chord: `${control[1] === "C" ? "ctrl" : "alt"}+${control[2]}`, text: null };
  const named = NAMED[key];
  return named === undefined
    ? { chord: key === " " ? "space" : key, text: key }
    : { chord: named, text: null };
}

export const shown = ({ editor: { text, cursor } }: ComposerState): string =>
  `${text.slice(0, cursor)}|${text.slice(cursor)}`;
