// The queue above the composer: kind, text and when each item will land.
import { landingOf } from "../../app/landing.ts";
import type { SessionState } from "../../app/state.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import type { QueueItem } from "../../protocol/control.ts";
import { type KeyHint, keyHints, keyNames } from "../keys/key-words.ts";
import type { Keybindings } from "../keys/keybindings.ts";
import { hintRows } from "./hint-rows.ts";
import { chosenLead, type Look, WIDEST_LINE } from "./look.ts";

const KIND_WIDTH = 10;
const SHOWN = 5;
const NARROWEST_TEXT = 12;

export type QueueView = {
  state: SessionState;
  nowMs: number;
  /** Index of the item being looked at with the arrow keys; null when the list has no focus. */
  selected: number | null;
  bindings: Keybindings;
};

const LIST_KEYS: readonly KeyHint[] = [
  [["queue_take"], "take"],
  [["queue_drop"], "drop"],
  [["queue_change"], "edit"],
  [["queue_now"], "now"],
  [["queue_kind"], "kind"],
  [["queue_move_up", "queue_move_down"], "move"],
  [["queue_close"], "back"],
];

/** Nothing when the queue is empty; else a heading, at most five items and a line that names the keys. */
export function queueRows({ state, nowMs, selected, bindings }: QueueView, look: Look): string[] {
  const key = keyNames(bindings);
  const { queue } = state;
  if (queue.length === 0) return [];
  const { theme, glyphs } = look;
  const first = Math.max(0, Math.min((selected ?? 0) - SHOWN + 1, queue.length - SHOWN));
  const shown = queue.slice(first, first + SHOWN);
  const items = shown.map((item, index) => {
    const at = { number: first + index + 1, isChosen: first + index === selected };
    return itemRow(item, at, { state, nowMs }, look);
  });
  const more = queue.length - shown.length;
  const rest = more > 0 ? `${more} more ${glyphs.separator}` : "";
  const writing = [`${key("cursor_up")} edits the queue`, `(${key("queue_edit")} while you write)`];
  const hints = [rest, ...(selected === null ? writing : keyHints(LIST_KEYS, bindings))];
  const keys = hintRows(hints, look.width - 4, selected === null ? 1 : 2);
  return [
    `  ${theme.style.dim(`queued ${glyphs.rule.repeat(3)}`)}`,
    ...items,
    ...keys.map((row) => `  ${theme.style.dim(row)}`.trimEnd()),
  ];
}

function itemRow(
  item: QueueItem,
  { number: count, isChosen }: { number: number; isChosen: boolean },
  { state, nowMs }: { state: SessionState; nowMs: number },
  look: Look,
): string {
  const { theme, glyphs } = look;
  const width = Math.min(look.width, WIDEST_LINE);
  // On the ground of the chosen row other colours are hard to read.
  const dim = isChosen ? keep : theme.style.dim;
  const lead = (row: string): string =>
    isChosen ? chosenLead(look) + theme.style.selection(row) : `  ${row}`;
  const landing = oneLine(landingOf(item, state, nowMs));
  const number = String(count).padStart(2);
  const kind = item.kind.replace("_", "-").padEnd(KIND_WIDTH);
  const text = oneLine(item.text);
  const whole = width - number.length - KIND_WIDTH - 6;
  const beside = whole - textWidth(landing) - 2;
  const head = `${dim(number)} ${isChosen ? kind : theme.style.accent(kind)} `;
  // In a narrow window the text says more than when it goes.
  if (beside < NARROWEST_TEXT)
    return lead((head + truncateText(text, Math.max(2, whole), glyphs.ellipsis)).trimEnd());
  const shown = truncateText(text, beside, glyphs.ellipsis);
  return lead(`${head}${shown}${" ".repeat(beside - textWidth(shown) + 2)}${dim(landing)}`);
}

function keep(text: string): string {
  return text;
}

function oneLine(text: string): string {
  return sanitizeText(text).replaceAll(/[\n\t]+/g, " ");
}
