// The line to a pi program: requests that are answered, dialogs that we answer, and everything else it says.
import { AppError } from "../../lib/app-error.ts";
import { withDeadline } from "../../lib/deadline.ts";
import type { PipedProcess } from "../../lib/piped-process.ts";
import { readJsonLines, writeJsonLine } from "../external/json-lines.ts";
import { plainError } from "./translate.ts";
import { Response } from "./wire.ts";

type PiRequest = { type: string } & Record<string, unknown>;
type Waiting = { resolve: (data: unknown) => void; reject: (error: AppError) => void };

/** A request that pi answers at once. */
const ANSWER_TIMEOUT_MS = 15_000;
/** What pi says when its service does not let it in, or when it has no key for it. */
const NOT_LET_IN = /^401\b|api key|authenticat|unauthori[sz]ed|\/login|credentials/i;
export const LOG_IN = "Run `pi` once and log in, or name a key's variable in runtimes.pi.passEnv.";

export class PiLink {
  readonly #process: PipedProcess;
  readonly #waiting = new Map<string, Waiting>();
  #requests = 0;
  alive = true;

  /** `onEnd`: the program ended; what waited for an answer was refused before. */
  constructor(
    process: PipedProcess,
    onMessage: (message: Record<string, unknown>) => void,
    onEnd: () => void,
  ) {
    this.#process = process;
    readJsonLines(process.stdout, (message) => {
      if (message.type === "response") this.#answer(message);
      else onMessage(message);
    });
    void process.exited.then(() => {
      this.alive = false;
      for (const { reject } of this.#waiting.values()) reject(ended());
      this.#waiting.clear();
      onEnd();
    });
  }

  /** Rejects with `runtime.failed` or `runtime.auth` in pi's words, `runtime.timeout`, or `runtime.crashed`. */
  ask(request: PiRequest): Promise<unknown> {
    return withDeadline(this.send(request), { timeoutMs: ANSWER_TIMEOUT_MS, code: "runtime.timeout" });
  }

  /** As `ask`, for as long as pi takes. */
  send({ type, ...rest }: PiRequest): Promise<unknown> {
    if (!this.alive) return Promise.reject(ended());
    const id = `hearth-${++this.#requests}`;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    writeJsonLine(this.#process.stdin, { id, type, ...rest });
    return promise;
  }

  /** Without waiting for an answer, nor minding what it is. */
  tell(request: PiRequest): void {
    // A program that is gone needs no telling.
    this.send(request).catch(() => undefined);
  }

  answerDialog(id: string, answer: { value: string } | { cancelled: true }): void {
    writeJsonLine(this.#process.stdin, { type: "extension_ui_response", id, ...answer });
  }

  #answer(message: Record<string, unknown>): void {
    const response = Response.safeParse(message).data;
    const waiting = response && this.#waiting.get(response.id);
    if (!response || !waiting) return;
    this.#waiting.delete(response.id);
    if (response.success) waiting.resolve(response.data);
    else waiting.reject(piError(response.error));
  }
}

/** What pi told of a failure, as our error. */
export function piError(said: string): AppError {
  const message = plainError(said) || "it told no reason";
  if (!NOT_LET_IN.test(said)) return new AppError("runtime.failed", message);
  return new AppError("runtime.auth", message, { hint: LOG_IN });
}

export function ended(): AppError {
  return new AppError("runtime.crashed", "Its program ended.");
}
