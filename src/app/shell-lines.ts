// The shell lines that a person runs in a conversation: shown while they run, a message of theirs when they are done.
import type { AgentEvent } from "../protocol/event.ts";
import type { ShellLineResult } from "../runtimes/shell-line.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import { shellMessage } from "./shell-message.ts";
import type { RunningShell, SessionState } from "./state.ts";

type ShellLinesOptions = {
  runShell: Workbench["runShell"];
  state: () => SessionState;
  /** Those under way, in start order. */
  show: (shells: readonly RunningShell[]) => void;
  /** Resolves at once when idle: a message may not stand between a tool call and its result. */
  runEnd: () => Promise<void>;
  /** Records the message of a line that is done. */
  onDone: (event: Extract<AgentEvent, { type: "message_end" }>) => Promise<void>;
  now: () => number;
  newId: () => string;
};

export class ShellLines {
  readonly #options: ShellLinesOptions;
  readonly #running = new Set<Promise<void>>();
  /** Moves them to the background. */
  #moving = new AbortController();

  constructor(options: ShellLinesOptions) {
    this.#options = options;
  }

  run(command: string, signal: AbortSignal): Promise<void> {
    const done = this.#run(command, signal).finally(() => this.#running.delete(done));
    this.#running.add(done);
    return done;
  }

  /** True when there is nothing else that could be moved: shell lines are no calls of a run. */
  move(toolCallId: string | undefined): boolean {
    if (toolCallId !== undefined || this.#running.size === 0) return false;
    this.#moving.abort();
    this.#moving = new AbortController();
    return !this.#options.state().runningTools.some(({ backgroundable }) => backgroundable);
  }

  /** Resolves when all of them are done. Whoever ran one is told what failed. */
  async rest(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #run(command: string, signal: AbortSignal): Promise<void> {
    const { now, newId, runShell, state, show, runEnd, onDone } = this.#options;
    const shell = { id: newId(), command, startedMs: now(), output: "" };
    show([...state().shells, shell]);
    let result: ShellLineResult;
    try {
      result = await runShell(command, {
        onOutput: (output) => this.#showOutput({ ...shell, output }),
        signal,
        background: this.#moving.signal,
      });
      await runEnd();
    } finally {
      show(state().shells.filter(({ id }) => id !== shell.id));
    }
    await onDone({ type: "message_end", messageId: shell.id, message: shellMessage(command, result) });
  }

  #showOutput(shell: RunningShell): void {
    const { state, show } = this.#options;
    show(state().shells.map((each) => (each.id === shell.id ? shell : each)));
  }
}
