// The host: the process in the background that has a terminal session's program, its screen and its socket. One for each
// session; it ends with the program and leaves word how that ended.
import { AppError } from "../../lib/app-error.ts";
import { writeFileAtomic } from "../../lib/atomic-write.ts";
import { type FileLock, takeFileLock } from "../../lib/file-lock.ts";
import { checkName } from "../folder/names.ts";
import {
  makeFolder,
  readRecord,
  type SessionRecord,
  sessionFiles,
  socketPath,
  writeRecord,
} from "../folder/session-file.ts";
import { bootId, findSession } from "../folder/sessions.ts";
import { processStat } from "../pty/process-stat.ts";
import { openPtySession, type ProgramEnd, type PtySession } from "../session.ts";
import { type Served, serve } from "./serve.ts";

export type HostRequest = {
  /** Where sessions are kept, absolute. */
  dir: string;
  name: string;
  /** The program and its arguments. */
  command: readonly [string, ...string[]];
  /** Absolute, an existing folder. */
  cwd: string;
  columns: number;
  rows: number;
};

const WHOLE_SCROLLBACK = 1_000_000;

export interface Host {
  readonly record: SessionRecord;
  /** Ends the program: TERM, 2 s, KILL. */
  end(): void;
  /** Resolves when the program has ended and all of it is on disk. */
  readonly done: Promise<void>;
}

/** Throws `mux.exists` and what openPty throws; then nothing is left of it. `env` is the program's, whole. */
export async function startHost(request: HostRequest, env: Readonly<Record<string, string>>): Promise<Host> {
  const { dir, name } = request;
  checkName(name);
  await makeFolder(dir);
  const lock = await takeName(dir, name);
  try {
    const session = await openPtySession({
      file: request.command[0],
      args: request.command.slice(1),
      cwd: request.cwd,
      env,
      columns: request.columns,
      rows: request.rows,
    });
    const record = await recordOf(request, session);
    const served = await serveOrEnd(record, session);
    await writeRecord(dir, record);
    const done = session.exited.then((end) => finish({ dir, record, session, served, lock }, end));
    return { record, done, end: () => void session.end() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A program whose socket cannot be had is of no use to anyone. */
async function serveOrEnd(record: SessionRecord, session: PtySession): Promise<Served> {
  try {
    return await serve(record.socket, record.name, session);
  } catch (error) {
    await session.end({ force: true });
    throw error;
  }
}

async function takeName(dir: string, name: string): Promise<FileLock> {
  const { lock } = takeFileLock(sessionFiles(dir, name).lock);
  if (lock === null) throw nameTaken(name, "runs");
  const record = await readRecord(dir, name);
  if (record === null) return lock;
  lock.release();
  // What a killed host left is settled now, so that the hint holds.
  const { state } = await findSession(dir, name);
  throw nameTaken(name, state === "running" ? "runs" : "ended");
}

function nameTaken(name: string, how: "runs" | "ended"): AppError {
  const words = how === "runs" ? "runs already" : "is still listed, ended";
  return new AppError("mux.exists", `A terminal session ${name} ${words}.`, {
    hint: `\`hearth mux ${how === "runs" ? "attach" : "rm"} ${name}\`, or take another name.`,
  });
}

async function recordOf(request: HostRequest, { pid }: PtySession): Promise<SessionRecord> {
  const { dir, name, command, cwd, columns, rows } = request;
  return {
    version: 1,
    name,
    command: [...command],
    cwd,
    pid,
    started: processStat(pid)?.started ?? null,
    boot: await bootId(),
    hostPid: process.pid,
    socket: socketPath(dir, name),
    columns,
    rows,
    createdMs: Date.now(),
    state: "running",
    exitCode: null,
    signal: null,
    endedMs: null,
  };
}

type Finishing = { dir: string; record: SessionRecord; session: PtySession; served: Served; lock: FileLock };

async function finish(
  { dir, record, session, served, lock }: Finishing,
  { exitCode, signal }: ProgramEnd,
): Promise<void> {
  const { screen } = sessionFiles(dir, record.name);
  const size = session.screen.size();
  try {
    await writeFileAtomic(screen, Buffer.from(session.screen.serialize(WHOLE_SCROLLBACK)), 0o600);
    await writeRecord(dir, { ...record, ...size, state: "exited", exitCode, signal, endedMs: Date.now() });
  } finally {
    await served.close();
    lock.release();
  }
}
