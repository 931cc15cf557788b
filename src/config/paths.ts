// Where Hearth keeps its files. Makes no folder: who writes makes it.
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { type Environment, readVariable } from "./env.ts";

/** Absolute paths of everything Hearth reads or writes outside the workspace. */
export type HearthPaths = {
  home: string;
  configDir: string;
  dataDir: string;
  settingsFile: string;
  preferencesFile: string;
  trustFile: string;
  permissionsFile: string;
  credentialsFile: string;
  keybindingsFile: string;
  themesDir: string;
  sessionsDir: string;
  /** Full tool outputs that were cut for the model. */
  outputsDir: string;
  historyDir: string;
  /** How models' services count tokens against our estimates. */
  calibrationFile: string;
  /** Shadow repositories, a folder for each workspace. */
  checkpointsDir: string;
  /** Overlays and copies of sessions that only try. */
  triesDir: string;
  /** Terminal sessions of `hearth mux`: records, sockets, last screens. */
  muxDir: string;
  /** What the gate decided, one JSON object a line. */
  auditFile: string;
  /** A file for each process of ours with external agents at work. */
  agentsDir: string;
};

/** `HEARTH_HOME` puts all of it in one folder; else the XDG base directory specification rules. */
export function hearthPaths(env: Environment): HearthPaths {
  const home = readVariable(env, "HOME") ?? homedir();
  const single = readVariable(env, "HEARTH_HOME");
  const configDir = single ?? join(baseDir(env, "XDG_CONFIG_HOME") ?? join(home, ".config"), "hearth");
  const dataDir = single ?? join(baseDir(env, "XDG_DATA_HOME") ?? join(home, ".local", "share"), "hearth");
  return {
    home,
    configDir,
    dataDir,
    settingsFile: join(configDir, "settings.json"),
    preferencesFile: join(configDir, "preferences.json"),
    trustFile: join(configDir, "trust.json"),
    permissionsFile: join(configDir, "permissions.json"),
    credentialsFile: join(configDir, "credentials.json"),
    keybindingsFile: join(configDir, "keybindings.json"),
    themesDir: join(configDir, "themes"),
    sessionsDir: join(dataDir, "sessions"),
    outputsDir: join(dataDir, "outputs"),
    historyDir: join(dataDir, "history"),
    calibrationFile: join(dataDir, "token-calibration.json"),
    checkpointsDir: join(dataDir, "checkpoints"),
    triesDir: join(dataDir, "tries"),
    muxDir: join(dataDir, "mux"),
    auditFile: join(dataDir, "audit.jsonl"),
    agentsDir: join(dataDir, "agents"),
  };
}

/** Settings of the project in `cwd`; they take effect only in a trusted directory. */
export function projectSettingsFile(cwd: string): string {
  return join(cwd, ".hearth", "settings.json");
}

/** The specification says that relative values are to be ignored. */
function baseDir(env: Environment, name: string): string | undefined {
  const value = readVariable(env, name);
  return value !== undefined && isAbsolute(value) ? value : undefined;
}
