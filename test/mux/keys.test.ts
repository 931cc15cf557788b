// Keys by name.
import { expect, test } from "vitest";
import { keySequence } from "../../src/mux/keys.ts";

const NORMAL = { applicationCursor: false };

test.for([
  ["ctrl+c", "\x03"],
  ["Ctrl+C", "\x03"],
  ["ctrl+\\", "\x1c"],
  ["ctrl+space", "\0"],
  ["enter", "\r"],
  ["esc", "\x1b"],
  ["alt+x", "\x1bx"],
  ["alt+enter", "\x1b\r"],
  ["F5", "\x1b[15~"],
  ["up", "\x1b[A"],
  ["Q", "Q"],
  ["ü", "ü"],
] as const)("%s", ([name, sequence]) => {
  expect(keySequence(name, NORMAL)).toBe(sequence);
});

test("arrows change with the mode the program asked for", () => {
  expect(keySequence("up", { applicationCursor: true })).toBe("\x1bOA");
});

test.for(["entre", "ctrl+entr", "ctrl+1", "", "hello"])("%s is no key", (name) => {
  expect(() => keySequence(name, NORMAL)).toThrowError(expect.objectContaining({ code: "mux.key" }));
});

test("a key that is nearly one is suggested", () => {
  expect(() => keySequence("pagup", NORMAL)).toThrowError(
    expect.objectContaining({ hint: expect.stringContaining("Did you mean pageup?") }),
  );
});
