// Writes an imported session so that it is there whole or not at all: entries go to a file aside, which gets its
// header, is flushed to the disk, and only then takes its name.
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { isErrorCode } from "../../lib/error-code.ts";
import type { SessionHeader } from "../../protocol/session-entry.ts";
import { entryLine, headerLine } from "../entry-line.ts";
import { unwritable } from "../session-notice.ts";
import type { StoredEntry } from "../state-entry.ts";

/** `modifiedMs`: of its last entry, so that lists show it where it belongs in time; since the epoch. */
type FilePlace = { path: string; modifiedMs: number };

export interface ImportFile {
  /** Throws AppError `session.write`. */
  append(entries: readonly StoredEntry[]): Promise<void>;
  /** Bytes of the entries so far. */
  readonly bytes: number;
  /** Gives it its header and its place, in the place of what is there. Throws AppError `session.write`. */
  finish(header: SessionHeader, place: FilePlace): Promise<void>;
  /** Removes what is aside. Idempotent; to be called however it ended. */
  discard(): Promise<void>;
}

const ASIDE = /^\.import-(\d+)-\d+\.tmp$/;
/** Text that is held before it is written. */
const WRITE_SIZE = 256 * 1024;
let files = 0;

/** `dir`: the folder of all sessions. Makes nothing before the first `append`. */
export function importFile(dir: string): ImportFile {
  const aside = join(dir, `.import-${process.pid}-${++files}.tmp`);
  let handle: Awaited<ReturnType<typeof open>> | null = null;
  let waiting: string[] = [];
  let size = 0;
  let bytes = 0;
  const write = async (): Promise<void> => {
    const text = waiting.join("");
    waiting = [];
    size = 0;
    if (text === "") return;
    await mkdir(dir, { recursive: true, mode: 0o700 });
    handle ??= await open(aside, "wx", 0o600);
    await handle.writeFile(text);
  };
  const close = async (): Promise<void> => {
    await handle?.close();
    handle = null;
  };
  return {
    get bytes() {
      return bytes;
    },
    append: (entries) =>
      guarded(aside, async () => {
        for (const entry of entries) {
          const line = entryLine(entry);
          waiting.push(line);
          size += line.length;
          bytes += Buffer.byteLength(line);
        }
        if (size >= WRITE_SIZE) await write();
      }),
    finish: (header, { path, modifiedMs }) =>
      guarded(path, async () => {
        await write();
        await close();
        await placeWhole({ aside, header, path, modifiedMs });
      }),
    discard: async () => {
      await close();
      await rm(aside, { force: true }).catch(() => undefined); // Where it could not be made, there is none.
    },
  };
}

type Whole = FilePlace & { aside: string; header: SessionHeader };

async function placeWhole({ aside, header, path, modifiedMs }: Whole): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const whole = join(dirname(path), basename(aside)); // In a folder of its project, not in that of all sessions.
  try {
    const file = await open(whole, "w", 0o600);
    try {
      await file.writeFile(headerLine(header));
    } finally {
      await file.close();
    }
    await pipeline(createReadStream(aside), createWriteStream(whole, { flags: "a", mode: 0o600 }));
    await utimes(whole, new Date(), new Date(modifiedMs));
    await flush(whole);
    await rename(whole, path);
    await flush(dirname(path));
  } finally {
    await rm(whole, { force: true }).catch(() => undefined); // As above.
  }
}

/** To the device. Folders cannot be flushed everywhere. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } catch (error) {
    if (!isErrorCode(error, "EINVAL", "EPERM", "EISDIR", "EBADF")) throw error;
  } finally {
    await handle.close();
  }
}

/** Takes away what an import left that was killed. */
export async function removeLeftovers(dir: string): Promise<void> {
  const folders = [dir, ...(await namesIn(dir)).map((name) => join(dir, name))];
  for (const folder of folders) {
    for (const name of await namesIn(folder)) {
      const pid = ASIDE.exec(name)?.[1];
      if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isErrorCode(error, "ESRCH");
  }
}

async function guarded(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw unwritable(path, cause);
  }
}
