// Sessions of other agents become sessions of ours: for `hearth sessions import`.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Environment, readVariable } from "../config/env.ts";
import type { HearthPaths } from "../config/paths.ts";
import { AppError, toFailure } from "../lib/app-error.ts";
import { agentHomes, ownSources, sourcesAt } from "../session/import/find-sources.ts";
import { foreignAgent } from "../session/import/foreign-formats.ts";
import type { ForeignSource } from "../session/import/foreign-source.ts";
import { importHearth } from "../session/import/hearth.ts";
import { removeLeftovers } from "../session/import/import-file.ts";
import type { ForeignAgent } from "../session/import/import-item.ts";
import { type ImportOptions, type ImportReport, importSession } from "../session/import/import-session.ts";
import { knownSessions } from "../session/import/known-sessions.ts";
import { sqliteOpener } from "../session/import/sqlite.ts";
import { programVersion } from "./version.ts";

export type { ImportReport };

export type ImportWish = {
  /** One of the agents' names. */
  from: string;
  /** A file or folder, relative to `cwd`; null: the agent's own sessions of this project. */
  path: string | null;
  cwd: string;
  /** Where the sessions are to belong; null: to their own folder, or to `cwd` where that is not here. */
  target: string | null;
  again: boolean;
  dryRun: boolean;
};

/**
 * Imports one session after another; each is told as it comes. A folder may hold files that are none: they are told as
 * failed. A single file that cannot be imported rejects with its AppError; so does `command.usage` or `import.not_found`.
 */
export async function* importSessions(
  wish: ImportWish,
  { env, paths }: { env: Environment; paths: HearthPaths },
): AsyncGenerator<ImportReport> {
  const agent = foreignAgent(wish.from);
  const homes = agentHomes(paths.home, (name) => readVariable(env, name));
  const find = { agent, cwd: wish.cwd, homes, open: sqliteOpener(env) };
  const path = wish.path === null ? null : resolve(wish.cwd, wish.path);
  const sources = path === null ? await ownSources(find) : await sourcesAt(path, find);
  const dir = paths.sessionsDir;
  if (!wish.dryRun) await removeLeftovers(dir);
  const options: ImportOptions = {
    dir,
    cwd: { path: await targetFolder(wish), force: wish.target !== null },
    again: wish.again,
    dryRun: wish.dryRun,
    clock: Date.now,
    writer: `hearth ${programVersion()}`,
    known: await knownSessions(dir),
  };
  const isSingle = path !== null && sources.length === 1;
  for (const source of sources) yield await importOne(agent, source, { ...options, isSingle });
}

async function importOne(
  agent: ForeignAgent,
  source: ForeignSource,
  { isSingle, ...options }: ImportOptions & { isSingle: boolean },
): Promise<ImportReport> {
  try {
    if (agent === "hearth") return await importHearth(source.label, options);
    return await importSession(agent, source, options);
  } catch (error) {
    if (isSingle || !(error instanceof AppError) || error.code === "session.write") throw error;
    return { ...NOTHING, source: source.label, agent, error: toFailure(error).message };
  }
}

const NOTHING = {
  status: "failed",
  id: null,
  path: null,
  cwd: null,
  sourceCwd: null,
  name: null,
  messages: 0,
  runs: 0,
  branches: 0,
  unknown: {},
  leftOut: {},
} as const;

async function targetFolder({ target, cwd }: ImportWish): Promise<string> {
  if (target === null) return cwd;
  const folder = resolve(cwd, target);
  const found = await stat(folder).catch(() => null); // Told as one sentence, whatever it is.
  if (found?.isDirectory()) return folder;
  throw new AppError("command.usage", `${folder} is not a folder.`, {
    hint: "--cwd takes the folder the sessions are to belong to.",
  });
}
