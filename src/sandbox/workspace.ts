// Workspace: where tools act, files and programs. Local today; a sandbox or a remote host is another one.

export type FileKind = "file" | "directory" | "symlink" | "other";

export type FileStat = {
  kind: FileKind;
  /** Bytes. */
  size: number;
  /** Milliseconds since the epoch. */
  modifiedMs: number;
  /** Permission bits, e.g. 0o644. */
  mode: number;
};

export type DirectoryEntry = { name: string; kind: FileKind };

export type ExecOptions = {
  /** Relative to the root, default the root. */
  cwd?: string;
  /** Seconds; the whole process group is ended TERM, 2 s, KILL. */
  timeoutSeconds?: number;
  /** Added to the allow-listed environment. */
  env?: Record<string, string>;
  /** Text for standard input; absent: empty input. */
  stdin?: string;
  /** stdout and stderr in arrival order, as decoded text. */
  onOutput?: (text: string) => void;
  signal: AbortSignal;
  /** For `exec` alone: on abort of its signal the command goes on in the background and the call ends at once. */
  background?: { signal: AbortSignal; logPath: string };
};

/** `exitCode` is null when a signal ended it; 124 when the time ran out (`timedOut` true). */
export type ExecResult = {
  exitCode: number | null;
  timedOut: boolean;
  aborted: boolean;
  /** It goes on as this process; `onOutput` goes on hearing it. */
  background?: BackgroundProcess;
};

/** A program that outlives its call. */
export interface BackgroundProcess {
  readonly id: string;
  readonly command: string;
  /** Milliseconds since the epoch; `endedMs` is null while it runs. */
  readonly startedMs: number;
  endedMs(): number | null;
  readonly pid: number;
  /** The file that whoever started it keeps its output in; null where there is none. */
  readonly logPath: string | null;
  /** What it printed so far: at most the newest 1 MB, or so many characters. */
  output(newest?: number): string;
  /** null while it runs, and when a signal ended it. */
  exitCode(): number | null;
  running(): boolean;
  /** Somebody called `stop`. */
  stopped(): boolean;
  stop(): Promise<void>;
}

/**
 * Paths are given relative to `root` or absolute. Every method resolves symlinks (of leaf paths that do not
 * exist yet as well) and throws AppError `workspace.outside` for what lies outside root and the added folders.
 */
export interface Workspace {
  /** Absolute path, symlinks resolved. */
  readonly root: string;
  /** For approvals and the screen: "workspace", "bubblewrap", ... */
  readonly place: string;
  /** The absolute real path; throws `workspace.outside`. */
  resolve(path: string): Promise<string>;
  readFile(path: string): Promise<Uint8Array>;
  /** Bytes [start, end) of the file; fewer at its end. */
  readRange(path: string, start: number, end: number): Promise<Uint8Array>;
  /** Atomic (temporary file, fsync, rename); makes parent folders; keeps the mode of an existing file. */
  writeFile(path: string, data: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
  /** null when nothing is there. */
  stat(path: string): Promise<FileStat | null>;
  list(path: string): Promise<DirectoryEntry[]>;
  /** Runs a program without a shell. */
  execFile(file: string, args: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** Runs a line in the user's POSIX shell (bash, else sh). */
  exec(command: string, options: ExecOptions): Promise<ExecResult>;
  /**
   * Starts a command that goes on after the call. `onOutput` hears it as exec's does. The caller sees to it that an
   * end by itself within `seenMs` is told; of later ones whoever made the workspace hears.
   */
  spawn(
    command: string,
    options: {
      cwd?: string;
      logPath?: string | null;
      seenMs?: number;
      onOutput?: (text: string) => void;
    },
  ): Promise<BackgroundProcess>;
  processes(): readonly BackgroundProcess[];
  /** Ends all background processes. */
  close(): Promise<void>;
}
