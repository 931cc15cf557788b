// Text objects of vim: the word, the quoted text, the bracketed text, the paragraph around the cursor. Pure.
import { lineEnd, lineStart, nextBorder } from "../borders.ts";
import type { EditorState } from "../buffer.ts";
import type { Range } from "../fragment.ts";
import { sentenceObject } from "./sentences.ts";
import { tagged } from "./tags.ts";
import { endOfRun, kindAt, startOfRun } from "./words.ts";

/** `lines`: whole lines, to be cut with their line break. */
export type Found = { range: Range; lines: boolean };

type ObjectOptions = { around: boolean; key: string; count: number };

/** Null when there is no such object at the cursor. */
export function findObject(state: EditorState, { around, key, count }: ObjectOptions): Found | null {
  switch (key) {
    case "w":
    case "W":
      return { range: wordObject(state, { around, big: key === "W", count }), lines: false };
    case "s":
      return found(sentenceObject(state, { around, count }));
    case "t":
      return found(tagged(state, { around, count }));
    case "p":
      return { range: paragraph(state, around), lines: true };
    case '"':
    case "'":
    case "`":
      return found(quoted(state, key, around));
    default:
      return found(bracketed(state, key, { around, count }));
  }
}

function found(range: Range | null): Found | null {
  return range === null ? null : { range, lines: false };
}

/** Inside: the word or the blanks under the cursor; around: with the blanks behind it, else before it. */
function wordObject(
  state: EditorState,
  { around, big, count }: { around: boolean; big: boolean; count: number },
): Range {
  const { text, cursor } = state;
  if (cursor >= lineEnd(text, cursor)) return [cursor, cursor];
  const isBlank = (at: number): boolean => kindAt(state, at, { big }) === "blank";
  const runEnd = (at: number): number => nextBorder(state, endOfRun(state, at, { big }));
  const edge = lineEnd(text, cursor);
  let start = startOfRun(state, cursor, { big });
  let end = start;
  let hadBlanks = false;
  for (let time = 0; time < count && end < edge; time++) {
    const beganBlank = isBlank(end);
    end = Math.min(edge, runEnd(end));
    if (!around || end >= edge || isBlank(end) === beganBlank) continue;
    end = Math.min(edge, runEnd(end));
    hadBlanks = true;
  }
  if (around && !hadBlanks) {
    const first = lineStart(text, start);
    while (start > first && /[^\S\n]/u.test(text[start - 1] ?? "")) start--;
  }
  return [start, end];
}

/** The first pair in the line that ends behind the cursor. */
function quoted({ text, cursor }: EditorState, sign: string, around: boolean): Range | null {
  const start = lineStart(text, cursor);
  const line = text.slice(start, lineEnd(text, cursor));
  const places: number[] = [];
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line[at] === sign) places.push(start + at);
  }
  for (let pair = 0; pair + 1 < places.length; pair += 2) {
    const open = places[pair] ?? 0;
    const close = places[pair + 1] ?? 0;
    if (close < cursor) continue;
    if (!around) return [open + 1, close];
    const blanks = /^[^\S\n]+/u.exec(text.slice(close + 1))?.[0].length ?? 0;
    return [open, close + 1 + blanks];
  }
  return null;
}

const PAIRS: Readonly<Record<string, string>> = {
  "(": "()",
  ")": "()",
  b: "()",
  "[": "[]",
  "]": "[]",
  "{": "{}",
  "}": "{}",
  B: "{}",
  "<": "<>",
  ">": "<>",
};

function bracketed(
  { text, cursor }: EditorState,
  key: string,
  { around, count }: { around: boolean; count: number },
): Range | null {
  const [open = "", close = ""] = PAIRS[key] ?? "";
  let from = text[cursor] === close ? cursor - 1 : cursor;
  let start = -1;
  for (let time = 0; time < count; time++) {
    start = unmatched(text, from, { sign: open, other: close, step: -1 });
    if (start === -1) return null;
    from = start - 1;
  }
  const end = unmatched(text, start + 1, { sign: close, other: open, step: 1 });
  if (end === -1) return null;
  return around ? [start, end + 1] : [start + 1, end];
}

/** The first `sign` on the way that no `other` on the way belongs to; -1 when there is none. */
function unmatched(
  text: string,
  from: number,
  { sign, other, step }: { sign: string; other: string; step: -1 | 1 },
): number {
  let depth = 0;
  for (let at = from; at >= 0 && at < text.length; at += step) {
    if (text[at] === sign && depth-- === 0) return at;
    if (text[at] === other) depth++;
  }
  return -1;
}

/** Lines between empty ones; around: with the empty lines behind. Without the last line break. */
function paragraph({ text, cursor }: EditorState, around: boolean): Range {
  const isEmpty = (start: number): boolean => text.slice(start, lineEnd(text, start)).trim() === "";
  let start = lineStart(text, cursor);
  const kind = isEmpty(start);
  while (start > 0 && isEmpty(lineStart(text, start - 1)) === kind) start = lineStart(text, start - 1);
  const goOn = (from: number, wanted: boolean): number => {
    let end = from;
    while (end < text.length && isEmpty(end + 1) === wanted) end = lineEnd(text, end + 1);
    return end;
  };
  const end = goOn(lineEnd(text, cursor), kind);
  return [start, around ? goOn(end, !kind) : end];
}
