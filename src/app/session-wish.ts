// SessionWish: which session a start asks for, and finding it.
import { AppError } from "../lib/app-error.ts";
import { forkSession } from "../session/fork.ts";
import type { SessionBranch } from "../session/read.ts";
import { findSession, listSessions } from "../session/session-list.ts";
import { createSession, openSession, type SessionStore, type StoreContext } from "../session/store.ts";

/** `none` stores nothing; `fork` without a reference copies the newest session of the directory. */
export type SessionWish =
  | { kind: "new" }
  | { kind: "none" }
  | { kind: "continue" }
  | { kind: "resume"; reference: string }
  | { kind: "fork"; reference?: string };

export type OpenedSession = { store: SessionStore; branch: SessionBranch | null };

export type SessionPlace = { dir: string; cwd: string; context: StoreContext };

/** Throws `session.*`; nothing was created then. */
export async function openWish(wish: SessionWish, place: SessionPlace): Promise<OpenedSession> {
  const { dir, cwd, context } = place;
  switch (wish.kind) {
    case "new":
      return { store: createSession({ ...context, dir, cwd }), branch: null };
    case "none":
      return { store: createSession({ ...context, dir: null, cwd }), branch: null };
    case "continue":
      return openSession(await newestSession(place), context);
    case "resume":
      return openSession(await findSession(dir, { reference: wish.reference, cwd }), context);
    case "fork": {
      const { reference } = wish;
      const original =
        reference === undefined ? await newestSession(place) : await findSession(dir, { reference, cwd });
      return openSession(await forkSession(original, { ...context, dir, cwd }), context);
    }
  }
}

async function newestSession({ dir, cwd }: SessionPlace): Promise<string> {
  const [newest] = await listSessions(dir, { cwd, limit: 1 });
  if (newest) return newest.path;
  throw new AppError("session.not_found", "There is no saved session of this directory.", {
    hint: "`hearth sessions list --all` shows the sessions of all directories.",
  });
}
