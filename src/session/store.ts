// The session store: one writer's view of a session. Gives each entry its place in the tree and appends it.
import { join } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { SESSION_VERSION, type SessionHeader } from "../protocol/session-entry.ts";
import { type EntryLog, memoryLog, newFileLog, openFileLog, type SyncData } from "./entry-log.ts";
import { lockSession, type SessionLock } from "./lock.ts";
import { type ReadOptions, readBranch, readHeader, type SessionBranch } from "./read.ts";
import { rescueEntries } from "./rescue.ts";
import { unwritable } from "./session-notice.ts";
import { sessionFileName, sessionFolder } from "./session-paths.ts";
import type { EntryDraft, KnownEntry, StoredEntry, StoredState } from "./state-entry.ts";
import { applyEntry, NEW_SESSION } from "./stored-state.ts";

export interface SessionStore {
  readonly header: SessionHeader;
  /** The file, which does not exist before the first entry that matters; null when nothing is stored. */
  readonly path: string | null;
  /** The entry that the next one follows; null at the root. */
  readonly tip: string | null;
  readonly state: StoredState;
  /** Why nothing can be written: the session is only looked at. */
  readonly refusal: AppError | null;
  /**
   * Adds an entry to the branch and resolves to its id once the bytes survive the end of the process, with
   * `sync` also a power cut. Entries are written in the order of the calls. When it rejects with AppError
   * `session.write`, the entry is kept in memory and written with the next one.
   */
  append(draft: EntryDraft, options?: { sync?: boolean }): Promise<string>;
  /** Resolves when all entries so far survive a power cut. Rejects like `append`. */
  sync(): Promise<void>;
  /** Remembers whether the session is paused. Rejects like `append`. */
  setPaused(paused: boolean): Promise<void>;
  /** Every entry so far, first first, in batches: those on disk and those that wait. */
  entries(): AsyncIterable<StoredEntry[]>;
  /**
   * Writes what waits and gives the lock back. Idempotent. Rejects with AppError `session.unsaved` where that cannot be:
   * it says where the entries are kept instead.
   */
  close(): Promise<void>;
}

/** `clock` in milliseconds since the epoch; `writer` is program and version, `try` that of new sessions, for the header. */
export type StoreContext = {
  clock: () => number;
  newId: () => string;
  writer: string;
  try?: string;
  /** Gives a file's bytes to the device; absent: the system's way. Tests look on, or let it fail. */
  syncData?: SyncData;
};

export type CreateSessionOptions = StoreContext & {
  /** The folder of all sessions; null keeps the session in memory alone (--no-session). */
  dir: string | null;
  cwd: string;
  id?: string;
  parentSession?: string;
};

/** A reader starts at the newest snapshot, so this bounds how far back it must look for the state. */
const ENTRIES_PER_SNAPSHOT = 200;

class Store implements SessionStore {
  readonly header: SessionHeader;
  readonly refusal = null;
  #context: StoreContext;
  #log: EntryLog;
  #tip: string | null;
  #state: StoredState;
  /** Entries that the log does not have: a new session's before the first that matters, or after a failure. */
  #waiting: StoredEntry[] = [];
  #begun: boolean;
  #sinceSnapshot = 0;
  #closed = false;

  constructor(context: StoreContext, log: EntryLog, from: { header: SessionHeader; branch?: SessionBranch }) {
    this.#context = context;
    this.#log = log;
    this.header = from.header;
    this.#tip = from.branch?.entries.at(-1)?.id ?? null;
    this.#state = from.branch?.state ?? NEW_SESSION;
    this.#begun = from.branch !== undefined;
  }

  get path(): string | null {
    return this.#log.path;
  }

  get tip(): string | null {
    return this.#tip;
  }

  get state(): StoredState {
    return this.#state;
  }

  async append(draft: EntryDraft, options: { sync?: boolean } = {}): Promise<string> {
    const place = { id: draft.id ?? this.#context.newId(), parentId: this.#tip, time: this.#now() };
    const entry: KnownEntry = { ...draft, ...place };
    this.#add(entry);
    this.#tip = entry.type === "leaf" ? entry.targetId : entry.id;
    this.#sinceSnapshot += 1;
    if (this.#sinceSnapshot >= ENTRIES_PER_SNAPSHOT) this.#addSnapshot();
    this.#begun ||= matters(entry);
    this.#write();
    if (options.sync) await this.#log.sync();
    return entry.id;
  }

  async sync(): Promise<void> {
    this.#write();
    await this.#log.sync();
  }

  async setPaused(paused: boolean): Promise<void> {
    if (this.#state.paused === paused) return;
    this.#state = { ...this.#state, paused };
    this.#addSnapshot();
    this.#write();
  }

  async *entries(): AsyncGenerator<StoredEntry[]> {
    const waiting = [...this.#waiting];
    yield* this.#log.read();
    if (waiting.length > 0) yield waiting;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    if (this.#begun && this.#sinceSnapshot > 0) this.#addSnapshot();
    try {
      this.#write();
    } catch (error) {
      throw this.#rescued(error);
    } finally {
      this.#closed = true;
      await this.#log.close();
    }
  }

  #rescued(error: unknown): unknown {
    const { path, isEmpty } = this.#log;
    if (path === null) return error;
    const { header } = this;
    return rescueEntries({ header, path, isWhole: isEmpty, entries: this.#waiting }, error);
  }

  #add(entry: KnownEntry): void {
    if (this.#closed) throw new AppError("session.closed", "The session was closed already.");
    this.#state = applyEntry(this.#state, entry);
    this.#waiting.push(entry);
  }

  #addSnapshot(): void {
    const place = { id: this.#context.newId(), parentId: this.#tip, time: this.#now() };
    this.#add({ type: "state", ...place, state: this.#state });
    this.#sinceSnapshot = 0;
  }

  #write(): void {
    if (!this.#begun || this.#waiting.length === 0) return;
    this.#log.append(this.#waiting);
    this.#waiting = [];
  }

  #now(): string {
    return new Date(this.#context.clock()).toISOString();
  }
}

/** A new session. Makes no file before the first entry that matters. */
export function createSession(options: CreateSessionOptions): SessionStore {
  const { dir, cwd, clock, writer, parentSession } = options;
  const id = options.id ?? options.newId();
  const time = new Date(clock()).toISOString();
  const header: SessionHeader = {
    type: "session",
    version: SESSION_VERSION,
    id,
    time,
    cwd,
    ...(parentSession === undefined ? {} : { parentSession }),
    ...(options.try === undefined ? {} : { try: options.try }),
    writer,
  };
  const log =
    dir === null
      ? memoryLog()
      : newFileLog(join(sessionFolder(dir, cwd), sessionFileName(header)), header, options.syncData);
  return new Store(options, log, { header });
}

/**
 * A saved session to go on with, and the branch it was left on. Throws AppError `session.locked` when another
 * process has it, `session.write` where none may write, or as `readBranch` does. Changes nothing in the file before the first append.
 */
export async function openSession(
  path: string,
  context: StoreContext,
  options: ReadOptions = {},
): Promise<{ store: SessionStore; branch: SessionBranch }> {
  await readHeader(path); // Before the lock: what is no session gets no lock file beside it.
  const lock = takeLock(path);
  try {
    const branch = await readBranch(path, options);
    const { syncData } = context;
    const log = openFileLog(path, branch.header, {
      end: branch.end,
      lock,
      ...(syncData ? { syncData } : {}),
    });
    return { store: new Store(context, log, { header: branch.header, branch }), branch };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function takeLock(path: string): SessionLock {
  try {
    return lockSession(path);
  } catch (error) {
    throw error instanceof AppError ? error : unwritable(path, error);
  }
}

/** Whether an entry is worth a file: a session that was opened and left again leaves none. */
function matters(entry: KnownEntry): boolean {
  switch (entry.type) {
    case "model":
    case "mode":
    case "runtime":
    case "role":
    case "system":
    case "name":
    case "leaf":
    case "label":
    case "notice":
    case "plan":
    case "state":
    case "checkpoint":
      return false;
    case "queue":
      return entry.items.length > 0;
    case "message":
    case "partial":
    case "run_start":
    case "run_end":
    case "compaction":
    case "results_dropped":
    case "approval":
      return true;
  }
}
