// A desk over an app that always says the same: what the lists of the program hold, for pictures of them. Times are
// given as ages, so that a list says the same tomorrow.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import type { App, RunNode } from "../../../src/app/app.ts";
import type { PickerName } from "../../../src/app/commands/command.ts";
import { listSettings } from "../../../src/app/settings-list.ts";
import { settingsJsonSchema } from "../../../src/config/settings-schema.ts";
import type { Model } from "../../../src/protocol/model.ts";
import { agentLimits } from "../../../src/runtimes/agent-limits.ts";
import { pickerHints } from "../../../src/tui/components/picker-hints.ts";
import { pickerRows } from "../../../src/tui/components/picker-rows.ts";
import { COMPOSER_FOCUS, type Desk, type Focus, type PickerFocus } from "../../../src/tui/desk.ts";
import { createComposer } from "../../../src/tui/editor/composer.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { showPicker } from "../../../src/tui/screens/pickers.ts";
import { pressInPicker } from "../../../src/tui/screens/picking.ts";
import { type Glyphs, unicodeGlyphs } from "../../../src/tui/theme/glyphs.ts";
import type { ItemView } from "../../../src/tui/transcript/item-view.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { NO_KEY } from "../no-key.ts";
import { testView } from "../theme/test-view.ts";
import { sampleLists } from "./sample-lists.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ago = (ms: number): number => Date.now() - ms;

const model = (vendor: string, id: string, name: string, change: Partial<Model> = {}): Model => ({
  id,
  vendor,
  name,
  api: "anthropic-messages",
  contextWindow: 200_000,
  maxOutput: 64_000,
  price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  thinking: ["low", "medium", "high"],
  input: ["text", "image"],
  ...change,
});

const MODELS: readonly Model[] = [
  model("anthropic", "claude-sonnet-9", "Claude Sonnet 9"),
  model("anthropic", "claude-haiku-9", "Claude Haiku 9", {
    price: { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
    thinking: [],
  }),
  model("here", "qwen9-coder:30b-with-a-very-long-name-of-its-own", "Qwen9 Coder", {
    api: "openai-chat",
    contextWindow: 32_000,
    price: null,
    input: ["text"],
  }),
];

const session = (id: string, minutes: number, words: { name?: string; prompt: string; runs: number }) => ({
  id,
  path: `/home/me/.hearth/sessions/${id}.jsonl`,
  cwd: "/home/me/parser",
  name: words.name ?? "",
  firstPrompt: words.prompt,
  createdMs: ago(minutes * MINUTE + DAY),
  modifiedMs: ago(minutes * MINUTE + 10_000),
  runs: words.runs,
  runtimes: ["native", "codex"],
});

const run = (
  id: string,
  parent: string | null,
  words: Pick<RunNode, "prompt"> & Partial<RunNode>,
): RunNode => ({
  id,
  parent,
  label: "",
  timeMs: ago(3 * DAY + MINUTE),
  runtime: "native",
  answer: "Lines are split at CRLF too now; all 14 tests pass.",
  files: ["src/parser/lines.ts", "test/parser/lines.test.ts"],
  tools: 4,
  outcome: "completed",
  onBranch: true,
  isTip: false,
  ...words,
});

const RUNS: readonly RunNode[] = [
  run("r1", null, {
    prompt: "the tests in src/parser fail on windows line endings, fix that",
    label: "start",
  }),
  run("r2", "r1", { prompt: "and keep the old function name", isTip: true }),
  run("r3", "r1", {
    prompt: "no, write it anew from the beginning 从头开始",
    outcome: "interrupted",
    onBranch: false,
    tools: 1,
  }),
];

const CAPABILITIES = {
  tools: true,
  approvals: true,
  streaming: true,
  thinking: true,
  pause: true,
  interrupt: true,
  resume: true,
  images: true,
  modelChoice: true,
  cost: true,
  steer: "native",
} as const;

const runtimes = {
  mode: "forced",
  effective: "native",
  health: null,
  runtimes: [
    {
      name: "native",
      kind: "native",
      enabled: true,
      declared: false,
      available: true,
      detail: "",
      hint: "",
      version: "",
      login: null,
      limits: [],
      capabilities: CAPABILITIES,
    },
    {
      name: "codex",
      kind: "codex",
      enabled: true,
      declared: true,
      available: true,
      detail: "/usr/local/bin/codex",
      hint: "",
      version: "0.144.1",
      login: { ok: false, hint: "To log in: run `codex login`, or set OPENAI_API_KEY." },
      limits: agentLimits("codex", "codex"),
      capabilities: { ...CAPABILITIES, pause: false, cost: false, steer: "next_prompt" },
    },
    {
      name: "gemini",
      kind: "acp",
      enabled: true,
      available: false,
      declared: false,
      detail: "gemini was not found on the PATH",
      hint: "Install it with `npm install -g @google/gemini-cli`.",
      version: "",
      login: null,
      limits: agentLimits("acp", "gemini"),
      capabilities: null,
    },
  ],
};

const RULES = [
  {
    kind: "deny",
    text: "bash(rm -rf *)",
    source: "your settings",
    file: "/home/me/.config/hearth/settings.json",
  },
  {
    kind: "allow",
    text: "bash(npm test)",
    source: "your answers",
    file: "/home/me/.config/hearth/permissions.json",
  },
  { kind: "allow", text: "git", source: "flags", file: null },
];

/** Of each kind one, so that a new setting changes no picture. */
const SETTINGS =
  "model models thinking permissionMode allow readOnly theme maxSteps compaction.reserveTokens".split(" ");

const settingRows = () =>
  listSettings(settingsJsonSchema(), [
    { source: "default", values: { theme: "dark", permissionMode: "ask", compaction: { auto: true } } },
    {
      source: "user",
      values: { theme: "light", allow: ["bash(npm test)", "read"], model: "anthropic/claude-haiku-9" },
    },
    { source: "choice", values: { model: "anthropic/claude-sonnet-9" } },
    { source: "env", values: { theme: "high-contrast" } },
  ]).filter(({ path }) => SETTINGS.includes(path));

const FILES: Readonly<Record<string, string>> = {
  "README.md": "# Parser\n\nReads what people write.\n",
  "src/parser/a-folder-with-a-rather-long-name/and-another-one-in-it/lines.ts":
    "export function split(text: string): string[] {\n\treturn text.split(/\\r?\\n/);\n}\n",
  "src/解析器.ts": "export {};\n",
};

async function project(): Promise<string> {
  const cwd = await temporaryFolder();
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  return cwd;
}

async function sampleApp(): Promise<App> {
  const { search, ...lists } = sampleLists();
  const paths = {
    home: "/home/me",
    settingsFile: "/home/me/.config/hearth/settings.json",
    credentialsFile: "/home/me/.config/hearth/credentials.json",
    keybindingsFile: "/home/me/.config/hearth/keybindings.json",
    themesDir: "/home/me/.config/hearth/themes",
  };
  const app = {
    paths,
    cwd: await project(),
    // Nothing answers there, and no agent is on this path.
    env: { PATH: "/nowhere", OLLAMA_HOST: "127.0.0.1:1" },
    settings: {},
    settingsChoice: { list: async () => settingRows(), file: () => paths.settingsFile },
    conversation: {
      sessionId: "s1",
      state: () => ({ model: "anthropic/claude-sonnet-9", runtime: "native", role: "reviewer" }),
    },
    sessions: {
      list: async () => [
        session("s1", 2, { name: "parser: windows line endings", prompt: "fix it", runs: 14 }),
        session("s2", 3 * 1_440, { prompt: "解析器：表格对齐", runs: 41 }),
        session("s3", 8 * 1_440, { prompt: "bench: parse 10 MB and say where the time goes", runs: 1 }),
      ],
      peek: async () => ({
        firstPrompt: "the tests in src/parser fail on windows line endings, fix that",
        lastPrompt: "and keep the old function name",
        answers: ["Lines are split at CRLF too now.", "The name stays: all callers go on as they were."],
        files: ["src/parser/lines.ts", "test/parser/lines.test.ts"],
        model: "anthropic/claude-sonnet-9",
        cwd: "/home/me/parser",
      }),
      runs: async () => [...RUNS],
      search,
    },
    models: {
      current: () => null,
      list: async () => [...MODELS],
      offered: async () => null,
      key: (vendor: string) => ({ variables: vendor === "here" ? [] : ["ANTHROPIC_API_KEY"], isSet: true }),
    },
    runtimes: { status: async () => runtimes },
    permissions: { mode: () => "ask", rules: () => RULES },
    templates: { list: async () => [] },
    ...lists,
    trust: { pending: true },
    listFiles: async () => Object.keys(FILES),
  };
  // The lists ask for no more than this.
  return app as unknown as App;
}

export type SampleDesk = {
  desk: Desk;
  picker: () => PickerFocus;
  /** As `ctrl+d`, or a text. */
  press: (chord: string) => void;
  type: (text: string) => void;
};

/** `glyphs`: what is put into rows when they are made. */
export async function sampleDesk(glyphs: Glyphs = unicodeGlyphs): Promise<SampleDesk> {
  const app = await sampleApp();
  const bindings = defaultKeybindings();
  let focus: Focus = COMPOSER_FOCUS;
  const compose = (submit: (text: string) => void = () => undefined) =>
    createComposer({
      bindings,
      commands: [],
      listFiles: () => Promise.resolve([]),
      historyFile: null,
      cwd: "/",
      home: "/",
      now: () => 0,
      onSubmit: async ({ text }) => submit(text),
      onAction: () => undefined,
      onError: () => undefined,
    });
  const composer = compose();
  for (const prompt of ["fix the line endings", "now the tests\nand the changelog", "review it, be harsh"]) {
    composer.setText(prompt);
    composer.press("", { ...NO_KEY, return: true });
  }
  const desk = {
    app,
    bindings,
    composer,
    theme: "dark",
    view: () => testView(79, { glyphs }),
    focus: () => focus,
    setFocus: (next: Focus) => {
      focus = next;
    },
    say: () => undefined,
    tryTheme: () => undefined,
    attempt: (task: () => Promise<void>) => void task(),
    ask: ({ title, masked = false, submit }: Parameters<Desk["ask"]>[0]) => {
      focus = { kind: "line", title, composer: compose(submit), masked };
    },
  } as unknown as Desk;
  const picker = (): PickerFocus => {
    if (focus.kind !== "picker") throw new Error("No picker is open.");
    return focus;
  };
  return {
    desk,
    picker,
    press: (chord) => pressInPicker(desk, picker(), { chord, text: null }),
    type: (text) => pressInPicker(desk, picker(), { chord: null, text }),
  };
}

/** Opens a list of the program and waits for its rows and its preview. */
export async function openSample(name: PickerName, typed = ""): Promise<SampleDesk> {
  const sample = await sampleDesk();
  showPicker(sample.desk, name);
  await vi.waitUntil(() => sample.picker().picker.items.length > 0);
  if (typed !== "") sample.type(typed);
  await waitForPreview(sample);
  return sample;
}

export async function waitForPreview({ picker }: SampleDesk): Promise<void> {
  await vi.waitUntil(() => picker().preview !== null);
}

/** As a window of 30 rows shows it. */
export function sampleRows(focus: PickerFocus, view: ItemView): string[] {
  const { question, ...picker } = focus;
  const hints = pickerHints(focus, defaultKeybindings());
  return pickerRows({ ...picker, hints, ...(question && { question: question.text }) }, 15, view);
}
