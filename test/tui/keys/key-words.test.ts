import { expect, test } from "vitest";
import { type KeyHint, keyHints, keyNames, keysSummary, moreHint } from "../../../src/tui/keys/key-words.ts";
import { defaultKeybindings, parseKeybindings } from "../../../src/tui/keys/keybindings.ts";

const rebound = parseKeybindings(
  '{"queue_drop": "alt+d", "queue_move_up": [], "transcript": "ctrl+t", "interrupt": [], "steer_now": "alt+s"}',
  "keys",
);

const HINTS: readonly KeyHint[] = [
  [["queue_take"], "take"],
  [["queue_drop"], "drop"],
  [["queue_move_up", "queue_move_down"], "move"],
  [["interrupt"], "end"],
];

test("hints of keys say the same modifiers once, and follow what is bound", () => {
  expect(keyHints(HINTS, defaultKeybindings())).toEqual([
    "Enter take",
    "^X drop",
    "Alt+Up/Down move",
    "Esc end",
  ]);
  expect(keyHints(HINTS, rebound)).toEqual(["Enter take", "Alt+D drop", "Alt+Down move"]);
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
