// The queue above the composer: kind, text and when each item will land.
import { landingOf } from "../../app/landing.ts";
import type { SessionState } from "../../app/state.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import type { QueueItem } from "../../protocol/control.ts";
import { type BarPart, keyBar, keyNames } from "../keys/key-words.ts";
import type { Keybindings } from "../keys/keybindings.ts";
import { type Look, WIDEST_LINE } from "./look.ts";

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

const KEYS: readonly BarPart[] = [
  [["queue_take"], "take"],
  [["queue_change"], "edit"],
  [["queue_drop"], "drop"],
  [["queue_now"], "now"],
  [["queue_kind"], "kind"],
  [["queue_move_up", "queue_move_down"], "move"],
  [["queue_close"], ""],
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
    const row = itemRow(item, first + index, { state, nowMs }, look);
    return first + index === selected ? theme.style.selection(row) : row;
  });
  const more = queue.length - shown.length;
  const keys =
    selected === null
      ? `${key("cursor_up")} edits the queue (${key("queue_edit")} while you write)`
      : keyBar(KEYS, bindings);
  const rest = more > 0 ? `${more} more ${glyphs.separator} ` : "";
  return [
    `  ${theme.style.dim(`queued ${glyphs.rule.repeat(3)}`)}`,
    ...items,
    `  ${theme.style.dim(truncateText(rest + keys, look.width - 4, glyphs.ellipsis))}`,
  ];
}

function itemRow(
  item: QueueItem,
  index: number,
  { state, nowMs }: { state: SessionState; nowMs: number },
  { theme, glyphs, width: most }: Look,
): string {
  const width = Math.min(most, WIDEST_LINE);
  const landing = oneLine(landingOf(item, state, nowMs));
  const number = String(index + 1).padStart(2);
  const kind = item.kind.replace("_", "-").padEnd(KIND_WIDTH);
  const text = oneLine(item.text);
  const whole = width - number.length - KIND_WIDTH - 6;
  const beside = whole - textWidth(landing) - 2;
  const head = `  ${theme.style.dim(number)} ${theme.style.accent(kind)} `;
  // In a narrow window the text says more than when it goes.
  if (beside < NARROWEST_TEXT)
    return (head + truncateText(text, Math.max(2, whole), glyphs.ellipsis)).trimEnd();
  const shown = truncateText(text, beside, glyphs.ellipsis);
  return `${head}${shown}${" ".repeat(beside - textWidth(shown) + 2)}${theme.style.dim(landing)}`;
}

function oneLine(text: string): string {
  return sanitizeText(text).replaceAll(/[\n\t]+/g, " ");
}
