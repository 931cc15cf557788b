// Requests that we make of Claude Code beside the talk, and their answers.
import { AppError } from "../../lib/app-error.ts";
import { withDeadline } from "../../lib/deadline.ts";
import type { Fields } from "../../session/import/fields.ts";
import type { WireMessage } from "./wire.ts";

/** A request that it should answer at once. */
const ANSWER_MS = 10_000;

type Pending = { resolve: (response: Fields) => void; reject: (error: Error) => void };

export class ControlRequests {
  readonly #write: (line: Record<string, unknown>) => void;
  readonly #pending = new Map<string, Pending>();
  #count = 0;

  constructor(write: (line: Record<string, unknown>) => void) {
    this.#write = write;
  }

  /** Throws `runtime.failed` with its words, `runtime.timeout`, or whatever `end` was told. */
  ask(request: Record<string, unknown> & { subtype: string }, timeoutMs = ANSWER_MS): Promise<Fields> {
    const id = `hearth-${++this.#count}`;
    const answer = new Promise<Fields>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#write({ type: "control_request", request_id: id, request });
    const asked = withDeadline(answer, { timeoutMs, code: "runtime.timeout" });
    return asked.finally(() => this.#pending.delete(id));
  }

  /** Answers to requests of its own, which it says again, are none of ours. */
  heard({ requestId, response, error }: Extract<WireMessage, { type: "response" }>): void {
    const pending = this.#pending.get(requestId);
    if (error === null) pending?.resolve(response);
    else pending?.reject(new AppError("runtime.failed", error));
  }

  end(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
  }
}
