// Vim's marks: places with a name that stay where they are while the text around them changes. Pure.
import { snapToBorder } from "../borders.ts";
import type { EditorState } from "../buffer.ts";
import type { Marks, Scene, VimState } from "./vim-state.ts";

/** The names a person may set; the others are set by what is done: `'` by jumps, `<` and `>` by selections. */
const OWN_NAME = /^[a-zA-Z'`<>]$/;

/** The marks in the text as it is now, and `.` where it changed last. */
export function followMarks(vim: VimState, { text }: EditorState): VimState {
  const { marks } = vim;
  if (marks.text === text) return vim;
  const { start, end, grown } = changeBetween(marks.text, text);
  const places: Record<string, number> = {};
  for (const [name, place] of Object.entries(marks.places)) {
    places[name] = place <= start ? place : place >= end ? place + grown : start;
  }
  return { ...vim, marks: { text, places: { ...places, ".": start } } };
}

/** What is other in `after`: [start, end) of `before`, which became longer by `grown`. */
function changeBetween(before: string, after: string): { start: number; end: number; grown: number } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { start, end: before.length - same, grown: after.length - before.length };
}

/** Null when no mark can have that name. */
export function setMark({ editor, vim }: Scene, name: string): Scene | null {
  return OWN_NAME.test(name)
    ? { editor, vim: withMarks(vim, editor, { [nameOf(name)]: editor.cursor }) }
    : null;
}

export function withMarks(vim: VimState, editor: EditorState, places: Marks["places"]): VimState {
  const { marks } = followMarks(vim, editor);
  return { ...vim, marks: { text: editor.text, places: { ...marks.places, ...places } } };
}

/** Null when there is no such mark. */
export function markPlace(vim: VimState, editor: EditorState, name: string): number | null {
  const place = followMarks(vim, editor).marks.places[nameOf(name)];
  return place === undefined ? null : snapToBorder(editor, Math.min(place, editor.text.length));
}

/** Both quotes name the place before the last jump. */
function nameOf(name: string): string {
  return name === "`" ? "'" : name;
}
