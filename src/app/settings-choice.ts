// SettingsChoice: every setting with its value and its source, and changing one in a settings file.
import { type LoadedSettings, type LoadOptions, loadSettings } from "../config/load-settings.ts";
import { projectSettingsFile } from "../config/paths.ts";
import type { Preferences } from "../config/preferences.ts";
import type { Settings } from "../config/settings.ts";
import { readWrittenSettings } from "../config/settings-file.ts";
import type { StateFile } from "../config/state-file.ts";
import { AppError } from "../lib/app-error.ts";
import type { SettingLayer, SettingRow, SettingSource } from "./settings-list.ts";

export type SettingsFile = "user" | "project";

/** `hiddenBy`: the layer that holds against what was just written; null: the new value is in force. */
type SettingChange = { row: SettingRow; hiddenBy: SettingSource | null };

export interface SettingsChoice {
  /** Merged, as they stand after the last change made here. */
  current(): Settings;
  /** Every setting there is; the files are read anew. Throws `settings.*`. */
  list(): Promise<SettingRow[]>;
  /** Absolute path of a settings file, there or not. */
  file(which: SettingsFile): string;
  /**
   * Writes one setting, or one entry of a table (`providers.mine`); undefined takes it out. What was chosen by command before gives way to the user's file.
   * Throws `settings.*`, and nothing was changed then.
   */
  set(path: string, value: unknown, to: SettingsFile): Promise<SettingChange>;
}

export type SettingsChoiceOptions = LoadOptions & {
  /** `--runtime`. */
  runtimeFlag: string | undefined;
  preferences: StateFile<Preferences>;
  loaded: LoadedSettings;
};

/** Settings that a command keeps as a preference, and that the file may take back. */
const TAKEN_BACK = ["model", "thinking", "theme"] as const;

export function createSettingsChoice(options: SettingsChoiceOptions): SettingsChoice {
  let settings = options.loaded.settings;
  const { paths, cwd, env, trusted, preferences } = options;
  const file = (which: SettingsFile): string =>
    which === "project" ? projectSettingsFile(cwd) : (options.userFile ?? paths.settingsFile);
  const list = async (): Promise<SettingRow[]> => {
    const [{ listSettings }, { settingsJsonSchema }, layers] = await Promise.all([
      import("./settings-list.ts"),
      import("../config/settings-schema.ts"),
      writtenLayers(options),
    ]);
    return listSettings(settingsJsonSchema(), layers);
  };
  return {
    current: () => settings,
    list,
    file,
    set: async (path, value, to) => {
      if (to === "project" && !trusted) throw untrusted();
      const { writeSetting } = await import("../config/write-setting.ts");
      await writeSetting({ file: file(to), path, value }, env);
      if (to === "user") await takeBack(path, preferences);
      settings = (await loadSettings(options)).settings;
      const row = (await list()).find((each) => path === each.path || path.startsWith(`${each.path}.`));
      if (row === undefined) throw new AppError("settings.unknown", `There is no setting ${path}.`);
      return { row, hiddenBy: hiddenBy(row, to) };
    },
  };
}

/** As they are written, so that a variable is not replaced by its value when the person edits. */
async function writtenLayers(options: SettingsChoiceOptions): Promise<SettingLayer[]> {
  const { layers } = await loadSettings(options);
  const written = await Promise.all(
    layers.map(async ({ source, file, settings }): Promise<SettingLayer> => {
      const isRead = file !== undefined && (source !== "project" || options.trusted);
      return { source, values: isRead ? await readWrittenSettings(file) : settings };
    }),
  );
  return addChoices(written, (await options.preferences.read()).value, options);
}

/** Preferences hold against the user's own file; a forced runtime against everything but `--runtime`. */
function addChoices(
  written: readonly SettingLayer[],
  { runtime, ...choice }: Preferences,
  { flags, runtimeFlag }: SettingsChoiceOptions,
): SettingLayer[] {
  return written.flatMap((layer): SettingLayer[] => {
    if (layer.source === "user") return [layer, { source: "choice", values: choice }];
    if (layer.source !== "flag") return [layer];
    const values = { ...flags, ...(runtimeFlag === undefined ? {} : { runtime: runtimeFlag }) };
    return [
      { source: "choice", values: { runtime } },
      { source: "flag", values },
    ];
  });
}

/** A forced runtime stays: `/runtime use config` goes back to the settings, and hands the conversation over. */
async function takeBack(path: string, preferences: StateFile<Preferences>): Promise<void> {
  const key = TAKEN_BACK.find((each) => each === path);
  if (key === undefined || (await preferences.read()).value[key] === undefined) return;
  await preferences.update(({ [key]: _chosen, ...rest }) => rest);
}

/** Tables of all layers add up, so that none hides another. */
function hiddenBy({ kind, layers, source }: SettingRow, written: SettingsFile): SettingSource | null {
  const isThere = layers.some((layer) => layer.source === written);
  return isThere && source !== written && kind.type !== "table" ? source : null;
}

function untrusted(): AppError {
  return new AppError("settings.untrusted", "This directory is not trusted: its settings have no effect.", {
    hint: "Write to your own file, or trust the directory at the next start.",
  });
}
