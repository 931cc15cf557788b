// How many terminal columns a text takes, and cutting to a number of columns.
import stringWidth from "string-width";

// Characters of one column that never join with a neighbour: printable ASCII, Latin, Greek, Cyrillic, Armenian,
// dashes and quotes, arrows, lines and blocks, and the signs of our own glyphs. Combining marks and zero-width characters are not among them.
const SIMPLE =
  /^[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0556\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u25a0\u25cb\u25cf\u2713\u2717]*$/;

const segmenter = new Intl.Segmenter();

/** True when every UTF-16 unit of the text is one column wide by itself. */
export function isSimpleText(text: string): boolean {
  return SIMPLE.test(text);
}

/** Columns of a line; escape sequences count as nothing, tabs too (expand them first). */
export function textWidth(text: string): number {
  return isSimpleText(text) ? text.length : stringWidth(text);
}

/** The user-perceived characters of a text with their offsets. */
export function* graphemes(text: string): Generator<{ text: string; offset: number; width: number }> {
  for (const { segment, index } of segmenter.segment(text)) {
    yield { text: segment, offset: index, width: textWidth(segment) };
  }
}

/** Tabs as blanks up to the next multiple of `size` columns; the text may have several lines. */
export function expandTabs(text: string, size = 8): string {
  if (!text.includes("\t")) return text;
  return text
    .split("\n")
    .map((line) => {
      const parts = line.split("\t");
      const last = parts.pop() ?? "";
      let expanded = "";
      for (const part of parts) {
        expanded += part;
        expanded += " ".repeat(size - (textWidth(expanded) % size));
      }
      return expanded + last;
    })
    .join("\n");
}

/** The start of a plain line, at most `width` columns, with `ellipsis` where something was cut. */
export function truncateText(text: string, width: number, ellipsis = "…"): string {
  if (textWidth(text) <= width) return text;
  const room = width - textWidth(ellipsis);
  if (room < 0) return "";
  return takeColumns(text, room).trimEnd() + ellipsis;
}

/** Cuts in the middle: the end of a path says more than its beginning. */
export function truncateMiddle(text: string, width: number, ellipsis = "…"): string {
  if (textWidth(text) <= width) return text;
  const room = width - textWidth(ellipsis);
  if (room < 2) return truncateText(text, width, ellipsis);
  const head = takeColumns(text, Math.floor(room / 3));
  return head + ellipsis + takeColumnsFromEnd(text, room - textWidth(head));
}

function takeColumns(text: string, width: number): string {
  if (isSimpleText(text)) return text.slice(0, width);
  let used = 0;
  for (const grapheme of graphemes(text)) {
    used += grapheme.width;
    if (used > width) return text.slice(0, grapheme.offset);
  }
  return text;
}

function takeColumnsFromEnd(text: string, width: number): string {
  if (isSimpleText(text)) return text.slice(text.length - width);
  let used = 0;
  for (const grapheme of [...graphemes(text)].reverse()) {
    used += grapheme.width;
    if (used > width) return text.slice(grapheme.offset + grapheme.text.length);
  }
  return text;
}
