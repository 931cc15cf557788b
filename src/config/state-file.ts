// A small JSON state file (preferences, trust, ...): damaged means defaults and a warning; written atomically, 0600.
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../lib/app-error.ts";

export type StateFile<T> = {
  /** The value, or the default when the file is missing or damaged. `warning` says what was wrong. */
  read: () => Promise<{ value: T; warning?: string }>;
  /** Replaces the file by `change(value)`. A damaged file is overwritten only here. Throws `state.write`. */
  update: (change: (value: T) => T) => Promise<T>;
};

/** `parse` returns null for a value of the wrong shape; it must not throw. */
export function stateFile<T>(file: string, parse: (value: unknown) => T | null, initial: T): StateFile<T> {
  const read = async (): Promise<{ value: T; warning?: string }> => {
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      if (isMissing(error)) return null;
      return "";
    });
    if (text === null) return { value: initial };
    const value = parseJson(text, parse);
    if (value !== null) return { value };
    return { value: initial, warning: `${file} is damaged; defaults apply until the next change is saved.` };
  };
  const update = async (change: (value: T) => T): Promise<T> => {
    const next = change((await read()).value);
    await writeAtomically(file, `${JSON.stringify(next, null, 2)}\n`);
    return next;
  };
  return { read, update };
}

function parseJson<T>(text: string, parse: (value: unknown) => T | null): T | null {
  try {
    const value: unknown = JSON.parse(text);
    return parse(value);
  } catch {
    // Not JSON: damaged, which the caller reports.
    return null;
  }
}

async function writeAtomically(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(temporary, text, { mode: 0o600 });
    await chmod(temporary, 0o600);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new AppError("state.write", `${file} cannot be written.`, {
      hint: "Check the folder's permissions and the free space, or set HEARTH_HOME to another folder.",
      cause: error,
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** A state that lasts as long as the process: for the demo, which leaves no traces. */
export function memoryStateFile<T>(initial: T): StateFile<T> {
  let value = initial;
  return {
    read: () => Promise.resolve({ value }),
    update: (change) => {
      value = change(value);
      return Promise.resolve(value);
    },
  };
}
