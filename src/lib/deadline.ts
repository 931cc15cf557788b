// A limit for work that may never end.
import { AppError } from "./app-error.ts";

/** Rejects when the time is over (`code`) or the signal aborts, whatever the work does then. */
export async function withDeadline<T>(
  work: Promise<T>,
  { timeoutMs, code, signal }: { timeoutMs: number; code: string; signal?: AbortSignal },
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = () => reject(new AppError(code, `It did not answer within ${timeoutMs / 1_000} s.`));
  const timer = setTimeout(late, timeoutMs);
  const stop = () => reject(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
