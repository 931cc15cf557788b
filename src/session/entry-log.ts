// Where a store puts its entries: a file that only grows, or memory. Knows nothing of trees.
import {
  closeSync,
  constants,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  writeSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { AppError } from "../lib/app-error.ts";
import type { SessionHeader } from "../protocol/session-entry.ts";
import { entryLine, headerLine } from "./entry-line.ts";
import { lockSession, type SessionLock } from "./lock.ts";
import { type FileEnd, readEntries } from "./read.ts";
import { unwritable } from "./session-notice.ts";
import type { StoredEntry } from "./state-entry.ts";

/** All or nothing: when `append` throws AppError `session.write`, none of the entries counts as written. */
export interface EntryLog {
  /** null: nothing is stored. */
  readonly path: string | null;
  /** Nothing was written yet, not even the header. */
  readonly isEmpty: boolean;
  /** Returns when the operating system has the bytes: they survive the end of this process. */
  append(entries: readonly StoredEntry[]): void;
  /**
   * Resolves when the device has them: they survive a power cut. Rejects with `session.write`; what the device did not
   * take is given to it again with the next append.
   */
  sync(): Promise<void>;
  /** What was written, first first, in batches. */
  read(): AsyncIterable<StoredEntry[]>;
  /** Waits for a `sync` under way. Idempotent. */
  close(): Promise<void>;
}

/** Gives what was written to the device. */
export type SyncData = (fd: number) => Promise<void>;

const deviceSync: SyncData = promisify(fdatasync);

type Found = { end: FileEnd; lock: SessionLock; syncData?: SyncData | undefined };

/** A session file. Made, locked and opened at the first append unless `openFileLog` did so before. */
class FileLog implements EntryLog {
  readonly path: string;
  #header: SessionHeader;
  #end: FileEnd;
  #lock: SessionLock | null;
  #fd: number | null = null;
  #syncing: Promise<unknown> = Promise.resolve();
  /** Whether bytes that do not count may stand after `#end`. */
  #dirty: boolean;

  /** What the device may not have yet, from `#synced` on. */
  #unsynced: { end: number; bytes: Buffer }[] = [];
  #synced: number;
  /** A sync failed: the system may count as written what the device never got, so it is written once more. */
  #mustRewrite = false;
  readonly #syncData: SyncData;
  /** The device may not know yet that there is such a file. */
  #unnamed: boolean;

  constructor(path: string, header: SessionHeader, { end, lock, syncData = deviceSync }: Partial<Found>) {
    this.path = path;
    this.#syncData = syncData;
    this.#unnamed = end === undefined;
    this.#header = header;
    this.#end = end ?? { size: 0, terminated: true };
    this.#lock = lock ?? null;
    this.#dirty = end !== undefined;
    this.#synced = this.#end.size;
  }

  get isEmpty(): boolean {
    return this.#end.size === 0;
  }

  append(entries: readonly StoredEntry[]): void {
    const { size, terminated } = this.#end;
    const start = size === 0 ? headerLine(this.#header) : terminated ? "" : "\n";
    const bytes = Buffer.from(start + entries.map(entryLine).join(""));
    try {
      const fd = this.#open();
      if (this.#dirty) ftruncateSync(fd, size);
      if (this.#mustRewrite) this.#rewrite();
      this.#dirty = true;
      writeWhole(fd, bytes);
    } catch (error) {
      this.#cutBack();
      throw error instanceof AppError ? error : unwritable(this.path, error);
    }
    this.#dirty = false;
    this.#end = { size: size + bytes.length, terminated: true };
    this.#unsynced.push({ end: this.#end.size, bytes });
  }

  async sync(): Promise<void> {
    if (this.#fd === null) return;
    const end = this.#end.size;
    const named = this.#unnamed ? syncFolder(dirname(this.path)) : null;
    this.#unnamed = false;
    const synced = Promise.all([this.#syncData(this.#fd), named]).then(
      () => {
        this.#synced = Math.max(this.#synced, end);
        this.#unsynced = this.#unsynced.filter((part) => part.end > end);
      },
      (error: unknown) => {
        this.#mustRewrite = true;
        throw unwritable(this.path, error);
      },
    );
    this.#syncing = Promise.allSettled([this.#syncing, synced]);
    await synced;
  }

  read(): AsyncIterable<StoredEntry[]> {
    return this.#end.size === 0 ? nothing() : readEntries(this.path);
  }

  async close(): Promise<void> {
    await this.#syncing;
    if (this.#fd !== null) closeSync(this.#fd);
    if (this.#fd !== null && this.#end.size === 0) rmSync(this.path, { force: true }); // Nothing could be written.
    this.#fd = null;
    this.#lock?.release();
    this.#lock = null;
  }

  /** In its place and with the same bytes: whoever reads the file meanwhile sees no difference. */
  #rewrite(): void {
    const fd = openSync(this.path, constants.O_WRONLY);
    try {
      writeWhole(fd, Buffer.concat(this.#unsynced.map(({ bytes }) => bytes)), this.#synced);
    } finally {
      closeSync(fd);
    }
    this.#mustRewrite = false;
  }

  /** Takes the part away that a full disk took. Where that fails too, the next append does it. */
  #cutBack(): void {
    if (this.#fd === null) return;
    try {
      ftruncateSync(this.#fd, this.#end.size);
      this.#dirty = false;
    } catch {
      this.#dirty = true;
    }
  }

  #open(): number {
    if (this.#fd !== null) return this.#fd;
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    this.#lock ??= lockSession(this.path);
    const { O_APPEND, O_CREAT, O_WRONLY } = constants;
    this.#fd = openSync(this.path, O_APPEND | O_CREAT | O_WRONLY, 0o600);
    return this.#fd;
  }
}

/** A file that does not exist yet. */
export function newFileLog(path: string, header: SessionHeader, syncData?: SyncData): EntryLog {
  return new FileLog(path, header, { syncData });
}

/** A file that was read up to `end` under `lock`, which the log releases. Not changed before the first append. */
export function openFileLog(path: string, header: SessionHeader, found: Found): EntryLog {
  return new FileLog(path, header, found);
}

/** Keeps everything in memory and nothing on disk. */
export function memoryLog(): EntryLog {
  const written: StoredEntry[] = [];
  return {
    path: null,
    isEmpty: true,
    append: (entries) => {
      written.push(...entries);
    },
    sync: () => Promise.resolve(),
    read: async function* () {
      yield [...written];
    },
    close: () => Promise.resolve(),
  };
}

async function* nothing(): AsyncGenerator<StoredEntry[]> {
  // A session without its first prompt has no file.
}

/** The name of a new file is the folder's, and not every file system writes it with the file. */
async function syncFolder(folder: string): Promise<void> {
  // Folders cannot be opened or synced everywhere (Windows, some network disks): there the system does it.
  const handle = await open(folder, constants.O_RDONLY).catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** A full disk can take a part and only then refuse. */
function writeWhole(fd: number, bytes: Buffer, position: number | null = null): void {
  for (let written = 0; written < bytes.length; ) {
    const at = position === null ? null : position + written;
    written += writeSync(fd, bytes, written, bytes.length - written, at);
  }
}
