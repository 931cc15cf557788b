import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseChord, showChord } from "../../../src/tui/keys/chord.ts";
import {
  defaultKeybindings,
  keyLabel,
  matchKey,
  parseKeybindings,
  readKeybindings,
} from "../../../src/tui/keys/keybindings.ts";
import { KEY_ACTIONS } from "../../../src/tui/keys/keys.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const press = (chord: string) => ({ chord, text: null });

describe("the table of keys", () => {
  test("names each action once and gives no key to two actions of one place", () => {
    const actions = KEY_ACTIONS.map(({ action }) => action);
    expect(new Set(actions).size).toBe(actions.length);
    const keys = KEY_ACTIONS.flatMap((entry) => entry.keys.map((key) => `${entry.where} ${key}`));
    expect(new Set(keys).size).toBe(keys.length);
    expect(defaultKeybindings().problems).toEqual([]);
  });

  test("writes every key in the canonical form", () => {
    for (const { keys } of KEY_ACTIONS) for (const key of keys) expect(parseChord(key)).toBe(key);
  });

  test("asks the most specific place first", () => {
    const bindings = defaultKeybindings();
    expect(matchKey(press("enter"), bindings, ["completion", "composer"])).toBe("completion_accept");
    expect(matchKey(press("enter"), bindings, ["composer", "everywhere"])).toBe("submit");
    expect(matchKey(press("escape"), bindings, ["composer", "everywhere"])).toBe("interrupt");
    expect(matchKey(press("x"), bindings, ["composer", "everywhere"])).toBeNull();
    expect(matchKey({ chord: null, text: "ab" }, bindings, ["composer"])).toBeNull();
  });
});

describe("chords as people write them", () => {
  test.each([
    ["Ctrl-X", "ctrl+x"],
    ["control+x", "ctrl+x"],
    ["Shift+Alt+Return", "alt+shift+enter"],
    ["Esc", "escape"],
    ["meta+b", "alt+b"],
    ["ctrl++", "ctrl++"],
    ["ctrl+-", "ctrl+-"],
    ["G", "G"],
    ["space", "space"],
    ["hyperdrive+x", null],
    ["f5", null],
    ["", null],
  ])("%j is %j", (text, chord) => {
    expect(parseChord(text)).toBe(chord);
  });

  test.each([
    ["ctrl+x", "Ctrl+X"],
    ["alt+enter", "Alt+Enter"],
    ["escape", "Esc"],
    ["ctrl++", "Ctrl++"],
    ["y", "y"],
  ])("%s is shown as %s", (chord, shown) => {
    expect(showChord(chord)).toBe(shown);
  });
});

describe("keybindings.json", () => {
  test("replaces the keys of an action, with comments and trailing commas", () => {
    const bindings = parseKeybindings('{ // mine\n "transcript": ["Ctrl-T"], }', "keys.json");
    expect(bindings.problems).toEqual([]);
    expect(matchKey(press("ctrl+t"), bindings, ["everywhere"])).toBe("transcript");
    expect(matchKey(press("ctrl+o"), bindings, ["everywhere"])).toBeNull();
    expect(keyLabel("transcript", bindings)).toBe("Ctrl+T");
  });

  test("takes a key from a default, and says when that has none left", () => {
    const bindings = parseKeybindings('{"newline": ["ctrl+s"]}', "keys.json");
    expect(matchKey(press("ctrl+s"), bindings, ["composer"])).toBe("newline");
    expect(bindings.problems).toEqual(["steer_now has no key left: newline took it."]);
  });

  test("may leave an action without a key", () => {
    const bindings = parseKeybindings('{"redraw": []}', "keys.json");
    expect(bindings.problems).toEqual([]);
    expect(keyLabel("redraw", bindings)).toBe("");
  });

  test("names a key that was given to two actions of one place", () => {
    const { problems } = parseKeybindings('{"undo": ["ctrl+q"], "yank": ["ctrl+q"]}', "keys.json");
    expect(problems).toEqual(["Ctrl+Q stands for both yank and undo; yank has it."]);
  });

  test("names unknown actions and keys and keeps the rest", () => {
    const bindings = parseKeybindings(
      '{"transcrpt": ["x"], "undo": ["f99", "ctrl+q"], "yank": 3}',
      "keys.json",
    );
    expect(bindings.problems).toEqual([
      'keys.json: there is no action "transcrpt"; did you mean transcript?',
      'keys.json: undo: "f99" is no key.',
      "keys.json: yank: 3 is no key.",
    ]);
    expect(matchKey(press("ctrl+q"), bindings, ["composer"])).toBe("undo");
  });

  test.each([
    ["[1]", "keys.json is no JSON object"],
    ['"x"', "keys.json is no JSON object"],
    ["null", "keys.json is no JSON object"],
    ["{", "keys.json, line 1: that is no JSON"],
    ['{\n  "undo": ["ctrl+t"]\n  "redo": []\n}', "keys.json, line 3: that is no JSON"],
  ])("%j leaves the defaults in force, and the line that is wrong is named", (text, what) => {
    const bindings = parseKeybindings(text, "keys.json");
    expect(bindings.problems).toEqual([`${what}; the default keys apply.`]);
    expect(matchKey(press("enter"), bindings, ["composer"])).toBe("submit");
  });

  test("is read from its file, and may be absent or unreadable", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "keybindings.json");
    expect((await readKeybindings(file)).problems).toEqual([]);
    await writeFile(file, '{"undo": ["ctrl+t"]}');
    expect(keyLabel("undo", await readKeybindings(file))).toBe("Ctrl+T");
    expect((await readKeybindings(folder)).problems).toEqual([
      `${folder} cannot be read; the default keys apply.`,
    ]);
  });
});
