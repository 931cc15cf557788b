// The rows of a picker: title and filter, a window of items around the chosen one, the keys.
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import type { Look } from "./look.ts";
import type { PickerItem, PickerState } from "./picker-state.ts";

/** At most `maxRows` rows in all (at least 5 to be of use). */
export function pickerRows<T>(state: PickerState<T>, maxRows: number, look: Look): string[] {
  const { theme, glyphs, width } = look;
  const room = Math.max(1, maxRows - 3);
  const first = Math.max(0, Math.min(state.selected - Math.floor(room / 2), state.matches.length - room));
  const shown = state.matches.slice(first, first + room);
  const count = `${state.matches.length} of ${state.items.length}`;
  const title = `  ${theme.bold(state.title)}  ${theme.style.accent(`${glyphs.prompt} ${sanitizeText(state.query)}`)}`;
  const keys = `${count} ${glyphs.separator} type to filter ${glyphs.separator} Enter chooses ${glyphs.separator} Esc leaves`;
  return [
    title,
    ...(shown.length === 0 ? [`  ${theme.style.dim("nothing matches")}`] : []),
    ...shown.map((item, index) => itemRow(item, first + index === state.selected, look)),
    `  ${theme.style.dim(truncateText(keys, width - 4, glyphs.ellipsis))}`,
  ];
}

function itemRow<T>(item: PickerItem<T>, selected: boolean, { theme, glyphs, width }: Look): string {
  const mark = item.current ? glyphs.running : " ";
  const label = truncateText(oneLine(item.label), Math.max(10, Math.floor(width * 0.6)), glyphs.ellipsis);
  const room = width - textWidth(label) - 8;
  const detail = room > 8 ? truncateText(oneLine(item.detail), room, glyphs.ellipsis) : "";
  if (selected) return `  ${theme.style.selection(`${mark} ${label}  ${detail}`.trimEnd())}`;
  return `  ${theme.style.accent(mark)} ${label}  ${theme.style.dim(detail)}`;
}

function oneLine(text: string): string {
  return sanitizeText(text).replace(/\s+/g, " ");
}
