import { describe, expect, test } from "vitest";
import { listSettings } from "../../../src/app/settings-list.ts";
import { settingsJsonSchema } from "../../../src/config/settings-schema.ts";
import { textWidth } from "../../../src/lib/text-width.ts";
import type { PreviewLine } from "../../../src/tui/components/picker-preview.ts";
import { pickerRows } from "../../../src/tui/components/picker-rows.ts";
import { filterPicker, openPicker, type PickerItem } from "../../../src/tui/components/picker-state.ts";
import { parseKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { type Found, modelItems, modelPreview } from "../../../src/tui/screens/first-run-rows.ts";
import { keyList } from "../../../src/tui/screens/key-rows.ts";
import { settingItem, settingPreview } from "../../../src/tui/screens/setting-rows.ts";
import { strayControls, testView } from "../theme/test-view.ts";

const WIDTHS = [40, 80, 120];
const golden = (name: string, width: number) => `../../golden/tui/${name}-${width}.txt`;

type Shown = {
  title: string;
  items: readonly PickerItem<string>[];
  query?: string;
  isShort?: boolean;
  preview: readonly PreviewLine[];
};

/** As a window of that width and 24 rows shows it. */
function rowsOf({ title, items, query = "", preview, isShort = false }: Shown, width: number): string[] {
  const picker = filterPicker({ ...openPicker(title, items), selected: 0 }, query);
  const view = { picker, isShort, preview, previewHeight: 5, hints: ["Enter chooses", "Esc leaves"] };
  return pickerRows(view, 16, testView(width - 1));
}

async function expectGolden(name: string, width: number, shown: Shown): Promise<void> {
  const rows = rowsOf(shown, width);
  expect(rows.filter((row) => textWidth(row) >= width)).toEqual([]);
  expect(strayControls(rows)).toEqual([]);
  await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot(golden(name, width));
}

const ALL_SETTINGS = listSettings(settingsJsonSchema(), [
  { source: "default", values: { theme: "dark", permissionMode: "ask", compaction: { auto: true } } },
  {
    source: "user",
    values: { theme: "light", allow: ["bash(npm test)", "read"], model: "anthropic/claude-haiku-4-5" },
  },
  { source: "choice", values: { model: "anthropic/claude-sonnet-5-5" } },
  { source: "env", values: { theme: "high-contrast" } },
]);

/** Of each kind one, so that a new setting changes no picture. */
const SHOWN = [
  "model",
  "models",
  "thinking",
  "permissionMode",
  "allow",
  "readOnly",
  "theme",
  "maxSteps",
  "compaction.reserveTokens",
];
const SETTINGS = ALL_SETTINGS.filter(({ path }) => SHOWN.includes(path));

describe("the list of settings", () => {
  test.each(WIDTHS)("shows name, value, source and group at %d columns", async (width) => {
    const items = SETTINGS.map(settingItem);
    const preview = SETTINGS.slice(0, 1).flatMap(settingPreview);
    await expectGolden("settings", width, { title: "settings", items, preview });
  });

  test.each(WIDTHS)("says what each layer has at %d columns", async (width) => {
    const items = SETTINGS.map(settingItem);
    const preview = SETTINGS.filter(({ path }) => path === "theme").flatMap(settingPreview);
    await expectGolden("settings-theme", width, { title: "settings", items, query: "colours", preview });
  });
});

describe("the list of keys", () => {
  test.each(WIDTHS)("shows problems, keys, what was rebound and the place at %d columns", async (width) => {
    const text = '{"transcript": ["ctrl+t"], "undo": ["ctrl+x"], "yank": ["ctrl+x"]}';
    const path = "/home/me/.config/hearth/keybindings.json";
    const list = keyList(parseKeybindings(text, path), { file: "~/.config/hearth/keybindings.json", path });
    const preview = list.preview("transcript");
    await expectGolden("keys", width, { title: "keys", items: list.items.slice(0, 10), preview });
  });
});

describe("the first screen of the first run", () => {
  const files = { keys: "~/.config/hearth/credentials.json", settings: "~/.config/hearth/settings.json" };
  const title = "No key was found. Choose one:";
  const found: Found = {
    local: { address: "127.0.0.1:11434", models: ["qwen3-coder:30b", "llama3.2:latest", "gpt-oss:20b"] },
    agents: {
      agents: [
        { name: "gemini", command: "gemini", args: ["--acp"] },
        { name: "opencode", command: "opencode", args: ["acp"] },
      ],
      missing: [{ command: "claude", package: "@agentclientprotocol/claude-agent-acp" }],
    },
  };

  test.each(WIDTHS)("has its rows before anything was found at %d columns", async (width) => {
    const items = modelItems(null, "127.0.0.1:11434");
    await expectGolden("first-run", width, {
      title,
      items,
      isShort: true,
      preview: modelPreview("key", null, files),
    });
  });

  test.each(WIDTHS)("says what was found at %d columns", async (width) => {
    const items = modelItems(found, "127.0.0.1:11434");
    await expectGolden("first-run-found", width, {
      title,
      items,
      isShort: true,
      preview: modelPreview("agent", found, files),
    });
  });

  test("keeps every row in its place when what was looked for is found", () => {
    const values = (given: Found | null) => modelItems(given, "127.0.0.1:11434").map(({ value }) => value);
    expect(values(found)).toEqual(values(null));
  });

  test.each([
    [{ local: null, agents: { agents: [], missing: [] } }, /does not answer[\s\S]*none is on your PATH/],
    [{ local: { address: "a:1", models: [] }, agents: { agents: [], missing: [] } }, /a:1, without a model/],
    [{ local: { address: "a:1", models: ["x"] }, agents: { agents: [], missing: [] } }, /with 1 model$/m],
    [
      { local: null, agents: { agents: [], missing: [{ command: "codex", package: "p" }] } },
      /codex needs an adapter/,
    ],
  ])("says %j in words", (given, words) => {
    expect(
      modelItems(given, "a:1")
        .map(({ detail }) => detail)
        .join("\n"),
    ).toMatch(words);
  });
});
