// What a press of a key does to the composer. Pure: what has to happen outside is returned as an outcome.
import { matchKey } from "../keys/keybindings.ts";
import type { KeyAction } from "../keys/keys.ts";
import type { KeyPress } from "../keys/read-keys.ts";
import { previousBorder } from "./borders.ts";
import { isEditName, isInOuterRow } from "./buffer.ts";
import {
  acceptedEdit,
  type Completion,
  completesLine,
  enterAccepts,
  moveInCompletion,
} from "./completion.ts";
import type { ComposerContext } from "./composer-context.ts";
import {
  type ComposerState,
  clearSent,
  closeCompletion,
  editText,
  openCompletion,
  reopenCompletion,
  setContent,
} from "./composer-state.ts";
import { EMPTY_FRAGMENT, type Fragment, plainFragment } from "./fragment.ts";
import {
  foundPrompt,
  type HistorySearch,
  moveInSearch,
  openSearch,
  searchHistory,
  walkHistory,
} from "./history.ts";
import type { Pressed, SubmitKind } from "./outcome.ts";
import { rankFuzzily } from "./rank.ts";

export function pressKey(state: ComposerState, press: KeyPress, context: ComposerContext): Pressed {
  if (state.search) {
    const action = matchKey(press, context.bindings, ["search"]);
    return stay(pressInSearch(state, state.search, action, press.text));
  }
  if (state.vim === null || context.vim === undefined) return pressInInput(state, press, context);
  return context.vim(state, press, {
    ...context,
    below: {
      press: (current, again) => pressInInput(current, again, context),
      act: (current, action) => pressInText(current, action, context),
    },
  });
}

function pressInInput(state: ComposerState, press: KeyPress, context: ComposerContext): Pressed {
  const list = openCompletion(state);
  if (list) {
    const action = matchKey(press, context.bindings, ["completion"]);
    const next = action === null ? null : pressInList(state, list, action, { press, ...context });
    if (next) return next;
  }
  const action = matchKey(press, context.bindings, ["composer", "everywhere"]);
  if (action !== null) return pressInText(state, action, context);
  if (press.text === null) return stay(state);
  return stay(editText(state, { type: "type", text: press.text }, context.commands));
}

/** Puts a piece at the cursor: a paste. In the search it is part of the query. */
export function insertPiece(state: ComposerState, piece: Fragment, context: ComposerContext): ComposerState {
  if (state.search) return pressInSearch(state, state.search, null, piece.text);
  return editText(state, { type: "insert", piece }, context.commands);
}

function pressInText(state: ComposerState, action: KeyAction, context: ComposerContext): Pressed {
  switch (action) {
    case "submit":
      return breaksLine(state) ? stay(breakLine(state, context)) : submit(state, "enter");
    case "follow_up":
      return submit(state, "follow_up");
    case "steer_now":
      return submit(state, "steer_now");
    case "expand_paste":
      return stay(expandPaste(state, { near: false, context }) ?? state);
    case "complete":
      return stay(expandPaste(state, { near: true, context }) ?? reopenCompletion(state, context.commands));
    case "search_history":
      return stay({ ...closeCompletion(state), search: openSearch(state.history.prompts) });
    case "leave_if_empty":
      return state.editor.text === "" ? pass(state, action) : stay(edit(state, "delete_forward", context));
    case "clear_or_leave":
      return pass(state.editor.text === "" ? state : setContent(state, EMPTY_FRAGMENT), action);
    case "cursor_up":
    case "cursor_down":
      return stay(moveOrWalk(state, action, context));
    default:
      return isEditName(action) ? stay(edit(state, action, context)) : pass(state, action);
  }
}

/**
 * The folded paste that the cursor touches, else the last one before it, as the text that it stands for; undo folds
 * it again. Null when there is none.
 */
function expandPaste(
  { editor, ...state }: ComposerState,
  { near, context }: { near: boolean; context: ComposerContext },
): ComposerState | null {
  const touches = editor.tokens.filter(({ start, end, attachment }) => {
    if (attachment.kind !== "paste") return false;
    return near ? start <= editor.cursor && editor.cursor <= end : true;
  });
  const token = touches.findLast(({ start }) => start <= editor.cursor) ?? touches[0];
  if (token?.attachment.kind !== "paste") return null;
  const piece = plainFragment(token.attachment.text);
  const range = [token.start, token.end] as const;
  return editText({ editor, ...state }, { type: "replace", range, piece }, context.commands);
}

/** A backslash before the cursor makes Enter a line break: for terminals that do not tell Shift+Enter. */
function breaksLine({ editor: { text, cursor } }: ComposerState): boolean {
  return text[cursor - 1] === "\\";
}

function breakLine(state: ComposerState, { commands }: ComposerContext): ComposerState {
  const { cursor } = state.editor;
  return editText(
    state,
    { type: "replace", range: [cursor - 1, cursor], piece: plainFragment("\n") },
    commands,
  );
}

function submit(state: ComposerState, as: SubmitKind): Pressed {
  const { text, tokens } = state.editor;
  const next = text.trim() === "" ? state : clearSent(state);
  return { state: next, outcome: { type: "submit", as, content: { text, tokens } } };
}

function edit(
  state: ComposerState,
  name: Extract<Parameters<typeof editText>[1], { type: "edit" }>["edit"],
  { commands, width }: ComposerContext,
): ComposerState {
  return editText(state, { type: "edit", edit: name, width }, commands);
}

/** In the outer rows, up and down go to earlier and later prompts. */
function moveOrWalk(
  state: ComposerState,
  action: "cursor_up" | "cursor_down",
  context: ComposerContext,
): ComposerState {
  const outer = isInOuterRow(state.editor, context.width);
  const walks = action === "cursor_up" ? outer.first : outer.last;
  const { text, tokens } = state.editor;
  const walked = walks ? walkHistory(state.history, action === "cursor_up" ? -1 : 1, { text, tokens }) : null;
  if (!walked) return edit(state, action, context);
  return { ...setContent(state, walked.shown), history: walked.history };
}

/** Null when the key is for the text after all. */
function pressInList(
  state: ComposerState,
  list: Completion,
  action: KeyAction,
  { press, bindings, commands }: ComposerContext & { press: KeyPress },
): Pressed | null {
  switch (action) {
    case "completion_next":
      return stay({ ...state, completion: moveInCompletion(list, 1) });
    case "completion_previous":
      return stay({ ...state, completion: moveInCompletion(list, -1) });
    case "completion_close":
      return stay(closeCompletion(state));
    case "completion_accept": {
      const sends = matchKey(press, bindings, ["composer"]) === "submit";
      if (sends && !enterAccepts(list, commands)) return null;
      const taken = accept(state, list, commands);
      const isWhole = completesLine(list, { text: state.editor.text, commands });
      return sends && isWhole ? submit(withoutTrail(taken), "enter") : stay(taken);
    }
    default:
      return null;
  }
}

function accept(
  state: ComposerState,
  list: Completion,
  commands: ComposerContext["commands"],
): ComposerState {
  const taken = acceptedEdit(list, state.editor.text);
  return taken ? editText(state, { type: "replace", ...taken }, commands) : closeCompletion(state);
}

/** The blank behind a command is for an argument: a line that is sent has none. */
function withoutTrail(state: ComposerState): ComposerState {
  return setContent(state, plainFragment(state.editor.text.trimEnd()));
}

function pressInSearch(
  state: ComposerState,
  search: HistorySearch,
  action: KeyAction | null,
  text: string | null,
): ComposerState {
  const ask = (query: string): ComposerState => ({
    ...state,
    search: searchHistory(query, state.history.prompts, rankFuzzily),
  });
  switch (action) {
    case "search_older":
      return { ...state, search: moveInSearch(search, 1) };
    case "search_newer":
      return { ...state, search: moveInSearch(search, -1) };
    case "search_delete":
      return ask(search.query.slice(0, previousBorder(plainFragment(search.query), search.query.length)));
    case "search_close":
      return { ...state, search: null };
    case "search_accept": {
      const prompt = foundPrompt(search);
      return prompt === undefined ? { ...state, search: null } : setContent(state, plainFragment(prompt));
    }
    default:
      return text === null ? state : ask(search.query + text);
  }
}

function stay(state: ComposerState): Pressed {
  return { state, outcome: null };
}

function pass(state: ComposerState, action: KeyAction): Pressed {
  return { state, outcome: { type: "action", action } };
}
