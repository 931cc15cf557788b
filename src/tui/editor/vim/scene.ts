// The text together with vim's modes: going from one mode to another. Pure.
import { lineEnd, lineStart, previousBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import { EMPTY_FRAGMENT, type Fragment, sliceFragment } from "../fragment.ts";
import type { Command } from "./grammar.ts";
import type { Found } from "./text-objects.ts";
import { selectedRange } from "./vim-look.ts";
import type { VimState } from "./vim-state.ts";

export type Scene = { readonly editor: EditorState; readonly vim: VimState };

/** In normal mode the cursor stands on a character: not behind the last of a line. */
export function settle(scene: Scene): Scene {
  const { editor, vim } = scene;
  const { text, cursor } = editor;
  if (vim.mode !== "normal" || cursor < lineEnd(text, cursor) || cursor === lineStart(text, cursor)) {
    return scene;
  }
  return { editor: { ...editor, cursor: previousBorder(editor, cursor) }, vim };
}

/** `before`: the text before the command, so that all of it is undone as one. */
export function enterInsert({ editor, vim }: Scene, before: EditorState, command: Command): Scene {
  return { editor, vim: { ...vim, mode: "insert", pending: [], open: { before, begun: editor, command } } };
}

/** What was written since the insert began can be repeated, and undone in one step. */
export function leaveInsert({ editor, vim }: Scene): Scene {
  const normal: VimState = { ...vim, mode: "normal", pending: [], open: null };
  if (vim.open === null) return settle({ editor: stepBack(editor), vim: normal });
  const { before, begun, command } = vim.open;
  const inserted = writtenSince(begun, editor);
  const again = isPlainInsert(command) ? (command.count ?? 1) - 1 : 0;
  let written = editor;
  for (let time = 0; time < again; time++) {
    written = reduceEditor(written, { type: "insert", piece: repeatedPiece(command, inserted) });
  }
  const joined = reduceEditor(written, { type: "join", since: before });
  return settle({ editor: stepBack(joined), vim: { ...normal, lastChange: { command, inserted } } });
}

/** `3ix` writes three; after `3cwx` one is enough. */
function isPlainInsert(command: Command): boolean {
  return command.type === "simple" && "iIaAoO".includes(command.key);
}

function repeatedPiece(command: Command, inserted: Fragment): Fragment {
  if (command.type !== "simple" || !"oO".includes(command.key)) return inserted;
  return {
    text: `\n${inserted.text}`,
    tokens: inserted.tokens.map((token) => ({ ...token, start: token.start + 1, end: token.end + 1 })),
  };
}

function stepBack(editor: EditorState): EditorState {
  const { text, cursor } = editor;
  const to = cursor > lineStart(text, cursor) ? previousBorder(editor, cursor) : cursor;
  return reduceEditor(editor, { type: "move", to });
}

/** The text between what is the same before and behind it. */
function writtenSince(begun: EditorState, now: EditorState): Fragment {
  let start = 0;
  const most = Math.min(begun.cursor, now.text.length);
  while (start < most && begun.text[start] === now.text[start]) start++;
  let end = now.text.length;
  let left = begun.text.length - begun.cursor;
  while (left > 0 && end > start && begun.text.at(end - now.text.length - 1) === now.text[end - 1]) {
    end--;
    left--;
  }
  return end > start ? sliceFragment(now, [start, end]) : EMPTY_FRAGMENT;
}

export function toNormal({ editor, vim }: Scene): Scene {
  return settle({ editor, vim: { ...vim, mode: "normal", pending: [] } });
}

/** What is selected; null in the other modes. */
export function selectionOf({ editor, vim }: Scene): Found | null {
  const range = selectedRange({ editor, vim });
  return range && { range, lines: vim.mode === "visual_line" };
}
