// What stands below the transcript, as each kind of terminal shows it: questions, lists, the input, the status line.

import { describe, it } from "vitest";
import { approvalRows } from "../../../src/tui/components/approval-card.ts";
import { pickerRows } from "../../../src/tui/components/picker-rows.ts";
import { openPicker } from "../../../src/tui/components/picker-state.ts";
import { queueRows } from "../../../src/tui/components/queue-list.ts";
import { statusRow } from "../../../src/tui/components/status-line.ts";
import { renderDiff } from "../../../src/tui/diff/render-diff.ts";
import { EMPTY_EDITOR } from "../../../src/tui/editor/buffer.ts";
import { completionRows } from "../../../src/tui/editor/completion-rows.ts";
import { editorRows } from "../../../src/tui/editor/editor-rows.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { approvalRequest, NOW_MS, QUEUE, workingState } from "../components/sample-state.ts";
import { samplePatch } from "../transcript/sample-items.ts";
import { type Component, expectScreens } from "./expect-screens.ts";
import { CLASS_NAMES } from "./theme-classes.ts";

const PICKER = openPicker("resume a session", [
  {
    value: "1",
    label: "parser: windows line endings",
    detail: "2 min ago  14 runs  native, codex",
    current: true,
  },
  { value: "2", label: "解析器：表格对齐", detail: "3 days ago  41 runs  native", current: false },
  { value: "3", label: "bench: parse 10 MB", detail: "8 days ago  6 runs  codex", current: false },
]);
const item = (label: string, detail: string) => ({ label, detail, insert: label });

const COMPONENTS: readonly Component[] = [
  {
    name: "approval-card",
    draw: (view) =>
      approvalRows(
        { request: approvalRequest(), waiting: 2, patchRows: [], bindings: defaultKeybindings() },
        view,
      ),
  },
  {
    name: "approval-card-of-an-edit",
    draw: (view) => {
      const { patch } = samplePatch;
      const patchRows = renderDiff(patch, { ...view, width: view.width - 6, maxRows: 12, moreHint: "" });
      return approvalRows(
        {
          request: approvalRequest({ name: "edit", subject: "lines.ts", warnings: [] }),
          waiting: 0,
          patchRows,
          bindings: defaultKeybindings(),
        },
        view,
      );
    },
  },
  {
    name: "queue",
    draw: (view) =>
      queueRows(
        { state: workingState({ queue: QUEUE }), nowMs: NOW_MS, selected: 1, bindings: defaultKeybindings() },
        view,
      ),
  },
  {
    name: "picker",
    draw: (view) => pickerRows({ picker: PICKER, hints: ["Enter open", "Esc leave"] }, 16, view),
  },
  {
    name: "completion",
    draw: (view) =>
      completionRows(
        {
          target: { kind: "command", query: "", range: [0, 1] },
          items: [
            item("/model [vendor/model]", "choose the model"),
            item("src/parser/lines.ts", ""),
            item("/exit", "leave"),
          ],
          selected: 1,
          moved: false,
        },
        8,
        view,
      ),
  },
  {
    name: "input",
    draw: (view) =>
      editorRows(
        {
          editor: {
            ...EMPTY_EDITOR,
            text: "and keep the old function name, 也要测试\nsecond line",
            cursor: 3,
          },
          placeholder: "",
          maxRows: 10,
          drawCursor: false,
        },
        view,
      ).rows,
  },
  {
    name: "status-line",
    draw: (view) => {
      const facts = { contextWindow: 200_000, branch: "main*", nowMs: NOW_MS };
      const usage = { ...workingState().usage, cost: 0.08 };
      return [
        workingState({ usage, thinking: "high" }),
        workingState({ usage, run: null, state: "idle", runningTools: [] }),
        workingState({ usage, state: "paused" }),
        workingState({ usage, state: "awaiting_approval" }),
      ].map((state) => statusRow({ state, ...facts }, view));
    },
  },
];

describe.each(CLASS_NAMES)("on a %s terminal", (kind) => {
  it.each(COMPONENTS)("$name is shown as it was", async (component) => {
    await expectScreens(component, kind);
  });
});
