// Starts the runtime of a conversation, so that an interrupt gives up the start and nothing more. One that cannot start
// is stood in for: the turns it is asked for fail with the reason, and may be taken by another.
import { AppError } from "../../lib/app-error.ts";
import { NATIVE, type Runtime, type RuntimeSession, type RuntimeStart } from "../../runtimes/runtime.ts";
import { standIn } from "../../runtimes/stand-in.ts";

export type Starting = {
  runtime: Runtime;
  strict: boolean;
  /** What it is started with; the signal is kept for as long as it lives. */
  options: (signal: AbortSignal) => RuntimeStart;
  /** Ends all that was started. */
  stop: AbortSignal;
  /** Gives up the start. */
  interruption: AbortSignal;
  now: () => number;
  newId: () => string;
};

/** `standsIn`: it is not the runtime itself, which is to be tried again. */
export type Started = { session: RuntimeSession; standsIn: boolean };

/** Nothing happened where a start fails with one of these. */
const UNSTARTED: readonly string[] = ["runtime.start", "runtime.auth"];

/** Throws `runtime.interrupted`, and what the start throws where nobody may take the turns instead. */
export async function startRuntime(starting: Starting): Promise<Started> {
  const { runtime, strict, options, stop, interruption } = starting;
  const giveUp = new AbortController();
  const abort = (): void => giveUp.abort();
  const signal = AbortSignal.any([stop, giveUp.signal]);
  interruption.addEventListener("abort", abort, { once: true });
  try {
    interruption.throwIfAborted();
    return { session: await runtime.start(options(signal)), standsIn: false };
  } catch (error) {
    if (interruption.aborted) {
      throw new AppError("runtime.interrupted", `${runtime.name} was interrupted before it had started.`);
    }
    const isUnstarted = error instanceof AppError && UNSTARTED.includes(error.code);
    if (runtime.name === NATIVE || strict || signal.aborted || !isUnstarted) throw error;
    return { session: standIn(runtime, options(signal), { ...starting, reason: error }), standsIn: true };
  } finally {
    interruption.removeEventListener("abort", abort);
  }
}
