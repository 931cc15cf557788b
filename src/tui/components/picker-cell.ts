// One text of a picker's row: cut where it hurts least, the letters that match set off. Pure.
import { graphemes, isSimpleText, textWidth, truncateMiddle, truncateText } from "../../lib/text-width.ts";
import type { Style } from "../theme/theme.ts";

export type CellOptions = {
  /** Columns it may take. */
  width: number;
  ellipsis: string;
  /** A path keeps both ends. */
  path: boolean;
  /** Whether the letter at this offset of the text was looked for. */
  matched: (offset: number) => boolean;
  plain: Style;
  marked: Style;
};

/** `columns` is what the painted text takes. */
export type Cell = { painted: string; columns: number };

/** Columns of context before a match that would be cut off. */
const CONTEXT = 8;

/** `text` is one sanitised line. */
export function paintCell(text: string, options: CellOptions): Cell {
  let painted = "";
  let columns = 0;
  for (const part of keptParts(text, options)) {
    if (part === null) {
      painted += options.plain(options.ellipsis);
      columns += textWidth(options.ellipsis);
      continue;
    }
    const [start, end] = part;
    for (const run of markedRuns(text, start, end, options.matched)) {
      painted += (run.marked ? options.marked : options.plain)(run.text);
    }
    columns += textWidth(text.slice(start, end));
  }
  return { painted, columns };
}

/** What of the text is shown, with null where something was left out. */
type Part = readonly [start: number, end: number] | null;

function keptParts(text: string, { width, ellipsis, path, matched }: CellOptions): Part[] {
  if (textWidth(text) <= width) return [[0, text.length]];
  const cut = path ? truncateMiddle(text, width, ellipsis) : truncateText(text, width, ellipsis);
  if (cut === "") return [];
  const head = headLength(text, cut, ellipsis);
  const tail = cut.length - head - ellipsis.length;
  const first = firstMatch(text, matched);
  const isHidden = first >= head && first < text.length - tail;
  const room = width - textWidth(ellipsis);
  if (!isHidden || room < 2 * CONTEXT) {
    return tail > 0 ? [[0, head], null, [text.length - tail, text.length]] : [[0, head], null];
  }
  const start = wholeOffset(text, Math.max(0, first - CONTEXT));
  const rest = text.slice(start);
  if (textWidth(rest) <= room) return [null, [endingOffset(text, room), text.length]];
  const shown = truncateText(rest, room, ellipsis).length - ellipsis.length;
  return [null, [start, start + shown], null];
}

/** Where the ellipsis stands in a text that was cut. */
function headLength(text: string, cut: string, ellipsis: string): number {
  for (let at = cut.indexOf(ellipsis); at !== -1; at = cut.indexOf(ellipsis, at + 1)) {
    const tail = cut.slice(at + ellipsis.length);
    if (text.startsWith(cut.slice(0, at)) && text.endsWith(tail)) return at;
  }
  return 0;
}

function firstMatch(text: string, matched: (offset: number) => boolean): number {
  for (let offset = 0; offset < text.length; offset++) if (matched(offset)) return offset;
  return -1;
}

/** Where the last `width` columns begin. */
export function endingOffset(text: string, width: number): number {
  if (isSimpleText(text)) return Math.max(0, text.length - width);
  let room = width;
  for (const grapheme of [...graphemes(text)].toReversed()) {
    room -= grapheme.width;
    if (room < 0) return grapheme.offset + grapheme.text.length;
  }
  return 0;
}

/** The start of the character that the offset is in. */
function wholeOffset(text: string, offset: number): number {
  if (isSimpleText(text)) return offset;
  let start = 0;
  for (const grapheme of graphemes(text)) {
    if (grapheme.offset > offset) break;
    start = grapheme.offset;
  }
  return start;
}

/** A character of several units is set off as a whole. */
function markedRuns(
  text: string,
  start: number,
  end: number,
  matched: (offset: number) => boolean,
): { text: string; marked: boolean }[] {
  const runs: { text: string; marked: boolean }[] = [];
  for (const grapheme of graphemes(text.slice(start, end))) {
    const from = start + grapheme.offset;
    let marked = false;
    for (let at = from; at < from + grapheme.text.length; at++) marked ||= matched(at);
    const last = runs.at(-1);
    if (last?.marked === marked) last.text += grapheme.text;
    else runs.push({ text: grapheme.text, marked });
  }
  return runs;
}
