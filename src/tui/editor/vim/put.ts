// `p` and `P`: puts what a register holds into the text. Pure.
import { lineEnd, lineStart, nextBorder, previousBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import { type Fragment, joinFragments, plainFragment, sliceFragment } from "../fragment.ts";
import { blockOf, blockPiece, changeRows, putBlock } from "./block.ts";
import { firstNonBlank } from "./motions.ts";
import { keepTaken } from "./registers.ts";
import { cornersOf, repeatPiece, selectionOf, toNormal } from "./scene.ts";
import type { Scene, Taken } from "./vim-state.ts";

export type PutOptions = { key: "p" | "P"; times: number };

/** Whole lines go below or above the line, blocks beside the cursor in each row, other text behind or before it. */
export function putText(editor: EditorState, { piece, kind }: Taken, options: PutOptions): EditorState {
  switch (kind) {
    case "lines":
      return putLines(editor, piece, options);
    case "block":
      return putBlock(editor, piece, { behind: options.key === "p", times: options.times });
    case "text":
      return putHere(editor, piece, options);
  }
}

/** In place of what is selected. That goes to the registers with `p`, and is gone with `P`. */
export function putOverSelection(scene: Scene, taken: Taken, { key, times }: PutOptions): Scene | null {
  const put = scene.vim.mode === "visual_block" ? overBlock(scene, taken) : overRange(scene, taken, times);
  if (put === null) return null;
  const done = toNormal({ editor: put.editor, vim: { ...toNormal(scene).vim } });
  return key === "P" ? done : keepTaken(done, put.gone, { register: null, how: "cut" });
}

type Put = { editor: EditorState; gone: Taken };

function overRange(scene: Scene, taken: Taken, times: number): Put | null {
  const selected = selectionOf(scene);
  if (selected === null) return null;
  const { editor } = scene;
  const gone: Taken = {
    piece: sliceFragment(editor, selected.range),
    kind: selected.lines ? "lines" : "text",
  };
  const lines = taken.kind === "lines";
  const glue = plainFragment(lines ? "\n" : "");
  const repeated = repeatPiece(lines ? joinFragments(taken.piece, glue) : taken.piece, times);
  const body = lines ? sliceFragment(repeated, [0, repeated.text.length - 1]) : repeated;
  const parts = lines && !selected.lines ? joinFragments(joinFragments(glue, body), glue) : body;
  const [start] = selected.range;
  const put = reduceEditor(editor, { type: "replace", range: selected.range, piece: parts });
  const to = lines ? firstNonBlank(put, start + (selected.lines ? 0 : 1)) : previousBorder(put, put.cursor);
  return { editor: at(put, Math.max(start, to)), gone };
}

/** Text of one line goes into each row. */
function overBlock(scene: Scene, taken: Taken): Put {
  const { editor } = scene;
  const block = blockOf(editor, cornersOf(scene));
  const gone: Taken = { piece: blockPiece(editor, block), kind: "block" };
  if (taken.kind === "text" && !taken.piece.text.includes("\n")) {
    return { editor: changeRows(editor, block.rows, () => taken.piece), gone };
  }
  const cut = changeRows(editor, block.rows, () => plainFragment(""));
  const put = putText(cut, taken, { key: taken.kind === "lines" ? "p" : "P", times: 1 });
  return { editor: reduceEditor(put, { type: "join", since: editor }), gone };
}

function putLines(editor: EditorState, piece: Fragment, { key, times }: PutOptions): EditorState {
  const { text, cursor } = editor;
  const newline = plainFragment("\n");
  const lines = repeatPiece(joinFragments(newline, piece), times);
  const below = key === "p";
  const place = below ? lineEnd(text, cursor) : lineStart(text, cursor);
  const whole = below ? lines : joinFragments(sliceFragment(lines, [1, lines.text.length]), newline);
  const put = reduceEditor(editor, { type: "replace", range: [place, place], piece: whole });
  return at(put, firstNonBlank(put, below ? place + 1 : place));
}

function putHere(editor: EditorState, piece: Fragment, { key, times }: PutOptions): EditorState {
  const { text, cursor } = editor;
  const behind = key === "p" && cursor < lineEnd(text, cursor);
  const place = behind ? nextBorder(editor, cursor) : cursor;
  const put = reduceEditor(editor, {
    type: "replace",
    range: [place, place],
    piece: repeatPiece(piece, times),
  });
  return at(put, previousBorder(put, put.cursor));
}

function at(editor: EditorState, to: number): EditorState {
  return reduceEditor(editor, { type: "move", to });
}
