// Reads session files: the header, one branch from the end, or every entry. Changes nothing.
import { type FileHandle, open } from "node:fs/promises";
import { AppError } from "../lib/app-error.ts";
import {
  countLinesBefore,
  type FileLine,
  linesFromEnd,
  linesFromStart,
  readBytes,
} from "../lib/line-blocks.ts";
import { SESSION_VERSION, type SessionHeader } from "../protocol/session-entry.ts";
import { BranchWalk, type WalkExtent } from "./branch-walk.ts";
import { headerVersion, parseEntry, parseHeader } from "./entry-line.ts";
import {
  badLines,
  missingParent,
  notASession,
  type SessionNotice,
  tooNew,
  tornLine,
  unreadable,
} from "./session-notice.ts";
import type { StoredEntry, StoredState } from "./state-entry.ts";

/** One branch of a session. */
export type SessionBranch = {
  header: SessionHeader;
  /** Oldest first; not from the root when `complete` is false, but all that a model is shown. */
  entries: StoredEntry[];
  state: StoredState;
  complete: boolean;
  notices: SessionNotice[];
  /** Where the whole lines of the file end, in bytes, and whether the last of them has its line feed. */
  end: FileEnd;
};

export type FileEnd = { size: number; terminated: boolean };

export type ReadOptions = {
  /** To the root even where a compaction stands for what is older. */
  whole?: boolean;
  /** How many entries of the branch the screen wants to show. */
  entries?: number;
};

const HEADER_BYTES = 64 * 1024;
const SCREEN_ENTRIES = 200;

/**
 * The branch that the session was left on. Reads from the end, only as far as needed. Throws AppError
 * `session.not_found`, `session.read`, `session.invalid` or `session.version`; damage inside is told by notices.
 */
export async function readBranch(path: string, options: ReadOptions = {}): Promise<SessionBranch> {
  const extent: WalkExtent = {
    to: options.whole ? "whole" : "history",
    entries: options.entries ?? SCREEN_ENTRIES,
  };
  return withFile(path, async (handle) => {
    const header = await readHeaderOf(handle, path);
    const end = await findEnd(handle);
    const walk = await walkBranch(handle, end.size, extent);
    const notices = [
      ...(end.torn ? [tornLine()] : []),
      ...(await locate(handle, [...walk.badOffsets])),
      ...walk.missing.map(missingParent),
    ];
    const { size, terminated } = end;
    const entries = walk.entries();
    return {
      header,
      entries,
      state: withoutDelivered(walk.state(), entries),
      complete: walk.complete(),
      notices,
      end: { size, terminated },
    };
  });
}

/** Header and state alone, for lists: looks at the first line and the newest few. Throws like `readBranch`. */
export async function readState(path: string): Promise<{ header: SessionHeader; state: StoredState }> {
  return withFile(path, async (handle) => {
    const header = await readHeaderOf(handle, path);
    const { size } = await handle.stat();
    return { header, state: (await walkBranch(handle, size, { to: "state", entries: 0 })).state() };
  });
}

/** The newest `count` entries of the branch, oldest first, with header and state, for a glance. Throws like `readBranch`. */
export async function readNewest(
  path: string,
  count: number,
): Promise<Pick<SessionBranch, "header" | "entries" | "state">> {
  return withFile(path, async (handle) => {
    const header = await readHeaderOf(handle, path);
    const { size } = await handle.stat();
    const walk = await walkBranch(handle, size, { to: "newest", entries: count });
    return { header, entries: walk.entries(), state: walk.state() };
  });
}

/** The header alone. Throws like `readBranch`. */
export async function readHeader(path: string): Promise<SessionHeader> {
  return withFile(path, (handle) => readHeaderOf(handle, path));
}

/** Every entry of the file that can be read, first first, in batches; a torn last line is left out. */
export async function* readEntries(path: string): AsyncGenerator<StoredEntry[]> {
  const handle = await openFile(path);
  try {
    await readHeaderOf(handle, path);
    const { size } = await findEnd(handle);
    for await (const lines of linesFromStart(handle, size)) {
      const entries = lines.flatMap((line) => (line.offset === 0 ? [] : (parseEntry(line.bytes) ?? [])));
      if (entries.length > 0) yield entries;
    }
  } finally {
    await handle.close();
  }
}

async function walkBranch(handle: FileHandle, size: number, extent: WalkExtent): Promise<BranchWalk> {
  const walk = new BranchWalk(extent);
  for (let from: number | null = size; from !== null; ) {
    const stopped = await walkFrom(handle, from, walk);
    from = stopped ? null : walk.detour();
  }
  return walk;
}

/** True when the walk had enough before the start of the file. */
async function walkFrom(handle: FileHandle, from: number, walk: BranchWalk): Promise<boolean> {
  for await (const lines of linesFromEnd(handle, from)) {
    for (const line of lines) if (!walk.take(line)) return true;
  }
  return false;
}

/**
 * A last line without line feed is whole when it can be parsed (no beginning of a JSON object can), else torn.
 */
async function findEnd(handle: FileHandle): Promise<FileEnd & { torn: boolean }> {
  const { size } = await handle.stat();
  const last = await lastLine(handle, size);
  if (last === null || last.terminated) return { size, terminated: true, torn: false };
  if (last.offset === 0 || parseEntry(last.bytes)) return { size, terminated: false, torn: false };
  return { size: last.offset, terminated: true, torn: true };
}

async function lastLine(handle: FileHandle, size: number): Promise<FileLine | null> {
  for await (const lines of linesFromEnd(handle, size)) return lines[0] ?? null;
  return null;
}

/** A queue item whose message is there was delivered, also where the process ended before the queue could say so. */
function withoutDelivered(state: StoredState, entries: readonly StoredEntry[]): StoredState {
  if (state.queue.length === 0) return state;
  const ids = new Set(entries.map((entry) => entry.id));
  return { ...state, queue: state.queue.filter((item) => !ids.has(item.id)) };
}

async function locate(handle: FileHandle, offsets: readonly number[]): Promise<SessionNotice[]> {
  const ascending = offsets.toSorted((a, b) => a - b);
  return badLines((await countLinesBefore(handle, ascending)).map((count) => count + 1));
}

async function readHeaderOf(handle: FileHandle, path: string): Promise<SessionHeader> {
  const start = await readBytes(handle, 0, HEADER_BYTES).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const feed = start.indexOf(10);
  const line = feed < 0 ? start : start.subarray(0, feed);
  const version = headerVersion(line);
  if (version !== null && version > SESSION_VERSION) throw tooNew(path, version);
  const header = parseHeader(line);
  if (header === null) throw notASession(path);
  return header;
}

async function withFile<Result>(path: string, use: (handle: FileHandle) => Promise<Result>): Promise<Result> {
  const handle = await openFile(path);
  try {
    return await use(handle);
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(path, error);
  } finally {
    await handle.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  return open(path, "r").catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
}
