// What vim's operators do to a range: cut, change, copy, shift, change case. Pure.
import { lineEnd, lineStart, nextBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import { EMPTY_FRAGMENT, type Fragment, joinFragments, plainFragment, sliceFragment } from "../fragment.ts";
import { BLOCK_SHIFTS, type Block, blockPiece, changeRows } from "./block.ts";
import type { Operator } from "./grammar.ts";
import { firstNonBlank } from "./motions.ts";
import type { Found } from "./text-objects.ts";
import type { Taken } from "./vim-state.ts";

/** `taken`: what goes to a register; `inserts`: writing goes on at the cursor. */
export type Operated = { editor: EditorState; taken: Taken | null; inserts: boolean };

const SHIFT = "  ";

/** `range` of lines begins and ends with them, without the last line break. */
export function operate(state: EditorState, operator: Operator, { range, lines }: Found): Operated {
  const piece = sliceFragment(state, range);
  const taken: Taken = { piece, kind: lines ? "lines" : "text" };
  const done = (editor: EditorState): Operated => ({ editor, taken: null, inserts: false });
  switch (operator) {
    case "d": {
      const editor = without(state, lines ? withBreak(state, range) : range);
      return { editor: lines ? toFirst(editor, editor.cursor) : editor, taken, inserts: false };
    }
    case "c":
      return { editor: without(state, range), taken, inserts: true };
    case "y": {
      const to = lines ? Math.min(state.cursor, range[1]) : range[0];
      return { editor: reduceEditor(state, { type: "move", to }), taken, inserts: false };
    }
    case "<":
    case ">": {
      const whole: Found["range"] = [lineStart(state.text, range[0]), lineEnd(state.text, range[1])];
      const shifted = shiftLines(sliceFragment(state, whole), operator);
      return done(toFirst(reduceEditor(state, { type: "replace", range: whole, piece: shifted }), whole[0]));
    }
    case "gu":
    case "gU":
    case "g~": {
      const changed = mapText(piece, CASES[operator]);
      const editor = reduceEditor(state, { type: "replace", range, piece: changed });
      return done(reduceEditor(editor, { type: "move", to: range[0] }));
    }
  }
}

/** The same on each row of a block. */
export function operateOnBlock(state: EditorState, operator: Operator, block: Block): Operated {
  const taken: Taken = { piece: blockPiece(state, block), kind: "block" };
  const change = (how: (piece: Fragment) => Fragment): EditorState => changeRows(state, block.rows, how);
  const to = block.rows[0]?.[0] ?? state.cursor;
  switch (operator) {
    case "d":
    case "c":
      return { editor: change(() => EMPTY_FRAGMENT), taken, inserts: operator === "c" };
    case "y":
      return { editor: reduceEditor(state, { type: "move", to }), taken, inserts: false };
    case "<":
    case ">":
      return { editor: change(BLOCK_SHIFTS[operator]), taken: null, inserts: false };
    case "gu":
    case "gU":
    case "g~":
      return { editor: change((piece) => mapText(piece, CASES[operator])), taken: null, inserts: false };
  }
}

function without(state: EditorState, range: Found["range"]): EditorState {
  return reduceEditor(state, { type: "replace", range, piece: EMPTY_FRAGMENT });
}

const CASES = {
  gu: (text: string) => text.toLowerCase(),
  gU: (text: string) => text.toUpperCase(),
  "g~": (text: string) => swapCase(text),
};

export function swapCase(text: string): string {
  return [...text].map((one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase())).join("");
}

/** The lines and one line break: the one behind them, else the one before. */
function withBreak({ text }: EditorState, [start, end]: Found["range"]): Found["range"] {
  if (end < text.length) return [start, end + 1];
  return start > 0 ? [start - 1, end] : [start, end];
}

function toFirst(state: EditorState, offset: number): EditorState {
  return reduceEditor(state, { type: "move", to: firstNonBlank(state, offset) });
}

function shiftLines(piece: Fragment, way: "<" | ">"): Fragment {
  let shifted = EMPTY_FRAGMENT;
  for (let start = 0; start <= piece.text.length; ) {
    const end = lineEnd(piece.text, start);
    const blanks = /^(?: {1,2}|\t)/.exec(piece.text.slice(start, end))?.[0].length ?? 0;
    const lead = way === ">" && end > start ? SHIFT : "";
    const line = sliceFragment(piece, [start + (way === "<" ? blanks : 0), end]);
    const glue = plainFragment(`${start === 0 ? "" : "\n"}${lead}`);
    shifted = joinFragments(joinFragments(shifted, glue), line);
    start = end + 1;
  }
  return shifted;
}

/** Changes the text between tokens. */
function mapText(piece: Fragment, change: (text: string) => string): Fragment {
  let mapped = EMPTY_FRAGMENT;
  let from = 0;
  for (const { start, end } of piece.tokens) {
    mapped = joinFragments(mapped, plainFragment(change(piece.text.slice(from, start))));
    mapped = joinFragments(mapped, sliceFragment(piece, [start, end]));
    from = end;
  }
  return joinFragments(mapped, plainFragment(change(piece.text.slice(from))));
}

/** So many characters from `from`, within the line; null when there are fewer. */
export function charactersFrom(state: EditorState, from: number, count: number): number | null {
  const end = lineEnd(state.text, from);
  let at = from;
  for (let time = 0; time < count; time++) {
    if (at >= end) return null;
    at = nextBorder(state, at);
  }
  return at;
}
