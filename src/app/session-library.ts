// The saved sessions, without opening one: for `hearth sessions` and for pickers.
import type { Environment } from "../config/env.ts";
import { VERSION } from "../config/version.ts";
import { newId } from "../lib/ids.ts";
import type { AgentEvent } from "../protocol/event.ts";
import { exportMarkdown } from "../session/export/markdown.ts";
import { readBranch } from "../session/read.ts";
import type { Repair } from "../session/repair.ts";
import { findSession, listSessions } from "../session/session-list.ts";
import type { StoredEntry } from "../session/state-entry.ts";
import type { StoreContext } from "../session/store.ts";
import type { Verdict } from "../session/verify.ts";
import type { FoundSession, SessionSummary } from "./app.ts";
import { removeSessionAndTry } from "./remove-session.ts";

/** References are an id, its beginning, or a path; each method throws `session.not_found` or `session.ambiguous`. */
export interface SessionLibrary {
  list(options: { all: boolean }): Promise<SessionSummary[]>;
  /** Those with all words of the query, best first. Throws `search.query` without a word, `search.failed`. */
  search(query: string, options: SearchWish): Promise<FoundSession[]>;
  path(reference: string): Promise<string>;
  /** The branch that the session was left on, oldest first. */
  entries(reference: string): Promise<StoredEntry[]>;
  /** That branch as the events that made it, for a frontend that shows all of it. */
  events(reference: string): Promise<AgentEvent[]>;
  markdown(reference: string): Promise<string>;
  /** Throws `session.locked` while a process has it open. */
  rename(reference: string, name: string): Promise<void>;
  /** Removes the file, the sessions of its subagents, and its try with all that was not applied. */
  remove(reference: string): Promise<void>;
  /** Looks the file over; a file of any content that `reference` is the path of. Changes nothing. */
  verify(reference: string): Promise<Verdict>;
  /** A whole copy of a damaged session beside it, which stays as it is. */
  repair(reference: string): Promise<Repair>;
}

/** `all`: of every directory. */
type SearchWish = { all: boolean; limit?: number; signal: AbortSignal };
/** `dir`: the folder of all sessions. */
type LibraryPlace = { dir: string; cwd: string; env: Environment };

export function openLibrary({ dir, cwd, env }: LibraryPlace): SessionLibrary {
  const path = (reference: string): Promise<string> => findSession(dir, { reference, cwd });
  /** What is damaged may not be known for a session any more. */
  const file = (reference: string): Promise<string> => findSession(dir, { reference, cwd, damaged: true });
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
    search: async (query, { all, ...options }) => {
      const { findSessions } = await import("./session-search.ts");
      return findSessions(query, { dir, ...(all ? {} : { cwd }), ...options });
    },
    entries: async (reference) => (await readBranch(await path(reference), { whole: true })).entries,
    events: async (reference) => {
      const { replayEvents } = await import("../session/replay.ts");
      return [...replayEvents(await readBranch(await path(reference), { whole: true }))];
    },
    markdown: async (reference) => exportMarkdown(await readBranch(await path(reference), { whole: true })),
    rename: async (reference, name) => {
      const { renameSession } = await import("./rename-session.ts");
      await renameSession(await path(reference), name, context());
    },
    remove: async (reference) => removeSessionAndTry(await path(reference), { env, inUse: null }),
    verify: async (reference) => {
      const { verifySession } = await import("../session/verify.ts");
      return verifySession(await file(reference));
    },
    repair: async (reference) => {
      const { repairSession } = await import("../session/repair.ts");
      return repairSession(await file(reference), { ...context(), cwd });
    },
  };
}

function context(): StoreContext {
  return { clock: Date.now, newId, writer: `hearth ${VERSION}` };
}
