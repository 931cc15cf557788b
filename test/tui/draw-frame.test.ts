import { describe, expect, it, onTestFinished } from "vitest";
import { textWidth } from "../../src/lib/text-width.ts";
import { openPicker } from "../../src/tui/components/picker-state.ts";
import { COMPOSER_FOCUS } from "../../src/tui/desk.ts";
import { type Drawing, drawFrame } from "../../src/tui/draw-frame.ts";
import { type Composer, createComposer } from "../../src/tui/editor/composer.ts";
import { defaultKeybindings, parseKeybindings } from "../../src/tui/keys/keybindings.ts";
import { approvalRequest, NOW_MS, queueItem, workingState } from "./components/sample-state.ts";
import { strayControls, testView } from "./theme/test-view.ts";

function composerWith(text: string): Composer {
  const composer = createComposer({
    bindings: defaultKeybindings(),
    commands: [
      { name: "model", usage: "[vendor/model]", summary: "choose the model" },
      {
        name: "runtime",
        usage: "[status | activate NAME]",
        summary: "hand the conversation to another agent",
      },
    ],
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
  composer.paste(text);
  return composer;
}

function drawing(columns: number, change: Partial<Drawing> & { text?: string } = {}): Drawing {
  const { text = "", ...rest } = change;
  return {
    view: testView(columns - 1, { nowMs: NOW_MS }),
    rows: 30,
    state: workingState(),
    tail: ["  I'll look at how lines", "  are split first."],
    focus: COMPOSER_FOCUS,
    composer: composerWith(text),
    bindings: defaultKeybindings(),
    hint: "",
    branch: "main*",
    contextWindow: 200_000,
    ...rest,
  };
}

const QUEUE = [
  queueItem("q1", "steer", "also cover the last line"),
  queueItem("q2", "follow_up", "update the changelog"),
];
const PICKER = openPicker("choose a theme", [
  { value: "dark", label: "dark", detail: "", current: true },
  { value: "light", label: "light", detail: "", current: false },
]);
const PATCH = "--- a/a.ts\n+++ b/a.ts\n@@ -1,1 +1,1 @@\n-const a = 1;\n+const a = 2;\n";

const SCREENS: Record<string, (columns: number) => Drawing> = {
  "at work": (columns) => drawing(columns),
  "at work, with a queue and a draft": (columns) =>
    drawing(columns, { state: workingState({ queue: QUEUE }), text: "and keep the old function name" }),
  asked: (columns) =>
    drawing(columns, { state: workingState({ state: "awaiting_approval", approvals: [approvalRequest()] }) }),
  "asked about an edit": (columns) =>
    drawing(columns, {
      state: workingState({
        state: "awaiting_approval",
        approvals: [approvalRequest({ name: "edit", subject: "a.ts", patch: PATCH, warnings: [] })],
      }),
    }),
  paused: (columns) =>
    drawing(columns, {
      state: workingState({ state: "paused", queue: [queueItem("p", "pause", ""), ...QUEUE] }),
    }),
  "idle, completing a command": (columns) =>
    drawing(columns, {
      state: workingState({ run: null, state: "idle", runningTools: [] }),
      tail: [],
      text: "/",
    }),
  "idle, choosing": (columns) =>
    drawing(columns, {
      state: workingState({ run: null, state: "idle", runningTools: [] }),
      tail: [],
      focus: { kind: "picker", picker: PICKER, choose: () => undefined },
    }),
};

describe("drawFrame", () => {
  it.each([40, 80, 120])("draws every state of the live region at %d columns", async (columns) => {
    const frames = Object.entries(SCREENS).map(([name, draw]) => {
      const { rows, cursor } = drawFrame(draw(columns));
      expect(rows.filter((row) => textWidth(row) >= columns)).toEqual([]);
      expect(strayControls(rows)).toEqual([]);
      const place = cursor ? `cursor at ${cursor.x}, ${cursor.y}` : "no cursor";
      return [`=== ${name} (${place})`, ...rows.map((row) => row.trimEnd())].join("\n");
    });
    await expect(`${frames.join("\n")}\n`).toMatchFileSnapshot(`../golden/tui/frame-${columns}.txt`);
  });

  it.each([6, 8, 10, 14, 24])("stays two rows lower than a window of %d rows in every state", (rows) => {
    for (const draw of Object.values(SCREENS)) {
      expect(drawFrame({ ...draw(80), rows }).rows.length).toBeLessThanOrEqual(rows - 2);
    }
  });

  it("keeps the answers, the warnings and both ends of the command of a question in a window of 40x10", () => {
    const subject = "rm -rf build && npm run build\nnpm run deploy -- --all --now --force && echo it is over";
    const state = workingState({ approvals: [approvalRequest({ subject })], queue: QUEUE });
    const rows = drawFrame({ ...drawing(40, { state }), rows: 10 }).rows;
    expect(rows).toHaveLength(8);
    expect(rows.slice(0, -2)).toEqual([
      "  bash wants to run",
      expect.stringMatching(/^ {4}rm -rf .*….* it is over$/),
      expect.stringMatching(/^ {4}! rm -rf build/),
      "  y  once",
      "  a  always bash(npm run build)",
      expect.stringMatching(/^ {2}n {2}no, because … +e {2}edit$/),
    ]);
  });

  it("gives the keys to a draft under a question, and says how to get back to it", () => {
    const state = workingState({ approvals: [approvalRequest()] });
    const asked = drawFrame(drawing(80, { state }));
    expect(asked.cursor).toBeNull();
    expect(asked.rows.join("\n")).toContain("› y, a, n or e answers; anything else is a message");
    const writing = drawFrame(drawing(80, { state, text: "oh yes" }));
    expect(writing.cursor).not.toBeNull();
    expect(writing.rows.join("\n")).toMatch(/› oh yes\n\n {2}The question above waits; send or clear/);
  });

  it("says what a newcomer could do in an empty input alone, with the terminal's own cursor in it", () => {
    const idle = workingState({ run: null, state: "idle", runningTools: [] });
    const empty = drawFrame(drawing(80, { state: idle, tail: [], idleHint: "try this" }));
    expect(empty.rows[0]).toBe("");
    expect(empty.rows.slice(1)).toEqual(expect.arrayContaining(["› try this"]));
    expect(empty.cursor).toEqual({ x: 2, y: empty.rows.indexOf("› try this") });
    const shows = (change: Parameters<typeof drawing>[1]) =>
      drawFrame(drawing(80, { tail: [], idleHint: "try this", ...change }))
        .rows.join("\n")
        .includes("try this");
    expect(shows({ state: idle, text: "x" })).toBe(false);
    expect(shows({ state: workingState() })).toBe(false);
    expect(shows({ state: workingState({ run: null, state: "paused" }) })).toBe(false);
    const focus = { kind: "picker" as const, picker: PICKER, choose: () => undefined };
    expect(shows({ state: idle, focus })).toBe(false);
  });

  it("says a long failure to its end in up to three rows, in a low window in one", () => {
    const hint = `${"a/".repeat(40)}settings.json cannot be written. Check the folder's permissions.`;
    const said = (rows: number) =>
      drawFrame({ ...drawing(60, { hint }), rows })
        .rows.slice(-4)
        .join(" ")
        .replaceAll(/\s+/g, " ");
    expect(said(30)).toContain("cannot be written. Check the folder's permissions.");
    expect(said(12)).not.toContain("permissions");
  });

  it("says that the window is too small rather than showing a part of the input", () => {
    expect(drawFrame({ ...drawing(80), rows: 5 }).rows).toEqual(["too small"]);
    expect(drawFrame(drawing(15)).rows).toEqual(["too small"]);
  });

  it("hides a secret that is being pasted", () => {
    const focus = {
      kind: "line" as const,
      title: "Paste the key",
      composer: composerWith("sk-123"),
      masked: true,
    };
    const { rows } = drawFrame(drawing(80, { focus }));
    expect(rows.join("\n")).toContain("******");
    expect(rows.join("\n")).not.toContain("sk-123");
  });
});

it("names the keys as they are bound: what the empty input says, the queue, a question", () => {
  const bindings = parseKeybindings(
    '{"submit": "ctrl+s", "steer_now": "alt+s", "queue_edit": "alt+q", "interrupt": "ctrl+x", "approve_once": "o"}',
    "keys",
  );
  const shown = (change: Partial<Drawing>): string =>
    drawFrame(drawing(100, { bindings, ...change })).rows.join("\n");
  expect(shown({})).toContain("Ctrl+S steers, Alt+Enter queues, Ctrl+X interrupts");
  expect(shown({ state: workingState({ queue: QUEUE }) })).toContain("(Alt+Q while you write)");
  const asked = workingState({ state: "awaiting_approval", approvals: [approvalRequest()] });
  expect(shown({ state: asked })).toMatch(/\bo {2}once[\s\S]*o, a, n or e answers/);
});
