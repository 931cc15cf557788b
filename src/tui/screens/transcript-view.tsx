// The full-screen transcript (Ctrl+O): every item, expanded, scrolled by rows. Only the rows on the screen are drawn.
import { Box, Text, useInput, useWindowSize } from "ink";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import type { TranscriptItem } from "../../app/transcript-item.ts";
import { type Keybindings, matchKey } from "../keys/keybindings.ts";
import type { KeyAction } from "../keys/keys.ts";
import { readKeys } from "../keys/read-keys.ts";
import type { ScreenStore } from "../screen-store.ts";
import type { ItemView } from "../transcript/item-view.ts";
import { needsRowBetween, renderItem } from "../transcript/render-item.ts";
import { useChannel } from "../use-channel.ts";

export type TranscriptViewProps = {
  store: ScreenStore;
  view: Omit<ItemView, "width" | "expanded">;
  bindings: Keybindings;
  title: string;
  now: () => number;
  close: () => void;
};

/** Rows of the window that title and keys take. */
const FRAME_ROWS = 2;
/** The answer under way is rendered as a whole each time. */
const LIVE_MS = 200;

export function TranscriptView({ store, view, bindings, title, now, close }: TranscriptViewProps): ReactNode {
  const { columns, rows: windowRows } = useWindowSize();
  const items = useChannel(store.log.items);
  const height = Math.max(1, windowRows - FRAME_ROWS - 1);
  const width = Math.max(10, columns - 1);
  const live = useLive(store, now);
  const rows = useMemo(
    () => itemRows([...items, ...live.items], { ...view, width, expanded: true, nowMs: live.nowMs }),
    [items, live, view, width],
  );
  /** First row shown; null follows the end. */
  const [top, setTop] = useState<number | null>(null);
  const lastTop = Math.max(0, rows.length - height);
  const first = top === null ? lastTop : Math.min(top, lastTop);
  useInput((input, key) => {
    const read = readKeys(input, key);
    for (const press of "presses" in read ? read.presses : []) {
      const action = matchKey(press, bindings, ["transcript"]);
      if (action === "transcript_close") close();
      else if (action !== null) setTop((before) => scrolled(action, { before, lastTop, height }));
    }
  });
  const shown = rows.slice(first, first + height);
  const below = rows.length - first - shown.length;
  const place = below > 0 ? `${below} more rows below` : "the newest row";
  return (
    <Box flexDirection="column">
      <Text wrap="truncate">{view.theme.bold(`  ${title}`)}</Text>
      <Box flexDirection="column" height={height}>
        <Text wrap="truncate">{shown.join("\n")}</Text>
      </Box>
      <Text wrap="truncate">
        {view.theme.style.dim(`  ${place} · arrows, PageUp, PageDown, Home, End · q back`)}
      </Text>
    </Box>
  );
}

type Live = { items: readonly TranscriptItem[]; nowMs: number };

/** What is under way, looked at a few times a second; another value only when there is something new to see. */
function useLive(store: ScreenStore, now: () => number): Live {
  const [live, setLive] = useState<Live>(() => ({ items: store.log.live(), nowMs: now() }));
  useEffect(() => {
    const look = (before: Live): Live => {
      const items = store.log.live();
      const ticked = items.length > 0 && now() - before.nowMs >= 1_000;
      return items === before.items && !ticked ? before : { items, nowMs: now() };
    };
    const timer = setInterval(() => setLive(look), LIVE_MS);
    return () => clearInterval(timer);
  }, [store, now]);
  return live;
}

type Place = { before: number | null; lastTop: number; height: number };

/** The end is followed again once it is reached. */
function scrolled(action: KeyAction, { before, lastTop, height }: Place): number | null {
  const from = before === null ? lastTop : Math.min(before, lastTop);
  const to = ((): number => {
    switch (action) {
      case "transcript_down":
        return from + 1;
      case "transcript_up":
        return from - 1;
      case "transcript_page_down":
        return from + height - 1;
      case "transcript_page_up":
        return from - height + 1;
      case "transcript_start":
        return 0;
      case "transcript_end":
        return lastTop;
      default:
        return from;
    }
  })();
  return to >= lastTop ? null : Math.max(0, to);
}

/** Rows of an item for one view; an item that changes is another object. */
const cache = new WeakMap<TranscriptItem, { width: number; rows: string[] }>();

function itemRows(items: readonly TranscriptItem[], view: ItemView): string[] {
  const rows: string[] = [];
  let previous: TranscriptItem["kind"] | null = null;
  for (const item of items) {
    const known = cache.get(item);
    const running = item.kind === "tool" && item.status === "running";
    const own = known?.width === view.width && !running ? known.rows : renderItem(item, view);
    cache.set(item, { width: view.width, rows: own });
    if (own.length === 0) continue;
    if (needsRowBetween(previous, item.kind)) rows.push("");
    rows.push(...own);
    previous = item.kind;
  }
  return rows;
}
