// Child processes: the one place that starts them. Each leads a process group of its own, so that ending one
// ends everything it started.
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { AppError } from "./app-error.ts";
import { forgetGroup, openWarden, watchGroup } from "./group-warden.ts";
import { endGroup, groupAlive, signalGroup } from "./process-group.ts";

/** How long output may stay away after the end of the process itself before we stop listening, and at most. */
const QUIET_MS = 50;
const LATE_OUTPUT_MS = 1000;

export type ProcessOptions = {
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Record<string, string>;
  /** Text (as UTF-8) or bytes for standard input; absent: empty input. */
  stdin?: string | Buffer;
  /** What it leaves running is not ended with us: the owner of a clipboard. */
  outlives?: boolean;
  /** Decoded text as it comes; characters are never split. */
  onOutput?: (text: string, stream: "stdout" | "stderr") => void;
  /** Its group is ended also where we are killed outright; for what may run for long. */
  watched?: boolean;
};

type ProcessEnd = { exitCode: number | null; signal: NodeJS.Signals | null };

/** A started process. `exited` resolves when the process itself ended and its output was taken in. */
export type RunningProcess = {
  readonly pid: number;
  readonly exited: Promise<ProcessEnd>;
  /** Ends the whole group: TERM, 2 s, KILL. Resolves when it is over. */
  stop: () => Promise<void>;
};

/**
 * Groups with a member left, and whether the warden watches them. Module state because the exit of our own process is
 * one event for all of them.
 */
const liveGroups = new Map<number, boolean>();
let guarded = false;

/** Starts `file` without a shell. Throws AppError `process.start` when that fails. */
export async function startProcess(
  file: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<RunningProcess> {
  if (options.watched && !options.outlives) openWarden();
  const child = spawnGroup(file, args, options);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const output = listen(child, options.onOutput);
  const pid = await startedPid(child, file, options.cwd);
  if (!options.outlives) guardGroup(pid, options.watched ?? false);
  const exited = ended.then(async (end) => {
    await output.finish();
    if (!groupAlive(pid)) releaseGroup(pid);
    return end;
  });
  return { pid, exited, stop: () => stopGroup(pid, exited) };
}

/** `detach` lets the caller go on without its end: no limit and no signal ends the program from then on. */
export type RunOptions = ProcessOptions & { timeoutMs?: number; signal: AbortSignal; detach?: AbortSignal };
/**
 * `groupLeft`: the group whose leader ended but not all of its children (a daemon); end it with endGroup. `running`:
 * the program, the caller's own now, where it was detached before it ended.
 */
export type RunEnd = ProcessEnd & {
  timedOut: boolean;
  aborted: boolean;
  groupLeft: number | null;
  running: RunningProcess | null;
};

const NO_END = { exitCode: null, signal: null, timedOut: false, aborted: false, groupLeft: null } as const;

/** Runs a program to its end; at its time limit or on abort the whole group is ended. */
export async function runProcess(
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunEnd> {
  const { signal, timeoutMs, detach } = options;
  if (signal.aborted) return { ...NO_END, aborted: true, running: null };
  const running = await startProcess(file, args, options);
  let why: "timeout" | "abort" | "detach" | null = null;
  let stopped: Promise<void> | null = null;
  const detached = Promise.withResolvers<null>();
  const stop = (reason: "timeout" | "abort") => {
    if (why !== null) return;
    why = reason;
    stopped = running.stop();
  };
  const onAbort = () => stop("abort");
  const onDetach = () => {
    why ??= "detach";
    if (why === "detach") detached.resolve(null);
  };
  const timer = timeoutMs === undefined ? null : setTimeout(() => stop("timeout"), timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  detach?.addEventListener("abort", onDetach, { once: true });
  if (signal.aborted) onAbort();
  if (detach?.aborted) onDetach();
  try {
    const end = await Promise.race([running.exited, detached.promise]);
    if (end === null) return { ...NO_END, running };
    await stopped;
    const groupLeft = groupAlive(running.pid) ? running.pid : null;
    return { ...end, timedOut: why === "timeout", aborted: why === "abort", groupLeft, running: null };
  } finally {
    if (timer) clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    detach?.removeEventListener("abort", onDetach);
  }
}

async function stopGroup(pid: number, exited: Promise<unknown>): Promise<void> {
  await endGroup(pid);
  await exited;
  releaseGroup(pid);
}

function releaseGroup(pid: number): void {
  if (liveGroups.get(pid)) forgetGroup(pid);
  liveGroups.delete(pid);
}

/** Groups that are still there when we leave, however we leave, are ended at once. */
function guardGroup(pid: number, watched: boolean): void {
  liveGroups.set(pid, watched);
  if (watched) watchGroup(pid);
  if (guarded) return;
  guarded = true;
  process.once("exit", () => {
    for (const live of liveGroups.keys()) signalGroup(live, "SIGKILL");
  });
}

/** Some failures come as the event `error`, others (arguments too long, a NUL in one) are thrown. */
function spawnGroup(
  file: string,
  args: readonly string[],
  { cwd, env, stdin }: ProcessOptions,
): ChildProcess {
  try {
    const input = stdin === undefined ? "ignore" : "pipe";
    const child = spawn(file, args, { cwd, env, detached: true, stdio: [input, "pipe", "pipe"] });
    // A program may end before it has read all of its input.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(stdin);
    return child;
  } catch (cause) {
    throw notStarted(file, cwd, cause);
  }
}

function startedPid(child: ChildProcess, file: string, cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", (cause) => reject(notStarted(file, cwd, cause)));
    if (child.pid !== undefined) resolve(child.pid);
  });
}

function notStarted(file: string, cwd: string, cause: unknown): AppError {
  const hint = `Is it installed, and does the folder ${cwd} exist?`;
  return new AppError("process.start", `Could not start ${file}.`, { cause, hint });
}

/** Hears stdout and stderr; `finish` waits for late output, not for a daemon that keeps the pipe open. */
function listen(child: ChildProcess, onOutput: ProcessOptions["onOutput"]): { finish: () => Promise<void> } {
  let lastOutput = 0;
  const open = new Set<Readable>();
  const { promise: allClosed, resolve: tellClosed } = Promise.withResolvers<void>();
  const hear = (stream: Readable | null, name: "stdout" | "stderr") => {
    if (!stream) return;
    open.add(stream);
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      lastOutput = Date.now();
      onOutput?.(text, name);
    });
    stream.once("close", () => {
      open.delete(stream);
      if (open.size === 0) tellClosed();
    });
  };
  hear(child.stdout, "stdout");
  hear(child.stderr, "stderr");
  return {
    finish: async () => {
      const since = Date.now();
      while (open.size > 0 && Date.now() - since < LATE_OUTPUT_MS) {
        const quietFor = Date.now() - Math.max(since, lastOutput);
        if (quietFor >= QUIET_MS) break;
        await settledWithin(allClosed, QUIET_MS - quietFor);
      }
      for (const stream of open) ignoreFromNow(stream);
    },
  };
}

/** A daemon may hold the pipe: it is read on and thrown away, so that the daemon's writes do not fail. */
function ignoreFromNow(stream: Readable): void {
  stream.removeAllListeners("data");
  stream.resume();
  if ("unref" in stream && typeof stream.unref === "function") stream.unref();
}

function settledWithin(promise: Promise<void>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void promise.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
