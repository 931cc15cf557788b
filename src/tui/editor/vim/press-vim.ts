// Vim's keys in the composer: which press is a letter of its language, which is for the keys below. Loaded when vim
// mode is wanted. Pure.

import { graphemes } from "../../../lib/text-width.ts";
import { matchKey } from "../../keys/keybindings.ts";
import type { KeyPress } from "../../keys/read-keys.ts";
import { isInOuterRow, reduceEditor } from "../buffer.ts";
import type { ComposerContext, KeysBelow, VimKeys } from "../composer-context.ts";
import type { ComposerState } from "../composer-state.ts";
import type { Pressed } from "../outcome.ts";
import { type Command, parseNormal, parseVisual, VISUAL_BLOCK } from "./grammar.ts";
import { MOST_PRESSES, recordPress, startMacro, stopMacro } from "./macros.ts";
import { followMarks } from "./marks.ts";
import { clipboardChange, isClipboard, withClipboard } from "./registers.ts";
import { callMacro, type Replaying, replayMacro } from "./replay-macro.ts";
import { runCommand } from "./run-command.ts";
import { leaveInsert, settle, toNormal } from "./scene.ts";
import type { Scene, VimState } from "./vim-state.ts";

/** `replay`: a macro presses the keys. */
type Context = ComposerContext & { below: KeysBelow; replay?: Replaying };

export const pressVim: VimKeys = (state, press, context) => {
  const pressed = pressOne(state, press, context);
  const copied = state.vim && pressed.state.vim && clipboardChange(state.vim, pressed.state.vim);
  if (copied === null || pressed.outcome !== null) return pressed;
  return { ...pressed, outcome: { type: "copy", text: copied } };
};

function pressOne(state: ComposerState, press: KeyPress, context: Context): Pressed {
  if (state.vim === null) return context.below.press(state, press);
  const vim = { ...followMarks(state.vim, state.editor), failed: false };
  return vim.mode === "insert"
    ? pressInInsert({ ...state, vim: recordPress(vim, press) }, press, context)
    : pressInNormal({ ...state, vim }, press, context);
}

function pressInInsert(state: ComposerState, press: KeyPress, context: Context): Pressed {
  const { bindings } = context;
  if (matchKey(press, bindings, ["vim_insert"]) === "vim_normal_mode") return stay(intoNormal(state));
  const letter = escapedLetter(press);
  if (letter === null || matchKey(press, bindings, ["composer", "everywhere"]) !== null) {
    return pressBelow(state, press, context);
  }
  // The whole press is in the macro already.
  const { recording = null } = state.vim ?? {};
  const { state: next, outcome } = feed(withRecording(intoNormal(state), null), letter, context);
  return { state: withRecording(next, recording), outcome };
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
  const recorded = withScene(state, ({ editor, vim }) => ({ editor, vim: recordPress(vim, press) }));
  switch (action) {
    case "vim_cancel":
      return isBusy(state.vim) ? stay(withScene(recorded, toNormal)) : goBelow(recorded, press, context);
    case "vim_redo":
      return stay(withScene(recorded, redo));
    case "vim_block":
      return stay(withScene(dropLetters(recorded), (scene) => run(scene, SELECT_BLOCK, context)));
    case "vim_back":
      return feed(recorded, "h", context);
    default:
      return press.text === null ? goBelow(recorded, press, context) : feedAll(state, press.text, context);
  }
}

const SELECT_BLOCK: Command = { type: "simple", key: VISUAL_BLOCK, target: "", count: null, register: null };

/** A command is half said, or something is selected: Escape is for that. */
function isBusy(vim: VimState | null): boolean {
  return vim !== null && (vim.pending.length > 0 || vim.mode !== "normal");
}

/** Keys without a letter mean what they mean below. */
function goBelow(state: ComposerState, press: KeyPress, context: Context): Pressed {
  return settled(pressBelow(dropLetters(state), press, context));
}

/** A macro edits and sends; it does not interrupt, leave, or open what is around the input. */
function pressBelow(state: ComposerState, press: KeyPress, { below, replay }: Context): Pressed {
  const pressed = below.press(state, press);
  return replay && pressed.outcome?.type === "action" ? stay(failed(state)) : pressed;
}

function failed(state: ComposerState): ComposerState {
  return withScene(state, ({ editor, vim }) => ({ editor, vim: { ...vim, failed: true } }));
}

function dropLetters(state: ComposerState): ComposerState {
  return withScene(state, ({ editor, vim }) => ({ editor, vim: { ...vim, pending: [] } }));
}

function withRecording(state: ComposerState, recording: VimState["recording"]): ComposerState {
  return state.vim === null ? state : { ...state, vim: { ...state.vim, recording } };
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
      const rest = { chord: null, text: text.slice(offset) };
      return pressOne(pressed.state, rest, context);
    }
    pressed = feed(recorded(pressed.state, letter), letter, context);
  }
  return pressed;
}

function recorded(state: ComposerState, letter: string): ComposerState {
  const press = { chord: letter === " " ? "space" : letter, text: letter };
  return withScene(state, ({ editor, vim }) => ({ editor, vim: recordPress(vim, press) }));
}

function feed(state: ComposerState, letter: string, context: Context): Pressed {
  const { vim } = state;
  if (vim === null) return stay(state);
  const letters = [...vim.pending, letter];
  const reading = { recording: vim.recording !== null };
  const parsed = vim.mode === "normal" ? parseNormal(letters, reading) : parseVisual(letters, reading);
  const pending = parsed === "more" ? letters : [];
  const next = withScene(state, ({ editor }) => ({
    editor,
    vim: { ...vim, pending, failed: parsed === null },
  }));
  if (parsed === null || parsed === "more") return stay(next);
  return runOutside(next, parsed, context) ?? stay(withScene(next, (scene) => run(scene, parsed, context)));
}

function run(scene: Scene, command: Command, { width }: Context): Scene {
  const ran = runCommand(settle(scene), command, width);
  return ran === null ? { ...scene, vim: { ...scene.vim, failed: true } } : settle(ran);
}

/** The commands that need more than the text: macros, the clipboard, earlier prompts. Null: it is none of them. */
function runOutside(state: ComposerState, command: Command, context: Context): Pressed | null {
  if (command.type === "simple") {
    if (command.key === "q") return stay(recordMacro(state, command.target));
    if (command.key === "@") return replay(state, command, context);
    if (isPut(command.key) && isClipboard(command.register) && !context.replay) {
      return {
        state,
        outcome: { type: "clipboard", put: (now, text) => putClipboard(now, { command, text, context }) },
      };
    }
  }
  return context.replay ? null : walkOrSearch(state, command, context);
}

function isPut(key: string): boolean {
  return key === "p" || key === "P";
}

type FromClipboard = { command: Command; text: string | null; context: Context };

/** The text came a moment later: where writing has begun meanwhile, it is only kept. */
function putClipboard(state: ComposerState, { command, text, context }: FromClipboard): ComposerState {
  return withScene(state, ({ editor, vim }) => {
    const scene = { editor, vim: text === null ? vim : withClipboard(vim, text) };
    return vim.mode === "insert" ? scene : run(scene, command, context);
  });
}

function replay(state: ComposerState, { target, count }: Macroed, context: Context): Pressed {
  const call = { name: target, times: count ?? 1 };
  if (context.replay) return stay(callMacro(state, call, context.replay));
  const replaying = { left: MOST_PRESSES, ahead: [] };
  const press = (now: ComposerState, key: KeyPress): Pressed =>
    pressOne(now, key, { ...context, replay: replaying });
  return replayMacro(state, { ...call, press }, replaying);
}

type Macroed = Extract<Command, { type: "simple" }>;

function recordMacro(state: ComposerState, name: string): ComposerState {
  return withScene(state, ({ editor, vim }) => {
    const next = vim.recording === null ? startMacro(vim, name) : stopMacro(vim);
    return { editor, vim: next ?? { ...vim, failed: true } };
  });
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
  const { editor, vim: changed } = change({ editor: state.editor, vim: state.vim });
  const vim = followMarks(changed, editor);
  const next = { ...state, editor, vim };
  return vim.mode === "insert" ? next : { ...next, target: null, completion: null, closedAt: null };
}

function stay(state: ComposerState): Pressed {
  return { state, outcome: null };
}
