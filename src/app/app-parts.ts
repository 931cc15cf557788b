// AppParts: everything that was read or chosen before an App is put together. Types only.
import type { Environment } from "../config/env.ts";
import type { HearthPaths } from "../config/paths.ts";
import type { Preferences } from "../config/preferences.ts";
import type { Settings } from "../config/settings.ts";
import type { StateFile } from "../config/state-file.ts";
import type { Role } from "../context/roles.ts";
import type { Editor } from "../protocol/editor.ts";
import type { McpServer } from "../protocol/mcp.ts";
import type { Model } from "../protocol/model.ts";
import type { StreamFn } from "../protocol/stream.ts";
import type { HeldTrial } from "../runtimes/try-mode.ts";
import type { TrustQuestion } from "./app.ts";
import type { RuleBook } from "./rule-layers.ts";
import type { SessionWish } from "./session-wish.ts";
import type { SettingsChoice } from "./settings-choice.ts";

export type AppParts = RuleBook & {
  /** Where tools work: the project itself, or its twin in a try. */
  cwd: string;
  /** The directory as the person knows it: whose sessions, rules and settings these are. */
  project: string;
  /** The try that this program works in. */
  trial: HeldTrial | null;
  /** With stored keys in place of variables that are not set. */
  env: Environment;
  /** Without them: what external agents may get of it. Our stored keys are ours. */
  ownEnv: Environment;
  paths: HearthPaths;
  settings: Settings;
  settingsChoice: SettingsChoice;
  flags: Settings;
  interactive: boolean;
  /** What another process has open is opened to be looked at: somebody is there who can choose what next. */
  views: boolean;
  session: SessionWish;
  name: string | undefined;
  /** `--runtime`: for this process only. */
  runtimeFlag: string | undefined;
  preferences: StateFile<Preferences>;
  preferred: Preferences;
  /** Sentences to tell the person at the start. */
  warnings: string[];
  storeKey: (variable: string, key: string) => Promise<void>;
  trust: TrustQuestion;
  /** The user said that they trust the directory. */
  trusted: boolean;
  /** `--role`. */
  role: Role | null;
  /** Whether the project's AGENTS.md is read: not where the user said that it is not trusted. */
  readsInstructions: boolean;
  /** Lends its files and terminals. */
  editor?: Editor;
  /** Servers whose tools the session has. */
  mcpServers?: readonly McpServer[];
  /** A model without a service: the demo's. */
  local?: { model: Model; stream: StreamFn };
  now: () => number;
  newId: () => string;
};
