// Commands about how the program is set up: /settings /keys /setup.
import { AppError } from "../../lib/app-error.ts";
import { nearest } from "../../lib/nearest.ts";
import type { App } from "../app.ts";
import type { SettingRow } from "../settings-list.ts";
import { settingChoices } from "./argument-choices.ts";
import type { Command, CommandResult } from "./command.ts";

export const settingsCommand: Command = {
  name: "settings",
  aliases: ["config"],
  usage: "[name [value]]",
  summary: "see and change every setting",
  whileBusy: "now",
  complete: async (app) => settingChoices(await app.settingsChoice.list()),
  run: async (args, app) => {
    const rows = await app.settingsChoice.list();
    if (args === "") return { text: listText(rows), ui: { kind: "screen", screen: "settings" } };
    const [, name = "", value = ""] = /^(\S+)\s*([\s\S]*)$/.exec(args) ?? [];
    const row = rows.find(({ path }) => path === name);
    if (row === undefined) throw unknownSetting(name, rows);
    return value === "" ? { text: describe(row) } : change(app, row, value);
  },
};

export const keysCommand: Command = {
  name: "keys",
  usage: "[all]",
  summary: "what each key does; all: as one text",
  whileBusy: "now",
  complete: () => Promise.resolve([{ value: "all", detail: "as one text in the transcript" }]),
  run: (args) =>
    Promise.resolve({
      text: "Whole lines are read here: keys are the terminal's own.",
      ui: { kind: "screen", screen: args === "all" ? "all-keys" : "keys" },
    }),
};

export const setupCommand: Command = {
  name: "setup",
  summary: "the first screens again: a model, a theme, trust",
  whileBusy: "refuse",
  run: () =>
    Promise.resolve({
      text: "Set ANTHROPIC_API_KEY or another vendor's key; /theme and /settings choose the rest.",
      ui: { kind: "screen", screen: "setup" },
    }),
};

async function change(app: App, row: SettingRow, written: string): Promise<CommandResult> {
  const { changeSetting, isHeldAbove, readSettingText } = await import("../change-setting.ts");
  const wanted = { row, value: readSettingText(row, written), to: "user" as const };
  const change = async () => (await changeSetting(app, wanted)).text;
  // The screen knows whether there is such a theme, and keeps it then.
  if (row.path === "theme" && !isHeldAbove(wanted))
    return { ui: { kind: "theme", name: written, keep: change } };
  return { text: await change() };
}

function listText(rows: readonly SettingRow[]): string {
  return rows.map(({ path, shown, source }) => `- ${path} = ${shown}  (${source})`).join("\n");
}

function describe({ path, shown, source, description }: SettingRow): string {
  return `${path} = ${shown}  (${source})\n${description}`;
}

function unknownSetting(name: string, rows: readonly SettingRow[]): AppError {
  const near = nearest(
    name,
    rows.map(({ path }) => path),
  );
  return new AppError("settings.unknown", `There is no setting ${name}.`, {
    hint: near === undefined ? "/settings lists them." : `Did you mean ${near}?`,
  });
}
