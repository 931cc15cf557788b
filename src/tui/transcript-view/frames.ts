// What the view draws: a title, the window on the items or on a change, and what is found or what keys do. Pure.
import { textWidth } from "../../lib/text-width.ts";
import { endingOffset } from "../components/picker-cell.ts";
import type { Frame } from "../frame.ts";
import { type ItemView, MARGIN } from "../transcript/item-view.ts";
import { type KeyHints, keyRow, titleRow } from "./bars.ts";
import { bodyRows } from "./body-rows.ts";
import type { SessionBook } from "./book.ts";
import { type DiffPane, diffRows, scrollDiff } from "./diff-pane.ts";
import type { ItemStrip } from "./item-strip.ts";
import type { Seen } from "./place.ts";
import type { Search } from "./search.ts";
import { rowsBelow } from "./strip.ts";

/** `height`: rows between the first and the last of the frame. `alert` stands in the title, "" for none. */
type Look = { view: ItemView; hints: KeyHints; endKey: string; height: number; alert: string };

export type ReadParts = {
  book: SessionBook;
  strip: ItemStrip;
  /** null while there is nothing to see. */
  seen: Seen | null;
  title: string;
  /** How much of the session file was looked through, 0 to 1. */
  progress: number;
  search: Search;
  /** What the last key did, in words. */
  said: string;
  /** The query that is being typed; null while none is. */
  query: string | null;
};

/** Rows below the window that are counted; more is just more. */
const COUNTED_ROWS = 500;

export function readFrame(parts: ReadParts, look: Look): Frame {
  const { seen, strip, search, query } = parts;
  const { view, height, hints } = look;
  const title = titleRow({ title: parts.title, alert: look.alert, facts: facts(parts, view) }, view);
  const rows = [title, ...body(strip, seen, search, look)];
  if (query !== null)
    return queryFrame(rows, { text: query, found: search.found(seen?.selected ?? null) }, view);
  const said = parts.said === "" ? words(parts, look) : parts.said;
  return {
    rows: [
      ...rows.slice(0, height + 1),
      keyRow(said, search.query() === null ? hints.view : hints.matches, view),
    ],
    cursor: null,
  };
}

export function diffFrame(pane: DiffPane, said: string, { view, hints, endKey, height, alert }: Look): Frame {
  const all = diffRows(pane, view);
  const { top } = scrollDiff(pane, 0, { total: all.length, height });
  const shown = all.slice(top, top + height);
  const below = all.length - top - shown.length;
  const rows = [...shown, ...emptyRows(height - shown.length)];
  const foot = said === "" && below > 0 ? belowWords(below, view, endKey) : said;
  const title = titleRow({ title: pane.title, alert, facts: [pane.note] }, view);
  return { rows: [title, ...rows, keyRow(foot, hints.diff, view)], cursor: null };
}

function body(strip: ItemStrip, seen: Seen | null, search: Search, { view, height }: Look): string[] {
  if (seen) return bodyRows(strip, seen, { view, query: search.query(), height });
  return ["", `  ${view.theme.style.dim("Nothing was said yet.")}`, ...emptyRows(height - 2)];
}

/** What is typed, its end where it is long, and behind it what is found so far. */
function queryFrame(rows: string[], { text, found }: { text: string; found: string }, view: ItemView): Frame {
  const { theme, width } = view;
  const room = Math.max(1, width - 8 - (found === "" ? 0 : textWidth(found) + 3));
  const shown = `/ ${text.slice(endingOffset(text, room))}`;
  const cursor = { x: Math.min(width - 1, MARGIN + textWidth(shown)), y: rows.length };
  const behind = found === "" ? "" : `   ${theme.style.dim(found)}`;
  return { rows: [...rows, `${" ".repeat(MARGIN)}${theme.style.accent(shown)}${behind}`], cursor };
}

function emptyRows(count: number): string[] {
  return Array.from({ length: Math.max(0, count) }, () => "");
}

/** Which run of how many, and how far down, as far as that is known. */
function facts({ book, strip, seen, progress }: ReadParts, { glyphs }: ItemView): string[] {
  if (!book.complete()) return [`reading ${Math.floor(progress * 100)}% ${glyphs.ellipsis}`];
  if (seen === null) return [];
  const entry = strip.entry(seen.selected);
  const run = entry ? book.runNumber(entry.run) : null;
  const bottom = seen.slices.at(-1)?.spot;
  const share = bottom === undefined || seen.atEnd ? 1 : book.share(bottom);
  return [
    run === null || run.of <= 0 ? "" : `run ${Math.max(1, run.number)} of ${run.of}`,
    `${Math.floor(share * 100)}%`.padStart(4),
  ];
}

/** What is found, and that there is more below. */
function words({ strip, seen, search }: ReadParts, { view, endKey }: Look): string {
  const found = search.words(seen?.selected ?? null);
  const below = seen && !seen.atEnd ? rowsBelow(strip, seen.slices, COUNTED_ROWS) : 0;
  if (below === 0) return found;
  if (found === "") return belowWords(below, view, endKey);
  return `${found} ${view.glyphs.separator} ${view.glyphs.below} ${count(below)} below`;
}

function belowWords(rows: number, { glyphs }: ItemView, endKey: string): string {
  const end = endKey === "" ? "" : ` (${endKey})`;
  return `${glyphs.below} ${count(rows)} more ${rows === 1 ? "row" : "rows"} below${end}`;
}

function count(rows: number): string {
  return rows >= COUNTED_ROWS ? `${COUNTED_ROWS}+` : `${rows}`;
}
