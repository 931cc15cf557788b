// The composition root: reads the settings, makes every part once and joins them. Holds no behaviour of its own.
import { credentialsFile, withCredentials } from "../config/credentials.ts";
import type { Environment } from "../config/env.ts";
import {
  type LoadedSettings,
  loadSettings,
  type SettingsSource,
  settingOrigin,
} from "../config/load-settings.ts";
import { type HearthPaths, hearthPaths } from "../config/paths.ts";
import { permissionsFile } from "../config/permissions.ts";
import { type Preferences, preferencesFile } from "../config/preferences.ts";
import type { Settings } from "../config/settings.ts";
import { trustFile, trustOf } from "../config/trust.ts";
import { AppError } from "../lib/app-error.ts";
import { newId } from "../lib/ids.ts";
import { NATIVE } from "../runtimes/runtime.ts";
import type { HeldTrial } from "../runtimes/try-mode.ts";
import type { App } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { assembleApp } from "./assemble-app.ts";
import { belowRole, roleOfFlag, withRole } from "./role-flag.ts";
import { createRuleBook } from "./rule-layers.ts";
import type { SessionWish } from "./session-wish.ts";
import { createSettingsChoice } from "./settings-choice.ts";
import { rulesInTry, tryWarnings, withoutOthers } from "./trial-choice.ts";

export type CreateAppOptions = {
  /** Absolute real path. */
  cwd: string;
  env: Environment;
  /** The strongest layer of settings. */
  flags: Settings;
  /** `--config FILE`. */
  settingsFile?: string;
  demo: boolean;
  /** The try to work in, begun already. */
  trial?: string;
  /** A person can be asked. */
  interactive: boolean;
  /** What another process has open may be looked at. */
  views?: boolean;
  session: SessionWish;
  /** Name of the session. */
  name?: string;
  /** `--runtime`, for this process only. */
  runtime?: string;
  /** `--role`. */
  role?: string;
} & Pick<AppParts, "editor" | "mcpServers">;

/** Layers to which a preference of the person's is the newer word. */
const BELOW_PREFERENCES: readonly SettingsSource[] = ["default", "user"];

const UNTRUSTED =
  "This directory has files of its own for Hearth (.hearth/settings.json, roles or prompts); they are ignored until you trust it in the terminal.";

/** Throws AppErrors of settings, model, session and tools before anything is sent or stored. */
export async function createApp(options: CreateAppOptions): Promise<App> {
  const { editor, mcpServers = [] } = options;
  const parts = options.demo ? await demoParts(options) : await readParts(options);
  return assembleApp({ ...parts, mcpServers, ...(editor === undefined ? {} : { editor }) });
}

async function readParts(options: CreateAppOptions): Promise<AppParts> {
  const { cwd, flags, interactive } = options;
  const { env: ownEnv, runtime: runtimeFlag } = options;
  const paths = hearthPaths(ownEnv);
  const { preferences, permissions, trust, keys } = stateFiles(paths);
  const [credentials, preferred, stored, trusted] = await Promise.all([
    keys.read(),
    preferences.read(),
    permissions.read(),
    trust.read(),
  ]);
  const answer = trustOf(trusted.value, cwd);
  const env = withCredentials(ownEnv, credentials.value);
  const isTrusted = answer === "trusted";
  const sources = {
    paths,
    cwd,
    env,
    flags,
    trusted: isTrusted,
    ...(options.settingsFile === undefined ? {} : { userFile: options.settingsFile }),
  };
  const loaded = await loadSettings(sources);
  const answers = { stored: stored.value, file: paths.permissionsFile, state: permissions };
  const role = await roleOfFlag(options.role, { paths, cwd, trusted: isTrusted });
  const trial = await heldTrial(options, paths.triesDir);
  const settings = trial === null ? loaded.settings : withoutOthers(loaded.settings);
  const book = createRuleBook({ loaded, answers, project: cwd, env });
  return {
    cwd: trial?.root ?? cwd,
    project: cwd,
    trial,
    env,
    ownEnv,
    paths,
    settings: withRole(settings, role, flags),
    settingsChoice: createSettingsChoice({ ...sources, preferences, loaded, runtimeFlag }),
    flags,
    interactive,
    views: options.views ?? false,
    session: options.session,
    name: options.name,
    runtimeFlag,
    preferences,
    preferred: belowRole(preferencesInForce(keptPreferences(preferred), loaded), role),
    warnings: [
      ...[credentials, preferred, stored, trusted].flatMap(({ warning }) => warning ?? []),
      ...(loaded.untrustedProject && answer === "unknown" && !interactive ? [UNTRUSTED] : []),
      ...(trial === null ? [] : tryWarnings(trial, loaded.settings)),
    ],
    ...book,
    rules: () => rulesInTry(book.rules(), { trial, project: cwd, home: paths.home }),
    storeKey: async (variable, key) => {
      await keys.update((stored) => ({ ...stored, [variable]: key }));
    },
    trusted: isTrusted,
    role,
    readsInstructions: answer !== "untrusted",
    trust: trustQuestion(trust, cwd, loaded.untrustedProject && answer === "unknown"),
    now: Date.now,
    newId,
  };
}

function trustQuestion(
  trust: ReturnType<typeof stateFiles>["trust"],
  cwd: string,
  pending: boolean,
): AppParts["trust"] {
  return {
    pending,
    answer: async (yes) => {
      await trust.update((table) => ({ ...table, [cwd]: yes ? "trusted" : "untrusted" }));
    },
  };
}

function stateFiles(paths: HearthPaths) {
  return {
    preferences: preferencesFile(paths.preferencesFile),
    permissions: permissionsFile(paths.permissionsFile),
    trust: trustFile(paths.trustFile),
    keys: credentialsFile(paths.credentialsFile),
  };
}

async function heldTrial({ trial, env }: CreateAppOptions, dir: string): Promise<HeldTrial | null> {
  if (trial === undefined) return null;
  const { holdTrial } = await import("../runtimes/try-mode.ts");
  return holdTrial(trial, { dir, env });
}

/** A damaged file is of somebody who was here: the first run, whose end is kept there, would overwrite it. */
function keptPreferences({ value, warning }: { value: Preferences; warning?: string }): Preferences {
  return warning === undefined ? value : { ...value, welcome: "seen" };
}

/** What was chosen by command holds against the user's own file, not against project, environment and flags. */
function preferencesInForce(preferred: Preferences, loaded: LoadedSettings): Preferences {
  const { runtime, ...others } = preferred;
  const kept = Object.entries(others).filter(([key]) =>
    BELOW_PREFERENCES.includes(settingOrigin(loaded, key)),
  );
  return { ...(runtime === undefined ? {} : { runtime }), ...Object.fromEntries(kept) };
}

/** The same program on the example project, with nothing stored. */
async function demoParts(options: CreateAppOptions): Promise<AppParts> {
  const [{ createDemoProject }, { demoScript }, { createFauxStream, fauxModel }, { memoryStateFile }] =
    await Promise.all([
      import("./demo/create-demo-project.ts"),
      import("./demo/demo-script.ts"),
      import("../providers/faux.ts"),
      import("../config/state-file.ts"),
    ]);
  const { dir } = await createDemoProject();
  const model = `${fauxModel.vendor}/${fauxModel.id}`;
  const parts = await readParts({ ...options, cwd: dir, flags: { ...options.flags, model } });
  return {
    ...parts,
    session: { kind: "none" },
    runtimeFlag: NATIVE,
    settingsChoice: { ...parts.settingsChoice, set: () => Promise.reject(keepsNothing()) },
    preferences: memoryStateFile({}),
    preferred: {},
    remember: () => Promise.resolve(),
    removeRule: () => Promise.reject(keepsNothing()),
    local: { model: fauxModel, stream: createFauxStream(demoScript) },
  };
}

function keepsNothing(): AppError {
  return new AppError("settings.demo", "The demo keeps no settings.", {
    hint: "Start `hearth` without --demo to change yours.",
  });
}
