// The rows of a picker: title, filter and count; a window of items around the chosen one; beside or below it what the
// chosen one holds; the keys. Pure.
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth } from "../../lib/text-width.ts";
import { wrapText } from "../../lib/wrap.ts";
import { hintRows } from "./hint-rows.ts";
import type { Look } from "./look.ts";
import { endingOffset } from "./picker-cell.ts";
import { itemRow, labelColumn, wholeWidth } from "./picker-item-row.ts";
import { type PreviewLine, previewRows } from "./picker-preview.ts";
import type { PickerState } from "./picker-state.ts";

export type PickerView<T> = {
  picker: PickerState<T>;
  /** Of the chosen item; absent where there is none to show, null while it is on its way. */
  preview?: readonly PreviewLine[] | null;
  /** How many rows a preview of this list needs below it. */
  previewHeight?: number;
  /** A question with few answers: the filter is not shown before something is typed. */
  isShort?: boolean;
  /** What the keys do, most important first. */
  hints: readonly string[];
  /** Stands in place of the hints until it is answered. */
  question?: string;
};

/** From this many columns on the preview stands beside the list. */
const BESIDE_COLUMNS = 109;
const LEAST_BESIDE_ROWS = 10;
const LEAST_LIST_COLUMNS = 40;
const MOST_PREVIEW_ROWS = 8;
/** Fewer rows than these are all the list's. */
const LEAST_ROWS_FOR_PREVIEW = 8;

/** At most `maxRows` rows in all (at least 5 to be of use). */
export function pickerRows<T>(view: PickerView<T>, maxRows: number, look: Look): string[] {
  const isBare = view.isShort === true && view.picker.query === "";
  const head = isBare ? titleRows(view.picker, look) : headRows(view.picker, look);
  const foot = footRows(view, look, maxRows < LEAST_ROWS_FOR_HINTS ? 1 : MOST_HINT_ROWS);
  const room = Math.max(1, maxRows - head.length - foot.length);
  return [...head, ...bodyRows(view, room, look), ...foot];
}

function bodyRows<T>(view: PickerView<T>, room: number, look: Look): string[] {
  const { picker, preview, previewHeight = MOST_PREVIEW_ROWS } = view;
  if (preview === undefined) return listRows(picker, room, look);
  // What stands behind a few answers is read; it is not cut for what could as well stand below.
  if (look.width >= BESIDE_COLUMNS && view.isShort !== true) return besideRows(view, preview, room, look);
  if (room < LEAST_ROWS_FOR_PREVIEW) return listRows(picker, room, look);
  const spare = Math.max(Math.floor(room * 0.5), room - Math.max(1, picker.items.length));
  const height = Math.min(previewHeight, MOST_PREVIEW_ROWS, spare);
  const bar = `  ${look.theme.style.border(look.glyphs.quote)} `;
  const shown = paddedPreview(preview, { width: look.width - 6, height }, look);
  const last = shown.findLastIndex((row) => row !== "");
  const rows = shown.map((row, index) => (index > last ? "" : trimmed(bar + row)));
  return [...listRows(picker, room - height, look), ...rows];
}

function besideRows<T>(
  { picker, previewHeight = LEAST_BESIDE_ROWS }: PickerView<T>,
  preview: readonly PreviewLine[] | null,
  room: number,
  look: Look,
): string[] {
  const left = Math.min(
    Math.floor(look.width * 0.55),
    Math.max(LEAST_LIST_COLUMNS, wholeWidth(picker.items)),
  );
  const list = listRows(picker, room, { ...look, width: left });
  const height = Math.max(list.length, Math.min(room, previewHeight));
  const shown = paddedPreview(preview, { width: look.width - left - 4, height }, look);
  const bar = look.theme.style.border(look.glyphs.quote);
  const last = shown.findLastIndex((row) => row !== "");
  return shown.map((row, index) => {
    const item = list[index] ?? "";
    // No wider than need be: when the window narrows, the terminal breaks wide rows into several.
    if (index > last) return item;
    return trimmed(`${item}${" ".repeat(Math.max(0, left - textWidth(item)))}${bar} ${row}`);
  });
}

/** Always `height` rows, so that the frame stands still while one walks through the list. */
function paddedPreview(
  preview: readonly PreviewLine[] | null,
  size: { width: number; height: number },
  look: Look,
): string[] {
  const rows =
    preview === null ? [look.theme.style.dim(look.glyphs.ellipsis)] : previewRows(preview, size, look);
  return [...rows, ...Array.from({ length: Math.max(0, size.height - rows.length) }, () => "")];
}

/** As many rows as there are items or room, also when few of them match: the frame stands still while one types. */
function listRows<T>(picker: PickerState<T>, room: number, look: Look): string[] {
  const { items, matches, query, selected } = picker;
  const height = Math.max(1, Math.min(items.length, room));
  const first = Math.max(0, Math.min(selected - Math.floor(height / 2), matches.length - height));
  const column = labelColumn(items, look.width);
  const rows = matches
    .slice(first, first + height)
    .map((item, index) => itemRow(item, { query, selected: first + index === selected, column }, look));
  if (rows.length === 0) rows.push(`    ${look.theme.style.dim(emptyWords(picker, look))}`);
  return [...rows, ...Array.from({ length: height - rows.length }, () => "")];
}

/** Items may still be on their way. */
function emptyWords<T>({ items, answered }: PickerState<T>, { glyphs }: Look): string {
  return items.length === 0 && answered !== true ? `looking ${glyphs.ellipsis}` : "nothing matches";
}

const LEAST_QUERY = 6;
const HEAD_COLUMNS = 79;
const MOST_QUERY = 200;
const PLACEHOLDER = "type to filter";

function titleRows<T>({ title }: PickerState<T>, { theme, width }: Look): string[] {
  return wrapText(sanitizeText(title), Math.min(width, HEAD_COLUMNS) - 4).map(
    (row) => `  ${theme.bold(row)}`,
  );
}

/** Title, filter and count in one row; a long title gets rows of its own. */
function headRows<T>(picker: PickerState<T>, look: Look): string[] {
  const { theme } = look;
  // A row as wide as the window is broken into two when that narrows.
  const width = Math.min(look.width, HEAD_COLUMNS);
  const title = sanitizeText(picker.title);
  const count = `${picker.total} of ${picker.items.length}`;
  const room = width - 4 - count.length - 2;
  const beside = room - textWidth(title) - 2;
  if (beside >= LEAST_QUERY) {
    const filter = filterText(picker.query, beside, look);
    const gap = " ".repeat(room - textWidth(title) - 2 - filter.columns + 2);
    return [`  ${theme.bold(title)}  ${filter.painted}${gap}${theme.style.dim(count)}`];
  }
  const filter = filterText(picker.query, room, look);
  const gap = " ".repeat(Math.max(0, room - filter.columns) + 2);
  return [...titleRows(picker, look), `  ${filter.painted}${gap}${theme.style.dim(count)}`];
}

/** The end of what was typed, with a cursor behind it. */
function filterText(
  query: string,
  width: number,
  { theme, glyphs }: Look,
): { painted: string; columns: number } {
  const clean = sanitizeText(query).replace(/\s+/g, " ").slice(-MOST_QUERY);
  const room = width - textWidth(glyphs.prompt) - 2;
  const shown = textWidth(clean) > room ? clean.slice(endingOffset(clean, room)) : clean;
  const text = `${glyphs.prompt} ${shown}`;
  // SGR 7 and 27: inverse video.
  const cursor = theme.depth === "none" ? " " : "\x1b[7m \x1b[27m";
  const placeholder = query === "" && room >= PLACEHOLDER.length ? PLACEHOLDER : "";
  return {
    painted: theme.style.accent(text) + cursor + theme.style.dim(placeholder),
    columns: textWidth(text) + 1 + placeholder.length,
  };
}

const MOST_QUESTION_ROWS = 3;
const MOST_HINT_ROWS = 2;
/** With fewer rows than these the list has more use for one. */
const LEAST_ROWS_FOR_HINTS = 10;

/** A question in full, since it says what a yes does; else the keys. */
function footRows<T>({ hints, question }: PickerView<T>, { theme, width }: Look, mostRows: number): string[] {
  if (question === undefined)
    return hintRows(hints, width - 4, mostRows).map((row) => `  ${theme.style.dim(row)}`.trimEnd());
  const rows = wrapText(sanitizeText(question), width - 4).slice(0, MOST_QUESTION_ROWS);
  return rows.map((row) => `  ${theme.style.warning(row)}`);
}

function trimmed(row: string): string {
  return row.trimEnd();
}
