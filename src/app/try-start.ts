// Which try a start works in, before there is an App: entering one may take starting the program once more.
import type { Environment } from "../config/env.ts";
import { loadSettings } from "../config/load-settings.ts";
import { hearthPaths } from "../config/paths.ts";
import type { Settings } from "../config/settings.ts";
import { AppError } from "../lib/app-error.ts";
import { newId } from "../lib/ids.ts";
import type { TryChange } from "../protocol/try-change.ts";
import {
  chooseTry,
  type Entrance,
  type HeldTrial,
  holdTrial,
  prepareTry,
  type TryMode,
  triesOf,
  tryRecord,
} from "../runtimes/try-mode.ts";
import { readHeader } from "../session/read.ts";
import { findSession, newestSession } from "../session/session-list.ts";
import type { SessionWish } from "./session-wish.ts";

export type TryWish = {
  /** Absolute real path. */
  cwd: string;
  env: Environment;
  flags: Settings;
  settingsFile?: string;
  /** `--try`. */
  wished: boolean;
  session: SessionWish;
};

/** `entrance`: how to become the program inside; null where this process can go on. */
export type TryStart = { id: string; entrance: Entrance | null };

/** null for a session that works in the directory itself. Throws `try.*` and `session.*`. */
export async function startTry(wish: TryWish): Promise<TryStart | null> {
  const known = await tryOfWished(wish);
  if (known === undefined && !wish.wished) return null;
  if (known === undefined && (wish.session.kind === "continue" || wish.session.kind === "resume")) {
    throw new AppError("try.session", "This session works in the directory itself, not in a try.", {
      hint: "`hearth --fork ID --try` goes on in a copy of it that does.",
    });
  }
  const id = known ?? newId();
  return { id, entrance: await prepareTry(id, await tryMode(wish)) };
}

/** What is left to settle in the try `id` when nobody uses it any more; nothing left: nothing of it is kept. */
export async function leaveTry(id: string, { env }: { env: Environment }): Promise<TryChange[]> {
  const { triesDir } = hearthPaths(env);
  if ((await tryRecord(id, triesDir)) === null) return [];
  const trial = await holdTrial(id, { dir: triesDir, env });
  return trial.leave();
}

async function tryMode({
  cwd,
  env,
  flags,
  settingsFile,
}: Pick<TryWish, "cwd" | "env" | "flags" | "settingsFile">): Promise<TryMode> {
  const paths = hearthPaths(env);
  const userFile = settingsFile === undefined ? {} : { userFile: settingsFile };
  const { settings } = await loadSettings({ paths, cwd, env, flags, trusted: false, ...userFile });
  return {
    dir: paths.triesDir,
    workspace: cwd,
    ownFolders: [paths.dataDir, paths.configDir],
    env,
    wished: settings.tryWith ?? "auto",
    now: Date.now,
  };
}

/** How `--try` would keep files apart in this directory, in words. Throws `try.*`. */
export async function tryHere(place: Pick<TryWish, "cwd" | "env" | "flags">): Promise<string> {
  const { way, why } = await chooseTry(await tryMode(place));
  return why === "" ? way : `${way} (${why})`;
}

/** A try without its session, held until it is left. */
export type SavedTry = HeldTrial;

export type ResumeTry = {
  /** A session or a try, by id or its beginning; absent: the only one of the directory. */
  reference: string | undefined;
  /** The try that this process is inside of already. */
  entered: string | undefined;
  cwd: string;
  env: Environment;
  flags: Settings;
  /** Does not return where the program becomes another one. */
  enter: (start: TryStart) => Promise<void>;
};

/** Throws `try.unknown`, `try.ambiguous`, `try.locked`. */
export async function resumeTry({ reference, entered, enter, ...place }: ResumeTry): Promise<SavedTry> {
  const mode = await tryMode(place);
  const id = entered ?? (await findTry(reference, mode));
  if (entered === undefined) {
    const workspace = (await tryRecord(id, mode.dir))?.workspace ?? mode.workspace;
    await enter({ id, entrance: await prepareTry(id, { ...mode, workspace }) });
  }
  return holdTrial(id, mode);
}

async function findTry(reference: string | undefined, { dir, workspace, env }: TryMode): Promise<string> {
  const ids = reference === undefined ? await triesOf(workspace, dir) : await matchingTries(reference, dir);
  const [only, ...others] = ids;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) {
    throw new AppError("try.ambiguous", `More than one try has changes: ${ids.join(", ")}.`, {
      hint: "Name one of them, or its session.",
    });
  }
  const known = reference === undefined ? undefined : await tryOfSession(reference, { workspace, env });
  if (known !== undefined && (await tryRecord(known, dir)) !== null) return known;
  throw new AppError("try.unknown", "There is no try with changes to settle.", {
    hint:
      reference === undefined
        ? "Tries of other directories: start there, or name one."
        : "Nothing is left of it.",
  });
}

async function matchingTries(reference: string, dir: string): Promise<string[]> {
  const all = await triesOf(null, dir);
  return all.includes(reference) ? [reference] : all.filter((id) => id.startsWith(reference));
}

async function tryOfSession(
  reference: string,
  { workspace, env }: Pick<TryMode, "workspace" | "env">,
): Promise<string | undefined> {
  const { sessionsDir } = hearthPaths(env);
  return (await readHeader(await findSession(sessionsDir, { reference, cwd: workspace }))).try;
}

async function tryOfWished({ session, cwd, env }: TryWish): Promise<string | undefined> {
  const { sessionsDir } = hearthPaths(env);
  const isSaved = session.kind === "resume" || session.kind === "continue" || session.kind === "fork";
  if (!isSaved) return undefined;
  const reference = "reference" in session ? session.reference : undefined;
  const path =
    reference === undefined
      ? await newestSession(sessionsDir, cwd)
      : await findSession(sessionsDir, { reference, cwd });
  return path === null ? undefined : (await readHeader(path)).try;
}
