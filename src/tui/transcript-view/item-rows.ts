// The rows of one item in the transcript view: folded or whole, with a mark for what can be folded. Pure.
import type { ToolItem, TranscriptItem } from "../../app/transcript-item.ts";
import { DETAIL_MARGIN, type ItemView, indentRows, textRows } from "../transcript/item-view.ts";
import { renderItem } from "../transcript/render-item.ts";
import { isCommand, toolSubject } from "../transcript/tool-subject.ts";
import { plainRow } from "./query.ts";

/** `folded`: its first row alone. `head`: of a run; a folded one stands for all of it. */
export type ItemShape = { folded: boolean; head: boolean };

/** Columns before an item: what is selected. */
export const GUTTER = 2;

/** Rows of at most `view.width` columns; none for an item without a text. */
export function itemRows(item: TranscriptItem, view: ItemView, shape: ItemShape): string[] {
  const rows = shownRows(item, view, shape.folded);
  const [first] = rows;
  if (first === undefined || !mayFold(item, shape)) return rows;
  const mark = shape.folded ? view.glyphs.folded : view.glyphs.unfolded;
  return [marked(first, item, mark, view), ...rows.slice(1)];
}

function shownRows(item: TranscriptItem, view: ItemView, folded: boolean): string[] {
  if (folded) return foldedRows(item, { ...view, expanded: false, moreHint: "" });
  const rows = renderItem(item, { ...view, expanded: true, moreHint: "" });
  const [line, ...details] = rows;
  if (item.kind !== "tool" || line === undefined) return rows;
  const [first = ""] = details;
  return [line, ...inputRows(item, view), ...(repeats(first, line, item) ? details.slice(1) : details)];
}

/** A command of one row that stands in the line above it already. */
function repeats(row: string, line: string, item: ToolItem): boolean {
  const command = toolSubject(item).trim();
  return isCommand(item) && plainRow(row).trim() === command && plainRow(line).includes(`  ${command}`);
}

/** One row, with an ellipsis where there is more. */
function foldedRows(item: TranscriptItem, view: ItemView): string[] {
  const isLine = item.kind === "tool" || item.kind === "thinking";
  const more = isLine ? "" : ` ${view.glyphs.ellipsis}`;
  const rows = renderItem(item.kind === "thinking" ? { ...item, live: false } : item, {
    ...view,
    width: view.width - more.length,
  });
  const [first] = rows;
  if (first === undefined) return [];
  return [rows.length === 1 ? first : first + view.theme.style.dim(more)];
}

/** What the one line of a call does not show of its arguments, a name and its value each. */
function inputRows(item: ToolItem, view: ItemView): string[] {
  if (isCommand(item) || item.details?.diff) return [];
  const subject = toolSubject(item);
  const width = Math.max(8, view.width - DETAIL_MARGIN);
  const rows = Object.entries(item.arguments).flatMap(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (text === undefined || subject.includes(text)) return [];
    return textRows(`${name}: ${text}`, width, view.theme.style.quote);
  });
  return indentRows(rows, DETAIL_MARGIN);
}

/** Short answers are not worth a mark before each. */
function mayFold(item: TranscriptItem, { folded, head }: ItemShape): boolean {
  if (head && item.kind === "user") return true;
  return folded || item.kind === "tool" || item.kind === "thinking" || item.kind === "shell";
}

/** The mark stands where the item's margin is, or in place of the bar before a prompt. */
function marked(row: string, item: TranscriptItem, mark: string, { theme, glyphs }: ItemView): string {
  const bar = theme.style.user(glyphs.bar);
  if (item.kind === "user" && row.startsWith(bar)) return theme.style.user(mark) + row.slice(bar.length);
  return row.startsWith("  ") ? `${theme.style.dim(mark)}${row.slice(mark.length)}` : row;
}
