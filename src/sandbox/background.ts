// Programs that outlive their call: their newest output is kept, and all are ended with the workspace.
import type { RunningProcess } from "../lib/subprocess.ts";
import type { BackgroundProcess } from "./workspace.ts";

/** Kept output of one process, in characters. */
const MAX_OUTPUT = 1024 * 1024;

type Adopted = {
  command: string;
  startedMs: number;
  running: RunningProcess;
  output: OutputRing;
  logPath: string | null;
  /** Whoever started it sees for so long whether it ends by itself at once, and tells it then. */
  seenMs?: number;
};

/** All of one workspace, in start order; those that ended are kept too. */
export class BackgroundProcesses {
  readonly #all: BackgroundProcess[] = [];
  readonly #onEnd: (process: BackgroundProcess) => void;
  #closed = false;

  /** `onEnd` is told of each that ended after it was `seen`, unless the workspace was closed. */
  constructor(onEnd: (process: BackgroundProcess) => void) {
    this.#onEnd = onEnd;
  }

  list(): readonly BackgroundProcess[] {
    return this.#all;
  }

  /** Takes a running program over. `output` is extended by whoever listens to it. */
  adopt({ command, startedMs, running, output, logPath, seenMs = 0 }: Adopted): BackgroundProcess {
    let end: { exitCode: number | null; ms: number } | null = null;
    let stopped = false;
    const process: BackgroundProcess = {
      id: `p${this.#all.length + 1}`,
      command,
      startedMs,
      pid: running.pid,
      logPath,
      output: (newest) => output.text(newest),
      endedMs: () => end?.ms ?? null,
      exitCode: () => end?.exitCode ?? null,
      running: () => end === null,
      stopped: () => stopped,
      stop: () => {
        stopped ||= end === null;
        return running.stop();
      },
    };
    this.#all.push(process);
    void running.exited.then(({ exitCode }) => {
      end = { exitCode, ms: Date.now() };
      const wasSeen = !stopped && end.ms - startedMs < seenMs;
      if (!this.#closed && !wasSeen) this.#onEnd(process);
    });
    return process;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#all.map((process) => process.stop()));
  }
}

/** The newest characters of a text that grows, in pieces, so that adding costs the same however much there is. */
export class OutputRing {
  #pieces: string[] = [];
  #length = 0;

  add(text: string): void {
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length <= 2 * MAX_OUTPUT) return;
    const kept = this.text();
    this.#pieces = [kept];
    this.#length = kept.length;
  }

  /** At most the newest `limit` characters. */
  text(limit = MAX_OUTPUT): string {
    const pieces: string[] = [];
    let length = 0;
    for (let at = this.#pieces.length - 1; at >= 0 && length < limit; at -= 1) {
      const piece = this.#pieces[at] ?? "";
      pieces.push(piece);
      length += piece.length;
    }
    return pieces.reverse().join("").slice(-limit);
  }
}
