// Copies a session's branch into a new session; the original is only read, also while another process has it.
import { type CopyPlace, writeCopy } from "./copy.ts";
import { readBranch, readEntries, readHeader, type SessionBranch } from "./read.ts";
import type { StoredEntry } from "./state-entry.ts";
import { applyEntry, NEW_SESSION } from "./stored-state.ts";
import { collectTree, findNode, pathTo } from "./tree.ts";

export type ForkOptions = Omit<CopyPlace, "cwd"> & {
  /** Where the copy belongs; absent: where the original does. */
  cwd?: string;
  /** The entry that the copy ends with, on any branch; absent: the one the original was left on. */
  at?: string;
};

/** Entries a write, so that the copy of a huge session needs little memory. */
const ENTRIES_PER_WRITE = 1000;

/**
 * Makes a new session with a whole branch of the one at `path`, and gives its file. What waited in the queue
 * and what was spent stay with the original. Throws like `readBranch`, or AppError `session.write`.
 */
export async function forkSession(path: string, options: ForkOptions): Promise<string> {
  const { entries, header: original, state } = await branchTo(path, options.at);
  const { cwd = original.cwd } = options;
  const tip = entries.at(-1)?.id ?? null;
  const copied = { parentSession: original.id, tip, state, batches: inBatches(entries) };
  return writeCopy(copied, { ...options, cwd });
}

function* inBatches(entries: readonly StoredEntry[]): Generator<readonly StoredEntry[]> {
  for (let at = 0; at < entries.length; at += ENTRIES_PER_WRITE)
    yield entries.slice(at, at + ENTRIES_PER_WRITE);
}

/** The branch that ends with the entry `at`, and what was true there; the one of now without it. */
async function branchTo(
  path: string,
  at: string | undefined,
): Promise<Pick<SessionBranch, "entries" | "header" | "state">> {
  if (at === undefined) return readBranch(path, { whole: true });
  const tree = await collectTree(readEntries(path));
  const ids = new Set(pathTo(findNode(tree, at)).map((node) => node.id));
  const entries: StoredEntry[] = [];
  for await (const batch of readEntries(path)) {
    entries.push(...batch.filter(({ id, type }) => ids.has(id) && type !== "state" && type !== "leaf"));
  }
  return { header: await readHeader(path), entries, state: entries.reduce(applyEntry, NEW_SESSION) };
}
