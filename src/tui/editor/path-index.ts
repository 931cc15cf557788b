// The paths of a workspace made ready for fuzzy search, and the search: in steps, so that 100,000 paths never hold up
// a key (fuzzysort, which ranks every other list, needs 1.6 s for the first of them and 30 to 100 ms a key, in one piece).
// Pure; file-finder.ts drives it.
import { type BestList, createBestList } from "./best-list.ts";

/** Parallel lists, one place for each path. */
export type PathIndex = {
  readonly paths: string[];
  readonly lower: string[];
  /** Where the last part of each path begins; of a folder the last but the empty one. */
  readonly names: number[];
  /** A bit for each letter and digit class that occurs: most paths are ruled out by it. */
  readonly masks: number[];
  /** What decides between equal matches: fewer folders, then the shorter path; below 1. */
  readonly penalties: number[];
  /** 0, 1, 2 and so on. */
  readonly places: number[];
};

export type PathMatches = {
  /** Places in the index, best first. */
  best: number[];
  /** Places of all paths that match: where a longer query needs to look. */
  all: number[];
};

/** Paths between two steps. */
const STEP = 1_000;

/** Adds paths, `/` between parts, folders with a `/` at their end. Yields where others may go on. */
export function* indexPaths(paths: Iterable<string>): Generator<void, PathIndex> {
  const index: PathIndex = { paths: [], lower: [], names: [], masks: [], penalties: [], places: [] };
  for (const path of paths) {
    addPath(index, path);
    if (index.paths.length % STEP === 0) yield;
  }
  return index;
}

function addPath(index: PathIndex, path: string): void {
  const lower = path.toLowerCase();
  index.places.push(index.paths.length);
  index.paths.push(path);
  // The same string twice costs nothing.
  index.lower.push(lower === path ? path : lower);
  index.names.push(path.lastIndexOf("/", path.length - 2) + 1);
  index.masks.push(maskOf(lower));
  index.penalties.push(penaltyOf(path));
}

/** `within`: places to look at, all when null. The query may be written in any case. */
export function* searchPaths(
  index: PathIndex,
  query: string,
  options: { within: readonly number[] | null; limit: number },
): Generator<void, PathMatches> {
  const wanted = query.toLowerCase();
  const best = createBestList(
    options.limit,
    (one, other) => (index.paths[one] ?? "") < (index.paths[other] ?? ""),
  );
  const search: Search = { index, wanted, mask: maskOf(wanted), best, all: [] };
  const places = options.within ?? index.places;
  for (let at = 0; at < places.length; at += STEP) {
    searchSome(search, places, at);
    yield;
  }
  return { best: best.places(), all: search.all };
}

type Search = { index: PathIndex; wanted: string; mask: number; best: BestList; all: number[] };

/** One step. Apart from the generator: a plain function is compiled after a few calls. */
function searchSome(
  { index, wanted, mask, best, all }: Search,
  places: readonly number[],
  from: number,
): void {
  const end = Math.min(from + STEP, places.length);
  for (let at = from; at < end; at++) {
    const place = places[at] ?? 0;
    if (((index.masks[place] ?? 0) & mask) !== mask) continue;
    const score = scorePath(index.lower[place] ?? "", index.names[place] ?? 0, wanted);
    if (score === 0) continue;
    all.push(place);
    best.offer(place, score - (index.penalties[place] ?? 0));
  }
}

function penaltyOf(path: string): number {
  return Math.min(depthOf(path), 60) / 64 + Math.min(path.length, 1_000) / 65_536;
}

function depthOf(path: string): number {
  let depth = 0;
  for (let at = path.indexOf("/"); at !== -1 && at < path.length - 1; at = path.indexOf("/", at + 1)) depth++;
  return depth;
}

const IN_NAME = 3_000;
const IN_PATH = 2_000;
const SCATTERED = 1_000;
const AT_BORDER = 300;
const WHOLE = 300;
const RUN = 60;

/** 0 is no match. The query as it stands in the name beats one in the path, which beats its letters in order. */
function scorePath(path: string, name: number, wanted: string): number {
  const inName = path.indexOf(wanted, name);
  if (inName !== -1) {
    const begins = inName === name ? AT_BORDER : 0;
    return IN_NAME + begins + borderScore(path, inName) + wholeScore(path, inName + wanted.length);
  }
  const inPath = path.indexOf(wanted);
  if (inPath !== -1) return IN_PATH + (inPath === 0 ? AT_BORDER : 0) + borderScore(path, inPath);
  return scatteredScore(path, name, wanted);
}

function borderScore(path: string, at: number): number {
  return isBorder(path, at) ? AT_BORDER : 0;
}

/** The match ends where the name does, but for its ending or the slash of a folder. */
function wholeScore(path: string, end: number): number {
  const next = path.charCodeAt(end);
  return end === path.length || next === DOT || next === SLASH ? WHOLE : 0;
}

const DOT = 0x2e;
const SLASH = 0x2f;
const BLANK = 0x20;
const DASH = 0x2d;
const UNDERSCORE = 0x5f;

function isBorder(path: string, at: number): boolean {
  if (at === 0) return true;
  const before = path.charCodeAt(at - 1);
  return before === SLASH || before === DOT || before === DASH || before === UNDERSCORE || before === BLANK;
}

/** Letters are looked for from the end, so that the name comes first; each gap costs, each border pays. */
function scatteredScore(path: string, name: number, wanted: string): number {
  let at = path.length;
  let runs = 0;
  let borders = 0;
  for (let letter = wanted.length - 1; letter >= 0; letter--) {
    const code = wanted.charCodeAt(letter);
    const before = at;
    do at--;
    while (at >= 0 && path.charCodeAt(at) !== code);
    if (at < 0) return 0;
    if (at !== before - 1 || letter === wanted.length - 1) runs++;
    if (isBorder(path, at)) borders++;
  }
  const inName = at >= name ? AT_BORDER : 0;
  return Math.max(2, SCATTERED + inName + borders * RUN - runs * RUN);
}

/** Letters have a bit each, digits share one, everything else shares another. */
function maskOf(lower: string): number {
  let mask = 0;
  for (let at = 0; at < lower.length; at++) {
    const code = lower.charCodeAt(at);
    if (code >= 0x61 && code <= 0x7a) mask |= 1 << (code - 0x61);
    else if (code >= 0x30 && code <= 0x39) mask |= 1 << 26;
    else mask |= 1 << 27;
  }
  return mask;
}
