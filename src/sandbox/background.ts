// Programs that outlive their call: their newest output is kept, and all are ended with the workspace.
import { startProcess } from "../lib/subprocess.ts";
import type { BackgroundProcess } from "./workspace.ts";

/** Kept output of one process, in characters. */
const MAX_OUTPUT = 1024 * 1024;

export type BackgroundCommand = {
  id: string;
  command: string;
  file: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  onOutput?: ((text: string) => void) | undefined;
};

/** Starts it; resolves when it runs. The caller owns it and calls `stop`. */
export async function startBackground(start: BackgroundCommand): Promise<BackgroundProcess> {
  const output = new OutputRing(MAX_OUTPUT);
  const running = await startProcess(start.file, start.args, {
    cwd: start.cwd,
    env: start.env,
    onOutput: (text) => {
      output.add(text);
      start.onOutput?.(text);
    },
  });
  let ended = false;
  let exitCode: number | null = null;
  void running.exited.then((end) => {
    ended = true;
    exitCode = end.exitCode;
  });
  return {
    id: start.id,
    command: start.command,
    startedMs: Date.now(),
    pid: running.pid,
    output: () => output.text(),
    exitCode: () => exitCode,
    running: () => !ended,
    stop: running.stop,
  };
}

/** The newest characters of a text that grows, in pieces, so that adding costs the same however much there is. */
class OutputRing {
  readonly #limit: number;
  #pieces: string[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(text: string): void {
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length <= 2 * this.#limit) return;
    const kept = this.text();
    this.#pieces = [kept];
    this.#length = kept.length;
  }

  text(): string {
    return this.#pieces.join("").slice(-this.#limit);
  }
}
