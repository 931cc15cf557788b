// Keys that the user pasted into Hearth: a 0600 file of variable names and values. The environment wins over it.
import { type Environment, readVariable } from "./env.ts";
import { type StateFile, stateFile } from "./state-file.ts";
import { readRecord, readString } from "./state-shapes.ts";

type Credentials = Readonly<Record<string, string>>;

export function credentialsFile(file: string): StateFile<Credentials> {
  return stateFile(file, parseCredentials, {});
}

/** The environment with stored keys in place of variables that are unset or empty. */
export function withCredentials(env: Environment, credentials: Credentials): Environment {
  const missing = Object.entries(credentials).filter(([name]) => readVariable(env, name) === undefined);
  return missing.length === 0 ? env : { ...env, ...Object.fromEntries(missing) };
}

function parseCredentials(value: unknown): Credentials | null {
  const record = readRecord(value);
  if (!record) return null;
  const entries = Object.entries(record).flatMap(([name, key]) => {
    const text = readString(key);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(entries);
}
