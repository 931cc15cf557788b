// Vim's keys in the composer: which press is a letter of its language, which is for the keys below. Loaded when vim
// mode is wanted. Pure.

import { graphemes } from "../../../lib/text-width.ts";
import { matchKey } from "../../keys/keybindings.ts";
import type { KeyPress } from "../../keys/read-keys.ts";
import { isInOuterRow, reduceEditor } from "../buffer.ts";
import type { ComposerContext, KeysBelow, VimKeys } from "../composer-context.ts";
import type { ComposerState } from "../composer-state.ts";
import type { Pressed } from "../outcome.ts";
import { type Command, parseNormal, parseVisual } from "./grammar.ts";
import { runCommand } from "./run-command.ts";
import { leaveInsert, type Scene, settle, toNormal } from "./scene.ts";
import type { VimState } from "./vim-state.ts";

type Context = ComposerContext & { below: KeysBelow };

export const pressVim: VimKeys = (state, press, context) => {
  const { vim } = state;
  if (vim === null) return context.below.press(state, press);
  return vim.mode === "insert" ? pressInInsert(state, press, context) : pressInNormal(state, press, context);
};

function pressInInsert(state: ComposerState, press: KeyPress, context: Context): Pressed {
  const { bindings, below } = context;
  if (matchKey(press, bindings, ["vim_insert"]) === "vim_normal_mode") return stay(intoNormal(state));
  const letter = escapedLetter(press);
  if (letter === null || matchKey(press, bindings, ["composer", "everywhere"]) !== null) {
    return below.press(state, press);
  }
  return pressInNormal(intoNormal(state), { chord: letter, text: letter }, context);
}

/** Escape and a letter in one reading look like Alt with the letter; vim's people mean the former. */
function escapedLetter({ chord, text }: KeyPress): string | null {
  if (text !== null || chord === null) return null;
  const letter = /^alt\+(?:(shift)\+)?(.)$/u.exec(chord);
  if (!letter) return null;
  return letter[1] ? (letter[2] ?? "").toUpperCase() : (letter[2] ?? null);
}

function intoNormal(state: ComposerState): ComposerState {
  return withScene(state, (scene) => leaveInsert(scene));
}

function pressInNormal(state: ComposerState, press: KeyPress, context: Context): Pressed {
  const action = matchKey(press, context.bindings, ["vim_normal"]);
  switch (action) {
    case "vim_cancel":
      return isBusy(state.vim) ? stay(withScene(state, toNormal)) : goBelow(state, press, context);
    case "vim_redo":
      return stay(withScene(state, redo));
    case "vim_back":
      return feed(state, "h", context);
    default:
      return press.text === null ? goBelow(state, press, context) : feedAll(state, press.text, context);
  }
}

/** A command is half said, or something is selected: Escape is for that. */
function isBusy(vim: VimState | null): boolean {
  return vim !== null && (vim.pending.length > 0 || vim.mode !== "normal");
}

/** Keys without a letter mean what they mean below. */
function goBelow(state: ComposerState, press: KeyPress, { below }: Context): Pressed {
  const dropped = withScene(state, ({ editor, vim }) => ({ editor, vim: { ...vim, pending: [] } }));
  return settled(below.press(dropped, press));
}

function settled({ state, outcome }: Pressed): Pressed {
  return { state: withScene(state, settle), outcome };
}

/** Letters that came together; once they lead into insert mode, the rest is text. */
function feedAll(state: ComposerState, text: string, context: Context): Pressed {
  let pressed = stay(state);
  for (const { text: letter, offset } of graphemes(text)) {
    if (pressed.outcome !== null || pressed.state.search) return pressed;
    if (pressed.state.vim?.mode === "insert") {
      return context.below.press(pressed.state, { chord: null, text: text.slice(offset) });
    }
    pressed = feed(pressed.state, letter, context);
  }
  return pressed;
}

function feed(state: ComposerState, letter: string, context: Context): Pressed {
  const { vim } = state;
  if (vim === null) return stay(state);
  const letters = [...vim.pending, letter];
  const parsed = vim.mode === "normal" ? parseNormal(letters) : parseVisual(letters);
  const pending = parsed === "more" ? letters : [];
  const next = withScene(state, ({ editor }) => ({ editor, vim: { ...vim, pending } }));
  if (parsed === null || parsed === "more") return stay(next);
  return walkOrSearch(next, parsed, context) ?? stay(withScene(next, (scene) => run(scene, parsed, context)));
}

function run(scene: Scene, command: Command, { width }: Context): Scene {
  const ran = runCommand(settle(scene), command, width);
  return ran === null ? scene : settle(ran);
}

/** `/` searches earlier prompts; in the outer rows `j` and `k` walk through them, as the arrows do. */
function walkOrSearch(state: ComposerState, command: Command, { below, width }: Context): Pressed | null {
  if (command.type === "simple" && command.key === "/") return below.act(state, "search_history");
  if (command.type !== "motion" || command.count !== null || state.vim?.mode !== "normal") return null;
  const { first, last } = isInOuterRow(state.editor, width);
  if (command.motion.key === "k" && first) return settled(below.act(state, "cursor_up"));
  if (command.motion.key === "j" && last) return settled(below.act(state, "cursor_down"));
  return null;
}

function redo({ editor, vim }: Scene): Scene {
  const again = reduceEditor(editor, { type: "edit", edit: "redo", width: 0 });
  return settle({ editor: again, vim: { ...vim, pending: [] } });
}

/** Outside insert mode no completion list opens. */
function withScene(state: ComposerState, change: (scene: Scene) => Scene): ComposerState {
  if (state.vim === null) return state;
  const { editor, vim } = change({ editor: state.editor, vim: state.vim });
  const next = { ...state, editor, vim };
  return vim.mode === "insert" ? next : { ...next, target: null, completion: null, closedAt: null };
}

function stay(state: ComposerState): Pressed {
  return { state, outcome: null };
}
