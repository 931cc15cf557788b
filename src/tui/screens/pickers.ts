// The lists there are to choose from, all in the same picker.
import type { App } from "../../app/app.ts";
import { listModels } from "../../app/commands/model.ts";
import { formatAge, formatTokens } from "../../app/format.ts";
import { PermissionMode } from "../../protocol/approval.ts";
import { filterPicker, openPicker, type PickerItem } from "../components/picker-state.ts";
import { COMPOSER_FOCUS, type Desk } from "../desk.ts";
import { rankFuzzily } from "../editor/rank.ts";
import { BUILT_IN_THEMES } from "../theme/theme-file.ts";

export type PickerName = "model" | "session" | "run" | "runtime" | "theme" | "permission-mode";

type Source = {
  title: string;
  items: (app: App) => Promise<PickerItem<string>[]>;
  /** The command line that choosing a value stands for. */
  command: (value: string) => string;
};

const SOURCES: Readonly<Record<PickerName, Source>> = {
  model: { title: "choose a model", items: modelItems, command: (value) => `/model ${value}` },
  session: { title: "resume a session", items: sessionItems, command: (value) => `/resume ${value}` },
  run: { title: "go back to the end of", items: runItems, command: (value) => `/rewind ${value}` },
  runtime: {
    title: "hand the conversation to",
    items: runtimeItems,
    command: (value) => (value === "" ? "/runtime use config" : `/runtime activate ${value}`),
  },
  theme: { title: "choose a theme", items: themeItems, command: (value) => `/theme ${value}` },
  "permission-mode": {
    title: "permission mode",
    items: modeItems,
    command: (value) => `/permissions ${value}`,
  },
};

/** Opens the picker, also before its items are there; what is chosen runs as the slash command it stands for. */
export function showPicker(desk: Desk, name: PickerName): void {
  const { title, items, command } = SOURCES[name];
  const choose = (value: string): void => desk.command(command(value));
  const isOpen = (): boolean => queryIn(desk, choose) !== null;
  desk.setFocus({ kind: "picker", picker: openPicker(title, []), choose });
  desk.attempt(async () => {
    const found = await items(desk.app).catch((error: unknown) => {
      if (isOpen()) desk.setFocus(COMPOSER_FOCUS);
      throw error;
    });
    const query = queryIn(desk, choose);
    if (query === null) return;
    if (found.length === 0) {
      desk.setFocus(COMPOSER_FOCUS);
      desk.say(`There is nothing to choose: ${title}.`);
      return;
    }
    const picker = openPicker(title, found);
    const shown = query === "" ? picker : filterPicker(picker, query, rankFuzzily);
    desk.setFocus({ kind: "picker", picker: shown, choose });
  });
}

/** What was typed into this picker; null when it is not open any more. */
function queryIn(desk: Desk, choose: (value: string) => void): string | null {
  const focus = desk.focus();
  return focus.kind === "picker" && focus.choose === choose ? focus.picker.query : null;
}

async function modelItems(app: App): Promise<PickerItem<string>[]> {
  const current = app.conversation.state().model;
  const models = await listModels(app);
  return models.map((model) => {
    const value = `${model.vendor}/${model.id}`;
    const price = model.price === null ? "" : `  $${model.price.input} in, $${model.price.output} out`;
    const detail = `${model.name}  ${formatTokens(model.contextWindow)}${price}`;
    return { value, label: value, detail, current: value === current };
  });
}

async function sessionItems(app: App): Promise<PickerItem<string>[]> {
  const sessions = await app.sessions.list({ all: false });
  return sessions.map((session) => {
    const runs = `${session.runs} ${session.runs === 1 ? "run" : "runs"}`;
    return {
      value: session.path,
      label: session.name || session.firstPrompt || session.id,
      detail: `${formatAge(Date.now() - session.modifiedMs)} ago  ${runs}  ${session.runtimes.join(", ")}`,
      current: session.id === app.conversation.sessionId,
    };
  });
}

/** The runs of this branch, newest first, with the numbers that /tree shows; then the place before them. */
async function runItems({ conversation, paths, cwd }: App): Promise<PickerItem<string>[]> {
  if (conversation.file === null || conversation.state().runs === 0) return [];
  const { openLibrary } = await import("../../app/session-library.ts");
  const entries = await openLibrary({ dir: paths.sessionsDir, cwd }).entries(conversation.file);
  const runs = entries.filter((entry) => entry.type === "run_start");
  const items = runs.map(({ prompt, time }, index) => ({
    value: `${index + 1}`,
    label: `${index + 1}. ${prompt}`,
    detail: `${formatAge(Date.now() - Date.parse(time))} ago`,
    current: index === runs.length - 1,
  }));
  const start = { value: "0", label: "0. before the first prompt", detail: "", current: false };
  return [...items.reverse(), start];
}

async function runtimeItems(app: App): Promise<PickerItem<string>[]> {
  const { mode, effective, runtimes } = await app.runtimes.status();
  const declared = runtimes
    .filter((runtime) => runtime.enabled)
    .map(({ name, kind, available, detail }) => ({
      value: name,
      label: name,
      detail: available
        ? [kind, detail].filter((part) => part !== "").join("  ")
        : `not available: ${detail}`,
      current: mode === "forced" && name === effective,
    }));
  const follow = { value: "", label: "as the settings say", detail: "", current: mode === "config-default" };
  return [...declared, follow];
}

function themeItems(app: App): Promise<PickerItem<string>[]> {
  return Promise.resolve(
    BUILT_IN_THEMES.map((name) => ({ value: name, label: name, detail: "", current: name === app.theme })),
  );
}

function modeItems(app: App): Promise<PickerItem<string>[]> {
  const current = app.permissions.mode();
  return Promise.resolve(
    PermissionMode.options.map((mode) => ({
      value: mode,
      label: mode,
      detail: MODES[mode],
      current: mode === current,
    })),
  );
}

const MODES: Readonly<Record<PermissionMode, string>> = {
  ask: "reading runs, everything else asks",
  "accept-edits": "edits run, commands ask",
  plan: "nothing that changes anything",
  auto: "what runs inside a sandbox does not ask",
  full: "nothing asks",
};
