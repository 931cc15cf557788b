// What one call changed, over the whole window: rows and how far they are scrolled. Pure.
import type { TranscriptItem } from "../../app/transcript-item.ts";
import { renderDiff } from "../diff/render-diff.ts";
import { type ItemView, indentRows, MARGIN, oneLine } from "../transcript/item-view.ts";
import { toolSummary } from "../transcript/tool-subject.ts";

/** `top` is the first row shown. */
export type DiffPane = { title: string; note: string; patch: string; top: number };

/** null for an item that changed nothing that is known. */
export function openDiff(item: TranscriptItem, view: ItemView): DiffPane | null {
  const diff = item.kind === "tool" ? item.details?.diff : undefined;
  if (item.kind !== "tool" || !diff) return null;
  const title = `${oneLine(item.name, view.glyphs)}  ${oneLine(diff.path, view.glyphs)}`;
  return { title, note: oneLine(toolSummary(item), view.glyphs), patch: diff.patch, top: 0 };
}

export function diffRows({ patch }: DiffPane, view: ItemView): string[] {
  const { theme, glyphs, width } = view;
  return indentRows(renderDiff(patch, { theme, glyphs, width: width - MARGIN, moreHint: "" }), MARGIN);
}

/** Scrolled by so many rows, as far as there are any. */
export function scrollDiff(
  pane: DiffPane,
  rows: number,
  { total, height }: { total: number; height: number },
): DiffPane {
  const most = Math.max(0, total - height);
  return { ...pane, top: Math.min(most, Math.max(0, Math.min(most, pane.top) + rows)) };
}
