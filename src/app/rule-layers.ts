// The permission rules in force: one layer a source, from settings files, flags and stored answers.
import type { LoadedSettings, SettingsSource } from "../config/load-settings.ts";
import type { StoredPermissions } from "../config/permissions.ts";
import type { Settings } from "../config/settings.ts";

/** Rule texts of one source; runtimes parse them. */
export type RuleTexts = {
  source: string;
  allow: readonly string[];
  ask: readonly string[];
  deny: readonly string[];
  log: readonly string[];
};

const SOURCE_NAMES: Readonly<Record<SettingsSource, string>> = {
  default: "defaults",
  user: "your settings",
  project: "the project's settings",
  env: "environment",
  flag: "flags",
};

/** Rules add up over the layers: a stronger layer does not replace a weaker one's. */
export function ruleTexts(loaded: LoadedSettings, stored: StoredPermissions, project: string): RuleTexts[] {
  const settings = loaded.layers.map((layer) => textsOf(SOURCE_NAMES[layer.source], layer.settings));
  const answers = stored[project];
  const answered = answers ? [{ source: "your answers", ...answers, ask: [], log: [] }] : [];
  return [...settings, ...answered].filter(
    ({ allow, ask, deny, log }) => allow.length + ask.length + deny.length + log.length > 0,
  );
}

function textsOf(source: string, { allow = [], ask = [], deny = [], log = [] }: Settings): RuleTexts {
  return { source, allow, ask, deny, log };
}
