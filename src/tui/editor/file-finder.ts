// Files and folders for `@`: the list is read once and again when it is old; ranking is fuzzy. A search goes in slices,
// and one that a newer question has overtaken stops.
import { indexPaths, type PathIndex, searchPaths } from "./path-index.ts";

/** Lists the files of the workspace, relative to its root, `/` between parts. */
export type ListFiles = (options: { signal: AbortSignal }) => Promise<readonly string[]>;

export interface FileFinder {
  /**
   * The best matches for a part of a path, folders with a `/` at their end; none when a newer question came meanwhile.
   * Rejects only as ListFiles does.
   */
  find(query: string, options: { signal: AbortSignal }): Promise<string[]>;
}

const MOST_RESULTS = 50;
const FRESH_MS = 5_000;
/** A list that took long to read is kept for so many times as long. */
const FRESH_TIMES = 30;
/** How long keys may wait for a slice. */
const SLICE_MS = 8;

/** `staleMs`: from then on it is old. */
type FileList = { index: PathIndex; staleMs: number };
type Finished = { list: FileList; query: string; all: readonly number[] };

/** `now` is a clock in milliseconds. An old list is used while the new one is read. */
export function createFileFinder(listFiles: ListFiles, now: () => number): FileFinder {
  let list: FileList | null = null;
  let reading: Promise<FileList> | null = null;
  let last: Finished | null = null;
  let newest = 0;
  const read = async (signal: AbortSignal): Promise<FileList> => {
    const began = now();
    const steps = indexPaths(withFolders(await listFiles({ signal })));
    const index = await inSlices(steps);
    list = { index, staleMs: now() + Math.max(FRESH_MS, FRESH_TIMES * (now() - began)) };
    return list;
  };
  const readOnce = (signal: AbortSignal): Promise<FileList> => {
    reading ??= read(signal).finally(() => {
      reading = null;
    });
    return reading;
  };
  const search = async (from: FileList, query: string): Promise<string[]> => {
    const number = ++newest;
    if (query === "") return topOf(from.index);
    const within = last?.list === from && query.startsWith(last.query) ? last.all : null;
    const steps = searchPaths(from.index, query, { within, limit: MOST_RESULTS });
    const found = await inSlices(steps, () => number === newest);
    if (found === OVERTAKEN) return [];
    last = { list: from, query, all: found.all };
    return found.best
      .map((place) => from.index.paths[place] ?? "")
      .filter((path) => path !== query || !path.endsWith("/"));
  };
  return {
    async find(query, { signal }) {
      if (list === null) return search(await readOnce(signal), query);
      // The next question gets the newer list; until then the old one answers, also when reading fails.
      if (now() > list.staleMs) readOnce(signal).catch(() => undefined);
      return search(list, query);
    },
  };
}

const OVERTAKEN = Symbol("overtaken");

/** Runs the steps, letting others go on after each slice, until `goesOn` says no. */
async function inSlices<T>(steps: Generator<void, T>): Promise<T>;
async function inSlices<T>(steps: Generator<void, T>, goesOn: () => boolean): Promise<T | typeof OVERTAKEN>;
async function inSlices<T>(steps: Generator<void, T>, goesOn?: () => boolean): Promise<T | typeof OVERTAKEN> {
  let sliceEnds = performance.now() + SLICE_MS;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < sliceEnds) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (goesOn?.() === false) return OVERTAKEN;
    sliceEnds = performance.now() + SLICE_MS;
  }
}

/** Without a query the top of the tree, by the alphabet. */
function topOf({ paths }: PathIndex): string[] {
  const top = paths.filter((path) => {
    const slash = path.indexOf("/");
    return slash === -1 || slash === path.length - 1;
  });
  return top.sort().slice(0, MOST_RESULTS);
}

/** Each folder before the first file that it holds. */
function* withFolders(files: readonly string[]): Generator<string> {
  const seen = new Set<string>();
  for (const file of files) {
    yield* newFolders(file, seen);
    yield file;
  }
}

function newFolders(file: string, seen: Set<string>): string[] {
  const folders: string[] = [];
  // From the deepest: where that one was seen, those above it were too.
  for (let at = file.lastIndexOf("/"); at > 0; at = file.lastIndexOf("/", at - 1)) {
    const folder = file.slice(0, at + 1);
    if (seen.has(folder)) break;
    seen.add(folder);
    folders.push(folder);
  }
  return folders;
}
