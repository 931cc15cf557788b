// What is on disk about a terminal session: one JSON file, its lock (held by the host while it lives), its socket, and at its
// end its last screen.
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { AppError } from "../../lib/app-error.ts";
import { writeFileAtomic } from "../../lib/atomic-write.ts";
import { isErrorCode } from "../../lib/error-code.ts";

/** Times are milliseconds since the epoch. */
export const SessionRecord = z.object({
  version: z.literal(1),
  name: z.string(),
  command: z.array(z.string()),
  cwd: z.string(),
  /** The program, its start in clock ticks and the boot they count from, where there is /proc. */
  pid: z.number(),
  started: z.nullable(z.string()),
  boot: z.nullable(z.string()),
  hostPid: z.number(),
  socket: z.string(),
  columns: z.number(),
  rows: z.number(),
  createdMs: z.number(),
  /** `lost`: its host was killed, so that nobody knows how the program ended. */
  state: z.enum(["running", "exited", "lost"]),
  exitCode: z.nullable(z.number()),
  signal: z.nullable(z.string()),
  endedMs: z.nullable(z.number()),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

export type SessionFiles = { record: string; lock: string; screen: string };

/** sun_path holds 108 bytes on Linux, 104 on macOS (unix(7)). */
const LONGEST_SOCKET = 100;

export function sessionFiles(dir: string, name: string): SessionFiles {
  return {
    record: join(dir, `${name}.json`),
    lock: join(dir, `${name}.lock`),
    screen: join(dir, `${name}.screen`),
  };
}

/** Only its owner may look into it. */
export async function makeFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
}

/** Beside the record, or where that path would be too long in a folder of ours among the temporary files. */
export function socketPath(dir: string, name: string): string {
  const beside = join(dir, `${name}.sock`);
  if (Buffer.byteLength(beside) <= LONGEST_SOCKET) return beside;
  const folder = join(tmpdir(), `hearth-mux-${process.getuid?.() ?? 0}`);
  makePrivate(folder);
  return join(folder, `${createHash("sha256").update(beside).digest("hex").slice(0, 24)}.sock`);
}

/** Others can write among the temporary files: a folder or link that they laid there is not taken. */
function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!isErrorCode(error, "EEXIST")) throw error;
  }
  const found = lstatSync(folder);
  const isOurs = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  if (isOurs) return;
  throw new AppError("mux.folder", `${folder} is not a folder of ours alone.`, {
    hint: "Remove it, or set HEARTH_HOME to a folder with a shorter path.",
  });
}

/** Null when there is none, or a damaged one. */
export async function readRecord(dir: string, name: string): Promise<SessionRecord | null> {
  try {
    const parsed = SessionRecord.safeParse(
      JSON.parse(await readFile(sessionFiles(dir, name).record, "utf8")),
    );
    return parsed.success && parsed.data.name === name ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError || isErrorCode(error, "ENOENT")) return null;
    throw error;
  }
}

export async function writeRecord(dir: string, record: SessionRecord): Promise<void> {
  const text = `${JSON.stringify(record, null, 2)}\n`;
  await writeFileAtomic(sessionFiles(dir, record.name).record, Buffer.from(text), 0o600);
}

/** Names with a record, in the alphabet's order. */
export async function recordedNames(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (isErrorCode(error, "ENOENT")) return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .toSorted();
}

export async function removeFiles(dir: string, record: SessionRecord): Promise<void> {
  const { record: file, screen } = sessionFiles(dir, record.name);
  await Promise.all([file, screen, record.socket].map((path) => rm(path, { force: true })));
}
