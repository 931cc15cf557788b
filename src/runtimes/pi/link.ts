// The line to a pi program: requests that are answered, dialogs that we answer, and everything else it says.
import { AppError } from "../../lib/app-error.ts";
import type { PipedProcess } from "../../lib/piped-process.ts";
import { readJsonLines, writeJsonLine } from "../external/json-lines.ts";
import { untilDrained, untilUnheard } from "../external/last-words.ts";
import { PendingRequests } from "../external/pending-requests.ts";
import { plainError } from "./translate.ts";
import { Response } from "./wire.ts";

type PiRequest = { type: string } & Record<string, unknown>;

/** A request that pi answers at once. */
const ANSWER_TIMEOUT_MS = 15_000;
/** What pi says when its service does not let it in, or when it has no key for it. */
const NOT_LET_IN = /^401\b|api key|authenticat|unauthori[sz]ed|\/login|credentials/i;
export const LOG_IN = "Run `pi` once and log in, or name a key's variable in runtimes.pi.passEnv.";

export class PiLink {
  readonly #process: PipedProcess;
  readonly #onEnd: () => void;
  readonly #pending = new PendingRequests<string>();
  #requests = 0;
  alive = true;

  /** `onEnd`: the program ended; what waited for an answer was refused before. */
  constructor(
    process: PipedProcess,
    onMessage: (message: Record<string, unknown>) => void,
    onEnd: () => void,
  ) {
    this.#process = process;
    this.#onEnd = onEnd;
    readJsonLines(process.stdout, (message) => {
      if (message.type === "response") this.#answer(message);
      else onMessage(message);
    });
    void untilUnheard(process, untilDrained(process.stdout)).then(() => this.end());
  }

  /** It is gone. */
  end(): void {
    this.alive = false;
    this.#pending.close(ended());
    this.#onEnd();
  }

  /** Rejects with `runtime.failed` or `runtime.auth` in pi's words, `runtime.timeout`, or `runtime.crashed`. */
  ask(request: PiRequest): Promise<unknown> {
    return this.send(request, ANSWER_TIMEOUT_MS);
  }

  /** As `ask`, for as long as pi takes where no limit is given. */
  send({ type, ...rest }: PiRequest, timeoutMs?: number): Promise<unknown> {
    const id = `hearth-${++this.#requests}`;
    const write = () => writeJsonLine(this.#process.stdin, { id, type, ...rest });
    return this.#pending.ask(id, write, timeoutMs);
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
    if (!response) return;
    if (response.success) this.#pending.resolve(response.id, response.data);
    else this.#pending.reject(response.id, piError(response.error));
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
