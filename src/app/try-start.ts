// Which try a start works in, before there is an App: entering one may take starting the program once more.
import { hearthPaths } from "../config/paths.ts";
import { AppError } from "../lib/app-error.ts";
import { newId } from "../lib/ids.ts";
import type { Entrance } from "../runtimes/try-mode.ts";
import { readHeader } from "../session/read.ts";
import { findSession, newestSession } from "../session/session-list.ts";
import type { SessionWish } from "./session-wish.ts";
import type { TryPlace } from "./try-settings.ts";

/** `wished`: `--try`. */
export type TryWish = TryPlace & { wished: boolean; session: SessionWish };

/** `entrance`: how to become the program inside; null where this process can go on. */
export type TryStart = { id: string; entrance: Entrance | null };

/** null for a session that works in the directory itself, and where none is found. Throws `try.*` and `session.*`. */
export async function startTry(wish: TryWish): Promise<TryStart | null> {
  const saved = await headerOf(wish);
  const isSaved = wish.session.kind === "continue" || wish.session.kind === "resume";
  if (saved === null ? isSaved || !wish.wished : saved.try === undefined && !wish.wished) return null;
  if (saved !== null && saved.try === undefined && isSaved) {
    throw new AppError("try.session", "This session works in the directory itself, not in a try.", {
      hint: `\`hearth --fork ${saved.id} --try\` goes on in a copy of it that does.`,
    });
  }
  const id = saved?.try ?? newId();
  const [{ tryMode }, { prepareTry }] = await Promise.all([
    import("./try-settings.ts"),
    import("../runtimes/try-mode.ts"),
  ]);
  return { id, entrance: await prepareTry(id, await tryMode(wish)) };
}

/** Of the session that is to be gone on with; null where there is none. */
async function headerOf({
  session,
  cwd,
  env,
}: TryWish): Promise<{ id: string; try?: string | undefined } | null> {
  if (session.kind === "new" || session.kind === "none") return null;
  const { sessionsDir } = hearthPaths(env);
  const reference = "reference" in session ? session.reference : undefined;
  const path =
    reference === undefined
      ? await newestSession(sessionsDir, cwd)
      : await findSession(sessionsDir, { reference, cwd });
  return path === null ? null : readHeader(path);
}
