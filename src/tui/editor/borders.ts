// Where a cursor may stand: between user-perceived characters, never inside a token; and where words begin and end.
// Looks at one line at a time, so that the cost of a key does not grow with the text.
import type { Fragment, Range } from "./fragment.ts";

const segmenter = new Intl.Segmenter();

/** The first place behind `offset`. */
export function nextBorder(fragment: Fragment, offset: number): number {
  const { text, tokens } = fragment;
  if (offset >= text.length) return text.length;
  const token = tokens.find(({ start, end }) => start <= offset && offset < end);
  if (token) return token.end;
  if (isPlain(text, offset) && isPlain(text, offset + 1)) return offset + 1;
  return characterAt(fragment, offset)[1];
}

/** The last place before `offset`. */
export function previousBorder(fragment: Fragment, offset: number): number {
  if (offset <= 0) return 0;
  const token = fragment.tokens.find(({ start, end }) => start < offset && offset <= end);
  return token ? token.start : characterAt(fragment, offset - 1)[0];
}

/** `offset` itself when a cursor may stand there, else the place behind it. */
export function snapToBorder(fragment: Fragment, offset: number): number {
  const { text, tokens } = fragment;
  if (offset <= 0 || offset >= text.length) return Math.max(0, Math.min(offset, text.length));
  const token = tokens.find(({ start, end }) => start < offset && offset < end);
  if (token) return token.end;
  if (isPlain(text, offset) && isPlain(text, offset - 1)) return offset;
  if (tokens.some(({ start, end }) => start === offset || end === offset)) return offset;
  const [from, to] = characterAt(fragment, offset);
  return offset === from ? offset : to;
}

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  return newline === -1 ? text.length : newline;
}

/** The end of the first word that ends behind `offset`; a token is a word. */
export function wordRight(fragment: Fragment, offset: number): number {
  const { text } = fragment;
  for (let start = lineStart(text, offset); start <= text.length; start = lineEnd(text, start) + 1) {
    const word = wordsOfLine(fragment, start).find(([, end]) => end > offset);
    if (word) return snapToBorder(fragment, word[1]);
  }
  return text.length;
}

/** The start of the last word that begins before `offset`; a token is a word. */
export function wordLeft(fragment: Fragment, offset: number): number {
  const { text } = fragment;
  for (let start = lineStart(text, offset); ; start = lineStart(text, start - 1)) {
    const word = wordsOfLine(fragment, start).findLast(([from]) => from < offset);
    if (word) return snapLeft(fragment, word[0]);
    if (start === 0) return 0;
  }
}

/** The start of what stands between blanks before `offset`; at the start of a line, the line before. */
export function blankLeft(fragment: Fragment, offset: number): number {
  const start = lineStart(fragment.text, offset);
  if (offset === start) return Math.max(0, offset - 1);
  let at = offset;
  while (at > start && isBlank(fragment.text, at - 1)) at = previousBorder(fragment, at);
  while (at > start && !isBlank(fragment.text, at - 1)) at = previousBorder(fragment, at);
  return at;
}

const WORD = /[\p{L}\p{M}\p{N}_]+/gu;

function wordsOfLine({ text, tokens }: Fragment, start: number): Range[] {
  const end = lineEnd(text, start);
  const labels = tokens.filter((token) => token.start >= start && token.end <= end);
  const words: Range[] = labels.map((token) => [token.start, token.end]);
  for (const { 0: word, index } of text.slice(start, end).matchAll(WORD)) {
    const from = start + index;
    if (!labels.some((token) => token.start <= from && from < token.end))
      words.push([from, from + word.length]);
  }
  return words.sort(([first], [second]) => first - second);
}

function snapLeft(fragment: Fragment, offset: number): number {
  return snapToBorder(fragment, offset) === offset ? offset : previousBorder(fragment, offset);
}

/** The character that holds the code unit at `offset`, outside tokens. Characters join only between tokens. */
function characterAt({ text, tokens }: Fragment, offset: number): Range {
  if (text[offset] === "\n") return [offset, offset + 1];
  let start = lineStart(text, offset);
  let end = lineEnd(text, offset);
  for (const token of tokens) {
    if (token.end <= offset) start = Math.max(start, token.end);
    else end = Math.min(end, token.start);
  }
  const found = segmenter.segment(text.slice(start, end)).containing(offset - start);
  if (!found) return [offset, offset + 1];
  return [start + found.index, start + found.index + found.segment.length];
}

/** ASCII that no neighbour joins with; also the end of the text. */
function isPlain(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  return Number.isNaN(unit) || (unit >= 0x20 && unit < 0x7f);
}

function isBlank(text: string, offset: number): boolean {
  return /\s/u.test(text[offset] ?? "");
}
