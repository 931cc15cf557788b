// The text together with vim's modes: going from one mode to another. Pure.
import { lineEnd, lineStart, previousBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import { EMPTY_FRAGMENT, type Fragment, joinFragments, sliceFragment } from "../fragment.ts";
import type { Corners } from "./block.ts";
import type { Command } from "./grammar.ts";
import { withMarks } from "./marks.ts";
import type { Found } from "./text-objects.ts";
import { selectedRanges } from "./vim-look.ts";
import type { Scene, Shape, VimState } from "./vim-state.ts";

/** In normal mode the cursor stands on a character: not behind the last of a line. */
export function settle(scene: Scene): Scene {
  const { editor, vim } = scene;
  const { text, cursor } = editor;
  if (vim.mode !== "normal" || cursor < lineEnd(text, cursor) || cursor === lineStart(text, cursor)) {
    return scene;
  }
  return { editor: { ...editor, cursor: previousBorder(editor, cursor) }, vim };
}

type Begun = { before: EditorState; command: Command; also?: readonly number[]; shape?: Shape | null };

/** `before`: the text before the command, so that all of it is undone as one. `also`: see VimState. */
export function enterInsert(
  { editor, vim }: Scene,
  { before, command, also = [], shape = null }: Begun,
): Scene {
  const open = { before, begun: editor, command, also, shape };
  return { editor, vim: { ...vim, mode: "insert", pending: [], open } };
}

/** What was written since the insert began can be repeated, and undone in one step. */
export function leaveInsert({ editor, vim }: Scene): Scene {
  const left = withMarks({ ...vim, mode: "normal", pending: [], open: null }, editor, { "^": editor.cursor });
  if (vim.open === null) return settle({ editor: stepBack(editor), vim: left });
  const { before, begun, command, also, shape } = vim.open;
  const inserted = writtenSince(begun, editor);
  const again = isPlainInsert(command) ? Math.min((command.count ?? 1) - 1, mostRepeats(inserted)) : 0;
  let written = editor;
  for (let time = 0; time < again; time++) {
    written = reduceEditor(written, { type: "insert", piece: repeatedPiece(command, inserted) });
  }
  if (also.length > 0) written = writeInRows(written, { begun, also, inserted, times: again + 1 });
  const joined = reduceEditor(written, { type: "join", since: before });
  const lastChange = { command, inserted, shape };
  return settle({ editor: also.length > 0 ? joined : stepBack(joined), vim: { ...left, lastChange } });
}

/** A slip with the count must not fill the memory: ten million characters are more than anyone writes. */
function mostRepeats({ text }: Fragment): number {
  return Math.floor(10_000_000 / Math.max(1, text.length));
}

type InRows = { begun: EditorState; also: readonly number[]; inserted: Fragment; times: number };

/** In the other rows of a block, as vim does only when no line break was written; the cursor goes to the first. */
function writeInRows(editor: EditorState, { begun, also, inserted, times }: InRows): EditorState {
  let written = editor;
  const grown = editor.text.length - begun.text.length;
  if (!inserted.text.includes("\n") && inserted.text !== "") {
    for (const place of also.toReversed()) {
      const range = [place + grown, place + grown] as const;
      const piece = repeatPiece(inserted, times);
      written = reduceEditor(written, { type: "replace", range, piece });
    }
  }
  return reduceEditor(written, { type: "move", to: begun.cursor });
}

export function repeatPiece(piece: Fragment, times: number): Fragment {
  let whole = piece;
  for (let time = 1; time < times; time++) whole = joinFragments(whole, piece);
  return whole;
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

/** A selection can be had again (`gv`, the marks `<` and `>`). */
export function toNormal({ editor, vim }: Scene): Scene {
  const normal: VimState = {
    ...rememberSelection({ editor, vim }),
    mode: "normal",
    pending: [],
    toLineEnds: false,
  };
  return settle({ editor, vim: normal });
}

export function rememberSelection({ editor, vim }: Scene): VimState {
  const { mode, anchor, toLineEnds } = vim;
  if (mode === "normal" || mode === "insert") return vim;
  const places = { "<": Math.min(anchor, editor.cursor), ">": Math.max(anchor, editor.cursor) };
  return { ...withMarks(vim, editor, places), lastVisual: { mode, toLineEnds } };
}

/** What is selected; null in the other modes, and for a block, which is no one range. */
export function selectionOf({ editor, vim }: Scene): Found | null {
  if (vim.mode === "visual_block") return null;
  const [range] = selectedRanges({ editor, vim });
  return range ? { range, lines: vim.mode === "visual_line" } : null;
}

/** Of the block that is selected. */
export function cornersOf({ editor, vim }: Scene): Corners {
  return {
    anchor: Math.min(vim.anchor, editor.text.length),
    cursor: editor.cursor,
    toLineEnds: vim.toLineEnds,
  };
}
