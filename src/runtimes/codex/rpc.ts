// JSON-RPC as `codex app-server` speaks it: a line a message, requests both ways, no `jsonrpc` field. Knows no method.
import type { Readable, Writable } from "node:stream";
import type { AppError } from "../../lib/app-error.ts";
import { fieldOf, wordsOf } from "../../lib/field-of.ts";
import { readJsonLines, writeJsonLine } from "../external/json-lines.ts";
import { PendingRequests } from "../external/pending-requests.ts";

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

export class Rpc {
  readonly #output: Writable;
  readonly #pending = new PendingRequests<RpcId>();
  #lastId = 0;

  /** `input`: what the other side says. Handlers are called in the order in which it spoke. */
  constructor(input: Readable, output: Writable, handlers: RpcHandlers) {
    this.#output = output;
    readJsonLines(input, (message) => this.#take(message, handlers));
  }

  /** Rejects with `RpcError` for an error that was answered, `runtime.timeout`, or what it was closed with. */
  request(method: string, params: unknown, timeoutMs: number): Promise<unknown> {
    const id = ++this.#lastId;
    return this.#pending.ask(id, () => writeJsonLine(this.#output, { id, method, params }), timeoutMs);
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
    this.#pending.close(error);
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
    if (error === undefined || error === null) this.#pending.resolve(id, result);
    else this.#pending.reject(id, new RpcError(wordsOf(fieldOf(error, "message") ?? "it refused")));
  }
}
