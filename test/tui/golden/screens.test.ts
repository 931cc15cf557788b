// Settings, keys, the first run and background processes, as each kind of terminal shows them.
import { describe, it, vi } from "vitest";
import { processRows } from "../../../src/tui/components/process-list.ts";
import { defaultKeybindings, parseKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { setUp } from "../../../src/tui/screens/first-run.ts";
import { type Found, modelItems, modelPreview } from "../../../src/tui/screens/first-run-rows.ts";
import { openKeys } from "../../../src/tui/screens/keys.ts";
import { openSettings } from "../../../src/tui/screens/settings.ts";
import { NOW_MS } from "../components/sample-state.ts";
import { NO_KEY } from "../no-key.ts";
import { expectScreens } from "./expect-screens.ts";
import { type SampleDesk, sampleDesk, sampleRows } from "./sample-desk.ts";
import { CLASS_NAMES, classView } from "./theme-classes.ts";

type Screen = { name: string; open: (sample: SampleDesk) => Promise<void> };

const FILES = { keys: "~/.config/hearth/credentials.json", settings: "~/.config/hearth/settings.json" };
const FOUND: Found = {
  local: { address: "127.0.0.1:11434", models: ["qwen9-coder:30b", "llama9:latest"] },
  agents: {
    agents: [{ name: "gemini", command: "gemini", args: ["--acp"] }],
    missing: [{ command: "claude", package: "@agentclientprotocol/claude-agent-acp" }],
  },
};

/** The first screen as it is when these were found and that row is chosen. */
function firstScreen({ desk, picker }: SampleDesk, found: Found | null, chosen: string): void {
  setUp(desk);
  const focus = picker();
  const items = modelItems(found, "127.0.0.1:11434");
  const selected = items.findIndex(({ value }) => value === chosen);
  desk.setFocus({
    ...focus,
    picker: { ...focus.picker, items, matches: items, selected },
    preview: modelPreview(chosen, found, FILES),
  });
}

async function toTheme(sample: SampleDesk): Promise<void> {
  setUp(sample.desk);
  sample.press("escape");
  await vi.waitUntil(() => {
    const focus = sample.desk.focus();
    return focus.kind === "picker" && focus.picker.items.length > 4 && focus.preview !== null;
  });
}

const SCREENS: readonly Screen[] = [
  { name: "settings", open: ({ desk }) => openSettings(desk) },
  {
    name: "settings-filter",
    open: async ({ desk, type }) => {
      await openSettings(desk);
      type("colours");
    },
  },
  {
    name: "settings-choice",
    open: async ({ desk, type, press }) => {
      await openSettings(desk);
      type("permissionMode");
      press("enter");
    },
  },
  {
    name: "settings-file",
    open: async ({ desk, type, press }) => {
      await openSettings(desk);
      type("allow");
      press("enter");
    },
  },
  {
    name: "keys",
    open: async ({ desk, type }) => {
      const file = '{"transcript": ["ctrl+t"], "undo": ["ctrl+x"], "yank": ["ctrl+x"]}';
      const bindings = parseKeybindings(file, desk.app.paths.keybindingsFile);
      openKeys({ ...desk, bindings });
      type("transcript");
    },
  },
  { name: "first-run", open: async (sample) => firstScreen(sample, null, "key") },
  { name: "first-run-found", open: async (sample) => firstScreen(sample, FOUND, "agent") },
  {
    name: "first-run-whose-key",
    open: async ({ desk, press }) => {
      setUp(desk);
      press("enter");
      const focus = desk.focus();
      if (focus.kind !== "line") throw new Error("No key is asked for.");
      focus.composer.setText("a-key-of-nobody");
      focus.composer.press("", { ...NO_KEY, return: true });
      await vi.waitUntil(() => desk.focus().kind === "picker");
    },
  },
  { name: "first-run-theme", open: toTheme },
  {
    name: "first-run-trust",
    open: async (sample) => {
      await toTheme(sample);
      sample.press("escape");
    },
  },
];

describe("on every kind of terminal", () => {
  it.each(SCREENS)("$name is shown as it was", async ({ name, open }) => {
    for (const kind of CLASS_NAMES) {
      const sample = await sampleDesk(classView(kind, 80).glyphs);
      await open(sample);
      const focus = sample.picker();
      await expectScreens({ name, draw: (view) => sampleRows(focus, view) }, kind);
    }
  });
});

const process = {
  endedMs: null,
  exitCode: null,
  stopped: false,
  logPath: "/home/me/.hearth/outputs/bash-1.log",
};
const PROCESSES: Parameters<typeof processRows>[0] = {
  processes: [
    { ...process, id: "p1", command: "npm run dev", startedMs: NOW_MS - 754_000 },
    {
      ...process,
      id: "p2",
      command: "npm test -- --watch\necho and a second line that makes it rather long",
      startedMs: NOW_MS - 90_000,
      endedMs: NOW_MS - 60_000,
      exitCode: 1,
    },
    {
      ...process,
      id: "p3",
      command: "sleep 300",
      startedMs: NOW_MS - 90_000,
      endedMs: NOW_MS - 30_000,
      stopped: true,
    },
  ],
  id: "p2",
  lines: Array.from({ length: 30 }, (_, index) => `line ${index + 1} 中文`),
  open: false,
  up: 0,
  nowMs: NOW_MS,
  bindings: defaultKeybindings(),
};

describe.each(CLASS_NAMES)("on a %s terminal", (kind) => {
  it.each([
    ["processes", {}],
    ["processes-silent", { lines: [], id: "p3" }],
    ["processes-reading", { open: true }],
    ["processes-scrolled", { open: true, up: 12 }],
  ] as const)("%s is shown as it was", async (name, change) => {
    await expectScreens({ name, draw: (view) => processRows({ ...PROCESSES, ...change }, 12, view) }, kind);
  });
});
