// One row of a picker: mark, branch drawing, label, detail in a column, what stands at the end. Pure.
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import type { Glyphs } from "../theme/glyphs.ts";
import { chosenLead, type Look } from "./look.ts";
import { paintCell } from "./picker-cell.ts";
import { matchedOffsets, searchedText } from "./picker-match.ts";
import type { Guide, PickerItem } from "./picker-state.ts";

/** `column`: columns of the labels, the same for all rows. */
export type ItemRowView = { query: string; selected: boolean; column: number };

const NARROWEST_DETAIL = 8;
/** A detail that is cut shorter than this says nothing. */
const NARROW_DETAIL = 16;
/** Where what stands at the end begins in a wide window. */
const ASIDE_COLUMN = 70;
/** Of more items than these, the widths of the first decide. */
const MEASURED_ITEMS = 500;

/** At most `look.width` - 2 columns, without blanks at its end. */
export function itemRow<T>(
  item: PickerItem<T>,
  { query, selected, column }: ItemRowView,
  look: Look,
): string {
  const { theme, glyphs, width } = look;
  const clean = { label: oneLine(item.label), detail: oneLine(item.detail) };
  const offsets = matchedOffsets(query, searchedText(clean));
  const drawn = guidesOf(item, query, glyphs);
  const marked = selected ? theme.underline : (text: string) => theme.bold(theme.style.accent(text));
  const label = paintCell(clean.label, {
    width: column - textWidth(drawn),
    ellipsis: glyphs.ellipsis,
    path: item.path === true,
    matched: (offset) => offsets.has(offset),
    plain: selected ? keep : theme.style.text,
    marked,
  });
  const wanted = item.aside === undefined ? "" : truncateText(oneLine(item.aside), 20, glyphs.ellipsis);
  const aside = textWidth(wanted) + 2 <= width - column - 8 ? wanted : "";
  const gap = " ".repeat(Math.max(0, column - textWidth(drawn) - label.columns) + 2);
  const room = width - column - 8 - (aside === "" ? 0 : textWidth(aside) + 2);
  const detail = paintCell(room > NARROWEST_DETAIL ? detailFor(item, clean.detail, room) : "", {
    width: room,
    ellipsis: glyphs.ellipsis,
    path: false,
    matched: (offset) => offsets.has(clean.label.length + 1 + offset),
    plain: selected ? keep : theme.style.dim,
    marked,
  });
  const end = Math.min(room, Math.max(detail.columns, ASIDE_COLUMN - column - 6));
  const pad = aside === "" ? "" : " ".repeat(Math.max(0, end - detail.columns) + 2);
  const mark = item.current ? glyphs.running : " ";
  if (selected) {
    const body = `${mark} ${drawn}${label.painted}${gap}${detail.painted}${pad}${aside}`;
    return `${chosenLead(look)}${theme.style.selection(body.trimEnd())}`;
  }
  const behind = aside === "" ? "" : pad + theme.style.dim(aside);
  const lead = `  ${item.current ? theme.style.accent(mark) : mark} ${theme.style.dim(drawn)}`;
  return `${lead}${label.painted}${gap}${detail.painted}${behind}`.trimEnd();
}

/** Columns for the labels of all items, so that the details stay where they are while one walks through the list. */
export function labelColumn<T>(items: readonly PickerItem<T>[], width: number): number {
  const { label, rest, lead } = measured.get(items) ?? measure(items);
  if (rest === 0) return Math.max(1, Math.min(label, width - 6));
  // A detail that fits gets what it needs, at most nearly half; where it would be cut to nothing the label gets it all.
  const most = Math.max(Math.floor(width * 0.55), width - 8 - rest);
  const room = width - most - 8;
  const narrow = lead === 0 ? width - 6 : width - lead - 8;
  return Math.max(1, Math.min(label, room < rest && room < NARROW_DETAIL ? narrow : most));
}

/** Columns in which no row would have to be cut. */
export function wholeWidth<T>(items: readonly PickerItem<T>[]): number {
  const { label, rest } = measured.get(items) ?? measure(items);
  return label + rest + 10;
}

type Widths = { label: number; rest: number; lead: number };

/** By the list itself: another list is another object. */
const measured = new WeakMap<object, Widths>();

function measure<T>(items: readonly PickerItem<T>[]): Widths {
  const widths: Widths = { label: 0, rest: 0, lead: 0 };
  for (const { label, guides = [], detail, lead = 0, aside = "" } of items.slice(0, MEASURED_ITEMS)) {
    const end = aside === "" ? 0 : textWidth(oneLine(aside)) + 2;
    widths.label = Math.max(widths.label, textWidth(oneLine(label)) + GUIDE_WIDTH * guides.length);
    widths.lead = Math.max(widths.lead, lead);
    widths.rest = Math.max(widths.rest, textWidth(oneLine(detail)) + end);
  }
  measured.set(items, widths);
  return widths;
}

/** Where the value fits and little more, it stands without the beginning of what follows. */
function detailFor<T>({ lead = 0 }: PickerItem<T>, detail: string, room: number): string {
  return lead > 0 && room < lead + NARROW_DETAIL ? detail.slice(0, lead).trimEnd() : detail;
}

const GUIDE_WIDTH = 3;

/** A filtered list is no tree. */
function guidesOf<T>({ guides }: PickerItem<T>, query: string, glyphs: Glyphs): string {
  if (guides === undefined || query !== "") return "";
  return guides.map((guide) => drawGuide(guide, glyphs)).join("");
}

function drawGuide(guide: Guide, { column, fork, corner, rule }: Glyphs): string {
  switch (guide) {
    case "line":
      return `${column}  `;
    case "gap":
      return "   ";
    case "fork":
      return `${fork}${rule} `;
    case "last":
      return `${corner}${rule} `;
  }
}

function keep(text: string): string {
  return text;
}

function oneLine(text: string): string {
  return sanitizeText(text).replace(/[\n\t]+/g, " ");
}
