// A session to look at: another process writes it. Reads the file as it stands; nothing is ever written.
import { AppError } from "../lib/app-error.ts";
import { type ReadOptions, readBranch, readEntries, type SessionBranch } from "./read.ts";
import type { SessionStore } from "./store.ts";

/** `locked` says who has it: AppError `session.locked`. Throws as `readBranch` does. */
export async function viewSession(
  path: string,
  locked: AppError,
  options: ReadOptions = {},
): Promise<{ store: SessionStore; branch: SessionBranch }> {
  const branch = await readBranch(path, options);
  const refusal = new AppError("session.read_only", `${locked.message} It can only be looked at here.`, {
    hint: "/fork goes on in a copy; /resume opens another session, or this one once it is free.",
    cause: locked,
  });
  const store: SessionStore = {
    header: branch.header,
    path,
    tip: branch.entries.at(-1)?.id ?? null,
    state: branch.state,
    refusal,
    append: () => Promise.reject(refusal),
    sync: () => Promise.resolve(),
    setPaused: () => Promise.resolve(),
    entries: () => readEntries(path),
    close: () => Promise.resolve(),
  };
  return { store, branch };
}
