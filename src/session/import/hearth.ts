// Takes a session of another Hearth in: its entries as they are, but for what must not travel: the permission mode,
// what waited in the queue, the other agents' own sessions.
import { AppError } from "../../lib/app-error.ts";
import { CHECKSUM, verifyChecksum } from "../checksum.ts";
import { readEntries, readHeader } from "../read.ts";
import type { KnownEntry, StateEntry, StoredEntry, StoredState } from "../state-entry.ts";
import { applyEntry, NEW_SESSION } from "../stored-state.ts";
import { isoTime } from "./fields.ts";
import { fileSource, sourceHash } from "./foreign-source.ts";
import { importFile } from "./import-file.ts";
import {
  finishImport,
  type ImportOptions,
  type ImportReport,
  placeOf,
  type ReadSession,
  report,
} from "./import-session.ts";
import type { ImportTally } from "./import-tree.ts";

/**
 * Rejects with AppError `session.checksum` when the file is not what was exported, with `session.invalid` or
 * `session.version` when it is no session that can be read, or with `session.write`.
 */
export async function importHearth(path: string, options: ImportOptions): Promise<ImportReport> {
  const header = await readHeader(path);
  if ((await verifyChecksum(path)) === "changed") throw changed(path);
  const travel = new Travel();
  const file = importFile(options.dir);
  try {
    for await (const batch of readEntries(path)) {
      const entries = batch.flatMap((entry) => travel.take(entry));
      if (!options.dryRun) await file.append(entries);
    }
    if (!options.dryRun) await file.append([travel.snapshot(header.time)]);
    const read: ReadSession = {
      agent: "hearth",
      source: path,
      facts: { id: header.id, cwd: header.cwd, time: header.time, name: travel.state.name },
      time: isoTime(header.time) ?? new Date(0).toISOString(),
      sha256: await hashOf(path),
      modifiedMs: await fileSource(path).modifiedMs(),
      firstPrompt: travel.state.firstPrompt,
    };
    return await place({ read, travel, file, options });
  } finally {
    await file.discard();
  }
}

type Taken = {
  read: ReadSession;
  travel: Travel;
  file: ReturnType<typeof importFile>;
  options: ImportOptions;
};

async function place({ read, travel, file, options }: Taken): Promise<ImportReport> {
  const { tally } = travel;
  if (tally.messages === 0) return report(read, tally, { status: "empty", id: null, path: null, cwd: null });
  const own = ownPlace(read, options);
  if (own) return report(read, tally, own);
  const placed = await placeOf(read, options);
  if (placed.status !== "already" && !options.dryRun) {
    await finishImport({ read, placed, bytes: file.bytes, options }, file.finish);
  }
  return report(read, tally, placed);
}

/** The session itself is among ours: it was never away. */
function ownPlace(read: ReadSession, { known, again }: ImportOptions) {
  const id = read.facts.id ?? "";
  const path = again ? undefined : known.get(id);
  return path === undefined ? null : ({ status: "already", id, path, cwd: read.facts.cwd } as const);
}

class Travel {
  readonly tally: ImportTally = { messages: 0, runs: 0, branches: 1, unknown: new Map(), leftOut: new Map() };
  state: StoredState = NEW_SESSION;
  #count = 0;
  #tip: string | null = null;
  /** Entries that stay behind, and what stands in their place. */
  #moved = new Map<string, string | null>();

  take(entry: StoredEntry): StoredEntry[] {
    if (staysBehind(entry)) {
      const what = entry.type === "unknown" ? entry.raw.type : entry.type;
      this.tally.leftOut.set(what, (this.tally.leftOut.get(what) ?? 0) + 1);
      this.#moved.set(entry.id, this.#place(entry.parentId));
      return [];
    }
    const moved = this.#inPlace(entry);
    this.state = applyEntry(this.state, moved);
    if (entry.type === "message") this.tally.messages += 1;
    if (entry.type === "run_start") this.tally.runs += 1;
    if (entry.type === "leaf") this.tally.branches += 1;
    this.#tip = moved.type === "leaf" ? moved.targetId : moved.id;
    this.#count += 1;
    return [moved];
  }

  snapshot(time: string): StateEntry {
    const own = {
      queue: [],
      paused: false,
      externalSessionId: null,
      externalSessions: {},
      openRun: null,
      mode: null,
      runtime: null,
    };
    return {
      type: "state",
      id: `import-${this.#count}`,
      parentId: this.#tip,
      time,
      state: { ...this.state, ...own },
    };
  }

  #inPlace(entry: StoredEntry): StoredEntry {
    const parentId = this.#place(entry.parentId);
    if (entry.type === "unknown") return { ...entry, parentId, raw: { ...entry.raw, parentId } };
    if (entry.type === "leaf") return { ...entry, parentId, targetId: this.#place(entry.targetId) };
    return { ...entry, parentId } satisfies KnownEntry;
  }

  #place(id: string | null): string | null {
    return id === null ? null : (this.#moved.get(id) ?? (this.#moved.has(id) ? null : id));
  }
}

function staysBehind(entry: StoredEntry): boolean {
  if (entry.type === "unknown") return entry.raw.type === CHECKSUM;
  return (
    entry.type === "mode" || entry.type === "queue" || entry.type === "runtime" || entry.type === "state"
  );
}

async function hashOf(path: string): Promise<string> {
  const hash = sourceHash();
  for await (const _batch of fileSource(path).values(hash));
  return hash.digest();
}

function changed(path: string): AppError {
  return new AppError("session.checksum", `${path} is not what was exported: its checksum does not match.`, {
    hint: "Export it again, or copy it again; a part of it was changed or lost on the way.",
  });
}
