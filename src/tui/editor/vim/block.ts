// Rectangles of text, as vim's visual block mode selects them: columns are those of the screen. Pure.
import { lineEnd, lineStart, nextBorder, previousBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import { type Fragment, joinFragments, plainFragment, type Range, sliceFragment } from "../fragment.ts";
import { shownWidth } from "../layout.ts";

/** Two corners, both on characters that belong to the block. */
export type Corners = { anchor: number; cursor: number; toLineEnds: boolean };

/** Columns [left, right); a range for each line, top to bottom, empty where the line is too short. */
export type Block = { left: number; right: number; rows: readonly Range[] };

export function blockOf(fragment: Fragment, { anchor, cursor, toLineEnds }: Corners): Block {
  const { text } = fragment;
  const left = Math.min(columnOf(fragment, anchor), columnOf(fragment, cursor));
  const right = toLineEnds
    ? Number.POSITIVE_INFINITY
    : Math.max(endColumn(fragment, anchor), endColumn(fragment, cursor));
  const last = lineStart(text, Math.max(anchor, cursor));
  const rows: Range[] = [];
  for (
    let start = lineStart(text, Math.min(anchor, cursor));
    start <= last;
    start = lineEnd(text, start) + 1
  ) {
    rows.push(rowOf(fragment, start, [left, right]));
  }
  return { left, right, rows };
}

/** Columns before the character at `offset`, in its line. */
export function columnOf({ text }: Fragment, offset: number): number {
  return shownWidth(text.slice(lineStart(text, offset), offset));
}

function endColumn(fragment: Fragment, offset: number): number {
  const end = lineEnd(fragment.text, offset);
  return columnOf(fragment, offset < end ? nextBorder(fragment, offset) : offset);
}

/** The characters of the line that begins at `start` which have a part in the columns. */
function rowOf(fragment: Fragment, start: number, [left, right]: Range): Range {
  const { text } = fragment;
  const end = lineEnd(text, start);
  let from: number | null = null;
  let column = 0;
  let at = start;
  while (at < end && column < right) {
    const next = nextBorder(fragment, at);
    column += shownWidth(text.slice(at, next));
    if (from === null && column > left) from = at;
    at = next;
  }
  return from === null ? [end, end] : [from, at];
}

/** The rows with line breaks between them. */
export function blockPiece(fragment: Fragment, { rows }: Block): Fragment {
  return rows
    .map((row) => sliceFragment(fragment, row))
    .reduce((whole, row) => joinFragments(joinFragments(whole, plainFragment("\n")), row));
}

/** Each row becomes what `change` makes of it; one step of undo, the cursor at the first row. */
export function changeRows(
  editor: EditorState,
  rows: readonly Range[],
  change: (piece: Fragment) => Fragment,
): EditorState {
  // Undo puts the cursor where it is when the change begins.
  let changed = moved(editor, rows[0]?.[0] ?? editor.cursor);
  for (const range of rows.toReversed()) {
    const piece = change(sliceFragment(editor, range));
    changed = reduceEditor(changed, { type: "replace", range, piece });
  }
  const joined = reduceEditor(changed, { type: "join", since: editor });
  return moved(joined, rows[0]?.[0] ?? joined.cursor);
}

/** Up or down by lines, at the column where the way began: short lines on it do not change it. */
export function moveInBlock(editor: EditorState, start: number): EditorState {
  const goalColumn = editor.goalColumn ?? columnOf(editor, editor.cursor);
  return { ...moved(editor, characterBefore(editor, start, goalColumn + 1)), goalColumn };
}

/** Where writing begins, and the same column of the other rows; `editor` has the blanks that `A` needs. */
export type BlockInsert = { editor: EditorState; also: readonly number[] };

/** Before the block (`I`, and `c` when it is cut) or behind it (`A`). Rows that end before the block keep out of `I`. */
export function insertIntoBlock(
  editor: EditorState,
  corners: Corners,
  side: "before" | "behind",
): BlockInsert {
  const { left, right, rows } = blockOf(editor, corners);
  const [first = [editor.cursor, editor.cursor] as const, ...rest] = rows;
  if (side === "before") {
    const reached = rest.filter(
      ([start]) => start < lineEnd(editor.text, start) || columnOf(editor, start) === left,
    );
    return { editor: moved(editor, first[0]), also: reached.map(([start]) => start) };
  }
  if (corners.toLineEnds) return { editor: moved(editor, first[1]), also: rest.map(([, end]) => end) };
  return behindBlock(editor, rows, right);
}

function behindBlock(editor: EditorState, rows: readonly Range[], right: number): BlockInsert {
  let padded = editor;
  let added = 0;
  const places = rows.map(([, end]) => {
    const place = end + added;
    const missing = Math.max(0, right - columnOf(padded, place));
    if (missing > 0) padded = insertAt(padded, place, " ".repeat(missing));
    added += missing;
    return place + missing;
  });
  const [first = editor.cursor, ...also] = places;
  return { editor: moved(padded, first), also };
}

/** Rows of a block from the cursor on down, each at the same column; lines that are missing are made. */
export function putBlock(
  editor: EditorState,
  piece: Fragment,
  { behind, times }: { behind: boolean; times: number },
): EditorState {
  const { text, cursor } = editor;
  const first = behind && cursor < lineEnd(text, cursor) ? nextBorder(editor, cursor) : cursor;
  const column = columnOf(editor, first);
  const rows = linesIn(piece);
  const width = Math.max(...rows.map((row) => shownWidth(row.text)));
  let put = editor;
  let start = lineStart(text, cursor);
  for (const row of rows) {
    if (start > put.text.length) put = insertAt(put, put.text.length, "\n");
    const [place] = rowOf(put, start, [column, Number.POSITIVE_INFINITY]);
    const gap = Math.max(0, column - columnOf(put, place));
    const isLast = place === lineEnd(put.text, start);
    const filled = joinFragments(row, plainFragment(" ".repeat(width - shownWidth(row.text))));
    let whole = plainFragment(" ".repeat(gap));
    for (let time = 1; time <= times; time++)
      whole = joinFragments(whole, time === times && isLast ? row : filled);
    put = reduceEditor(put, { type: "replace", range: [place, place], piece: whole });
    start = lineEnd(put.text, start) + 1;
  }
  return moved(reduceEditor(put, { type: "join", since: editor }), first);
}

function linesIn(piece: Fragment): Fragment[] {
  const lines: Fragment[] = [];
  for (let start = 0; start <= piece.text.length; ) {
    const end = lineEnd(piece.text, start);
    lines.push(sliceFragment(piece, [start, end]));
    start = end + 1;
  }
  return lines;
}

/** The last character of a line that has a part in the column left of `right`; the line's last when it is shorter. */
export function characterBefore(fragment: Fragment, start: number, right: number): number {
  const [, end] = rowOf(fragment, start, [0, right]);
  return end > start ? previousBorder(fragment, end) : start;
}

/** `>` and `<` in a block: blanks come and go at its left edge. */
export const BLOCK_SHIFTS = {
  ">": (piece: Fragment) => (piece.text === "" ? piece : joinFragments(plainFragment("  "), piece)),
  "<": (piece: Fragment) => {
    const blanks = /^(?: {1,2}|\t)/.exec(piece.text)?.[0].length ?? 0;
    return blanks === 0 ? piece : sliceFragment(piece, [blanks, piece.text.length]);
  },
} as const;

function insertAt(editor: EditorState, place: number, text: string): EditorState {
  return reduceEditor(editor, { type: "replace", range: [place, place], piece: plainFragment(text) });
}

function moved(editor: EditorState, to: number): EditorState {
  return reduceEditor(editor, { type: "move", to });
}
