// Interruption: what ends a one-shot run from outside: signals, --timeout, a reader that has gone.
import type { Failure } from "../protocol/failure.ts";
import { EXIT } from "./exit.ts";

export type Interruption = {
  signal: AbortSignal;
  abort: () => void;
  /** Why, when it was the time limit; null otherwise. */
  limit: () => Failure | null;
  dispose: () => void;
};

/** SIGINT, SIGTERM and `timeoutMs` abort the signal; a second SIGINT ends the process at once. */
export function createInterruption(timeoutMs: number | undefined): Interruption {
  const controller = new AbortController();
  let limit: Failure | null = null;
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  const onTimeout = (): void => {
    if (!controller.signal.aborted) limit = timeLimit(timeoutMs ?? 0);
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs);
  return {
    signal: controller.signal,
    abort: () => controller.abort(),
    limit: () => limit,
    dispose: () => {
      clearTimeout(timer);
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}

function timeLimit(timeoutMs: number): Failure {
  return {
    code: "run.timeout",
    message: `The run stopped at its time limit of ${timeoutMs / 1_000} s.`,
    hint: "Nothing is lost: run `hearth --continue` to go on, or raise --timeout.",
  };
}
