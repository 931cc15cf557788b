import { expect, it } from "vitest";
import { notificationSequence, throughTmux, titleSequence } from "../../../src/tui/terminal/sequences.ts";

const EVIL = "a\x1b]0;b\x07\nc; \u202ed\x1b\\";

it("a title is one line without controls, and short", () => {
  expect(titleSequence(`${EVIL} ${"long ".repeat(40)}`)).toMatch(
    /^\x1b\]0;a c; d long [^\x00-\x1f\u202e]{0,60}…\x07$/,
  );
});

it.each([
  ["bell", "\x07"],
  ["osc9", "\x1b]9;hearth: a c; d\x1b\\"],
  ["osc777", "\x1b]777;notify;hearth;a c, d\x1b\\"],
  ["osc99", "\x1b]99;i=hearth:d=0;hearth\x1b\\\x1b]99;i=hearth:d=1:p=body;a c; d\x1b\\"],
] as const)("a notification by %s holds no control of the text's", (kind, bytes) => {
  expect(notificationSequence(kind, { title: "hearth", text: EVIL })).toBe(bytes);
});

it("goes through tmux with its escapes doubled", () => {
  expect(throughTmux("\x1b]9;x\x1b\\")).toBe("\x1bPtmux;\x1b\x1b]9;x\x1b\x1b\\\x1b\\");
});
