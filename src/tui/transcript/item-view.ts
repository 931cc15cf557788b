// What every item of the transcript is painted with, and the few shapes of rows they share.

import type { Picture } from "../../app/transcript-item.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { collapseProgress } from "../../lib/progress-lines.ts";
import { expandTabs, truncateText } from "../../lib/text-width.ts";
import { wrapText } from "../../lib/wrap.ts";
import type { InlineImages } from "../images/inline-images.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import type { Style, Theme } from "../theme/theme.ts";

/**
 * `expanded` shows all of a thinking or a tool's output. `nowMs` (since the epoch) gives running things their time.
 * `links`: the terminal understands OSC 8. `moreHint` says how to see what an item does not show; "" where nothing does.
 */
export type ItemView = {
  width: number;
  theme: Theme;
  glyphs: Glyphs;
  links: boolean;
  moreHint: string;
  /** Which key moves a running call to the background; absent where none does. */
  backgroundHint?: string;
  expanded: boolean;
  nowMs: number;
  /** As in MarkdownView: for rows that go into the scrollback. */
  longCode?: boolean;
  /** Shows images of rows that are final; elsewhere they are named. */
  images?: InlineImages;
};

/** Columns that items are set in. */
export const MARGIN = 2;
/** Columns that details are set in under their item. */
export const DETAIL_MARGIN = 6;

/** Rows set in by so many blanks; empty rows stay empty. */
export function indentRows(rows: readonly string[], columns: number): string[] {
  const margin = " ".repeat(columns);
  return rows.map((row) => (row === "" ? "" : margin + row));
}

/** Sanitised text wrapped by words and painted row by row. */
export function textRows(text: string, width: number, style: Style): string[] {
  const clean = expandTabs(sanitizeText(text)).trimEnd();
  return wrapText(clean, Math.max(2, width)).map((row) => (row === "" ? "" : style(row)));
}

/** Any text as one line without line breaks: the first line that says something, with an ellipsis for the rest. */
export function oneLine(text: string, glyphs: Glyphs): string {
  const lines = expandTabs(sanitizeText(text), 4)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [first = ""] = lines;
  return lines.length > 1 ? `${first} ${glyphs.ellipsis}` : first;
}

/** Rows of the images themselves, where they can be shown. */
export function imageRows(
  pictures: readonly Picture[],
  { images, expanded }: ItemView,
  columns: number,
): string[] {
  if (!images || expanded) return [];
  return pictures.flatMap(({ content }) => (content ? images.rows(content, columns) : []));
}

export type OutputPart = "head" | "tail" | "all";

/** Lines of a program's output: each cut to one row, or with `all` every character on as many rows as it takes. */
export function outputRows(output: string, view: ItemView & { maxRows: number }, part: OutputPart): string[] {
  const { width, theme, glyphs, maxRows, moreHint } = view;
  const clean = expandTabs(sanitizeText(collapseProgress(output))).trimEnd();
  if (clean === "") return [];
  const lines = clean.split("\n").map((line) => line.trimEnd());
  if (part === "all")
    return lines.flatMap((line) => wrapText(line, width, "characters").map((row) => paintDim(row, theme)));
  const shown = part === "head" ? lines.slice(0, maxRows) : lines.slice(-maxRows);
  const rows = shown.map((line) => paintDim(truncateText(line, width, glyphs.ellipsis), theme));
  const hidden = lines.length - shown.length;
  if (hidden === 0) return rows;
  const words = `${glyphs.ellipsis} ${hidden} more ${hidden === 1 ? "line" : "lines"} ${moreHint}`.trimEnd();
  const more = theme.style.dim(truncateText(words, width, glyphs.ellipsis));
  return part === "head" ? [...rows, more] : [more, ...rows];
}

function paintDim(row: string, theme: Theme): string {
  return row === "" ? "" : theme.style.dim(row);
}
