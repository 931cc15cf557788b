import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { keyGroups } from "../../../src/tui/keys/key-groups.ts";
import { defaultKeybindings, parseKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { KEY_ACTIONS } from "../../../src/tui/keys/keys.ts";
import { keysDocument, keysInForce } from "../../../src/tui/keys/keys-text.ts";

const rowOf = (text: string, action: string) => {
  const bindings = parseKeybindings(text, "keys.json");
  return keyGroups(bindings)
    .flatMap(({ rows }) => rows)
    .find((row) => row.action === action);
};

test("docs/keys.md is what the table gives; if not: npm run docs:keys", async () => {
  const file = new URL("../../../docs/keys.md", import.meta.url);
  expect(await readFile(file, "utf8")).toBe(keysDocument());
});

describe("the keys in force", () => {
  test("hold every action once, in the group of its place", () => {
    const groups = keyGroups(defaultKeybindings());
    const listed = groups.flatMap(({ place, rows }) => rows.map(({ action }) => `${place} ${action}`));
    expect(listed.toSorted()).toEqual(
      KEY_ACTIONS.map(({ where, action }) => `${where} ${action}`).toSorted(),
    );
    expect(new Set(groups.map(({ place }) => place)).size).toBe(groups.length);
    expect(groups.flatMap(({ rows }) => rows).filter(({ instead }) => instead !== null)).toEqual([]);
  });

  test("mark what was rebound, with the keys it had", () => {
    const text = '{"transcript": ["ctrl+t"], "redraw": []}';
    expect(rowOf(text, "transcript")).toMatchObject({ keys: ["Ctrl+T"], instead: ["Ctrl+O"] });
    expect(rowOf(text, "redraw")).toMatchObject({ keys: [], instead: ["Ctrl+L"] });
    expect(rowOf(text, "suspend")).toMatchObject({ keys: ["Ctrl+Z"], instead: null });
    expect(rowOf('{"transcript": ["ctrl+o"]}', "transcript")).toMatchObject({ instead: null });
  });

  test("mark what lost a key to another action", () => {
    expect(rowOf('{"newline": ["ctrl+s"]}', "steer_now")).toMatchObject({ keys: [], instead: ["Ctrl+S"] });
  });

  test("as text name conflicts first", () => {
    const bindings = parseKeybindings('{"undo": ["ctrl+t"], "yank": ["ctrl+t"]}', "keys.json");
    const text = keysInForce(bindings, "keys.json");
    expect(text).toMatch(/^- Ctrl\+T stands for both yank and undo; yank has it\.\n/);
    expect(text).toContain("| `Ctrl+T` | paste what was cut (changed; `yank` had `Ctrl+Y`) |");
    expect(text).toContain("| none | undo (changed; `undo` had");
  });
});
