// Try mode for the rooms above the sandbox: begins a try or finds it again, enters it, holds it while a program uses it.
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { isErrorCode } from "../lib/error-code.ts";
import { findProgram } from "../lib/find-program.ts";
import { canReplaceProcess, ownCommand } from "../lib/replace-process.ts";
import type { TryChange } from "../protocol/try-change.ts";
import { childEnvironment } from "../sandbox/child-env.ts";
import { type BeginOptions, beginTry, chooseTryWay, type TryChoiceOfWay } from "../sandbox/overlay/begin.ts";
import { mountPlan, ownIdentity } from "../sandbox/overlay/mount.ts";
import { isMounted } from "../sandbox/overlay/mounts.ts";
import {
  readRecord,
  removeTree,
  type TryPlaces,
  type TryRecord,
  tryPlaces,
} from "../sandbox/overlay/record.ts";
import { openTrial, removeTry, type Trial } from "../sandbox/overlay/trial.ts";
import { lockOwner, lockSession, type SessionLock } from "../session/lock.ts";

export type TryMode = {
  /** The folder of all tries. */
  dir: string;
  /** Absolute real path. */
  workspace: string;
  /** Folders of Hearth's own, which a try must not cover. */
  ownFolders: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  wished: TryRecord["way"] | "auto";
  now: () => number;
};

/** A try in use: nobody else may open it until it is closed. */
export interface HeldTrial extends Trial {
  /** Gives it back as it is. */
  close(): void;
  /** Gives it back for good: where nothing is left to settle, nothing of it is kept. Gives what is left. */
  leave(): Promise<TryChange[]>;
}

/** How to go on as the same program inside the overlay. */
export type Entrance = { file: string; args: readonly string[] };

/**
 * Begins the try `id`, or finds it as it was left. Gives how to enter it where that takes another start of the program,
 * null where its files are a copy. Throws `try.*`.
 */
export async function prepareTry(id: string, mode: TryMode): Promise<Entrance | null> {
  const places = tryPlaces(mode.dir, id);
  const env = childEnvironment(mode.env, []);
  await sweep(mode.dir, id);
  const known = await readRecord(places.folder);
  if (known && known.workspace !== mode.workspace) {
    throw new AppError("try.elsewhere", `This session tries on ${known.workspace}.`, {
      hint: "Start there, or name it with -C.",
    });
  }
  const record = known ?? (await begin(places, { ...mode, id, env, canEnter: canReplaceProcess() }));
  if (record.way !== "overlay" || isMounted(places.real, record.covered)) return null;
  refuseHeld(places);
  const { file, args } = mountPlan(
    places,
    { covered: record.covered, start: process.cwd(), identity: ownIdentity() },
    ownCommand(),
  );
  const found = findProgram(file, mode.env.PATH ?? "");
  if (found !== null && canReplaceProcess()) return { file: found, args };
  throw new AppError("try.entered", "The overlay of this session cannot be entered any more.", {
    hint: `What was changed in it is in ${places.upper}.`,
  });
}

/** Locked, because another start takes a folder without a record for one that is over. */
async function begin({ folder }: TryPlaces, options: BeginOptions): Promise<TryRecord> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const lock = lockSession(folder);
  try {
    return await beginTry(options);
  } finally {
    lock.release();
  }
}

/** Opens it for this process. Throws `try.locked` and `try.entered`. */
export async function holdTrial(id: string, mode: Pick<TryMode, "dir" | "env">): Promise<HeldTrial> {
  const places = tryPlaces(mode.dir, id);
  const env = childEnvironment(mode.env, []);
  const record = await readRecord(places.folder);
  if (record === null) throw new AppError("try.unknown", "There is nothing left of this try.");
  const lock = takeLock(places);
  try {
    const trial = await openTrial({ record, places, env });
    return {
      ...trial,
      close: () => lock.release(),
      leave: () => leaveTrial(trial, { record, places, env, lock }),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The tries that are not over, of a workspace or (null) of all, oldest first: their ids. */
export async function triesOf(workspace: string | null, dir: string): Promise<string[]> {
  const found: TryRecord[] = [];
  for (const name of await namesIn(dir)) {
    // A newer Hearth's is that one's to list.
    const record = await tryRecord(name, dir).catch(() => null);
    if (record && (workspace === null || record.workspace === workspace)) found.push(record);
  }
  return found.toSorted((a, b) => a.createdMs - b.createdMs).map(({ id }) => id);
}

/** null when nothing is left of it. Throws `try.record`. */
export function tryRecord(id: string, dir: string): Promise<TryRecord | null> {
  return readRecord(tryPlaces(dir, id).folder);
}

/** Ends a try with all that was not applied. Throws `try.locked` while a process has it. */
export async function endTry(id: string, mode: Pick<TryMode, "dir" | "env">): Promise<void> {
  const places = tryPlaces(mode.dir, id);
  const lock = takeLock(places);
  try {
    const record = await readRecord(places.folder);
    if (record) await removeTry({ record, places, env: childEnvironment(mode.env, []) });
    else await removeTree(places.folder);
  } finally {
    lock.release();
  }
}

/** What would be chosen here, for a look at the installation. Leaves nothing. Throws like `prepareTry`. */
export function chooseTry(mode: TryMode): Promise<TryChoiceOfWay> {
  const id = `look.${process.pid}`;
  const env = childEnvironment(mode.env, []);
  return chooseTryWay({ ...mode, id, env, canEnter: canReplaceProcess() });
}

type Closing = { record: TryRecord; places: TryPlaces; env: Record<string, string>; lock: SessionLock };

async function leaveTrial(trial: Trial, { record, places, env, lock }: Closing): Promise<TryChange[]> {
  try {
    const left = await trial.changes();
    if (left.length === 0) {
      if (record.way === "overlay") await trial.forget();
      else await removeTry({ record, places, env });
    }
    return left;
  } finally {
    lock.release();
  }
}

/** Folders of tries that are over: an overlay's own cannot be removed from inside it. */
async function sweep(dir: string, but: string): Promise<void> {
  for (const name of await namesIn(dir)) {
    const { folder } = tryPlaces(dir, name);
    if (name === but || name.includes(".") || lockOwner(folder)) continue;
    const record = await readRecord(folder).catch(() => "unknown"); // A newer Hearth's is not ours to remove.
    // What cannot be removed now takes little room, and the next start tries again.
    if (record === null) await removeTree(folder).catch(() => undefined);
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(join(dir));
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return [];
    throw error;
  }
}

function refuseHeld({ folder }: TryPlaces): void {
  const owner = lockOwner(folder);
  if (owner) throw lockedError(owner.pid);
}

function takeLock({ folder }: TryPlaces): SessionLock {
  try {
    return lockSession(folder);
  } catch (error) {
    const owner = lockOwner(folder);
    throw error instanceof AppError && owner ? lockedError(owner.pid) : error;
  }
}

function lockedError(pid: number): AppError {
  return new AppError("try.locked", `This try is in use by process ${pid}.`, {
    hint: "Settle it there with /changes, or leave there first.",
  });
}
