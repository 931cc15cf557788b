// Spans: pieces of text with a style. They are laid out as plain text and painted last, row by row.
import { expandTabs } from "../../lib/text-width.ts";
import { type Row, type WrapMode, wrapRows } from "../../lib/wrap.ts";
import type { Style } from "./theme.ts";

/** `text` is sanitised and may hold newlines. `href` makes it an OSC 8 hyperlink. */
export type Span = { text: string; style: Style; href?: string };

export function plainText(spans: readonly Span[]): string {
  return spans.map((span) => span.text).join("");
}

/** The spans broken into painted rows. */
export function layoutSpans(spans: readonly Span[], width: number, mode: WrapMode = "words"): string[] {
  return paintRows(spans, wrapRows(plainText(spans), width, mode));
}

/** One painted row a range; ranges are offsets in the plain text, in order and without overlap. */
export function paintRows(spans: readonly Span[], rows: readonly Row[]): string[] {
  const painted: string[] = [];
  let index = 0;
  let offset = 0;
  for (const [start, end] of rows) {
    let row = "";
    let span = spans[index];
    while (span && offset < end) {
      const after = offset + span.text.length;
      if (after > start) row += paint(span, span.text.slice(Math.max(0, start - offset), end - offset));
      if (after > end) break;
      offset = after;
      index++;
      span = spans[index];
    }
    painted.push(row);
  }
  return painted;
}

/** Tabs as blanks, so that columns can be counted; of a single-line span list the widths stay aligned. */
export function expandSpanTabs(spans: readonly Span[], size: number): Span[] {
  const expanded: Span[] = [];
  let before = "";
  for (const span of spans) {
    const all = expandTabs(before + span.text, size);
    expanded.push({ ...span, text: all.slice(before.length) });
    before = all;
  }
  return expanded;
}

function paint(span: Span, text: string): string {
  if (text === "") return "";
  const painted = span.style(text);
  return span.href === undefined ? painted : `\x1b]8;;${span.href}\x1b\\${painted}\x1b]8;;\x1b\\`;
}
