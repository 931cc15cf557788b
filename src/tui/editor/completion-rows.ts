// The rows above the input: the completion list, or the search of earlier prompts. Pure.
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateMiddle, truncateText } from "../../lib/text-width.ts";
import type { Look } from "../components/look.ts";
import { type Keybindings, keyLabel } from "../keys/keybindings.ts";
import type { Completion } from "./completion.ts";
import type { HistorySearch } from "./history.ts";
import { aroundMatch, markMatch } from "./match-mark.ts";

/** At most `maxRows` rows around the chosen item; details stand in one column. */
export function completionRows(
  completion: Completion,
  maxRows: number,
  { theme, glyphs, width }: Look,
): string[] {
  const { items, selected } = completion;
  const first = windowStart(selected, items.length, maxRows);
  const shown = items.slice(first, first + maxRows).map((item) => ({
    label: truncateMiddle(oneLine(item.label), Math.max(10, width - 6), glyphs.ellipsis),
    detail: oneLine(item.detail),
  }));
  const column = Math.min(Math.max(...shown.map(({ label }) => textWidth(label))), Math.floor(width / 2));
  return shown.map(({ label, detail }, index) => {
    const gap = " ".repeat(Math.max(0, column - textWidth(label)) + 2);
    const room = width - textWidth(label) - gap.length - 6;
    const told = detail === "" || room < 8 ? "" : gap + truncateText(detail, room, glyphs.ellipsis);
    if (first + index === selected) return `  ${theme.style.selection(` ${label}${told} `)}`;
    return `   ${label}${theme.style.dim(told)}`;
  });
}

/** The query, how many match, and the matches around the chosen one. */
export function searchRows(
  search: HistorySearch,
  { bindings, maxRows }: { bindings: Keybindings; maxRows: number },
  { theme, glyphs, width }: Look,
): string[] {
  const room = Math.max(1, maxRows - 2);
  const first = windowStart(search.selected, search.matches.length, room);
  const matches = search.matches.slice(first, first + room).map((prompt, index) => {
    const label = aroundMatch(oneLine(prompt), search.query, { width: width - 6, ellipsis: glyphs.ellipsis });
    const marked = markMatch(label, search.query, theme.underline);
    return first + index === search.selected ? `  ${theme.style.selection(` ${marked} `)}` : `   ${marked}`;
  });
  const query = truncateText(oneLine(search.query), width - 24, glyphs.ellipsis);
  const keys = [
    `${search.matches.length === 0 ? 0 : search.selected + 1} of ${search.matches.length}`,
    `${keyLabel("search_older", bindings)} older`,
    `${keyLabel("search_accept", bindings)} takes it`,
    `${keyLabel("search_close", bindings)} back`,
  ].join(` ${glyphs.separator} `);
  return [
    `  ${theme.style.dim("earlier prompts")} ${theme.style.accent(`${glyphs.prompt} ${query}`)}`,
    ...(matches.length === 0 ? [`   ${theme.style.dim("nothing matches")}`] : matches),
    `  ${theme.style.dim(truncateText(keys, width - 4, glyphs.ellipsis))}`,
  ];
}

function windowStart(selected: number, count: number, room: number): number {
  return Math.max(0, Math.min(selected - Math.floor(room / 2), count - room));
}

function oneLine(text: string): string {
  return sanitizeText(text).replace(/\s+/g, " ");
}
