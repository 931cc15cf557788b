// What vim mode remembers beside the text itself. Types and the beginning; no behaviour.
import type { EditorState } from "../buffer.ts";
import type { Fragment } from "../fragment.ts";
import type { Command, FindKey } from "./grammar.ts";

export type VimMode = "insert" | "normal" | "visual" | "visual_line";

export type VimState = {
  readonly mode: VimMode;
  /** The letters of a command that is not whole yet. */
  readonly pending: readonly string[];
  /** Where a visual selection began. */
  readonly anchor: number;
  /** What `;` and `,` repeat. */
  readonly lastFind: { key: FindKey; target: string } | null;
  /** What `.` repeats; `inserted` is what was written after it, of a change that goes on in insert mode. */
  readonly lastChange: { command: Command; inserted: Fragment } | null;
  /** The piece that was cut or copied in whole lines; one of the kill ring. */
  readonly lines: Fragment | null;
  /** The insert that is under way: the text before it, and the command that began it. */
  readonly open: { before: EditorState; begun: EditorState; command: Command } | null;
};

/** As a shell with vi keys: a line begins in insert mode. */
export const FIRST_VIM: VimState = {
  mode: "insert",
  pending: [],
  anchor: 0,
  lastFind: null,
  lastChange: null,
  lines: null,
  open: null,
};

/** The next line begins in insert mode too. */
export function vimAfterSending(vim: VimState): VimState {
  return { ...vim, mode: "insert", pending: [], open: null };
}
