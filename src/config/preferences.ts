// Preferences: what a person chose with a command and expects after a restart (runtime, model, theme).
import { type StateFile, stateFile } from "./state-file.ts";
import { readRecord, readString } from "./state-shapes.ts";

/** `runtime`: absent is the config default, else the name that is forced ("native" included). */
export type Preferences = {
  runtime?: string;
  model?: string;
  thinking?: string;
  theme?: string;
  /** "seen": the screens of the first run are not shown again. */
  welcome?: string;
};

export function preferencesFile(file: string): StateFile<Preferences> {
  return stateFile(file, parsePreferences, {});
}

function parsePreferences(value: unknown): Preferences | null {
  const record = readRecord(value);
  if (!record) return null;
  const preferences: Preferences = {};
  for (const key of ["runtime", "model", "thinking", "theme", "welcome"] as const) {
    if (record[key] === undefined) continue;
    const text = readString(record[key]);
    if (text === undefined) return null;
    preferences[key] = text;
  }
  return preferences;
}
