// What is seen of vim's modes: the word in the status line, what is selected, the shape of the cursor. Pure.
import { lineEnd, lineStart, nextBorder } from "../borders.ts";
import type { EditorState } from "../buffer.ts";
import type { Range } from "../fragment.ts";
import { blockOf } from "./block.ts";
import type { VimMode, VimState } from "./vim-state.ts";

type Look = { editor: EditorState; vim: VimState | null };

const WORDS: Readonly<Record<VimMode, string>> = {
  insert: "insert",
  normal: "normal",
  visual: "visual",
  visual_line: "visual line",
  visual_block: "visual block",
};

/** Empty without vim mode. Behind the mode: a macro being recorded, and the letters of a command that is not whole. */
export function vimLabel({ vim }: Look): string {
  if (vim === null) return "";
  const recording = vim.recording === null ? "" : `recording ${vim.recording.name}`;
  return [WORDS[vim.mode], recording, vim.pending.join("")].filter((part) => part !== "").join(" ");
}

/** What is selected, as offsets in the text: one range, or one for each line of a block. Empty: nothing is. */
export function selectedRanges({ editor, vim }: Look): readonly Range[] {
  if (vim === null) return [];
  const anchor = Math.min(vim.anchor, editor.text.length);
  const { cursor } = editor;
  const first = Math.min(anchor, cursor);
  const last = Math.max(anchor, cursor);
  switch (vim.mode) {
    case "insert":
    case "normal":
      return [];
    case "visual":
      return [[first, nextBorder(editor, last)]];
    case "visual_line":
      return [[lineStart(editor.text, first), lineEnd(editor.text, last)]];
    case "visual_block":
      return blockOf(editor, { anchor, cursor, toLineEnds: vim.toLineEnds }).rows;
  }
}

/** DECSCUSR (CSI Ps SP q): a steady bar while writing, a steady block else, an underline while a command is half said. */
export function cursorShape({ vim }: Look): string {
  if (vim === null) return DEFAULT_SHAPE;
  if (vim.mode === "insert") return "\x1b[6 q";
  return vim.pending.length > 0 ? "\x1b[4 q" : "\x1b[2 q";
}

/** The terminal's own. */
export const DEFAULT_SHAPE = "\x1b[0 q";
