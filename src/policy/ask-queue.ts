// One question at a time: calls that must ask wait for their turn.

/** Runs the tasks one after another. A task that waits is dropped when its signal aborts. */
export type AskQueue = <Result>(
  task: () => Promise<Result>,
  options: { signal: AbortSignal },
) => Promise<Result>;

export function createAskQueue(): AskQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (task, { signal }) => {
    const turn = last;
    const result = untilAborted(() => turn, signal).then(() => untilAborted(task, signal));
    // The next one waits for this and for those before it, even when this one was dropped while it waited.
    last = Promise.allSettled([turn, result]);
    return result;
  };
}

/** The task's result; rejects with the signal's reason as soon as it aborts. Not started when aborted already. */
export function untilAborted<Result>(task: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    task()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}
