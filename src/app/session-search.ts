// Sessions by what was said in them, with what a list shows of each.

import { type SearchOptions, searchSessions } from "../session/search.ts";
import { inBatches } from "../session/session-files.ts";
import { readFacts } from "../session/session-index.ts";
import type { FoundSession } from "./app.ts";

/** Throws `search.query` and `search.failed`. */
export async function findSessions(
  query: string,
  options: Omit<SearchOptions, "query">,
): Promise<FoundSession[]> {
  const hits = await searchSessions({ ...options, query });
  const found = await inBatches(hits, async ({ file, kind, entryId, time, text, entries }) => {
    const facts = await readFacts(file);
    if (facts === null) return null;
    const { id, path, modifiedMs } = file;
    const { cwd, runs, runtimes } = facts;
    const named = { name: facts.name ?? "", firstPrompt: facts.firstPrompt ?? "" };
    return { id, path, cwd, ...named, modifiedMs, runs, runtimes, kind, entryId, time, text, entries };
  });
  return found.flatMap((session) => session ?? []);
}
