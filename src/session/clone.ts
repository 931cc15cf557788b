// Copies a session with every branch into a new one; the original is only read, also while another process has it.
import { type CopyPlace, writeCopy } from "./copy.ts";
import { readBranch, readEntries } from "./read.ts";
import type { StoredEntry } from "./state-entry.ts";

/**
 * Gives the copy's file: every entry that can be read as it was, and the branch that the original was left on. What
 * waited in the queue and what was spent stay with the original. Throws like `readBranch`, or `session.write`.
 */
export async function cloneSession(path: string, place: CopyPlace): Promise<string> {
  const { header, state, entries } = await readBranch(path);
  const tip = entries.at(-1)?.id ?? null;
  return writeCopy({ parentSession: header.id, tip, state, batches: withoutSnapshots(path) }, place);
}

async function* withoutSnapshots(path: string): AsyncGenerator<StoredEntry[]> {
  for await (const batch of readEntries(path)) yield batch.filter(({ type }) => type !== "state");
}
