// `@`: presses the keys of a macro again. Pure: who knows the keys gives `press`.
import type { KeyPress } from "../../keys/read-keys.ts";
import { reduceEditor } from "../buffer.ts";
import type { ComposerState } from "../composer-state.ts";
import type { Pressed } from "../outcome.ts";
import { macroNamed } from "./macros.ts";
import type { VimState } from "./vim-state.ts";

/** What a macro still has to press, the next one last; `left`: how many presses it may come to. */
export type Replaying = { left: number; ahead: KeyPress[] };

type Replay = { name: string; times: number; press: (state: ComposerState, key: KeyPress) => Pressed };

/** One step of undo. Ends where a command cannot be done, and where something has to happen outside. */
export function replayMacro(
  state: ComposerState,
  { name, times, press }: Replay,
  replaying: Replaying,
): Pressed {
  const { vim } = state;
  let pressed: Pressed = {
    state: callMacro(withVim(state, { recording: null }), { name, times }, replaying),
    outcome: null,
  };
  while (!isOver(pressed)) {
    const key = replaying.ahead.pop();
    if (key === undefined) break;
    if (replaying.left-- <= 0) break;
    pressed = press(pressed.state, key);
  }
  const after = withVim(pressed.state, { recording: vim?.recording ?? null });
  if (pressed.outcome !== null) return { ...pressed, state: after };
  return {
    state: { ...after, editor: reduceEditor(after.editor, { type: "join", since: state.editor }) },
    outcome: null,
  };
}

/** A macro that another calls: its keys come next. */
export function callMacro(
  state: ComposerState,
  { name, times }: Pick<Replay, "name" | "times">,
  { ahead, left }: Replaying,
): ComposerState {
  const found = state.vim && macroNamed(state.vim, name);
  if (!found) return withVim(state, { failed: true });
  const backwards = found.macro.toReversed();
  const most = Math.ceil(left / Math.max(1, backwards.length));
  for (let time = 0; time < Math.min(times, most); time++) ahead.push(...backwards);
  return withVim(state, { lastMacro: found.name });
}

function isOver({ state, outcome }: Pressed): boolean {
  return outcome !== null || state.vim?.failed === true;
}

function withVim(state: ComposerState, change: Partial<VimState>): ComposerState {
  return state.vim === null ? state : { ...state, vim: { ...state.vim, ...change } };
}
