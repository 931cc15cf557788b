import { expect, test } from "vitest";
import { type BarPart, keyBar, keyNames, keysSummary, moreHint } from "../../../src/tui/keys/key-words.ts";
import { defaultKeybindings, parseKeybindings } from "../../../src/tui/keys/keybindings.ts";

const rebound = parseKeybindings(
  '{"queue_drop": "alt+d", "queue_move_up": [], "transcript": "ctrl+t", "interrupt": [], "steer_now": "alt+s"}',
  "keys",
);

const PARTS: readonly BarPart[] = [
  [["queue_take"], "take"],
  [["queue_change"], "edit"],
  [["queue_drop"], "drop"],
  [["queue_move_up", "queue_move_down"], "move"],
  [["queue_close"], ""],
];

test("a line of keys says the same modifiers once, and follows what is bound", () => {
  expect(keyBar(PARTS, defaultKeybindings())).toBe("Enter take  Ctrl+E edit, X drop  Alt+Up/Down move  Esc");
  expect(keyBar(PARTS, rebound)).toBe("Enter take  Ctrl+E edit  Alt+D drop, Down move  Esc");
});

test("sentences name the key that is bound, and say so where there is none", () => {
  expect(keyNames(rebound)("queue_drop")).toBe("Alt+D");
  expect(keyNames(rebound)("interrupt")).toBe("no key");
  expect(moreHint(defaultKeybindings())).toBe("(Ctrl+O)");
  expect(moreHint(rebound)).toBe("(Ctrl+T)");
  expect(moreHint(parseKeybindings('{"transcript": []}', "keys"))).toBe("");
  expect(keysSummary(defaultKeybindings())).toContain("Ctrl+S steers now.\nEsc interrupts.");
  expect(keysSummary(rebound)).toContain("Alt+S steers now.");
});
