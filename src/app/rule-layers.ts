// The permission rules in force: one layer a source, from settings files, flags and stored answers; and how they are
// changed. What is changed holds at once and stands in its file.
import type { Environment } from "../config/env.ts";
import type { LoadedSettings, SettingsSource } from "../config/load-settings.ts";
import { addStoredRule, removeStoredRule, type StoredPermissions } from "../config/permissions.ts";
import type { Settings } from "../config/settings.ts";
import type { StateFile } from "../config/state-file.ts";
import { AppError } from "../lib/app-error.ts";

/** Rule texts of one source; runtimes parse them. `file`: absolute, null where they stand in none. */
export type RuleTexts = {
  source: string;
  file: string | null;
  allow: readonly string[];
  ask: readonly string[];
  deny: readonly string[];
  log: readonly string[];
};

/** A rule as it stands in one place. */
export type PlacedRule = {
  kind: "allow" | "ask" | "deny";
  text: string;
  source: string;
  file: string | null;
};

export type RuleBook = {
  rules: () => RuleTexts[];
  /** Stores an answer. Throws `state.write`. */
  remember: (text: string, kind: "allow" | "deny") => Promise<void>;
  /**
   * Takes a rule out of its file. Throws `permissions.fixed` for one that stands in none, `permissions.gone` where
   * the file has it no more, `settings.*` and `state.write`; the rule holds on then.
   */
  removeRule: (rule: PlacedRule) => Promise<void>;
};

const SOURCE_NAMES: Readonly<Record<SettingsSource, string>> = {
  default: "defaults",
  user: "your settings",
  project: "the project's settings",
  env: "environment",
  flag: "flags",
};
const ANSWERS = "your answers";

export type RuleBookOptions = {
  loaded: Pick<LoadedSettings, "layers">;
  answers: { stored: StoredPermissions; file: string; state: StateFile<StoredPermissions> };
  /** Absolute folder whose answers count. */
  project: string;
  env: Environment;
};

export function createRuleBook({ loaded, answers, project, env }: RuleBookOptions): RuleBook {
  let { layers } = loaded;
  let { stored } = answers;
  return {
    rules: () => ruleTexts({ layers }, { stored, file: answers.file }, project),
    remember: async (text, kind) => {
      stored = await answers.state.update((table) => addStoredRule(table, project, { kind, text }));
    },
    removeRule: async (rule) => {
      const { kind, text, source, file } = rule;
      if (file === null) throw fixed(rule);
      if (source === ANSWERS) {
        if (kind === "ask") throw gone(rule);
        stored = await answers.state.update((table) => removeStoredRule(table, project, { kind, text }));
        return;
      }
      const { removeListed } = await import("../config/write-setting.ts");
      if (!(await removeListed({ file, list: kind, text }, env))) throw gone(rule);
      layers = layers.map((layer) =>
        SOURCE_NAMES[layer.source] === source
          ? { ...layer, settings: withoutFirst(layer.settings, kind, text) }
          : layer,
      );
    },
  };
}

/** Rules add up over the layers: a stronger layer does not replace a weaker one's. */
export function ruleTexts(
  { layers }: RuleBookOptions["loaded"],
  answers: { stored: StoredPermissions; file: string },
  project: string,
): RuleTexts[] {
  const settings = layers.map((layer) =>
    textsOf({ source: SOURCE_NAMES[layer.source], file: layer.file ?? null }, layer.settings),
  );
  const own = answers.stored[project];
  const answered = own ? [textsOf({ source: ANSWERS, file: answers.file }, own)] : [];
  return [...settings, ...answered].filter(
    ({ allow, ask, deny, log }) => allow.length + ask.length + deny.length + log.length > 0,
  );
}

type Listed = { [List in "allow" | "ask" | "deny" | "log"]?: readonly string[] | undefined };

function textsOf(
  place: Pick<RuleTexts, "source" | "file">,
  { allow = [], ask = [], deny = [], log = [] }: Listed,
): RuleTexts {
  return { ...place, allow, ask, deny, log };
}

function withoutFirst(settings: Settings, kind: PlacedRule["kind"], text: string): Settings {
  const texts = settings[kind] ?? [];
  return { ...settings, [kind]: texts.toSpliced(texts.indexOf(text), 1) };
}

function fixed({ text, source }: PlacedRule): AppError {
  return new AppError("permissions.fixed", `The rule ${text} stands in no file: it comes from ${source}.`, {
    hint: "Start without it.",
  });
}

function gone({ text, file }: PlacedRule): AppError {
  return new AppError("permissions.gone", `${file} has no rule ${text} any more.`, {
    hint: "What was changed in the file holds from the next start.",
  });
}
