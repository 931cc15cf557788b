// The local Workspace: files and programs of this machine, paths confined to the root, no walls around programs.
import { accessSync, constants, lstatSync, readFileSync } from "node:fs";
import { lstat, mkdir, open, readdir, readFile, realpath, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { writeFileAtomic } from "../lib/atomic-write.ts";
import { errorCode, isErrorCode } from "../lib/error-code.ts";
import { endGroup } from "../lib/process-group.ts";
import { type RunEnd, type RunOptions, runProcess, startProcess } from "../lib/subprocess.ts";
import { BackgroundProcesses, OutputRing } from "./background.ts";
import { type Confinement, confine } from "./confine.ts";
import type {
  BackgroundProcess,
  DirectoryEntry,
  ExecOptions,
  ExecResult,
  FileKind,
  FileStat,
  Workspace,
} from "./workspace.ts";

/** What GNU timeout answers for a program that ran out of time. */
const TIMEOUT_EXIT_CODE = 124;

/** One pipe for both outputs, so that their order is true; the command stays an argument, never quoted by us. */
const SHELL_PROLOGUE = 'exec 2>&1; eval "$1"';
/** The same, where no file may become larger than so many KB. */
const QUOTA_PROLOGUE = 'exec 2>&1; ulimit -f "$2"; eval "$1"';

export type LocalWorkspaceOptions = {
  root: string;
  /** Further folders that files may be read from and written to. */
  addDirs?: readonly string[];
  /** The whole environment of programs; see childEnvironment. */
  env: Record<string, string>;
  /** A folder of our own for texts too long to show (full outputs); readable though outside the root. */
  tempDir: string;
  /** Megabytes that a file may have which a command writes; absent: as many as there is room for. */
  quotaMb?: number | undefined;
  /** Told when a background process ended, but not of those that `close` ends. */
  onBackgroundEnd?: (process: BackgroundProcess) => void;
};

/** Throws `workspace.root` when root is no folder. `tempDir` is made when missing. */
export async function createLocalWorkspace(options: LocalWorkspaceOptions): Promise<Workspace> {
  const root = await realFolder(options.root);
  await mkdir(options.tempDir, { recursive: true, mode: 0o700 });
  const others = await Promise.all([...(options.addDirs ?? []), options.tempDir].map(realFolder));
  const confinement = { root, others, home: options.env.HOME ?? root };
  const background = new BackgroundProcesses(options.onBackgroundEnd ?? (() => undefined));
  const programs = localPrograms(confinement, options, background);
  return { ...localFiles(confinement), ...programs, root, place: "workspace" };
}

type FileMethods = Pick<
  Workspace,
  "resolve" | "readFile" | "readRange" | "writeFile" | "remove" | "stat" | "list"
>;

function localFiles(confinement: Confinement): FileMethods {
  const at = async <T>(path: string, action: (real: string) => Promise<T>): Promise<T> => {
    const real = await confine(path, confinement);
    try {
      return await action(real);
    } catch (error) {
      throw fileError(path, error);
    }
  };
  return {
    resolve: (path) => confine(path, confinement),
    readFile: (path) => at(path, readBytes),
    readRange: (path, start, end) => at(path, (real) => readBytesOf(real, start, end)),
    writeFile: (path, data) => at(path, (real) => writeKeepingMode(real, data)),
    remove: (path) => at(path, (real) => rm(real, { recursive: true })),
    stat: (path) => at(path, statOrNull),
    list: (path) => at(path, listFolder),
  };
}

type ProgramMethods = Pick<Workspace, "execFile" | "exec" | "spawn" | "processes" | "close">;

function localPrograms(
  confinement: Confinement,
  { env, quotaMb }: Pick<LocalWorkspaceOptions, "env" | "quotaMb">,
  background: BackgroundProcesses,
): ProgramMethods {
  const shell = findShell(env.PATH ?? "");
  const shellArgs = (command: string): string[] =>
    quotaMb === undefined
      ? ["-c", SHELL_PROLOGUE, "shell", command]
      : ["-c", QUOTA_PROLOGUE, "shell", command, String(quotaMb * 1024)];
  const groupsLeft = new Set<number>();
  const execFile: Workspace["execFile"] = async (file, args, options) => {
    const end = await runProcess(file, args, await processOptions(options, confinement, env));
    if (end.groupLeft !== null) groupsLeft.add(end.groupLeft);
    return execResult(end);
  };
  const exec: Workspace["exec"] = async (command, options) => {
    const output = new OutputRing();
    const startedMs = Date.now();
    const keep = (text: string): void => {
      if (options.background) output.add(text);
      options.onOutput?.(text);
    };
    const end = await runProcess(shell, shellArgs(command), {
      ...(await processOptions({ ...options, onOutput: keep }, confinement, env)),
      watched: true,
      ...(options.background === undefined ? {} : { detach: options.background.signal }),
    });
    if (end.groupLeft !== null) groupsLeft.add(end.groupLeft);
    const { running } = end;
    if (!running) return execResult(end);
    const { logPath = null } = options.background ?? {};
    return {
      ...execResult(end),
      background: background.adopt({ command, startedMs, running, output, logPath }),
    };
  };
  return {
    execFile,
    exec,
    spawn: async (command, { cwd = ".", logPath = null, seenMs = 0, onOutput }) => {
      const output = new OutputRing();
      const startedMs = Date.now();
      const running = await startProcess(shell, shellArgs(command), {
        cwd: await confine(cwd, confinement),
        env,
        watched: true,
        onOutput: (text) => {
          output.add(text);
          onOutput?.(text);
        },
      });
      return background.adopt({ command, startedMs, running, output, logPath, seenMs });
    },
    processes: () => background.list(),
    close: async () => {
      await Promise.all([background.close(), ...[...groupsLeft].map(endGroup)]);
      groupsLeft.clear();
    },
  };
}

async function processOptions(
  { cwd = ".", env: more, onOutput, timeoutSeconds, stdin, signal }: ExecOptions,
  confinement: Confinement,
  env: Record<string, string>,
): Promise<RunOptions> {
  return {
    cwd: await confine(cwd, confinement),
    env: { ...env, ...more },
    signal,
    ...(stdin === undefined ? {} : { stdin }),
    ...(timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 }),
    ...(onOutput === undefined ? {} : { onOutput: (text) => onOutput(text) }),
  };
}

function execResult({ exitCode, timedOut, aborted }: RunEnd): ExecResult {
  return { exitCode: timedOut ? TIMEOUT_EXIT_CODE : exitCode, timedOut, aborted };
}

async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await lstat(real)).isDirectory()) return real;
  } catch (cause) {
    throw new AppError("workspace.root", `The folder ${path} cannot be used.`, { cause });
  }
  throw new AppError("workspace.root", `${path} is a file, not a folder.`);
}

/** A small file is read at once: that takes microseconds, waiting for a thread to do it ten times that. */
const SMALL_BYTES = 256 * 1024;

async function readBytes(path: string): Promise<Uint8Array> {
  const stat = lstatSync(path);
  // Only of a regular file is it certain that reading it does not wait for somebody.
  return stat.isFile() && stat.size <= SMALL_BYTES ? readFileSync(path) : readFile(path);
}

async function readBytesOf(path: string, start: number, end: number): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.allocUnsafe(Math.max(0, end - start));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

async function writeKeepingMode(path: string, data: Uint8Array): Promise<void> {
  const stat = await statOrNull(path);
  if (stat && stat.kind !== "file") throw new AppError("workspace.not_a_file", `${path} is not a file.`);
  if (!stat) await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, data, stat?.mode);
}

async function statOrNull(path: string): Promise<FileStat | null> {
  try {
    const stat = lstatSync(path);
    return { kind: kindOf(stat), size: stat.size, modifiedMs: stat.mtimeMs, mode: stat.mode & 0o7777 };
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

async function listFolder(path: string): Promise<DirectoryEntry[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
}

type KindTests = { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean };

function kindOf(entry: KindTests): FileKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "other";
}

const FILE_ERRORS: Record<string, readonly [code: string, sentence: string]> = {
  ENOENT: ["workspace.not_found", "does not exist."],
  EISDIR: ["workspace.not_a_file", "is a folder."],
  ENOTDIR: ["workspace.not_a_folder", "is not a folder, or lies below a file."],
  EEXIST: ["workspace.not_a_folder", "lies below a file."],
  EACCES: ["workspace.denied", "may not be used: permission denied."],
  EPERM: ["workspace.denied", "may not be changed: operation not permitted."],
  EROFS: ["workspace.denied", "lies on a read-only file system."],
  ENOSPC: ["workspace.full", "could not be written: the disk is full."],
  EDQUOT: ["workspace.full", "could not be written: the disk quota is used up."],
  ENAMETOOLONG: ["workspace.path", "has a name that is too long."],
};

function fileError(path: string, cause: unknown): unknown {
  const known = FILE_ERRORS[errorCode(cause) ?? ""];
  return known ? new AppError(known[0], `${path} ${known[1]}`, { cause }) : cause;
}

/** bash where there is one, else the POSIX shell that every system has. */
export function findShell(path: string): string {
  for (const folder of [...path.split(delimiter).filter(Boolean), "/bin", "/usr/bin"]) {
    const file = join(folder, "bash");
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here: the next folder is tried.
    }
  }
  return "/bin/sh";
}
