// Makes a whole session of a damaged file: a new file beside it. The damaged one keeps every byte.
import { open, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "../lib/app-error.ts";
import type { FileLine } from "../lib/line-blocks.ts";
import { SESSION_VERSION, type SessionHeader } from "../protocol/session-entry.ts";
import { entryLine, headerLine, parseEntry, parseHeader } from "./entry-line.ts";
import { unwritable } from "./session-notice.ts";
import { sessionFileName, sessionIdOf } from "./session-paths.ts";
import type { StoredEntry } from "./state-entry.ts";
import type { StoreContext } from "./store.ts";
import { fileLines, verifySession } from "./verify.ts";

/** Counts of lines. `path`: the new session; null when the file is whole and nothing was written. */
export type Repair = {
  path: string | null;
  id: string | null;
  kept: number;
  /** Lines that are no entries, a last one that was cut off, entries whose id was used before, results without call. */
  dropped: number;
  /** Entries that follow another one now, since their parent is missing. */
  relinked: number;
  /** The header could not be read and was made anew. */
  newHeader: boolean;
};

type RepairOptions = StoreContext & {
  /** The project it belongs to, where its header does not say so any more. */
  cwd: string;
};

/**
 * A session with its own id and every entry that can be read, each line as it was, beside the damaged one, which its
 * header names. Throws like `verifySession`, or `session.write`; nothing is left behind then.
 */
export async function repairSession(path: string, options: RepairOptions): Promise<Repair> {
  const verdict = await verifySession(path);
  if (verdict.problems.every(({ level }) => level === "warning")) {
    return { path: null, id: verdict.id, kept: verdict.entries, dropped: 0, relinked: 0, newHeader: false };
  }
  const header = await readHeader(path, options);
  const target = join(dirname(path), sessionFileName(header));
  const rebuild = new Rebuild();
  await write(target, async (add) => {
    await add([Buffer.from(headerLine(header))]);
    for await (const lines of fileLines(path)) {
      const rest = verdict.id === null ? lines : lines.filter(({ offset }) => offset > 0);
      await add(rest.flatMap((line) => rebuild.take(line) ?? []));
    }
  });
  const { kept, dropped, relinked } = rebuild;
  return { path: target, id: header.id, kept, dropped, relinked, newHeader: verdict.id === null };
}

/** The old one's with an id and a time of its own, or one made of what the file's name says. */
async function readHeader(
  path: string,
  { clock, newId, writer, cwd }: RepairOptions,
): Promise<SessionHeader> {
  const found = await firstHeader(path);
  const original = found?.id ?? sessionIdOf(basename(path));
  return {
    ...found,
    type: "session",
    version: SESSION_VERSION,
    id: newId(),
    time: new Date(clock()).toISOString(),
    cwd: found?.cwd ?? cwd,
    ...(original === null ? {} : { parentSession: original }),
    writer,
  };
}

async function firstHeader(path: string): Promise<SessionHeader | null> {
  for await (const [first] of fileLines(path)) return first ? parseHeader(first.bytes) : null;
  return null;
}

/** What of each line goes into the new file. */
class Rebuild {
  kept = 0;
  dropped = 0;
  relinked = 0;
  readonly #ids = new Set<string>();
  readonly #calls = new Set<string>();
  /** What stands in the place of a dropped entry: its parent. */
  readonly #instead = new Map<string, string | null>();
  /** The newest entry that others may follow. */
  #previous: string | null = null;

  take({ bytes }: FileLine): Buffer | null {
    if (bytes.length === 0) return null;
    const entry = parseEntry(bytes);
    if (entry === null || this.#ids.has(entry.id) || this.#isLoneResult(entry)) {
      this.dropped += 1;
      if (entry !== null && !this.#ids.has(entry.id)) this.#instead.set(entry.id, this.#parentOf(entry));
      return null;
    }
    const linked = this.#linked(entry);
    this.#keep(entry);
    return linked === entry ? Buffer.concat([bytes, LINE_FEED]) : Buffer.from(entryLine(linked));
  }

  #keep(entry: StoredEntry): void {
    this.kept += 1;
    this.#ids.add(entry.id);
    if (entry.type !== "state" && entry.type !== "leaf") this.#previous = entry.id;
    if (entry.type !== "message" || entry.message.role !== "assistant") return;
    for (const part of entry.message.content) if (part.type === "tool_call") this.#calls.add(part.id);
  }

  #isLoneResult(entry: StoredEntry): boolean {
    if (entry.type !== "message" || entry.message.role !== "tool_result") return false;
    return !this.#calls.has(entry.message.toolCallId);
  }

  #parentOf({ parentId }: StoredEntry): string | null {
    return this.#standing(parentId) ?? (parentId === null ? null : this.#previous);
  }

  /** The id itself when its entry is there, else what stands for it; null for the root or when nothing does. */
  #standing(id: string | null): string | null {
    let at = id;
    while (at !== null && !this.#ids.has(at)) at = this.#instead.get(at) ?? null;
    return at;
  }

  /** The same object where every link leads somewhere. */
  #linked(entry: StoredEntry): StoredEntry {
    const parentId = this.#parentOf(entry);
    const linked = this.#withTarget(parentId === entry.parentId ? entry : withParent(entry, parentId));
    if (linked !== entry) this.relinked += 1;
    return linked;
  }

  #withTarget(entry: StoredEntry): StoredEntry {
    switch (entry.type) {
      case "leaf":
      case "label": {
        const targetId = entry.targetId === null ? null : (this.#standing(entry.targetId) ?? this.#previous);
        if (targetId === entry.targetId) return entry;
        if (entry.type === "leaf") return { ...entry, targetId };
        return { ...entry, targetId: targetId ?? entry.id };
      }
      case "compaction": {
        const firstKeptId = this.#standing(entry.firstKeptId);
        return firstKeptId === entry.firstKeptId ? entry : { ...entry, firstKeptId };
      }
      default:
        return entry;
    }
  }
}

const LINE_FEED = Buffer.from("\n");

function withParent(entry: StoredEntry, parentId: string | null): StoredEntry {
  if (entry.type !== "unknown") return { ...entry, parentId };
  return { ...entry, parentId, raw: { ...entry.raw, parentId } };
}

/** All of it, on the device, or no file. */
async function write(
  path: string,
  fill: (add: (lines: readonly Buffer[]) => Promise<void>) => Promise<void>,
): Promise<void> {
  const handle = await open(path, "wx", 0o600).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
  try {
    await fill((lines) => handle.writeFile(Buffer.concat(lines)));
    await handle.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error instanceof AppError ? error : unwritable(path, error);
  } finally {
    await handle.close();
  }
}
