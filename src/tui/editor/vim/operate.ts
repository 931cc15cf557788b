// What vim's operators do to a range: cut, change, copy, shift, change case. Pure.
import { lineEnd, lineStart, nextBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import { EMPTY_FRAGMENT, type Fragment, joinFragments, plainFragment, sliceFragment } from "../fragment.ts";
import type { Operator } from "./grammar.ts";
import { firstNonBlank } from "./motions.ts";
import type { Found } from "./text-objects.ts";

/** `lines`: what was kept is whole lines; `inserts`: writing goes on at the cursor. */
export type Operated = { editor: EditorState; lines: Fragment | null; inserts: boolean };

const SHIFT = "  ";

/** `range` of lines begins and ends with them, without the last line break. */
export function operate(state: EditorState, operator: Operator, { range, lines }: Found): Operated {
  const piece = sliceFragment(state, range);
  const kept = lines ? piece : null;
  const done = (editor: EditorState): Operated => ({ editor, lines: null, inserts: false });
  switch (operator) {
    case "d": {
      const editor = reduceEditor(state, {
        type: "cut",
        range: lines ? withBreak(state, range) : range,
        piece,
      });
      return { editor: lines ? toFirst(editor, editor.cursor) : editor, lines: kept, inserts: false };
    }
    case "c":
      return { editor: reduceEditor(state, { type: "cut", range, piece }), lines: kept, inserts: true };
    case "y": {
      const editor = reduceEditor(state, { type: "copy", piece });
      const to = lines ? Math.min(editor.cursor, range[1]) : range[0];
      return { editor: reduceEditor(editor, { type: "move", to }), lines: kept, inserts: false };
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
