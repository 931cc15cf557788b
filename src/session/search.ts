// Finds sessions by what was said in them: ripgrep names the lines, the best of them are read, checked and ranked.
// Reads the files themselves; no index of texts that could be wrong.
import { type FileHandle, open } from "node:fs/promises";
import { AppError } from "../lib/app-error.ts";
import { readBytes } from "../lib/line-blocks.ts";
import { parseEntry } from "./entry-line.ts";
import { findWord, parseQuery, rarestWord, type SearchQuery } from "./search-query.ts";
import { type FoundLine, type HitKind, messagesWith, sessionsWith, titlesWith } from "./search-ripgrep.ts";
import { byTime, filesOf, foldersOf, inBatches, type SessionFile } from "./session-files.ts";
import { sessionFolder } from "./session-paths.ts";
import type { StoredEntry } from "./state-entry.ts";

/**
 * A session and the place in it that tells the most. `text` is the neighbourhood of the first word that was found, on
 * one line, not sanitised; `entries`: how many entries hold the rarest word, at most some hundred.
 */
export type SearchHit = {
  file: SessionFile;
  kind: HitKind;
  entryId: string;
  /** ISO 8601. */
  time: string;
  text: string;
  entries: number;
};

export type SearchOptions = {
  /** The folder of all sessions. */
  dir: string;
  /** Of the project at this folder; absent: of all. */
  cwd?: string;
  query: string;
  /** Default 50. */
  limit?: number;
  signal: AbortSignal;
};

const DEFAULT_LIMIT = 50;
/** Lines that ripgrep took for a match may turn out to be none: that many more than wanted are looked at. */
const SPARE = 4;
const LINES_A_SESSION = 3;
const SNIPPET = 160;
/** Of a snippet that stand before the match. */
const BEFORE = 50;
/** Names and prompts over answers over what tools printed. */
const RANK: Readonly<Record<HitKind, number>> = { name: 3, prompt: 3, answer: 2, tool: 1 };

/**
 * Sessions that hold every word of the query, best first: all words in one place before words apart, names and prompts
 * before answers before output of tools, newer before older. Throws `search.query` when nothing is asked for, and
 * `search.failed`.
 */
export async function searchSessions(options: SearchOptions): Promise<SearchHit[]> {
  const { dir, cwd, signal, limit = DEFAULT_LIMIT } = options;
  const query = parseQuery(options.query);
  if (query.words.length === 0) {
    throw new AppError("search.query", "There is nothing to look for.", {
      hint: 'Give one word or more; "words in quotes" must stand together.',
    });
  }
  const place = { folder: cwd === undefined ? dir : sessionFolder(dir, cwd), all: cwd === undefined, signal };
  const rarest = rarestWord(query);
  const [titles, ...holders] = await Promise.all([
    titlesWith(rarest, place),
    ...query.words.map((word) => sessionsWith(word, place)),
  ]);
  const paths = new Set([...(holders[0] ?? [])].filter((path) => holders.every((found) => found.has(path))));
  if (paths.size === 0) return [];
  const enough = limit * SPARE;
  // Who has enough by names and prompts alone need not look at what ranks behind them.
  const isEnough = [...titles.keys()].filter((path) => paths.has(path)).length >= enough;
  const [folders, lines] = await Promise.all([
    cwd === undefined ? foldersOf(dir) : [place.folder],
    isEnough ? titles : joined(titles, await messagesWith(rarest, place, paths)),
  ]);
  const files = (await inBatches(folders, (folder) => filesOf(folder))).flat();
  const candidates = files
    .filter(({ path }) => paths.has(path))
    .map((file) => candidate(file, lines.get(file.path) ?? []));
  const likely = candidates
    .filter(({ rank }) => rank > 0)
    .toSorted(byRank)
    .slice(0, enough);
  return (await confirmed(likely, query, limit))
    .toSorted((a, b) => Number(b.together) - Number(a.together) || byRank(a, b))
    .slice(0, limit)
    .map(({ rank: _rank, together: _together, ...hit }) => hit);
}

function joined(...parts: readonly ReadonlyMap<string, FoundLine[]>[]): Map<string, FoundLine[]> {
  const all = new Map<string, FoundLine[]>();
  for (const part of parts)
    for (const [path, lines] of part) all.set(path, [...(all.get(path) ?? []), ...lines]);
  return all;
}

/** Looks into the candidates until there are enough that nothing further could come before. */
async function confirmed(
  candidates: readonly Candidate[],
  query: SearchQuery,
  limit: number,
): Promise<Hit[]> {
  const hits: Hit[] = [];
  for (let at = 0; at < candidates.length; at += limit) {
    const found = await inBatches(candidates.slice(at, at + limit), (each) => bestHit(each, query));
    hits.push(...found.flatMap((hit) => hit ?? []));
    if (hits.filter(({ together }) => together).length >= limit) break;
  }
  return hits;
}

type Ranked = { file: SessionFile; rank: number };
type Candidate = Ranked & { lines: readonly FoundLine[]; entries: number };
type Hit = SearchHit & Ranked & { together: boolean };

function byRank(a: Ranked, b: Ranked): number {
  return b.rank - a.rank || byTime(a.file, b.file);
}

/** With the lines that are worth reading: the best kinds, the newest of each. */
function candidate(file: SessionFile, lines: readonly FoundLine[]): Candidate {
  const best = lines.toSorted((a, b) => RANK[b.kind] - RANK[a.kind] || b.offset - a.offset);
  const [first] = best;
  return {
    file,
    rank: first ? RANK[first.kind] : 0,
    lines: best.slice(0, LINES_A_SESSION),
    entries: lines.length,
  };
}

/** null when no line holds what ripgrep saw: it was a name in the JSON, or part of an escape. */
async function bestHit({ file, lines, entries }: Candidate, query: SearchQuery): Promise<Hit | null> {
  const handle = await open(file.path, "r").catch(() => null); // Removed meanwhile.
  if (handle === null) return null;
  try {
    let best: Hit | null = null;
    for (const line of lines) {
      const hit = await readHit(handle, line, query);
      if (hit === null || (best !== null && best.together >= hit.together)) continue;
      best = { file, kind: line.kind, rank: RANK[line.kind], entries, ...hit };
      if (hit.together) break;
    }
    return best;
  } finally {
    await handle.close();
  }
}

async function readHit(
  handle: FileHandle,
  { offset }: FoundLine,
  query: SearchQuery,
): Promise<Pick<Hit, "entryId" | "time" | "text" | "together"> | null> {
  const entry = parseEntry(await readLine(handle, offset));
  if (entry === null) return null;
  const text = searchedText(entry);
  const places = query.words.map((word) => findWord(text, word));
  const found = places.filter((place) => place !== null).toSorted(([a], [b]) => a - b);
  const [first] = found;
  if (!first || findWord(text, rarestWord(query)) === null) return null;
  return {
    entryId: entry.id,
    time: entry.time,
    text: snippet(text, first[0]),
    together: found.length === places.length,
  };
}

async function readLine(handle: FileHandle, offset: number): Promise<Buffer> {
  for (let length = 8 * 1024; ; length *= 8) {
    const bytes = await readBytes(handle, offset, offset + length);
    const end = bytes.indexOf(10);
    if (end >= 0) return bytes.subarray(0, end);
    if (bytes.length < length) return bytes;
  }
}

/** What of an entry a person reads as text. */
function searchedText(entry: StoredEntry): string {
  switch (entry.type) {
    case "name":
      return entry.name;
    case "label":
      return entry.label;
    case "run_start":
      return entry.prompt;
    case "message":
      return entry.message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
    default:
      return "";
  }
}

function snippet(text: string, at: number): string {
  const start = at <= BEFORE ? 0 : at - BEFORE;
  const part = text
    .slice(start, start + SNIPPET)
    .replace(/\s+/g, " ")
    .trim();
  return `${start > 0 ? "…" : ""}${part}${start + SNIPPET < text.length ? "…" : ""}`;
}
