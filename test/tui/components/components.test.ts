import { describe, expect, it } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import { approvalRows } from "../../../src/tui/components/approval-card.ts";
import type { Look } from "../../../src/tui/components/look.ts";
import { queueRows } from "../../../src/tui/components/queue-list.ts";
import { statusRow } from "../../../src/tui/components/status-line.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { strayControls, testView } from "../theme/test-view.ts";
import { approvalRequest, NOW_MS, QUEUE, queueItem, workingState } from "./sample-state.ts";

const WIDTHS = [40, 80, 120];
const golden = (name: string, width: number) => `../../golden/tui/${name}-${width}.txt`;
const look = (width: number): Look => testView(width - 1);

const SHELLS = [{ id: "s", command: "npm run build", startedMs: NOW_MS - 12_000, output: "" }];

function expectFits(rows: readonly string[], width: number): void {
  expect(rows.filter((row) => textWidth(row) >= width)).toEqual([]);
  expect(strayControls(rows)).toEqual([]);
  expect(rows.filter((row) => row !== row.trimEnd())).toEqual([]);
}

const bindings = defaultKeybindings();

describe("the question of the gate", () => {
  it.each(WIDTHS)(
    "names the command, the place, warnings, the reason and the keys at %d columns",
    async (width) => {
      const rows = approvalRows(
        { request: approvalRequest(), waiting: 2, patchRows: [], bindings },
        look(width),
      );
      expectFits(rows, width);
      await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot(golden("approval", width));
    },
  );

  it("offers no always where there is no rule for it, and shows controls instead of carrying them out", () => {
    const { alwaysRule: _none, ...request } = approvalRequest({ subject: "echo \x1b[2J\u202eevil" });
    const rows = approvalRows({ request, waiting: 0, patchRows: [], bindings }, look(80));
    expect(rows.join("\n")).not.toContain("always");
    expect(strayControls(rows)).toEqual([]);
    expect(rows.join("\n")).toContain("evil");
  });

  it("offers no edit where changed arguments cannot be handed back", () => {
    const rows = (editable: boolean) =>
      approvalRows(
        { request: approvalRequest({ editable }), waiting: 0, patchRows: [], bindings },
        look(80),
      ).join("\n");
    expect(rows(true)).toContain("e  edit");
    expect(rows(false)).not.toContain("e  edit");
  });

  it("cuts a command that is longer than the window and says how much", () => {
    const subject = Array.from({ length: 30 }, (_, index) => `echo ${index}`).join("\n");
    const rows = approvalRows(
      { request: approvalRequest({ subject }), waiting: 0, patchRows: [], bindings },
      look(80),
    );
    expect(rows.join("\n")).toContain("22 more rows");
  });
});

describe("the queue", () => {
  it.each(WIDTHS)("shows kind, text and when each item goes at %d columns", async (width) => {
    const rows = queueRows(
      { state: workingState({ queue: QUEUE }), nowMs: NOW_MS, selected: 1, bindings },
      look(width),
    );
    expectFits(rows, width);
    await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot(golden("queue", width));
  });

  it("shows five of many, always the one that is looked at", () => {
    const queue = Array.from({ length: 12 }, (_, index) => queueItem(`q${index}`, "steer", `text ${index}.`));
    const rows = queueRows(
      { state: workingState({ queue }), nowMs: NOW_MS, selected: 9, bindings },
      look(80),
    );
    expect(rows.join("\n")).toMatch(/text 5\.[\s\S]*text 9\.[\s\S]*7 more/);
  });

  it("of a session that was left paused waits for /continue", () => {
    const state = workingState({ queue: QUEUE, run: null, state: "idle", runningTools: [] });
    const rows = queueRows({ state, nowMs: NOW_MS, selected: null, bindings }, look(80));
    expect(rows.filter((row) => row.includes("after /continue"))).toHaveLength(2);
    expect(statusRow({ state, contextWindow: 0, branch: "", nowMs: NOW_MS }, look(80))).toContain("paused");
  });

  it("takes no row when it is empty", () => {
    expect(queueRows({ state: workingState(), nowMs: NOW_MS, selected: null, bindings }, look(80))).toEqual(
      [],
    );
  });
});

describe("the status line", () => {
  const facts = { contextWindow: 200_000, branch: "main*", nowMs: NOW_MS };

  it("drops its least important part first when space is short (120 to 20 columns)", async () => {
    const widths = [120, 80, 70, 60, 50, 40, 30, 20];
    const state = workingState({ thinking: "high", usage: { ...workingState().usage, cost: 0.08 } });
    const rows = widths.map((width) => statusRow({ state, ...facts }, look(width)));
    for (const [index, width] of widths.entries()) expectFits([rows[index] ?? ""], width);
    await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot("../../golden/tui/status.txt");
  });

  it.each([
    ["idle", { run: null, state: "idle" }, /^ {2}idle · /],
    ["streaming with its time", { state: "streaming" }, /^ {2}streaming 0:41 · /],
    ["the tool that runs", {}, /^ {2}running bash 0:41 · /],
    ["that it asks", { state: "awaiting_approval" }, /^ {2}asking you 0:41 · /],
    ["that it is paused", { state: "paused" }, /^ {2}paused · /],
    ["that there is no model", { model: "" }, / · no model · /],
    ["which runtime is being started", { starting: "codex", run: null }, /^ {2}starting codex · /],
    ["the person's own command", { shells: SHELLS, run: null, state: "idle" }, /^ {2}running ! npm 0:12 · /],
    ["the run rather than a command beside it", { shells: SHELLS }, /^ {2}running bash 0:41 · /],
    [
      "an external agent's own model, and neither window nor thinking of ours",
      { runtime: "codex", answeredBy: "codex/gpt-6", thinking: "high" },
      /0:41 · gpt-6 · codex · main\* · ask$/,
    ],
    ["no model of an agent that told of none", { runtime: "codex" }, /0:41 · codex · main\* · ask$/],
  ] as const)("says %s", (_, change, pattern) => {
    expect(statusRow({ state: workingState(change), ...facts }, look(100))).toMatch(pattern);
  });
});
