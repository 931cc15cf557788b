// Whole live regions, as each kind of terminal shows them: the input with what a newcomer could do, a key that is pasted,
// a question that waits behind a list, one beside the queue, a failure that needs more than a row.
import { describe, it, onTestFinished } from "vitest";
import { openPicker } from "../../../src/tui/components/picker-state.ts";
import { COMPOSER_FOCUS } from "../../../src/tui/desk.ts";
import { type Drawing, drawFrame } from "../../../src/tui/draw-frame.ts";
import { type Composer, createComposer } from "../../../src/tui/editor/composer.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { FIRST_WORDS } from "../../../src/tui/screens/idle-hint.ts";
import type { ItemView } from "../../../src/tui/transcript/item-view.ts";
import { approvalRequest, NOW_MS, QUEUE, queueItem, workingState } from "../components/sample-state.ts";
import { expectScreens } from "./expect-screens.ts";
import { CLASS_NAMES } from "./theme-classes.ts";

function composerWith(text: string): Composer {
  const composer = createComposer({
    bindings: defaultKeybindings(),
    commands: [],
    listFiles: () => Promise.resolve([]),
    historyFile: null,
    cwd: "/",
    home: "/",
    now: () => 0,
    onSubmit: () => Promise.resolve(),
    onAction: () => undefined,
    onError: () => undefined,
  });
  onTestFinished(() => composer.close());
  composer.setText(text);
  return composer;
}

const IDLE = workingState({ run: null, state: "idle", runningTools: [] });
const ASKED = workingState({ state: "awaiting_approval", approvals: [approvalRequest()] });
const LIST = openPicker("choose a theme", [
  { value: "dark", label: "dark", detail: "for a dark background", current: true },
  { value: "light", label: "light", detail: "for a light background", current: false },
]);

const FRAMES: Readonly<Record<string, () => Partial<Drawing>>> = {
  "frame-first-words": () => ({ state: IDLE, idleHint: FIRST_WORDS }),
  "frame-demo": () => ({ state: IDLE, idleHint: "try: fix the failing test" }),
  "frame-key": () => ({
    state: IDLE,
    focus: {
      kind: "line",
      title: "Paste the key, then Enter (Esc goes back)",
      composer: composerWith("sk-a-secret"),
      masked: true,
    },
  }),
  "frame-failure": () => ({
    state: IDLE,
    hint: "/home/me/.config/hearth/settings.json cannot be written. Check the folder's permissions and the free space.",
  }),
  "frame-list-asked": () => ({
    state: ASKED,
    focus: { kind: "picker", picker: LIST, choose: () => undefined },
  }),
  "frame-queue-asked": () => ({
    state: { ...ASKED, queue: QUEUE },
    focus: { kind: "queue", id: "q2" },
  }),
  "frame-paused": () => ({
    state: workingState({ state: "paused", queue: [queueItem("p", "pause", ""), ...QUEUE.slice(0, 2)] }),
  }),
};

function rowsOf(view: ItemView, change: Partial<Drawing>): string[] {
  const frame = drawFrame({
    view: { ...view, nowMs: NOW_MS },
    rows: 30,
    state: workingState(),
    tail: [],
    focus: COMPOSER_FOCUS,
    composer: composerWith(""),
    bindings: defaultKeybindings(),
    hint: "",
    branch: "main*",
    contextWindow: 200_000,
    ...change,
  });
  return [...frame.rows];
}

describe.each(CLASS_NAMES)("on a %s terminal", (kind) => {
  it.each(Object.keys(FRAMES))("%s is shown as it was", async (name) => {
    const change = FRAMES[name]?.() ?? {};
    await expectScreens({ name, draw: (view) => rowsOf(view, change) }, kind);
  });
});
