// Asking for the value of one setting: a list where the values are known, a line where they are not, the file where
// there are several.
import { readSettingText, sourceWords } from "../../app/change-setting.ts";
import type { SettingsFile } from "../../app/settings-choice.ts";
import { holdsSecret, type SettingRow } from "../../app/settings-list.ts";
import { abbreviateHome } from "../../lib/paths.ts";
import { previewLine } from "../components/picker-preview.ts";
import { openPicker, type PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { keyNames } from "../keys/key-words.ts";
import { askTheme } from "./theme-choice.ts";

export type ValueQuestion = {
  desk: Desk;
  row: SettingRow;
  /** To the list of settings, with one line to say. */
  back: (said: string) => void;
  /** undefined takes the setting out of the file. */
  change: (value: unknown) => void;
  edit: (which: SettingsFile) => void;
};

/** So many answers are seen at a glance. */
const FEW = 9;

const UNCHANGED = "Nothing was changed.";

export function askValue(question: ValueQuestion): void {
  const { desk, row } = question;
  switch (row.kind.type) {
    case "choice":
      askChoice(question, row.kind.values);
      break;
    case "text":
      if (holdsSecret(row)) askFile(question);
      else if (row.path === "theme") askForTheme(question);
      else if (row.path in KNOWN_VALUES) desk.attempt(() => askKnown(question));
      else askLine(question);
      break;
    case "number":
      askLine(question);
      break;
    case "switch":
      question.change(row.value !== true);
      break;
    case "list":
    case "table":
      askFile(question);
      break;
  }
}

/** Texts of which the program knows the values. */
const KNOWN_VALUES: Readonly<Record<string, (desk: Desk) => Promise<string[]>>> = {
  runtime: async ({ app }) => {
    const { runtimes } = await app.runtimes.status();
    return runtimes.filter(({ enabled }) => enabled).map(({ name }) => name);
  },
  model: async ({ app }) => {
    const models = await app.models.list();
    return [...Object.keys(app.settings.models ?? {}), ...models.map(({ vendor, id }) => `${vendor}/${id}`)];
  },
};

async function askKnown(question: ValueQuestion): Promise<void> {
  const { desk, row } = question;
  askChoice(question, (await KNOWN_VALUES[row.path]?.(desk)) ?? []);
}

function askForTheme({ desk, change, back }: ValueQuestion): void {
  askTheme(desk, { title: "theme", choose: change, closes: "goes back", cancel: () => back(UNCHANGED) });
}

/** No value of a setting is this. */
const TAKE_OUT = "\0take out";
const WRITE = "\0write";

function askChoice(question: ValueQuestion, values: readonly string[]): void {
  const { desk, row, change, back } = question;
  const items = values.map((value) => ({ value, label: value, detail: "", current: value === row.value }));
  desk.setFocus({
    kind: "picker",
    picker: openPicker(row.path, [...items, ...otherItems(row)]),
    choose: (value) => {
      if (value === WRITE) askLine(question);
      else change(value === TAKE_OUT ? undefined : value);
    },
    cancel: () => back(UNCHANGED),
    closes: "goes back",
    isShort: values.length <= FEW,
    preview: [previewLine(row.description)],
    previewHeight: 2,
  });
}

function otherItems({ kind, layers, path }: SettingRow): PickerItem<string>[] {
  const item = (value: string, label: string, detail: string) => ({ value, label, detail, current: false });
  const isOwn = layers.some(({ source }) => source === "user");
  return [
    ...(kind.type === "text" && path === "model" ? [item(WRITE, "another", "vendor/model[:thinking]")] : []),
    ...(isOwn ? [item(TAKE_OUT, "as if not set", "taken out of your file")] : []),
  ];
}

/** The line begins with what stands in the strongest layer. */
function askLine({ desk, row, change, back }: ValueQuestion): void {
  const key = keyNames(desk.bindings);
  desk.ask({
    title: `${row.path}: ${key("submit")} takes it, empty is as if not set, ${key("interrupt")} goes back`,
    initial: row.value === undefined ? "" : String(row.value),
    submit: (text) => change(readSettingText(row, text)),
    cancel: () => back(UNCHANGED),
  });
}

function askFile({ desk, row, edit, back }: ValueQuestion): void {
  const { settingsChoice } = desk.app;
  const inProject = row.layers.some(({ source }) => source === "project");
  const item = (which: SettingsFile, label: string) => ({
    value: which,
    label,
    detail: abbreviateHome(settingsChoice.file(which), desk.app.paths.home),
    current: false,
  });
  const files = [
    item("user", "open your file"),
    ...(inProject ? [item("project", "open the project's file")] : []),
  ];
  desk.setFocus({
    kind: "picker",
    picker: openPicker(`${row.path} is edited in the file, in $EDITOR`, files),
    choose: (which) => edit(which === "project" ? "project" : "user"),
    cancel: () => back(""),
    verb: "opens it",
    closes: "goes back",
    isShort: true,
    previewHeight: 5,
    preview: [
      previewLine(row.description),
      previewLine(
        `"${row.path.split(".").at(-1)}": ${row.kind.type === "list" ? '["...", "..."]' : '{ "name": ... }'}`,
        "code",
      ),
      previewLine(`now: ${row.shown} (${sourceWords(row.source)})`, "dim", 3),
    ],
  });
}
