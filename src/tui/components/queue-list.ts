// The queue above the composer: kind, text and when each item will land.
import { formatClock } from "../../app/format.ts";
import type { SessionState } from "../../app/state.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
import type { QueueItem } from "../../protocol/control.ts";
import { isHeld } from "./is-held.ts";
import type { Look } from "./look.ts";

const KIND_WIDTH = 10;
const SHOWN = 5;
const NARROWEST_TEXT = 12;

export type QueueView = {
  state: SessionState;
  nowMs: number;
  /** Index of the item being looked at with the arrow keys; null when the list has no focus. */
  selected: number | null;
};

/** Nothing when the queue is empty; else a heading, at most five items and a line that names the keys. */
export function queueRows({ state, nowMs, selected }: QueueView, look: Look): string[] {
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
      ? "Up edits the queue (Alt+Up while you write)"
      : "Enter edit  Ctrl+X drop  Alt+Up/Down move  Tab kind  Ctrl+S now  Esc back";
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
  { theme, glyphs, width }: Look,
): string {
  const landing = landingOf(item, state, nowMs);
  const number = String(index + 1).padStart(2);
  const kind = item.kind.replace("_", "-").padEnd(KIND_WIDTH);
  const text = sanitizeText(item.text).replaceAll("\n", " ");
  const whole = width - number.length - KIND_WIDTH - 6;
  const beside = whole - textWidth(landing) - 2;
  const head = `  ${theme.style.dim(number)} ${theme.style.accent(kind)} `;
  // In a narrow window the text says more than when it goes.
  if (beside < NARROWEST_TEXT)
    return (head + truncateText(text, Math.max(2, whole), glyphs.ellipsis)).trimEnd();
  const shown = truncateText(text, beside, glyphs.ellipsis);
  return `${head}${shown}${" ".repeat(beside - textWidth(shown) + 2)}${theme.style.dim(landing)}`;
}

/** When the item will take effect, in the user's words. */
function landingOf(item: QueueItem, state: SessionState, nowMs: number): string {
  switch (item.kind) {
    case "steer": {
      if (isHeld(state)) return "after /continue";
      const tool = state.runningTools[0];
      return tool ? `after ${tool.name}, ${formatClock(nowMs - tool.startedMs)}` : "before the next request";
    }
    case "follow_up":
      return isHeld(state) && state.run === null ? "after /continue" : "when this is done";
    case "pause":
      return isHeld(state) ? "until /continue" : "after this step";
    case "exit":
      return "when all is done";
  }
}
