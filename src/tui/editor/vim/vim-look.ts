// What is seen of vim's modes: the word in the status line, what is selected, the shape of the cursor. Pure.
import { lineEnd, lineStart, nextBorder } from "../borders.ts";
import type { EditorState } from "../buffer.ts";
import type { Range } from "../fragment.ts";
import type { VimMode, VimState } from "./vim-state.ts";

type Look = { editor: EditorState; vim: VimState | null };

const WORDS: Readonly<Record<VimMode, string>> = {
  insert: "insert",
  normal: "normal",
  visual: "visual",
  visual_line: "visual line",
};

/** Empty without vim mode. Letters of a command that is not whole stand behind the mode. */
export function vimLabel({ vim }: Look): string {
  if (vim === null) return "";
  const pending = vim.pending.join("");
  return pending === "" ? WORDS[vim.mode] : `${WORDS[vim.mode]} ${pending}`;
}

/** Offsets in the text; null when nothing is selected. */
export function selectedRange({ editor, vim }: Look): Range | null {
  if (vim?.mode !== "visual" && vim?.mode !== "visual_line") return null;
  const anchor = Math.min(vim.anchor, editor.text.length);
  const first = Math.min(anchor, editor.cursor);
  const last = Math.max(anchor, editor.cursor);
  if (vim.mode === "visual") return [first, nextBorder(editor, last)];
  return [lineStart(editor.text, first), lineEnd(editor.text, last)];
}

/** DECSCUSR (CSI Ps SP q): a steady bar while writing, a steady block else, an underline while a command is half said. */
export function cursorShape({ vim }: Look): string {
  if (vim === null) return DEFAULT_SHAPE;
  if (vim.mode === "insert") return "\x1b[6 q";
  return vim.pending.length > 0 ? "\x1b[4 q" : "\x1b[2 q";
}

/** The terminal's own. */
export const DEFAULT_SHAPE = "\x1b[0 q";
