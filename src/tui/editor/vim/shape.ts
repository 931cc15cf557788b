// How much a visual selection holds, so that `.` can do the same to as much text somewhere else. Pure.
import { lineEnd, lineStart, nextBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import { blockOf, characterBefore, columnOf } from "./block.ts";
import { lineBelow } from "./motions.ts";
import type { Scene, Shape } from "./vim-state.ts";

/** Null outside the visual modes. */
export function shapeOf({ editor, vim }: Scene): Shape | null {
  const { mode } = vim;
  if (mode === "insert" || mode === "normal") return null;
  const anchor = Math.min(vim.anchor, editor.text.length);
  const [first, last] = [Math.min(anchor, editor.cursor), Math.max(anchor, editor.cursor)];
  const lines = editor.text.slice(first, last).split("\n").length;
  if (mode === "visual_block") {
    const { left, right } = blockOf(editor, { anchor, cursor: editor.cursor, toLineEnds: vim.toLineEnds });
    return { mode, lines, characters: right - left };
  }
  const from = lines === 1 ? first : lineStart(editor.text, last);
  return { mode, lines, characters: charactersBetween(editor, from, last) + 1 };
}

function charactersBetween(editor: EditorState, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at = nextBorder(editor, at)) count++;
  return count;
}

/** As much from the cursor on, as far as the text goes. */
export function selectShape({ editor, vim }: Scene, { mode, lines, characters }: Shape): Scene {
  const { text, cursor } = editor;
  const last = lineBelow(text, cursor, lines - 1) ?? lineStart(text, text.length);
  const toLineEnds = characters === Number.POSITIVE_INFINITY;
  const to =
    mode === "visual_block"
      ? characterBefore(editor, last, columnOf(editor, cursor) + characters)
      : forward(editor, lines === 1 ? cursor : last, characters - 1);
  return {
    editor: reduceEditor(editor, { type: "move", to }),
    vim: { ...vim, mode, anchor: cursor, toLineEnds },
  };
}

function forward(editor: EditorState, from: number, characters: number): number {
  const end = lineEnd(editor.text, from);
  let at = from;
  for (let time = 0; time < characters; time++) {
    const next = nextBorder(editor, at);
    if (next >= end) break;
    at = next;
  }
  return at;
}
