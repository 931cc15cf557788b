// Files and folders for `@`: the list is read once and again when it is old; ranking is fuzzy.
import fuzzysort, { type Snapshot } from "fuzzysort";

/** Lists the files of the workspace, relative to its root, `/` between parts. */
export type ListFiles = (options: { signal: AbortSignal }) => Promise<readonly string[]>;

export interface FileFinder {
  /** The best matches for a part of a path, folders with a `/` at their end. Rejects only as ListFiles does. */
  find(query: string, options: { signal: AbortSignal }): Promise<string[]>;
}

const MOST_RESULTS = 50;
/** fuzzysort: 0.5 is a good match; searching below it takes five times as long. */
const THRESHOLD = 0.5;
const FRESH_MS = 5_000;

type FileList = { paths: readonly string[]; snapshot: Snapshot; readMs: number };

/** `now` is a clock in milliseconds. An old list is used while the new one is read. */
export function createFileFinder(listFiles: ListFiles, now: () => number): FileFinder {
  let list: FileList | null = null;
  let reading: Promise<FileList> | null = null;
  const read = async (signal: AbortSignal): Promise<FileList> => {
    const paths = withFolders(await listFiles({ signal }));
    list = { paths, snapshot: fuzzysort.snapshot(paths), readMs: now() };
    return list;
  };
  const readOnce = (signal: AbortSignal): Promise<FileList> => {
    reading ??= read(signal).finally(() => {
      reading = null;
    });
    return reading;
  };
  return {
    async find(query, { signal }) {
      if (list === null) return search(await readOnce(signal), query);
      // The next question gets the newer list; until then the old one answers, also when reading fails.
      if (now() - list.readMs > FRESH_MS) readOnce(signal).catch(() => undefined);
      return search(list, query);
    },
  };
}

/** Without a query the top of the tree; a folder that is written in full gives way to what it holds. */
function search({ paths, snapshot }: FileList, query: string): string[] {
  if (query === "") return paths.filter((path) => /^[^/]+\/?$/.test(path)).slice(0, MOST_RESULTS);
  const found = fuzzysort.go(query, snapshot, { limit: MOST_RESULTS, threshold: THRESHOLD });
  return found.map((result) => result.target).filter((path) => path !== query || !path.endsWith("/"));
}

/** Shallow paths first, folders among them. */
function withFolders(files: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = file.indexOf("/"); at !== -1; at = file.indexOf("/", at + 1))
      folders.add(file.slice(0, at + 1));
  }
  return [...folders, ...files]
    .map((path) => ({ path, depth: path.split("/").length }))
    .sort((first, second) => first.depth - second.depth || (first.path < second.path ? -1 : 1))
    .map(({ path }) => path);
}
