// A screen as plain data.
import type { Screen } from "../screen/screen.ts";
import type { Snapshot } from "./frames.ts";

const WHOLE_SCROLLBACK = 1_000_000;

/** With `scrollback` all lines, those that the width wrapped joined, and a full-screen program below them; else the visible rows. */
export function snapshotOf(
  screen: Screen,
  { scrollback, ansi }: { scrollback: boolean; ansi: boolean },
): Snapshot {
  const above = scrollback ? screen.transcript() : [];
  const onScreen = scrollback && !screen.alternate() ? [] : screen.visible();
  return {
    ...screen.size(),
    cursor: screen.cursor(),
    lines: [...above, ...onScreen],
    ...(ansi ? { ansi: screen.serialize(scrollback ? WHOLE_SCROLLBACK : 0) } : {}),
  };
}
