// Requests to a program that wait for their answers, whatever the protocol calls them.
import { withDeadline } from "../../lib/deadline.ts";

type Waiting = { resolve: (answer: unknown) => void; reject: (error: Error) => void };

export class PendingRequests<Id> {
  readonly #waiting = new Map<Id, Waiting>();
  #closed: Error | null = null;

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * `write` sends the request; it is not called once they are closed. Rejects as it is answered, with `runtime.timeout`,
   * or with what they were closed with. `timeoutMs` absent: for as long as the program takes.
   */
  async ask(id: Id, write: () => void, timeoutMs?: number): Promise<unknown> {
    if (this.#closed) throw this.#closed;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    write();
    try {
      if (timeoutMs === undefined) return await promise;
      return await withDeadline(promise, { timeoutMs, code: "runtime.timeout" });
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** An answer to what nobody asked, or no longer waits for, is none of ours. */
  resolve(id: Id, answer: unknown): void {
    this.#waiting.get(id)?.resolve(answer);
  }

  reject(id: Id, error: Error): void {
    this.#waiting.get(id)?.reject(error);
  }

  /** What waits is rejected, as is what is asked from now on. */
  close(error: Error): void {
    this.#closed ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#closed);
  }
}
