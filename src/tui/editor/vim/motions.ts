// Where a motion of vim leads, and what it takes along when an operator goes with it. Pure.
import { lineEnd, lineStart, nextBorder, previousBorder, snapToBorder } from "../borders.ts";
import { type EditorState, reduceEditor } from "../buffer.ts";
import type { Fragment } from "../fragment.ts";
import { characterBefore } from "./block.ts";
import type { Motion } from "./grammar.ts";
import { markPlace } from "./marks.ts";
import { searchWord } from "./search-word.ts";
import { sentenceAfter, sentenceBefore } from "./sentences.ts";
import type { VimState } from "./vim-state.ts";
import { nextWordStart, previousWordEnd, previousWordStart, wordEnd } from "./words.ts";

/** `inclusive`: the character at the end belongs to what an operator takes; `lines`: whole lines do. */
export type Moved = { to: number; takes: "exclusive" | "inclusive" | "lines" };

/** `count` is null when none was given; `width` is that of the rows on the screen. */
export type MotionOptions = { count: number | null; width: number; vim: VimState };

/** Null when there is nowhere to go: the command is then none. */
export function move(state: EditorState, motion: Motion, options: MotionOptions): Moved | null {
  const times = options.count ?? 1;
  const { cursor } = state;
  const repeat = (step: (at: number) => number): number => repeated(cursor, times, step);
  const word = (
    step: (fragment: Fragment, from: number, how: { big: boolean }) => number,
    takes: Moved["takes"],
  ): Moved => ({ to: repeat((at) => step(state, at, { big: /[A-Z]/.test(motion.key) })), takes });
  switch (motion.key) {
    case "h":
      return {
        to: repeat((at) => (at > lineStart(state.text, at) ? previousBorder(state, at) : at)),
        takes: "exclusive",
      };
    case "l":
      return {
        to: repeat((at) => (at < lineEnd(state.text, at) ? nextBorder(state, at) : at)),
        takes: "exclusive",
      };
    case " ":
      return { to: repeat((at) => nextBorder(state, at)), takes: "exclusive" };
    case "w":
    case "W":
      return word(nextWordStart, "exclusive");
    case "b":
    case "B":
      return word(previousWordStart, "exclusive");
    case "e":
    case "E":
      return word(wordEnd, "inclusive");
    case "ge":
    case "gE":
      return word(previousWordEnd, "inclusive");
    case "%":
      return matchingBracket(state);
    case "n":
    case "N":
    case "*":
    case "#":
      return exclusive(searchWord(state, motion.key, options));
    case "`":
    case "'":
      return toMark(state, motion, options.vim);
    case "f":
    case "F":
    case "t":
    case "T":
    case ";":
    case ",":
      return find(state, motion, options);
    default:
      return moveByLines(state, motion.key, options);
  }
}

function moveByLines(state: EditorState, key: string, { count, width }: MotionOptions): Moved | null {
  const { text, cursor } = state;
  const times = count ?? 1;
  switch (key) {
    case "0":
      return { to: lineStart(text, cursor), takes: "exclusive" };
    case "^":
      return { to: firstNonBlank(state, cursor), takes: "exclusive" };
    case "$":
      return { to: lineEnd(text, lineBelow(text, cursor, times - 1) ?? text.length), takes: "exclusive" };
    case "g_":
      return {
        to: lastNonBlank(state, lineBelow(text, cursor, times - 1) ?? text.length),
        takes: "inclusive",
      };
    case "|":
      return { to: characterBefore(state, lineStart(text, cursor), times), takes: "exclusive" };
    case "_":
      return toLine(state, lineBelow(text, cursor, times - 1));
    case "+":
      return toLine(state, lineBelow(text, cursor, times));
    case "-":
      return toLine(state, lineBelow(text, cursor, -times));
    case "G":
      return toLine(state, count === null ? lineStart(text, text.length) : lineNumbered(text, count));
    case "gg":
      return toLine(state, lineNumbered(text, times));
    case "j":
    case "k":
      return sameColumn(state, key === "j" ? times : -times);
    case "gj":
    case "gk": {
      const edit = key === "gj" ? "cursor_down" : "cursor_up";
      const at = repeated(state, times, (from) => reduceEditor(from, { type: "edit", edit, width }));
      return { to: at.cursor, takes: "exclusive" };
    }
    case "}":
      return { to: repeated(cursor, times, (at) => paragraphEnd(text, at)), takes: "exclusive" };
    case ")":
      return { to: repeated(cursor, times, (at) => sentenceAfter(text, at)), takes: "exclusive" };
    case "(":
      return { to: repeated(cursor, times, (at) => sentenceBefore(text, at)), takes: "exclusive" };
    case "{":
      return { to: repeated(cursor, times, (at) => paragraphStart(text, at)), takes: "exclusive" };
    default:
      return null;
  }
}

function toLine(state: EditorState, start: number | null): Moved | null {
  return start === null ? null : { to: firstNonBlank(state, start), takes: "lines" };
}

/** The first character of the line that is no blank; its end when there is none. */
export function firstNonBlank(fragment: Fragment, offset: number): number {
  const start = lineStart(fragment.text, offset);
  const end = lineEnd(fragment.text, offset);
  let at = start;
  while (at < end && /\s/u.test(fragment.text[at] ?? "")) at = nextBorder(fragment, at);
  return Math.min(at, end);
}

/** The last character of the line that is no blank; its start when there is none. */
function lastNonBlank(fragment: Fragment, offset: number): number {
  const start = lineStart(fragment.text, offset);
  let at = lineEnd(fragment.text, offset);
  while (at > start && /\s/u.test(fragment.text[at - 1] ?? "")) at--;
  return at > start ? previousBorder(fragment, at) : start;
}

function exclusive(to: number | null): Moved | null {
  return to === null ? null : { to, takes: "exclusive" };
}

/** A quote goes to the line of the mark, a backtick to the place. */
function toMark(state: EditorState, { key, target }: Motion, vim: VimState): Moved | null {
  const place = markPlace(vim, state, target);
  if (place === null) return null;
  return key === "'" ? toLine(state, lineStart(state.text, place)) : { to: place, takes: "exclusive" };
}

/** The start of the line so many below (above: negative); null when there is none. */
export function lineBelow(text: string, offset: number, lines: number): number | null {
  let start = lineStart(text, offset);
  for (let step = 0; step < Math.abs(lines); step++) {
    if (lines > 0) {
      const end = lineEnd(text, start);
      if (end === text.length) return null;
      start = end + 1;
    } else {
      if (start === 0) return null;
      start = lineStart(text, start - 1);
    }
  }
  return start;
}

/** As far as the text goes. */
function lineNumbered(text: string, number: number): number {
  let start = 0;
  for (let line = 1; line < number; line++) {
    const next = lineBelow(text, start, 1);
    if (next === null) break;
    start = next;
  }
  return start;
}

/** By whole lines, as an operator takes them; the column is counted in characters. */
function sameColumn(state: EditorState, lines: number): Moved | null {
  const { text, cursor } = state;
  const start = lineBelow(text, cursor, lines);
  if (start === null) return null;
  const column = cursor - lineStart(text, cursor);
  return { to: snapToBorder(state, Math.min(start + column, lineEnd(text, start))), takes: "lines" };
}

function paragraphEnd(text: string, from: number): number {
  const found = /\n[^\S\n]*(?=\n)/g;
  found.lastIndex = from;
  const match = found.exec(text);
  return match ? match.index + 1 : text.length;
}

function paragraphStart(text: string, from: number): number {
  const empty = text.lastIndexOf("\n\n", from - 2);
  return from < 2 || empty === -1 ? 0 : empty + 1;
}

function find(state: EditorState, motion: Motion, { count, vim: { lastFind } }: MotionOptions): Moved | null {
  const repeats = motion.key === ";" || motion.key === ",";
  const wanted = repeats ? lastFind : { key: motion.key, target: motion.target };
  if (!wanted) return null;
  const key = motion.key === "," ? swappedCase(wanted.key) : wanted.key;
  const forward = key === "f" || key === "t";
  const near = key === "t" || key === "T";
  let found = state.cursor;
  for (let time = 0; time < (count ?? 1); time++) {
    // `;` after `t` would find the same character again.
    const from = repeats && near && time === 0 ? step(state, found, forward) : found;
    const next = findInLine(state, from, wanted.target, forward);
    if (next === null) return null;
    found = next;
  }
  const to = near ? step(state, found, !forward) : found;
  return { to, takes: forward ? "inclusive" : "exclusive" };
}

function findInLine(state: EditorState, from: number, target: string, forward: boolean): number | null {
  const [first, last] = [lineStart(state.text, from), lineEnd(state.text, from)];
  for (let at = step(state, from, forward); at !== from; ) {
    if (at < first || at >= last) return null;
    if (state.text.slice(at, nextBorder(state, at)) === target) return at;
    const next = step(state, at, forward);
    if (next === at) return null;
    at = next;
  }
  return null;
}

function step(state: EditorState, at: number, forward: boolean): number {
  return forward ? nextBorder(state, at) : previousBorder(state, at);
}

function swappedCase(key: string): string {
  return key === key.toLowerCase() ? key.toUpperCase() : key.toLowerCase();
}

const OPENING = "([{";
const CLOSING = ")]}";

/** `%`: the bracket that belongs to the next one in the line. */
function matchingBracket({ text, cursor }: EditorState): Moved | null {
  const end = lineEnd(text, cursor);
  let at = cursor;
  while (at < end && !(OPENING + CLOSING).includes(text.charAt(at))) at++;
  if (at >= end) return null;
  const to = matchOf(text, at);
  return to === null ? null : { to, takes: "inclusive" };
}

/** The place of the bracket that belongs to the one at `at`. */
function matchOf(text: string, at: number): number | null {
  const sign = text.charAt(at);
  const forward = OPENING.includes(sign);
  const other = forward ? CLOSING.charAt(OPENING.indexOf(sign)) : OPENING.charAt(CLOSING.indexOf(sign));
  let depth = 0;
  for (let place = at; place >= 0 && place < text.length; place += forward ? 1 : -1) {
    if (text[place] === sign) depth++;
    if (text[place] === other && --depth === 0) return place;
  }
  return null;
}

function repeated<T>(from: T, times: number, next: (at: T) => T): T {
  let at = from;
  for (let time = 0; time < times; time++) {
    const to = next(at);
    if (to === at) break;
    at = to;
  }
  return at;
}
