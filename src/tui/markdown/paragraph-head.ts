// The first rows of a paragraph that is still being written, once it is longer than the live part of the screen.
import type { Links, Tokens } from "marked";
import { wrapRows } from "../../lib/wrap.ts";
import { paintRows, plainText } from "../theme/spans.ts";
import { type MarkdownView, paragraphSpans } from "./blocks.ts";
import { inlineSpans } from "./inline.ts";
import { knownTokens, lexMarkdown } from "./tokens.ts";

/** Rows that may stand in the live part before some are committed, and how many stay then. */
const LIVE_ROWS = 16;
const KEPT_ROWS = 8;

/** Rows of the first `length` characters of the text; what follows is a paragraph that goes on with a new row. */
export type ParagraphHead = { rows: string[]; length: number };

/** Null when the text is no such paragraph, or has no place to cut. */
export function paragraphHead(text: string, links: Links, view: MarkdownView): ParagraphHead | null {
  if (text.length < (view.width * LIVE_ROWS) / 2) return null;
  const [token, ...others] = lexMarkdown(text, links) ?? [];
  if (token?.type !== "paragraph" || others.length > 0 || !text.startsWith(token.text)) return null;
  const spans = paragraphSpans(token, view);
  const rows = wrapRows(plainText(spans), view.width);
  if (rows.length <= LIVE_ROWS) return null;
  const sourceOffset = settledOffsets(token, view);
  for (let count = rows.length - KEPT_ROWS; count > 0; count--) {
    const length = sourceOffset(rows[count]?.[0] ?? 0);
    if (length !== null) return { rows: paintRows(spans, rows.slice(0, count)), length };
  }
  return null;
}

/**
 * Where an offset of the plain text lies in the source, if the text may be cut there: in plain words, before any sign
 * that a later one could still give a meaning, and at a letter, with which no other kind of block begins.
 */
function settledOffsets(token: Tokens.Paragraph, view: MarkdownView): (offset: number) => number | null {
  const words: { start: number; end: number; source: number }[] = [];
  let plain = 0;
  let source = 0;
  for (const inline of knownTokens(token.tokens)) {
    const text = plainText(inlineSpans([inline], { ...view, style: view.theme.style.text, depth: 0 }));
    const open = inline.type === "text" ? text.search(/[*`[\]<~]|(?<!\w)_|_(?!\w)/) : -1;
    const end = plain + (open === -1 ? text.length : open);
    if (inline.type === "text" && inline.raw === text) words.push({ start: plain, end, source });
    if (open !== -1) break;
    plain += text.length;
    source += inline.raw.length;
  }
  return (offset) => {
    const piece = words.find(({ start, end }) => offset > start && offset < end);
    if (!piece) return null;
    const at = piece.source + offset - piece.start;
    return /^\p{L}/u.test(token.text.slice(at, at + 2)) ? at : null;
  };
}
