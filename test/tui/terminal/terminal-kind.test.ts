import { describe, expect, it } from "vitest";
import { readTmux } from "../../../src/tui/terminal/ask-tmux.ts";
import { notificationOf, terminalKind } from "../../../src/tui/terminal/terminal-kind.ts";

const xterm = { TERM: "xterm-256color" };

describe("progress (OSC 9;4) is sent", () => {
  it.each([
    ["Windows Terminal", { ...xterm, WT_SESSION: "1" }],
    ["ConEmu", { TERM: "cygwin", ConEmuANSI: "ON" }],
    ["Ghostty", { ...xterm, TERM_PROGRAM: "ghostty", TERM_PROGRAM_VERSION: "1.2.0" }],
    ["WezTerm of 2025", { ...xterm, TERM_PROGRAM: "WezTerm", TERM_PROGRAM_VERSION: "20250910-1-abc" }],
    ["iTerm2 3.6.6", { ...xterm, TERM_PROGRAM: "iTerm.app", TERM_PROGRAM_VERSION: "3.6.6" }],
    ["iTerm2 3.10", { ...xterm, TERM_PROGRAM: "iTerm.app", TERM_PROGRAM_VERSION: "3.10.0beta1" }],
    ["Konsole 26.04", { ...xterm, KONSOLE_VERSION: "260400" }],
    ["VTE 0.80", { ...xterm, VTE_VERSION: "8000" }],
  ])("to %s", (_, env) => {
    expect(terminalKind(env).progress).toBe(true);
  });

  it.each([
    ["a terminal that is not known", xterm],
    ["kitty", { TERM: "xterm-kitty", KITTY_WINDOW_ID: "1" }],
    ["iTerm2 before 3.6.6", { ...xterm, TERM_PROGRAM: "iTerm.app", TERM_PROGRAM_VERSION: "3.6.5" }],
    [
      "WezTerm of 2024",
      { ...xterm, TERM_PROGRAM: "WezTerm", TERM_PROGRAM_VERSION: "20240203-110809-5046fc22" },
    ],
    ["Apple's terminal", { ...xterm, TERM_PROGRAM: "Apple_Terminal", TERM_PROGRAM_VERSION: "455" }],
    ["VS Code started from Windows Terminal", { ...xterm, TERM_PROGRAM: "vscode", WT_SESSION: "1" }],
    ["tmux", { ...xterm, TMUX: "/tmp/x", WT_SESSION: "1" }],
    ["GNOME Terminal of old", { ...xterm, VTE_VERSION: "7600" }],
  ])("not to %s", (_, env) => {
    expect(terminalKind(env).progress).toBe(false);
  });
});

it.each([{ TERM: "dumb" }, { TERM: "linux" }, { TERM: "vt100" }, {}])("%j is told nothing", (env) => {
  expect(terminalKind({ ...env, WT_SESSION: "1", TERM_PROGRAM: "ghostty" })).toEqual({
    title: false,
    focus: false,
    progress: false,
    notification: "bell",
    tmux: false,
  });
});

it.each([
  [["xterm-kitty"], "osc99"],
  [["xterm-ghostty", "ghostty 1.2.3"], "osc777"],
  [["xterm-256color", "WezTerm 20250910"], "osc777"],
  [["foot"], "osc777"],
  [["xterm-256color", "iTerm2 3.6.6"], "osc9"],
  [["xterm-256color", "XTerm(390)"], "bell"],
  [["xterm-256color", "football"], "bell"],
  [[], "bell"],
] as const)("%j is notified by %s", (names, kind) => {
  expect(notificationOf(names)).toBe(kind);
});

it.each([
  ["1 xterm-kitty \n", "osc99"],
  ["on xterm-256color iTerm2 3.6.6\n", "osc9"],
  ["all xterm-256color \n", "bell"],
  ["0 xterm-kitty \n", null],
  ["off xterm-ghostty ghostty 1.2\n", null],
  [" xterm-kitty \n", null],
  ["\n", null],
] as const)("tmux that says %j passes on %j", (output, kind) => {
  expect(readTmux(output)).toBe(kind);
});
