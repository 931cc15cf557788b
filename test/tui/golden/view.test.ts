// The transcript view as each kind of terminal shows it: reading, folded, searching, over a change, with a question.
import { beforeAll, describe, expect, it } from "vitest";
import { loadWordDiff } from "../../../src/tui/diff/word-diff.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { loadMarkdown } from "../../../src/tui/markdown/render-markdown.ts";
import type { ItemView } from "../../../src/tui/transcript/item-view.ts";
import { TranscriptLog } from "../../../src/tui/transcript/log.ts";
import { SessionBook } from "../../../src/tui/transcript-view/book.ts";
import { RowCache } from "../../../src/tui/transcript-view/item-strip.ts";
import { Viewer } from "../../../src/tui/transcript-view/viewer.ts";
import { NO_KEY } from "../no-key.ts";
import { sampleItems } from "../transcript/sample-items.ts";
import { expectScreens } from "./expect-screens.ts";
import { CLASS_NAMES } from "./theme-classes.ts";

beforeAll(async () => {
  await Promise.all([loadMarkdown("```ts\n```"), loadWordDiff()]);
});

type Scene = { name: string; keys: string; enter?: boolean; isAsked?: boolean; rows?: number };

const SCENES: readonly Scene[] = [
  { name: "view", keys: "gjjjj", rows: 44 },
  { name: "view-end", keys: "" },
  { name: "view-prompts", keys: "ff" },
  { name: "view-typing", keys: "g/split" },
  { name: "view-searched", keys: "g/split", enter: true },
  { name: "view-nowhere", keys: "g/nothing like it", enter: true },
  { name: "view-asked", keys: "g", isAsked: true },
  { name: "view-copied", keys: "gy" },
];

/** No sample has two calls that changed a file: the one that did is found by what it changed. */
const OVER_A_CHANGE: Scene = { name: "view-change", keys: "g/bare CR", enter: true };

function openViewer(view: ItemView, { isAsked = false, rows = 24 }: Scene): Viewer {
  const log = new TranscriptLog(() => 0);
  for (const item of sampleItems) log.add(item);
  return new Viewer({
    book: new SessionBook(log, { waits: false, onPage: () => undefined }),
    cache: new RowCache(),
    bindings: defaultKeybindings(),
    title: () => `hearth ${view.glyphs.separator} parser: windows line endings`,
    view: () => ({ ...view, moreHint: "" }),
    rows: () => rows,
    progress: () => 1,
    now: () => 0,
    copy: () => undefined,
    isAsked: () => isAsked,
    leave: () => undefined,
  });
}

function rowsOf(view: ItemView, scene: Scene, after = ""): string[] {
  const viewer = openViewer(view, scene);
  for (const key of scene.keys) viewer.press(key, NO_KEY);
  if (scene.enter === true) viewer.press("", { ...NO_KEY, return: true });
  for (const key of after) viewer.press(key, NO_KEY);
  return [...viewer.frame.get().rows];
}

describe.each(CLASS_NAMES)("on a %s terminal", (kind) => {
  it.each(SCENES)("$name is shown as it was", async (scene) => {
    await expectScreens({ name: scene.name, draw: (view) => rowsOf(view, scene) }, kind);
  });

  it("a change over the whole window is shown as it was", async () => {
    const draw = (view: ItemView): string[] => {
      const rows = rowsOf(view, OVER_A_CHANGE, "d");
      expect(rows.join("\n")).toContain("back");
      return rows;
    };
    await expectScreens({ name: OVER_A_CHANGE.name, draw }, kind);
  });
});
