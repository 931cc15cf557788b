// Widths as terminals of today have them, for the headless xterm, whose own table is that of 2010: emoji take two
// columns, and what belongs to one grapheme stays in one cell.
import type { IUnicodeVersionProvider } from "@xterm/headless";
import { textWidth } from "../../lib/text-width.ts";

/** What stood before, in the state that xterm keeps between two characters. */
const AFTER_JOINER = 1;
const HALF_FLAG = 2;

const EXTENDS = /^(?:\p{M}|\u200c|\u200d|[\u{e0020}-\u{e007f}])$/u;
const SKIN_TONE = /^[\u{1f3fb}-\u{1f3ff}]$/u;
const FLAG_HALF = /^[\u{1f1e6}-\u{1f1ff}]$/u;
const PICTURE = /^\p{Extended_Pictographic}$/u;

const known = new Map<number, 0 | 1 | 2>();

function widthOf(codepoint: number): 0 | 1 | 2 {
  const before = known.get(codepoint);
  if (before !== undefined) return before;
  const width = textWidth(String.fromCodePoint(codepoint));
  const columns = width > 1 ? 2 : width === 1 ? 1 : 0;
  known.set(codepoint, columns);
  return columns;
}

/** In xterm's own packing: state, two bits of width, one that says whether the character joins the one before. */
function packed(state: number, width: number, joins: boolean): number {
  return (state << 3) | (width << 1) | (joins ? 1 : 0);
}

export const graphemeWidths: IUnicodeVersionProvider = {
  version: "graphemes",
  wcwidth: widthOf,
  charProperties: (codepoint, preceding) => {
    const character = String.fromCodePoint(codepoint);
    const joined = joinedWidth(character, { width: (preceding >> 1) & 3, state: preceding >> 3 });
    if (joined !== null) return packed(character === "\u200d" ? AFTER_JOINER : 0, joined, true);
    return packed(FLAG_HALF.test(character) ? HALF_FLAG : 0, widthOf(codepoint), false);
  },
};

/** Width of the grapheme that the character goes on with; null when it begins one. */
function joinedWidth(character: string, before: { width: number; state: number }): number | null {
  // After a change of colour nothing is known of what stood before: 0 leaves its width as it is.
  if (EXTENDS.test(character) || widthOf(character.codePointAt(0) ?? 0) === 0)
    return character === "\ufe0f" && before.width > 0 ? 2 : before.width;
  if (before.width === 0) return null;
  const joins =
    (SKIN_TONE.test(character) && before.width === 2) ||
    (before.state === AFTER_JOINER && PICTURE.test(character)) ||
    (before.state === HALF_FLAG && FLAG_HALF.test(character));
  return joins ? 2 : null;
}
