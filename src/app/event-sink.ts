// The event sink (`hooks.event`): a command of the user's own that is told every event, one JSON envelope a line on its
// standard input. It can never hold up or fail a run: what it does not take in time is dropped, and that is said once.
import { type PipedProcess, startPipedProcess } from "../lib/piped-process.ts";
import type { EventEnvelope } from "../protocol/event.ts";

export type EventSinkOptions = {
  /** A line for the shell. */
  command: string;
  cwd: string;
  /** The whole environment of the command. */
  env: Readonly<Record<string, string>>;
  /** Told once, with a sentence. */
  onFailure: (message: string) => void;
};

export interface EventSink {
  write(envelope: EventEnvelope): void;
  /** Gives the command a moment to read the rest, then ends it. */
  close(): Promise<void>;
}

/** What may wait for a command that reads slowly. */
const MOST_WAITING_BYTES = 1024 * 1024;
const LAST_WORDS_MS = 500;

/** The command is started with the first event. */
export function createEventSink(options: EventSinkOptions): EventSink {
  return new CommandSink(options);
}

class CommandSink implements EventSink {
  readonly #options: EventSinkOptions;
  #process: Promise<PipedProcess | null> | null = null;
  #failed = false;
  #closing = false;
  #waitingBytes = 0;

  constructor(options: EventSinkOptions) {
    this.#options = options;
  }

  write(envelope: EventEnvelope): void {
    if (this.#failed || this.#closing) return;
    this.#process ??= this.#start();
    const line = `${JSON.stringify(envelope)}\n`;
    if (this.#waitingBytes + line.length > MOST_WAITING_BYTES) {
      this.#fail("it does not read the events");
      return;
    }
    this.#waitingBytes += line.length;
    void this.#process.then((process) => {
      process?.stdin.write(line, () => {
        this.#waitingBytes -= line.length;
      });
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    const process = await this.#process;
    await process?.stop(LAST_WORDS_MS);
  }

  async #start(): Promise<PipedProcess | null> {
    const { command, cwd, env } = this.#options;
    try {
      const process = await startPipedProcess("/bin/sh", ["-c", command], { cwd, env });
      process.stdout.resume();
      void process.exited.then(({ exitCode }) => {
        if (!this.#closing)
          this.#fail(`it ended with ${exitCode === null ? "a signal" : `exit code ${exitCode}`}`);
      });
      return process;
    } catch {
      // Whatever the reason, the run goes on without it.
      this.#fail("it cannot be started");
      return null;
    }
  }

  #fail(why: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onFailure(`The event command of the settings gets no more events: ${why}.`);
  }
}
