// Tries without their sessions: what one left unsettled, found and held by a command of the shell, and left for good.
import type { Environment } from "../config/env.ts";
import { hearthPaths } from "../config/paths.ts";
import type { Settings } from "../config/settings.ts";
import { AppError } from "../lib/app-error.ts";
import type { TryChange } from "../protocol/try-change.ts";
import {
  chooseTry,
  type HeldTrial,
  holdTrial,
  prepareTry,
  type TryMode,
  triesOf,
  tryRecord,
} from "../runtimes/try-mode.ts";
import { readHeader } from "../session/read.ts";
import { findSession } from "../session/session-list.ts";
import { type TryPlace, tryMode } from "./try-settings.ts";
import type { TryStart } from "./try-start.ts";

/** What is left to settle in the try `id` when nobody uses it any more; nothing left: nothing of it is kept. */
export async function leaveTry(id: string, { env }: { env: Environment }): Promise<TryChange[]> {
  const { triesDir } = hearthPaths(env);
  if ((await tryRecord(id, triesDir)) === null) return [];
  const trial = await holdTrial(id, { dir: triesDir, env });
  return trial.leave();
}

/** How `--try` would keep files apart in this directory, in words. Throws `try.*`. */
export async function tryHere(place: TryPlace): Promise<string> {
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
