// The saved sessions, without opening one: for `hearth sessions` and for pickers.
import type { Environment } from "../config/env.ts";
import { exportMarkdown } from "../session/export/markdown.ts";
import { readBranch } from "../session/read.ts";
import { findSession, listSessions } from "../session/session-list.ts";
import type { StoredEntry } from "../session/state-entry.ts";
import type { SessionSummary } from "./app.ts";
import { removeSessionAndTry } from "./remove-session.ts";

/** References are an id, its beginning, or a path; each method throws `session.not_found` or `session.ambiguous`. */
export interface SessionLibrary {
  list(options: { all: boolean }): Promise<SessionSummary[]>;
  path(reference: string): Promise<string>;
  /** The branch that the session was left on, oldest first. */
  entries(reference: string): Promise<StoredEntry[]>;
  markdown(reference: string): Promise<string>;
  /** Removes the file, the sessions of its subagents, and its try with all that was not applied. */
  remove(reference: string): Promise<void>;
}

/** `dir`: the folder of all sessions. */
type LibraryPlace = { dir: string; cwd: string; env: Environment };

export function openLibrary({ dir, cwd, env }: LibraryPlace): SessionLibrary {
  const path = (reference: string): Promise<string> => findSession(dir, { reference, cwd });
  return {
    path,
    list: async ({ all }) => {
      const sessions = await listSessions(dir, all ? {} : { cwd });
      return sessions.map((session) => ({
        ...session,
        name: session.name ?? "",
        firstPrompt: session.firstPrompt ?? "",
      }));
    },
    entries: async (reference) => (await readBranch(await path(reference), { whole: true })).entries,
    markdown: async (reference) => exportMarkdown(await readBranch(await path(reference), { whole: true })),
    remove: async (reference) => removeSessionAndTry(await path(reference), { env, inUse: null }),
  };
}
