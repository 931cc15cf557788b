// A child that is talked to over its standard streams for as long as it lives. It leads a process group of its own,
// and what it starts carries its mark, so that ending it ends everything it started. For programs that run to their end see subprocess.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "./app-error.ts";
import { forgetGroup, openWarden, watchGroup } from "./group-warden.ts";
import { endGroup, groupAlive, signalGroup } from "./process-group.ts";
import { endMarked, markVariables, newMark } from "./process-mark.ts";

export type PipedProcessOptions = {
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Readonly<Record<string, string>>;
};

export interface PipedProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves once the process itself ended. Never rejects. */
  readonly exited: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>;
  /** The newest text of standard error. */
  errorText(): string;
  /** Closes its input, waits, then ends the group: TERM, 2 s, KILL. Resolves when nothing of it is left. */
  stop(waitMs: number): Promise<void>;
}

/** Enough for the last words of a program that failed. */
const ERROR_TEXT_LENGTH = 4_000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Throws `process.start` when the program cannot be started. */
export async function startPipedProcess(
  file: string,
  args: readonly string[],
  { cwd, env }: PipedProcessOptions,
): Promise<PipedProcess> {
  openWarden();
  const mark = newMark();
  const marked = { ...env, ...markVariables(mark) };
  const child = spawn(file, [...args], { cwd, env: marked, detached: true, stdio: "pipe" });
  const pid = await startedPid(child, file, cwd);
  const exited = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const endWithUs = () => signalGroup(pid, "SIGKILL");
  const forget = (): void => {
    process.removeListener("exit", endWithUs);
    forgetGroup(pid);
  };
  process.once("exit", endWithUs);
  watchGroup(pid);
  void exited.then(() => {
    if (!groupAlive(pid)) forget();
  });
  // A program that ended no longer reads: what is written then is lost, and `exited` tells of it.
  child.stdin.on("error", () => undefined);
  const stop = async (waitMs: number): Promise<void> => {
    child.stdin.end();
    const waited = new AbortController();
    await Promise.race([exited, sleep(waitMs, undefined, waited).catch(() => undefined)]);
    waited.abort();
    if (groupAlive(pid)) await endGroup(pid);
    endMarked(mark);
    forget();
  };
  return { stdin: child.stdin, stdout: child.stdout, exited, errorText: keepErrors(child), stop };
}

function startedPid(child: Child, file: string, cwd: string): Promise<number> {
  if (child.pid !== undefined) return Promise.resolve(child.pid);
  return new Promise((_, reject) => {
    child.once("error", (cause) => {
      const hint = `Is it installed, and does the folder ${cwd} exist?`;
      reject(new AppError("process.start", `Could not start ${file}.`, { cause, hint }));
    });
  });
}

function keepErrors(child: Child): () => string {
  let kept = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    kept = (kept + text).slice(-ERROR_TEXT_LENGTH);
  });
  return () => kept.trim();
}
