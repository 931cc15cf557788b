// JSON-RPC as `codex app-server` speaks it: a line a message, requests both ways, no `jsonrpc` field. Knows no method.
import type { Readable, Writable } from "node:stream";
import type { AppError } from "../../lib/app-error.ts";
import { withDeadline } from "../../lib/deadline.ts";
import { fieldOf, wordsOf } from "../../lib/field-of.ts";
import { readJsonLines, writeJsonLine } from "../external/json-lines.ts";

export type RpcId = string | number;

export type RpcHandlers = {
  onNotification: (method: string, params: unknown) => void;
  /** To be answered with `answer` or `refuse`. */
  onRequest: (id: RpcId, method: string, params: unknown) => void;
};

/** An error that the other side answered. */
export class RpcError extends Error {
  override readonly name = "RpcError";
}

/** As JSON-RPC has it: a method that is not known here. */
const METHOD_NOT_FOUND = -32601;

type Waiting = { resolve: (result: unknown) => void; reject: (error: Error) => void };

export class Rpc {
  readonly #output: Writable;
  readonly #waiting = new Map<RpcId, Waiting>();
  #lastId = 0;
  #closed: Error | null = null;

  /** `input`: what the other side says. Handlers are called in the order in which it spoke. */
  constructor(input: Readable, output: Writable, handlers: RpcHandlers) {
    this.#output = output;
    readJsonLines(input, (message) => this.#take(message, handlers));
  }

  /** Rejects with `RpcError` for an error that was answered, `runtime.timeout`, or what it was closed with. */
  request(method: string, params: unknown, timeoutMs: number): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = ++this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    writeJsonLine(this.#output, { id, method, params });
    return withDeadline(answer, { timeoutMs, code: "runtime.timeout" });
  }

  notify(method: string): void {
    writeJsonLine(this.#output, { method });
  }

  answer(id: RpcId, result: unknown): void {
    writeJsonLine(this.#output, { id, result });
  }

  refuse(id: RpcId, method: string): void {
    writeJsonLine(this.#output, {
      id,
      error: { code: METHOD_NOT_FOUND, message: `${method} is not known here` },
    });
  }

  /** What waits for an answer is rejected, as is what is asked from now on. */
  close(error: AppError): void {
    this.#closed ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#closed);
    this.#waiting.clear();
  }

  #take(message: Record<string, unknown>, { onNotification, onRequest }: RpcHandlers): void {
    const { id, method, params } = message;
    const known = typeof id === "string" || typeof id === "number";
    if (typeof method === "string") {
      if (known) onRequest(id, method, params);
      else onNotification(method, params);
    } else if (known) this.#takeAnswer(id, message);
  }

  #takeAnswer(id: RpcId, { result, error }: Record<string, unknown>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined || error === null) waiting?.resolve(result);
    else waiting?.reject(new RpcError(wordsOf(fieldOf(error, "message") ?? "it refused")));
  }
}
