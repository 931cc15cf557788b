// Small rewrites at the cursor: two characters change places, a word changes its case. Pure; a folded paste stays whole.
import { lineEnd, lineStart, nextBorder, previousBorder, wordRight } from "./borders.ts";
import { type Fragment, joinFragments, plainFragment, type Range, sliceFragment } from "./fragment.ts";

/** `piece` in place of the range, the cursor behind it. */
type Rewrite = { range: Range; piece: Fragment };

/** The characters on both sides of the cursor; at the end of a line the last two. Null where there are no two. */
export function transposed(fragment: Fragment, cursor: number): Rewrite | null {
  const { text } = fragment;
  const middle = cursor === lineEnd(text, cursor) ? previousBorder(fragment, cursor) : cursor;
  const start = previousBorder(fragment, middle);
  const end = nextBorder(fragment, middle);
  if (middle <= lineStart(text, cursor) || start === middle || end > lineEnd(text, cursor)) return null;
  const piece = joinFragments(
    sliceFragment(fragment, [middle, end]),
    sliceFragment(fragment, [start, middle]),
  );
  return { range: [start, end], piece };
}

/** From the cursor to the end of the word. Null when there is none, or a token stands there. */
export function recased(
  fragment: Fragment,
  cursor: number,
  change: (text: string) => string,
): Rewrite | null {
  const end = wordRight(fragment, cursor);
  const { text, tokens } = sliceFragment(fragment, [cursor, end]);
  return text === "" || tokens.length > 0
    ? null
    : { range: [cursor, end], piece: plainFragment(change(text)) };
}

export function capitalised(text: string): string {
  return text.toLowerCase().replace(/[\p{L}\p{N}]/u, (letter) => letter.toUpperCase());
}
