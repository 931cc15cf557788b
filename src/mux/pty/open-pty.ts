// A program in a pseudo-terminal. The only place that loads node-pty.
import { constants } from "node:os";
import { delimiter, resolve } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import { findProgram } from "../../lib/find-program.ts";
import { forgetGroup, openWarden, watchSession } from "../../lib/group-warden.ts";
import { killSession } from "./end-session.ts";
import { createInput } from "./input.ts";

export type PtyOptions = {
  /** A name to look for in the PATH of `env`, or a path from `cwd` on. */
  file: string;
  args: readonly string[];
  /** An existing folder. */
  cwd: string;
  /** The whole environment: nothing is inherited. TERM is set here. */
  env: Readonly<Record<string, string>>;
  columns: number;
  rows: number;
};

/** One of the two is null. `signal` by name: SIGTERM. */
export type ProgramEnd = { exitCode: number | null; signal: string | null };

/** The program leads a session and a process group of its number. */
export interface Pty {
  readonly pid: number;
  /** Decoded text; what is no UTF-8 is U+FFFD. */
  onOutput(listener: (text: string) => void): void;
  write(text: string): void;
  /** Bytes that were written and that the program has not made room for. */
  unread(): number;
  resize(columns: number, rows: number): void;
  /** Reading stops: the program waits when the terminal's own small buffer is full. */
  hold(): void;
  release(): void;
  /** Resolves when it ended and its output was told. */
  readonly exited: Promise<ProgramEnd>;
}

/** How Hearth's terminals call themselves, which is what @xterm/headless understands. */
const TERM = "xterm-256color";

const GONE_POLL_MS = 20;

/** Throws `mux.command` when there is no such program, `mux.unavailable` where pseudo-terminals cannot be had. */
export async function openPty({ file, args, cwd, env, columns, rows }: PtyOptions): Promise<Pty> {
  const path = programPath(file, cwd, env.PATH ?? "");
  if (path === null) {
    throw new AppError("mux.command", `There is no program ${file}.`, {
      hint: "Give a name that is in PATH, or a path to an executable file.",
    });
  }
  const { spawn } = await loadNodePty();
  openWarden();
  const pty = spawn(path, [...args], { name: TERM, cols: columns, rows, cwd, env: { ...env } });
  watchSession(pty.pid);
  const endWithUs = (): void => killSession(pty.pid);
  process.once("exit", endWithUs);
  let alive = true;
  const input = createInput(pty, () => alive);
  const exited = new Promise<ProgramEnd>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      alive = false;
      process.removeListener("exit", endWithUs);
      forgetGroup(pty.pid);
      const name = signal ? signalName(signal) : null;
      resolve({ exitCode: name === null ? exitCode : null, signal: name });
    });
  });
  const release = (): void => {
    if (alive) pty.resume();
  };
  return {
    pid: pty.pid,
    onOutput: (listener) => void pty.onData(listener),
    write: input.write,
    unread: input.unread,
    resize: (width, height) => {
      if (alive) pty.resize(width, height);
    },
    hold: () => {
      if (!alive) return;
      pty.pause();
      releaseWhenGone(pty.pid, release);
    },
    release,
    exited,
  };
}

/** As a shell in `cwd` would find it, which need not be where we are. */
function programPath(file: string, cwd: string, path: string): string | null {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  const command = file.includes("/") ? resolve(cwd, file) : file;
  return findProgram(command, folders.map((folder) => resolve(cwd, folder)).join(delimiter));
}

/**
 * node-pty closes the terminal 200 ms after the end of the program (unixTerminal.js), whatever was not read by then: who
 * holds it must not miss the end.
 */
function releaseWhenGone(pid: number, release: () => void): void {
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      // It is gone, and what it wrote last waits to be read.
      clearInterval(timer);
      release();
    }
  }, GONE_POLL_MS);
  timer.unref();
}

async function loadNodePty(): Promise<typeof import("@lydell/node-pty")> {
  try {
    return await import("@lydell/node-pty");
  } catch (cause) {
    throw new AppError("mux.unavailable", "Pseudo-terminals are not available here.", {
      hint: "The package @lydell/node-pty has no build for this system, or was not installed.",
      cause,
    });
  }
}

function signalName(number: number): string {
  const entry = Object.entries(constants.signals).find(([, value]) => value === number);
  return entry?.[0] ?? `signal ${number}`;
}
