// Layers of settings: defaults < user < project (trusted only) < environment < flags; and where each value is from.
import { dirname, join } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { DEFAULT_SETTINGS } from "./default-settings.ts";
import { type Environment, readVariable } from "./env.ts";
import { type HearthPaths, projectSettingsFile } from "./paths.ts";
import type { Settings } from "./settings.ts";
import { readSettingsFile } from "./settings-file.ts";

export type SettingsSource = "default" | "user" | "project" | "env" | "flag";

export type LoadedSettings = {
  /** Merged: objects key by key, lists and scalars replaced by the stronger layer. */
  settings: Settings;
  /** Each layer as it stands, weakest first; policy reads rules from here, since they add up. */
  layers: readonly { source: SettingsSource; file?: string; settings: Settings }[];
  /** True when the project has settings, roles or prompts that were left out because the directory is not trusted. */
  untrustedProject: boolean;
};

export type LoadOptions = {
  paths: HearthPaths;
  cwd: string;
  env: Environment;
  flags: Settings;
  trusted: boolean;
  /** `--config FILE`: read in place of the user's file; must exist. */
  userFile?: string;
};

/** Throws `settings.*` for a file that cannot be read or is not valid (exit 2). */
export async function loadSettings(options: LoadOptions): Promise<LoadedSettings> {
  const { paths, cwd, env, flags, trusted } = options;
  const userFile = options.userFile ?? paths.settingsFile;
  const projectFile = projectSettingsFile(cwd);
  const [user, project] = await Promise.all([
    readSettingsFile(userFile, env),
    trusted ? readSettingsFile(projectFile, env) : null,
  ]);
  if (options.userFile !== undefined && user === null) {
    throw new AppError("settings.missing", `${options.userFile}: no such settings file.`, {
      hint: "--config takes the path of a JSON file.",
    });
  }
  const layers = [
    { source: "default" as const, settings: DEFAULT_SETTINGS },
    { source: "user" as const, file: userFile, settings: user ?? {} },
    { source: "project" as const, file: projectFile, settings: project ?? {} },
    { source: "env" as const, settings: environmentSettings(env) },
    { source: "flag" as const, settings: flags },
  ];
  const settings = layers.reduce<Settings>((merged, layer) => mergeSettings(merged, layer.settings), {});
  return { settings, layers, untrustedProject: !trusted && (await hasProjectConfig(cwd)) };
}

/** Source of a top-level setting (or of one key inside it, as `retry.attempts`): the strongest layer that has it. */
export function settingOrigin(loaded: LoadedSettings, path: string): SettingsSource {
  const holder = loaded.layers.findLast((layer) => readPath(layer.settings, path) !== undefined);
  return holder?.source ?? "default";
}

function environmentSettings(env: Environment): Settings {
  const model = readVariable(env, "HEARTH_MODEL");
  const theme = readVariable(env, "HEARTH_THEME");
  const reader = readVariable(env, "INK_SCREEN_READER");
  return {
    ...(model === undefined ? {} : { model }),
    ...(theme === undefined ? {} : { theme }),
    ...(reader === undefined ? {} : { screenReader: reader === "true" || reader === "1" }),
  };
}

function mergeSettings(weaker: Settings, stronger: Settings): Settings {
  const merged: Record<string, unknown> = { ...weaker };
  for (const [key, value] of Object.entries(stronger)) {
    const below = merged[key];
    merged[key] = isPlainObject(below) && isPlainObject(value) ? { ...below, ...value } : value;
  }
  return merged;
}

function readPath(settings: Settings, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (isPlainObject(value) ? value[key] : undefined), settings);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function hasProjectConfig(cwd: string): Promise<boolean> {
  const { access } = await import("node:fs/promises");
  const exists = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );
  const folder = dirname(projectSettingsFile(cwd));
  const found = await Promise.all(
    ["settings.json", "roles", "prompts"].map((name) => exists(join(folder, name))),
  );
  return found.includes(true);
}
