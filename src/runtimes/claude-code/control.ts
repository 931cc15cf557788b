// Requests that we make of Claude Code beside the talk, and their answers.
import { AppError } from "../../lib/app-error.ts";
import { type Fields, fieldsOf } from "../../session/import/fields.ts";
import { PendingRequests } from "../external/pending-requests.ts";
import type { WireMessage } from "./wire.ts";

/** A request that it should answer at once. */
const ANSWER_MS = 10_000;

export class ControlRequests {
  readonly #write: (line: Record<string, unknown>) => void;
  readonly #pending = new PendingRequests<string>();
  #count = 0;

  constructor(write: (line: Record<string, unknown>) => void) {
    this.#write = write;
  }

  /** Throws `runtime.failed` with its words, `runtime.timeout`, or whatever `end` was told. */
  async ask(request: Record<string, unknown> & { subtype: string }, timeoutMs = ANSWER_MS): Promise<Fields> {
    const id = `hearth-${++this.#count}`;
    const write = () => this.#write({ type: "control_request", request_id: id, request });
    return fieldsOf(await this.#pending.ask(id, write, timeoutMs)) ?? {};
  }

  /** Answers to requests of its own, which it says again, are none of ours. */
  heard({ requestId, response, error }: Extract<WireMessage, { type: "response" }>): void {
    if (error === null) this.#pending.resolve(requestId, response);
    else this.#pending.reject(requestId, new AppError("runtime.failed", error));
  }

  end(error: Error): void {
    this.#pending.close(error);
  }
}
