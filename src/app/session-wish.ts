// SessionWish: which session a start asks for, and finding it.
import { basename } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { forkSession } from "../session/fork.ts";
import { readHeader, type SessionBranch } from "../session/read.ts";
import { findSession, newestSession } from "../session/session-list.ts";
import { sessionIdOf } from "../session/session-paths.ts";
import { createSession, openSession, type SessionStore, type StoreContext } from "../session/store.ts";

/** `none` stores nothing; `fork` without a reference copies the newest session of the directory; `at`: up to that entry; `clone` copies all branches. */
export type SessionWish =
  | { kind: "new" }
  | { kind: "none" }
  | { kind: "continue" }
  | { kind: "resume"; reference: string }
  | { kind: "fork"; reference?: string; at?: string }
  | { kind: "clone"; reference: string };

export type OpenedSession = { store: SessionStore; branch: SessionBranch | null };

/** `views`: what another process has open is opened to be looked at, where a person can be asked what next. */
export type SessionPlace = { dir: string; cwd: string; context: StoreContext; views: boolean };

/** Throws `session.*`; nothing was created then. */
export async function openWish(wish: SessionWish, place: SessionPlace): Promise<OpenedSession> {
  const { dir, cwd, context } = place;
  switch (wish.kind) {
    case "new":
      return { store: createSession({ ...context, dir, cwd }), branch: null };
    case "none":
      return { store: createSession({ ...context, dir: null, cwd }), branch: null };
    case "continue":
      return openSaved(await newestOf(place), place);
    case "resume":
      return openSaved(await findSession(dir, { reference: wish.reference, cwd }), place);
    case "clone": {
      const { cloneSession } = await import("../session/clone.ts");
      const original = await findSession(dir, { reference: wish.reference, cwd });
      return openSession(await cloneSession(original, { ...context, dir, cwd }), context);
    }
    case "fork": {
      const { reference, at } = wish;
      const original =
        reference === undefined ? await newestOf(place) : await findSession(dir, { reference, cwd });
      await refuseOtherPlace(original, context, { orNone: true });
      return openSession(
        await forkSession(original, { ...context, dir, cwd, ...(at === undefined ? {} : { at }) }),
        context,
      );
    }
  }
}

/** Where another process holds it and nobody can be asked, the hint says how to go on all the same. */
async function openSaved(path: string, { context, views }: SessionPlace): Promise<OpenedSession> {
  await refuseOtherPlace(path, context);
  try {
    return await openSession(path, context);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "session.locked") throw error;
    if (views) return (await import("../session/view-store.ts")).viewSession(path, error);
    const id = sessionIdOf(basename(path)) ?? path;
    throw new AppError(error.code, error.message, {
      hint: `\`hearth --fork ${id}\` goes on in a copy; \`hearth sessions show ${id}\` reads it as it is.`,
      cause: error,
    });
  }
}

/** A conversation about files of a try goes on with those files; where they are is settled when the program starts. */
async function refuseOtherPlace(
  path: string,
  context: StoreContext,
  { orNone = false }: { orNone?: boolean } = {},
): Promise<void> {
  const header = await readHeader(path);
  if (header.try === context.try || (orNone && header.try === undefined)) return;
  const message =
    header.try === undefined
      ? "That session works in the directory itself, this one in a try."
      : "That session works in a try of its own.";
  throw new AppError("session.try", message, {
    hint: `Leave, and \`hearth --resume ${header.id}\` goes on with it.`,
  });
}

async function newestOf({ dir, cwd }: SessionPlace): Promise<string> {
  const path = await newestSession(dir, cwd);
  if (path !== null) return path;
  throw new AppError("session.not_found", "There is no saved session of this directory.", {
    hint: "`hearth sessions list --all` shows the sessions of all directories.",
  });
}
