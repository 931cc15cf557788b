// Finds sessions on disk: lists them, finds one by a reference, removes one. Of what the index does not know it reads
// the ends alone.
import { rm } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { lockFile, lockOwner } from "./lock.ts";
import { readHeader } from "./read.ts";
import { byTime, filesOf, foldersOf, inBatches, type SessionFile } from "./session-files.ts";
import { factsOf, readFacts, type SessionFacts } from "./session-index.ts";
import { sessionFolder, taskFolder } from "./session-paths.ts";

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
  const found = (await inBatches(folders, summariesOf)).flat();
  return found
    .toSorted((a, b) => byTime(a.file, b.file))
    .slice(0, options.limit)
    .map(({ summary }) => summary);
}

/**
 * The file of the newest session of the project at `cwd`, readable or not: an older one in its place would surprise.
 * A file that nothing was written to yet does not count.
 */
export async function newestSession(dir: string, cwd: string): Promise<string | null> {
  const files = await filesOf(sessionFolder(dir, cwd));
  return files.filter(({ size }) => size > 0).toSorted(byTime)[0]?.path ?? null;
}

/** `damaged`: a path may also lead to what is no session any more. */
type FindOptions = { reference: string; cwd: string; damaged?: boolean };

/**
 * The file of a session named by its id, by the beginning of its id, or by its path (relative to `cwd`).
 * Throws AppError `session.not_found`, or `session.ambiguous` with the candidates.
 */
export async function findSession(dir: string, options: FindOptions): Promise<string> {
  const { reference, cwd, damaged = false } = options;
  if (looksLikePath(reference)) {
    const path = resolve(cwd, reference);
    if (!damaged) await readHeader(path);
    return path;
  }
  const isMeant = (id: string): boolean => reference !== "" && id.startsWith(reference);
  const found = await inBatches(await foldersOf(dir), (folder) => filesOf(folder, isMeant));
  const matches = found.flat().toSorted(byTime);
  const meant =
    matches.find((file) => file.id === reference) ?? (matches.length === 1 ? matches[0] : undefined);
  if (meant) return meant.path;
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

type Found = { file: SessionFile; summary: SessionSummary };

async function summariesOf(folder: string): Promise<Found[]> {
  const files = await filesOf(folder);
  const facts = await factsOf(folder, files);
  return files.flatMap((file, index) => {
    const known = facts[index];
    return known ? [{ file, summary: summaryOf(file, known) }] : [];
  });
}

function summaryOf(
  { id, path, modifiedMs, size, hasLock }: SessionFile,
  facts: SessionFacts,
): SessionSummary {
  const openedBy = hasLock ? (lockOwner(path)?.pid ?? null) : null;
  return { id, path, modifiedMs, size, ...facts, openedBy };
}

async function describe(files: readonly SessionFile[]): Promise<string> {
  const shown = files.slice(0, SHOWN_CANDIDATES);
  const facts = await Promise.all(shown.map(readFacts));
  const lines = shown.map(({ id }, index) => `${id}  ${titleOf(facts[index] ?? null)}`);
  const rest = files.length - SHOWN_CANDIDATES;
  return [...lines, ...(rest > 0 ? [`… and ${rest} more`] : [])].join("\n");
}

function titleOf(session: SessionFacts | null): string {
  return (session?.name ?? session?.firstPrompt ?? "").split("\n", 1)[0]?.slice(0, 60) ?? "";
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
