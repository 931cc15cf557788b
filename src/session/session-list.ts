// Finds sessions on disk: lists them, finds one by a reference, removes one. Reads only the ends of each file.
import { readdir, rm, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { isErrorCode } from "../lib/error-code.ts";
import { lockFile, lockOwner } from "./lock.ts";
import { readHeader, readState } from "./read.ts";
import { unreadable } from "./session-notice.ts";
import { sessionFolder, sessionIdOf, taskFolder } from "./session-paths.ts";

/** One line of the picker. `modifiedMs` is the time of the last entry, milliseconds since the epoch. */
export type SessionSummary = {
  id: string;
  path: string;
  cwd: string;
  /** ISO 8601. */
  created: string;
  modifiedMs: number;
  /** Bytes. */
  size: number;
  name: string | null;
  firstPrompt: string | null;
  runs: number;
  runtimes: string[];
  parentSession: string | null;
  /** The live process that has it open. */
  openedBy: number | null;
};

type SessionFile = { id: string; path: string; modifiedMs: number; size: number };

/** Files read at a time: enough to hide the latency of a slow disk. */
const PARALLEL_READS = 16;
const SHOWN_CANDIDATES = 8;

/**
 * The sessions under `dir`, newest first: of the project at `cwd`, or of all without it. A file that is no
 * readable session is left out.
 */
export async function listSessions(
  dir: string,
  options: { cwd?: string; limit?: number } = {},
): Promise<SessionSummary[]> {
  const folders = options.cwd === undefined ? await foldersOf(dir) : [sessionFolder(dir, options.cwd)];
  const files = (await inBatches(folders, filesOf)).flat().toSorted(byTime).slice(0, options.limit);
  return (await inBatches(files, summarise)).flatMap((summary) => summary ?? []);
}

/**
 * The file of the newest session of the project at `cwd`, readable or not: an older one in its place would surprise.
 * A file that nothing was written to yet does not count.
 */
export async function newestSession(dir: string, cwd: string): Promise<string | null> {
  const files = await filesOf(sessionFolder(dir, cwd));
  return files.filter(({ size }) => size > 0).toSorted(byTime)[0]?.path ?? null;
}

/**
 * The file of a session named by its id, by the beginning of its id, or by its path (relative to `cwd`).
 * Throws AppError `session.not_found`, or `session.ambiguous` with the candidates.
 */
export async function findSession(dir: string, options: { reference: string; cwd: string }): Promise<string> {
  const { reference, cwd } = options;
  if (looksLikePath(reference)) {
    const path = resolve(cwd, reference);
    await readHeader(path);
    return path;
  }
  const all = (await inBatches(await foldersOf(dir), filesOf)).flat().toSorted(byTime);
  const matches = reference === "" ? [] : all.filter((file) => file.id.startsWith(reference));
  const found =
    matches.find((file) => file.id === reference) ?? (matches.length === 1 ? matches[0] : undefined);
  if (found) return found.path;
  throw matches.length > 1 ? ambiguous(reference, await describe(matches)) : unknown(reference);
}

/**
 * Deletes a session with the sessions of its tasks; forks of it stay. Throws AppError `session.locked` while a
 * process has it open.
 */
export async function removeSession(path: string): Promise<void> {
  await readHeader(path); // Nothing but a session is ever deleted here.
  const owner = lockOwner(path);
  if (owner) {
    throw new AppError("session.locked", `The session is in use by process ${owner.pid}.`, {
      hint: "Leave it there first.",
    });
  }
  try {
    await rm(taskFolder(path), { recursive: true, force: true });
    await rm(lockFile(path), { force: true });
    await rm(path);
  } catch (cause) {
    throw new AppError("session.remove", `The session ${path} cannot be deleted.`, { cause });
  }
}

async function foldersOf(dir: string): Promise<string[]> {
  const entries = await entriesOf(dir);
  const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  return folders.map((entry) => join(dir, entry.name));
}

async function filesOf(folder: string): Promise<SessionFile[]> {
  const entries = await entriesOf(folder);
  const names = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => entry.name);
  return (await Promise.all(names.map((name) => lookAt(folder, name)))).flatMap((file) => file ?? []);
}

/** null for what is none of ours, and for what another process removed just now. */
async function lookAt(folder: string, name: string): Promise<SessionFile | null> {
  const id = sessionIdOf(name);
  if (id === null) return null;
  const path = join(folder, name);
  try {
    const found = await stat(path);
    return found.isFile() ? { id, path, modifiedMs: found.mtimeMs, size: found.size } : null;
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
    throw unreadable(path, error);
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return [];
    throw unreadable(folder, error);
  }
}

async function summarise(file: SessionFile): Promise<SessionSummary | null> {
  try {
    const { header, state } = await readState(file.path);
    const { name, firstPrompt, runs, runtimes } = state;
    const openedBy = lockOwner(file.path)?.pid ?? null;
    const { cwd, time: created, parentSession = null } = header;
    return { ...file, cwd, created, name, firstPrompt, runs, runtimes, parentSession, openedBy };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

async function describe(files: readonly SessionFile[]): Promise<string> {
  const shown = await inBatches(files.slice(0, SHOWN_CANDIDATES), summarise);
  const lines = shown.flatMap((session) => (session ? [`${session.id}  ${titleOf(session)}`] : []));
  const rest = files.length - SHOWN_CANDIDATES;
  return [...lines, ...(rest > 0 ? [`… and ${rest} more`] : [])].join("\n");
}

function titleOf(session: SessionSummary): string {
  return (session.name ?? session.firstPrompt ?? "").split("\n", 1)[0]?.slice(0, 60) ?? "";
}

function ambiguous(reference: string, candidates: string): AppError {
  const message = `More than one session begins with "${reference}":\n${candidates}`;
  return new AppError("session.ambiguous", message, { hint: "Give more of the id." });
}

function unknown(reference: string): AppError {
  return new AppError("session.not_found", `No session "${reference}" was found.`, {
    hint: "`hearth sessions list --all` shows all sessions.",
  });
}

function looksLikePath(reference: string): boolean {
  return isAbsolute(reference) || reference.endsWith(".jsonl") || /^\.{0,2}[/\\]/.test(reference);
}

function byTime(a: SessionFile, b: SessionFile): number {
  return b.modifiedMs - a.modifiedMs || b.id.localeCompare(a.id);
}

async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += PARALLEL_READS) {
    results.push(...(await Promise.all(items.slice(at, at + PARALLEL_READS).map(work))));
  }
  return results;
}
