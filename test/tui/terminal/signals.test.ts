import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { initialState, type SessionState } from "../../../src/app/state.ts";
import type { AgentEvent, RunOutcome } from "../../../src/protocol/event.ts";
import { NO_USAGE } from "../../../src/protocol/usage-sum.ts";
import type { TerminalReply } from "../../../src/tui/terminal/reply-filter.ts";
import { type SignalOptions, TerminalSignals } from "../../../src/tui/terminal/signals.ts";
import { unicodeGlyphs } from "../../../src/tui/theme/glyphs.ts";
import { approvalRequest, workingState } from "../components/sample-state.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const IDLE = initialState({});
const RUN_END = (outcome: RunOutcome): AgentEvent => ({
  type: "run_end",
  runId: "r",
  outcome,
  steps: 1,
  usage: NO_USAGE,
  durationMs: 1,
});
const ASKS: AgentEvent = { type: "approval_request", request: approvalRequest({ subject: "npm test" }) };

function open(change: Partial<SignalOptions> = {}) {
  const written: string[] = [];
  const listeners = new Set<(reply: TerminalReply) => void>();
  let state: SessionState = IDLE;
  const signals = new TerminalSignals({
    kind: { title: true, focus: true, progress: true, notification: "osc777", tmux: false },
    settings: {},
    glyphs: unicodeGlyphs,
    now: () => 100_000,
    input: {
      lastKeyMs: () => 0,
      onReply: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    facts: () => ({ state, subject: "fix it" }),
    write: (bytes) => void written.push(bytes),
    askTmux: () => Promise.resolve(null),
    ...change,
  });
  return {
    signals,
    listeners,
    focus: (focused: boolean) => {
      for (const listener of listeners) listener({ kind: "focus", focused });
    },
    become: (next: SessionState, event?: AgentEvent) => {
      state = next;
      if (event) signals.take(event);
      else signals.update();
    },
    /** What was written since. */
    bytes: async () => {
      await vi.advanceTimersByTimeAsync(0);
      return written.splice(0).join("");
    },
  };
}

describe("the terminal", () => {
  it("is told title and progress when they change, and at the end is as it was", async () => {
    const { signals, become, bytes, listeners } = open();
    signals.wake();
    expect(await bytes()).toBe("\x1b[22;0t\x1b[?1004h\x1b]0;fix it - hearth\x07");
    become(workingState());
    expect(await bytes()).toBe("\x1b]0;● fix it - hearth\x07\x1b]9;4;3;0\x1b\\");
    become(workingState({ contextTokens: 5 }));
    expect(await bytes()).toBe("");
    become(workingState({ approvals: [approvalRequest()] }));
    expect(await bytes()).toBe("\x1b]0;? fix it - hearth\x07\x1b]9;4;4;100\x1b\\");
    become(initialState({ state: "paused" }));
    expect(await bytes()).toBe("\x1b]0;‖ fix it - hearth\x07");
    become(IDLE);
    expect(await bytes()).toBe("\x1b]0;fix it - hearth\x07\x1b]9;4;0;0\x1b\\");
    become(workingState());
    await bytes();
    signals.close();
    expect(await bytes()).toBe("\x1b]9;4;0;0\x1b\\\x1b[?1004l\x1b]0;\x07\x1b[23;0t");
    become(workingState(), ASKS);
    signals.close();
    expect(await bytes()).toBe("");
    expect(listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is told again that work goes on, since some forget, and nothing while nothing goes on", async () => {
    const { signals, become, bytes } = open();
    signals.wake();
    become(workingState());
    await bytes();
    await vi.advanceTimersByTimeAsync(30_001);
    expect(await bytes()).toBe("\x1b]9;4;3;0\x1b\\".repeat(3));
    become(IDLE);
    await bytes();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(await bytes()).toBe("");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("shows a failure until the next run, or until it was seen", async () => {
    const { signals, become, bytes, focus } = open();
    signals.wake();
    await bytes();
    become(IDLE, RUN_END("failed"));
    expect(await bytes()).toBe("\x1b]9;4;2;100\x1b\\");
    focus(true);
    expect(await bytes()).toBe("\x1b]9;4;0;0\x1b\\");
  });

  it("is let alone while another program has it, and told all again afterwards", async () => {
    const { signals, become, bytes } = open();
    signals.wake();
    become(workingState());
    await bytes();
    signals.rest();
    expect(await bytes()).toContain("\x1b[?1004l");
    become(IDLE);
    expect(await bytes()).toBe("");
    signals.wake();
    expect(await bytes()).toBe("\x1b[22;0t\x1b[?1004h\x1b]0;fix it - hearth\x07");
  });

  it.each([
    ["no title", { settings: { terminalTitle: false } }, "\x1b]0;"],
    ["no progress", { settings: { terminalProgress: false } }, "\x1b]9;4"],
    ["no focus reports without calls", { settings: { notify: "off" as const } }, "\x1b[?1004"],
  ])("is told %s by setting", async (_, change, never) => {
    const { signals, become, bytes } = open(change);
    signals.wake();
    become(workingState());
    const first = await bytes();
    signals.close();
    expect(first + (await bytes())).not.toContain(never);
  });

  it("that understands nothing is told nothing", async () => {
    const { signals, become, bytes } = open({
      kind: { title: false, focus: false, progress: false, notification: "bell", tmux: false },
    });
    signals.wake();
    become(workingState());
    become(IDLE, RUN_END("failed"));
    signals.close();
    expect(await bytes()).toBe("");
  });
});

describe("the person", () => {
  async function called(
    change: Partial<SignalOptions>,
    focused: boolean | null,
    events: readonly AgentEvent[],
  ) {
    const { signals, bytes, focus } = open({
      ...change,
      settings: { terminalTitle: false, terminalProgress: false, ...change.settings },
    });
    signals.wake();
    if (focused !== null) focus(focused);
    await bytes();
    for (const event of events) signals.take(event);
    return bytes();
  }
  const DONE = [RUN_END("completed"), { type: "settled" }] as const;

  it.each([
    ["is called when a run is done", DONE, "\x1b]777;notify;hearth is done;fix it\x1b\\"],
    [
      "is called when it failed",
      [RUN_END("failed"), { type: "settled" }],
      "\x1b]777;notify;hearth stopped;fix it\x1b\\",
    ],
    [
      "is called when something is asked",
      [ASKS],
      "\x1b]777;notify;hearth asks;bash wants to run: npm test\x1b\\",
    ],
    ["is not called for what they ended", [RUN_END("interrupted"), { type: "settled" }], ""],
    ["is not called when the program leaves", [RUN_END("completed"), { type: "settled", exit: true }], ""],
    ["is not called between runs of a queue", [RUN_END("completed")], ""],
  ] as const)("%s, while the window has no focus", async (_, events, bytes) => {
    expect(await called({}, false, events)).toBe(bytes);
  });

  it("is not called while the window has the focus, or nobody knows", async () => {
    expect(await called({}, true, DONE)).toBe("");
    expect(await called({}, null, DONE)).toBe("");
  });

  it("is called by bell, or not at all, by setting", async () => {
    expect(await called({ settings: { notify: "bell" } }, false, DONE)).toBe("\x07");
    expect(await called({ settings: { notify: "off" } }, false, DONE)).toBe("");
  });

  it("is called inside a tmux that tells nothing of the focus when they typed nothing for a minute", async () => {
    const kind = { title: true, focus: true, progress: false, notification: "bell", tmux: true } as const;
    expect(await called({ kind }, null, DONE)).toBe("\x07");
    expect(await called({ kind, now: () => 59_999 }, null, DONE)).toBe("");
    expect(await called({ kind }, true, DONE)).toBe("");
  });

  it("is called through tmux where that passes it on, else by bell", async () => {
    const kind = { title: true, focus: true, progress: false, notification: "bell", tmux: true } as const;
    expect(await called({ kind }, false, DONE)).toBe("\x07");
    const askTmux = vi.fn(() => Promise.resolve("osc9" as const));
    expect(await called({ kind, askTmux }, false, [...DONE, ASKS])).toBe(
      "\x1bPtmux;\x1b\x1b]9;hearth is done: fix it\x1b\x1b\\\x1b\\" +
        "\x1bPtmux;\x1b\x1b]9;hearth asks: bash wants to run: npm test\x1b\x1b\\\x1b\\",
    );
    expect(askTmux).toHaveBeenCalledTimes(1);
  });
});
