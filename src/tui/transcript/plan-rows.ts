// A plan or todo list: what is done, what is being done, what is left.
import type { PlanEntry } from "../../protocol/tool.ts";
import type { ItemView } from "./item-view.ts";
import { textRows } from "./item-view.ts";

export function planRows(entries: readonly PlanEntry[], view: ItemView): string[] {
  return entries.flatMap((entry) => entryRows(entry, view));
}

function entryRows({ status, text }: PlanEntry, { theme, glyphs, width }: ItemView): string[] {
  const marks = {
    completed: { glyph: theme.style.ok(glyphs.ok), style: theme.style.dim },
    in_progress: { glyph: theme.style.agent(glyphs.running), style: theme.bold },
    pending: { glyph: theme.style.dim(glyphs.pending), style: theme.style.text },
  };
  const { glyph, style } = marks[status];
  return textRows(text, width - 2, style).map((row, index) => {
    if (index === 0) return `${glyph} ${row}`.trimEnd();
    return row === "" ? "" : `  ${row}`;
  });
}
