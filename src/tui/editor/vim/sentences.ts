// Sentences, as vim has them: they end in . ! or ? with a blank behind; an empty line is a border too. Pure.
import type { EditorState } from "../buffer.ts";
import type { Range } from "../fragment.ts";

/** Offsets where sentences begin, in order; the first is 0. */
function sentenceStarts(text: string): number[] {
  const starts = [0];
  for (const end of text.matchAll(/[.!?][)\]"']*\s+|\n[^\S\n]*\n\s*|[。！？]\s*/gu)) {
    const start = end.index + end[0].length;
    if (start < text.length) starts.push(start);
  }
  return starts;
}

/** The end of the text when there is none. */
export function sentenceAfter(text: string, from: number): number {
  return sentenceStarts(text).find((start) => start > from) ?? text.length;
}

export function sentenceBefore(text: string, from: number): number {
  return sentenceStarts(text).findLast((start) => start < from) ?? 0;
}

/** Inside: without the blanks behind it. */
export function sentenceObject(
  { text, cursor }: EditorState,
  { around, count }: { around: boolean; count: number },
): Range {
  const start = sentenceStarts(text).findLast((place) => place <= cursor) ?? 0;
  let end = start;
  for (let time = 0; time < count; time++) end = sentenceAfter(text, end);
  return [start, around ? end : start + text.slice(start, end).trimEnd().length];
}
