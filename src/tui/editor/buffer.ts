// The text being written: a pure state and what keys do to it. Knows no screen, no history and no completion.
import {
  blankLeft,
  lineEnd,
  lineStart,
  nextBorder,
  previousBorder,
  snapToBorder,
  wordLeft,
  wordRight,
} from "./borders.ts";
import {
  EMPTY_FRAGMENT,
  type Fragment,
  joinFragments,
  plainFragment,
  type Range,
  replaceRange,
  sliceFragment,
} from "./fragment.ts";
import { layoutText, offsetAt, positionOf } from "./layout.ts";
import { capitalised, recased, transposed } from "./rewrite.ts";

/** One state to come back to; a linked list, so that keeping it costs nothing. */
type Step = Fragment & { readonly cursor: number; readonly next: Step | null };

export type EditorState = Fragment & {
  /** An offset in `text` between two characters. */
  readonly cursor: number;
  /** The column that moves up and down aim at; null when the last edit was no such move. */
  readonly goalColumn: number | null;
  readonly past: Step | null;
  readonly future: Step | null;
  /** What was cut, newest first. */
  readonly killed: readonly Fragment[];
  /** What the last edit was, where the next one may join it. */
  readonly last: LastEdit;
};

type LastEdit = { kind: "typed" | "killed" } | { kind: "yanked"; range: Range; index: number } | null;

/** `width` is the columns that the text has on the screen, for moves by rows. */
export type EditorAction =
  | { type: "type"; text: string }
  | { type: "insert"; piece: Fragment }
  | { type: "replace"; range: Range; piece: Fragment }
  | { type: "set"; piece: Fragment }
  /** Keeps a piece as the newest of what was cut. */
  | { type: "copy"; piece: Fragment }
  | { type: "move"; to: number }
  /** Makes all that was done since that state one step of undo. */
  | { type: "join"; since: EditorState }
  | { type: "edit"; edit: EditName; width: number };

const KILLED_PIECES = 30;

export const EMPTY_EDITOR: EditorState = {
  ...EMPTY_FRAGMENT,
  cursor: 0,
  goalColumn: null,
  past: null,
  future: null,
  killed: [],
  last: null,
};

export function reduceEditor(state: EditorState, action: EditorAction): EditorState {
  switch (action.type) {
    case "type":
      return typeText(state, action.text);
    case "insert":
      return change(state, [state.cursor, state.cursor], action.piece);
    case "replace":
      return change(state, action.range, action.piece);
    case "set":
      return change(state, [0, state.text.length], action.piece);
    case "copy":
      return { ...state, killed: keep(state, action.piece), last: null };
    case "move":
      return moveTo(state, snapToBorder(state, action.to));
    case "join":
      return joinSteps(state, action.since.past);
    case "edit":
      return EDITS[action.edit](state, action.width);
  }
}

/** True when the cursor is in the first, or the last, of the rows on the screen. */
export function isInOuterRow(state: EditorState, width: number): { first: boolean; last: boolean } {
  const rows = layoutText(state.text, width);
  const { row } = positionOf(state.text, rows, state.cursor);
  return { first: row === 0, last: row === rows.length - 1 };
}

const EDITS = {
  cursor_left: (state) => moveTo(state, previousBorder(state, state.cursor)),
  cursor_right: (state) => moveTo(state, nextBorder(state, state.cursor)),
  cursor_up: (state, width) => moveByRows(state, -1, width),
  cursor_down: (state, width) => moveByRows(state, 1, width),
  word_left: (state) => moveTo(state, wordLeft(state, state.cursor)),
  word_right: (state) => moveTo(state, wordRight(state, state.cursor)),
  line_start: (state) => moveTo(state, lineStart(state.text, state.cursor)),
  line_end: (state) => moveTo(state, lineEnd(state.text, state.cursor)),
  text_start: (state) => moveTo(state, 0),
  text_end: (state) => moveTo(state, state.text.length),
  newline: (state) => change(state, [state.cursor, state.cursor], plainFragment("\n")),
  delete_back: (state) => remove(state, previousBorder(state, state.cursor)),
  delete_forward: (state) => remove(state, nextBorder(state, state.cursor)),
  kill_to_end: (state) => kill(state, orNewline(state, lineEnd(state.text, state.cursor), 1)),
  kill_to_start: (state) => kill(state, orNewline(state, lineStart(state.text, state.cursor), -1)),
  kill_word_back: (state) => kill(state, wordLeft(state, state.cursor)),
  kill_word_forward: (state) => kill(state, wordRight(state, state.cursor)),
  kill_blank_back: (state) => kill(state, blankLeft(state, state.cursor)),
  yank: (state) => yank(state, [state.cursor, state.cursor], 0),
  yank_pop: (state) =>
    state.last?.kind === "yanked" ? yank(state, state.last.range, state.last.index + 1) : state,
  transpose: (state) => rewrite(state, transposed(state, state.cursor)),
  word_upper: (state) =>
    rewrite(
      state,
      recased(state, state.cursor, (text) => text.toUpperCase()),
    ),
  word_lower: (state) =>
    rewrite(
      state,
      recased(state, state.cursor, (text) => text.toLowerCase()),
    ),
  word_capital: (state) => rewrite(state, recased(state, state.cursor, capitalised)),
  undo: (state) => travel(state, "past"),
  redo: (state) => travel(state, "future"),
} as const satisfies Record<string, (state: EditorState, width: number) => EditorState>;

export type EditName = keyof typeof EDITS;

export function isEditName(name: string): name is EditName {
  return Object.hasOwn(EDITS, name);
}

function rewrite(state: EditorState, found: { range: Range; piece: Fragment } | null): EditorState {
  return found === null ? state : change(state, found.range, found.piece);
}

/** Replaces a range and puts the cursor behind it. `joins`: it is one step with the edit before. */
function change(state: EditorState, range: Range, piece: Fragment, joins = false): EditorState {
  const [start, end] = range;
  if (start === end && piece.text === "") return { ...state, goalColumn: null, last: null };
  const next = replaceRange(state, range, piece);
  return {
    ...next,
    cursor: snapToBorder(next, start + piece.text.length),
    goalColumn: null,
    past: joins ? state.past : stepOf(state, state.past),
    future: null,
    killed: state.killed,
    last: null,
  };
}

/** Typing is undone a word at a time, with the blanks behind the word. */
function typeText(state: EditorState, text: string): EditorState {
  if (text === "") return state;
  const beginsWord = /^\S/u.test(text) && /\s/u.test(state.text[state.cursor - 1] ?? " ");
  const joins = state.last?.kind === "typed" && !beginsWord;
  return {
    ...change(state, [state.cursor, state.cursor], plainFragment(text), joins),
    last: { kind: "typed" },
  };
}

function remove(state: EditorState, to: number): EditorState {
  return change(state, between(state.cursor, to), EMPTY_FRAGMENT);
}

/** Cuts from the cursor to an offset; cuts in a row make one piece. */
function kill(state: EditorState, to: number): EditorState {
  if (to === state.cursor) return { ...state, goalColumn: null };
  const range = between(state.cursor, to);
  const piece = sliceFragment(state, range);
  const [newest, ...older] = state.killed;
  const joins = state.last?.kind === "killed" && newest !== undefined;
  const joined = joins
    ? to > state.cursor
      ? joinFragments(newest, piece)
      : joinFragments(piece, newest)
    : piece;
  const killed = [joined, ...(joins ? older : state.killed)].slice(0, KILLED_PIECES);
  return { ...change(state, range, EMPTY_FRAGMENT), killed, last: { kind: "killed" } };
}

function keep({ killed }: EditorState, piece: Fragment): Fragment[] {
  return [piece, ...killed].slice(0, KILLED_PIECES);
}

/** The oldest step that is newer than `since` holds where it all began. */
function joinSteps(state: EditorState, since: Step | null): EditorState {
  let step = state.past;
  while (step !== null && step.next !== since) step = step.next;
  return step === null ? state : { ...state, past: step, last: null };
}

function yank(state: EditorState, range: Range, wanted: number): EditorState {
  const index = state.killed.length === 0 ? 0 : wanted % state.killed.length;
  const piece = state.killed[index];
  if (!piece) return state;
  const yanked: Range = [range[0], range[0] + piece.text.length];
  return { ...change(state, range, piece), last: { kind: "yanked", range: yanked, index } };
}

function moveTo(state: EditorState, offset: number): EditorState {
  return { ...state, cursor: offset, goalColumn: null, last: null };
}

function moveByRows(state: EditorState, step: -1 | 1, width: number): EditorState {
  const { text, cursor } = state;
  const rows = layoutText(text, width);
  const { row, column } = positionOf(text, rows, cursor);
  const goalColumn = state.goalColumn ?? column;
  const target = row + step;
  if (target < 0 || target >= rows.length) {
    return { ...state, cursor: step < 0 ? 0 : text.length, goalColumn, last: null };
  }
  const offset = offsetAt(text, rows, target, goalColumn);
  return { ...state, cursor: snapInRow(state, offset, cursor), goalColumn, last: null };
}

/** Inside a token: its end, or its start when the cursor stood at the end and has to get past it. */
function snapInRow(state: EditorState, offset: number, from: number): number {
  const place = snapToBorder(state, offset);
  return place === from && offset < from ? previousBorder(state, from) : place;
}

function travel(state: EditorState, way: "past" | "future"): EditorState {
  const step = state[way];
  if (!step) return state;
  const { text, tokens, cursor, next } = step;
  const back = stepOf(state, state[way === "past" ? "future" : "past"]);
  const lists = way === "past" ? { past: next, future: back } : { past: back, future: next };
  return { ...state, text, tokens, cursor, ...lists, goalColumn: null, last: null };
}

function stepOf({ text, tokens, cursor }: EditorState, next: Step | null): Step {
  return { text, tokens, cursor, next };
}

/** At the edge of a line, cutting goes on over the newline. */
function orNewline(state: EditorState, edge: number, step: -1 | 1): number {
  if (edge !== state.cursor) return edge;
  return Math.max(0, Math.min(state.text.length, edge + step));
}

function between(first: number, second: number): Range {
  return first < second ? [first, second] : [second, first];
}
