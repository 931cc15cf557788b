// The composer's state without its surroundings: text, completion list, prompt history and search. Pure.
import { type EditorAction, type EditorState, EMPTY_EDITOR, reduceEditor } from "./buffer.ts";
import {
  type CommandEntry,
  type Completion,
  type CompletionItem,
  type CompletionTarget,
  commandItems,
  completionTarget,
  sameTarget,
} from "./completion.ts";
import { EMPTY_FRAGMENT, expandFragment, type Fragment, joinFragments, plainFragment } from "./fragment.ts";
import { EMPTY_HISTORY, type HistorySearch, type HistoryState, rememberPrompt } from "./history.ts";
import { type VimState, vimAfterSending } from "./vim/vim-state.ts";

export type ComposerState = {
  readonly editor: EditorState;
  /** What is being completed; null: nothing, or the person closed the list. */
  readonly target: CompletionTarget | null;
  /** The list on the screen; it may still be that of an earlier target while the next is being found. */
  readonly completion: Completion | null;
  /** Where the word starts whose list the person closed. */
  readonly closedAt: number | null;
  readonly history: HistoryState;
  readonly search: HistorySearch | null;
  /** The number of the next paste or image. */
  readonly nextToken: number;
  /** Null while the keys are those of emacs alone. */
  readonly vim: VimState | null;
};

export const EMPTY_COMPOSER: ComposerState = {
  editor: EMPTY_EDITOR,
  target: null,
  completion: null,
  closedAt: null,
  history: EMPTY_HISTORY,
  search: null,
  nextToken: 1,
  vim: null,
};

/** The person writes, or searches for what to write. */
export function hasDraft({ editor, search }: ComposerState): boolean {
  return editor.text !== "" || search !== null;
}

/** Edits the text and brings completion up to date: a change opens a list, a mere move only keeps it. */
export function editText(
  state: ComposerState,
  action: EditorAction,
  commands: readonly CommandEntry[],
): ComposerState {
  const editor = reduceEditor(state.editor, action);
  const found = completionTarget(editor, editor.cursor);
  const start = found?.range[0] ?? null;
  const closedAt = start === state.closedAt ? state.closedAt : null;
  const opens = editor.text !== state.editor.text || sameTarget(found, state.target);
  const target = found !== null && opens && start !== closedAt ? found : null;
  return { ...state, editor, closedAt, target, completion: listFor(target, state.completion, commands) };
}

/** Commands are at hand; for the rest the list so far stays until the next comes. */
function listFor(
  target: CompletionTarget | null,
  shown: Completion | null,
  commands: readonly CommandEntry[],
): Completion | null {
  if (target === null) return null;
  if (shown && sameTarget(shown.target, target)) return shown;
  if (target.kind === "command") return openList(target, commandItems(target.query, commands));
  const goesOn = shown?.target.kind === target.kind && shown.target.range[0] === target.range[0];
  return goesOn ? shown : null;
}

function openList(target: CompletionTarget, items: readonly CompletionItem[]): Completion | null {
  return items.length === 0 ? null : { target, items, selected: 0, moved: false };
}

/** The list when it belongs to what is being completed now; only then can an item be taken. */
export function openCompletion(state: ComposerState): Completion | null {
  return state.completion && sameTarget(state.completion.target, state.target) ? state.completion : null;
}

/** The items that were found for a target; dropped when something else is being completed by now. */
export function offerItems(
  state: ComposerState,
  target: CompletionTarget,
  items: readonly CompletionItem[],
): ComposerState {
  return sameTarget(state.target, target) ? { ...state, completion: openList(target, items) } : state;
}

/** The same list from other commands; one in which the person has chosen stays. */
export function offerCommands(state: ComposerState, commands: readonly CommandEntry[]): ComposerState {
  const { target, completion } = state;
  if (target?.kind !== "command" || completion?.moved === true) return state;
  return { ...state, completion: openList(target, commandItems(target.query, commands)) };
}

/** Looks for what could be completed at the cursor, also where a list was closed. */
export function reopenCompletion(state: ComposerState, commands: readonly CommandEntry[]): ComposerState {
  const target = completionTarget(state.editor, state.editor.cursor);
  return { ...state, closedAt: null, target, completion: listFor(target, null, commands) };
}

export function closeCompletion(state: ComposerState): ComposerState {
  return { ...state, target: null, completion: null, closedAt: state.target?.range[0] ?? null };
}

/** Replaces the whole text, the cursor at its end; undo brings the old one back. No list opens. */
export function setContent(state: ComposerState, piece: Fragment): ComposerState {
  const editor = reduceEditor(state.editor, { type: "set", piece });
  return { ...state, editor, target: null, completion: null, closedAt: null, search: null };
}

/** Texts that were taken back go before the draft, each on lines of its own. */
export function restoreContent(state: ComposerState, pieces: readonly Fragment[]): ComposerState {
  const { text, tokens } = state.editor;
  const parts = [...pieces, { text, tokens }].filter((piece) => piece.text !== "");
  const [first = EMPTY_FRAGMENT, ...rest] = parts;
  const newline = plainFragment("\n");
  return setContent(
    state,
    rest.reduce((whole, piece) => joinFragments(joinFragments(whole, newline), piece), first),
  );
}

/** After sending: an empty input that remembers what was sent and what was cut. */
export function clearSent(state: ComposerState): ComposerState {
  const history = rememberPrompt(state.history, expandFragment(state.editor));
  const editor = { ...EMPTY_EDITOR, killed: state.editor.killed };
  return { ...EMPTY_COMPOSER, editor, history, vim: state.vim && vimAfterSending(state.vim) };
}
