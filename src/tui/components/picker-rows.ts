// The rows of a picker: title and filter, a window of items around the chosen one, the keys.
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import type { Look } from "./look.ts";
import { type PreviewLine, previewRows } from "./picker-preview.ts";
import type { PickerItem, PickerState } from "./picker-state.ts";

/** At most `maxRows` rows in all (at least 5 to be of use). */
export function pickerRows<T>(
  state: PickerState<T>,
  maxRows: number,
  look: Look,
  preview: readonly PreviewLine[] = [],
): string[] {
  const { theme, glyphs, width } = look;
  const height = Math.floor((maxRows - 3) / 2);
  const below = previewRows(preview, { width: width - 6, height }, look).map(
    (row) => `  ${theme.style.border(glyphs.quote)} ${row}`,
  );
  const room = Math.max(1, maxRows - 3 - below.length);
  const first = Math.max(0, Math.min(state.selected - Math.floor(room / 2), state.matches.length - room));
  const shown = state.matches.slice(first, first + room);
  const widest = Math.max(0, ...shown.map((item) => textWidth(oneLine(item.label))));
  const column = Math.min(widest, Math.max(10, Math.floor(width * 0.6)));
  const count = `${state.matches.length} of ${state.items.length}`;
  const query = `${glyphs.prompt} ${sanitizeText(state.query)}`.trimEnd();
  const title = `  ${theme.bold(state.title)}  ${theme.style.accent(query)}`;
  const keys = `${count} ${glyphs.separator} type to filter ${glyphs.separator} Enter chooses ${glyphs.separator} Esc leaves`;
  return [
    title,
    ...(shown.length === 0 ? [`  ${theme.style.dim(emptyWords(state, look))}`] : []),
    ...shown.map((item, index) => itemRow(item, first + index === state.selected, { ...look, column })),
    ...below,
    `  ${theme.style.dim(truncateText(keys, width - 4, glyphs.ellipsis))}`,
  ];
}

/** Items may still be on their way. */
function emptyWords<T>({ items }: PickerState<T>, { glyphs }: Look): string {
  return items.length === 0 ? `looking ${glyphs.ellipsis}` : "nothing matches";
}

/** `column`: columns of the labels. */
function itemRow<T>(
  item: PickerItem<T>,
  selected: boolean,
  { theme, glyphs, width, column }: Look & { column: number },
): string {
  const mark = item.current ? glyphs.running : " ";
  const label = truncateText(oneLine(item.label), column, glyphs.ellipsis);
  const gap = " ".repeat(column - textWidth(label) + 2);
  const whole = width - column - 8;
  // In a narrow window the detail says more.
  const aside = whole - textWidth(item.aside ?? "") > 24 ? (item.aside ?? "") : "";
  const room = whole - (aside === "" ? 0 : textWidth(aside) + 2);
  const told = room > 8 ? truncateText(oneLine(item.detail), room, glyphs.ellipsis) : "";
  const detail = aside === "" || room <= 8 ? told : told + " ".repeat(room - textWidth(told) + 2) + aside;
  if (selected) return `  ${theme.style.selection(`${mark} ${label}${gap}${detail}`.trimEnd())}`;
  return `  ${theme.style.accent(mark)} ${label}${gap}${theme.style.dim(detail)}`.trimEnd();
}

function oneLine(text: string): string {
  return sanitizeText(text).replace(/[\n\t]+/g, " ");
}
