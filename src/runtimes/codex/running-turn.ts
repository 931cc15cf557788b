// One turn of a Codex thread from our prompt to its end: what is heard, what is asked, how it ended.
import { AppError } from "../../lib/app-error.ts";
import type { AgentUpdate, PermissionVerdict, TurnAnswer, TurnListener } from "../external/connection.ts";
import type { Question } from "./approval.ts";
import { retryUpdate, turnFailure } from "./failure.ts";
import type { RpcId } from "./rpc.ts";
import { CodexTurn } from "./translate.ts";
import type { CodexNote, TurnError } from "./wire.ts";

export type RunningTurnOptions = {
  cwd: string;
  listener: TurnListener;
  unreachableMs: number;
  /** Asks Codex to end the turn. */
  interrupt: () => void;
};

/** Why the turn ended; the rest of the answer is the thread's to tell. */
type TurnEnd = TurnAnswer["reason"];

export class RunningTurn {
  readonly translation: CodexTurn;
  readonly #options: RunningTurnOptions;
  readonly #began = Promise.withResolvers<string>();
  readonly #done = Promise.withResolvers<TurnEnd>();
  /** Of questions that wait for an answer: aborted where Codex withdraws one. */
  readonly #open = new Map<RpcId, AbortController>();
  #id: string | null = null;
  #over = false;
  #unreachable: NodeJS.Timeout | undefined;
  #failure: AppError | null = null;
  #lastError: TurnError | null = null;

  constructor(options: RunningTurnOptions) {
    this.#options = options;
    this.translation = new CodexTurn(options.cwd);
    // Both may fail while nobody waits for them yet.
    this.#began.promise.catch(() => undefined);
    this.#done.promise.catch(() => undefined);
  }

  /** What comes now is of another turn. */
  get over(): boolean {
    return this.#over;
  }

  /** Its id, once Codex has begun it. */
  get began(): Promise<string> {
    return this.#began.promise;
  }

  /** Rejects with `runtime.failed` or `runtime.auth`, or with what the connection ended by. */
  get done(): Promise<TurnEnd> {
    return this.#done.promise;
  }

  begin(id: string): void {
    this.#id ??= id;
    this.#began.resolve(id);
  }

  fail(error: unknown): void {
    this.#over = true;
    clearTimeout(this.#unreachable);
    this.#began.reject(error);
    this.#done.reject(error);
    for (const question of this.#open.values()) question.abort();
  }

  tell(update: AgentUpdate): void {
    this.#options.listener.onUpdate(update);
  }

  /** `own`: of the conversation's thread. */
  hear(note: CodexNote, own: boolean): void {
    if (note.type === "resolved") this.#open.get(note.requestId)?.abort();
    if (own) this.#follow(note);
    for (const update of this.translation.take(note, own)) this.tell(update);
    if (own && note.type === "turn_completed") this.#complete(note);
  }

  #follow(note: CodexNote): void {
    switch (note.type) {
      case "turn_started":
        if (note.turnId !== null) this.begin(note.turnId);
        break;
      case "error":
        this.#lastError = note.error;
        if (note.willRetry) this.#unreachable ??= setTimeout(this.#giveUp, this.#options.unreachableMs);
        break;
      case "item":
      case "delta":
      case "usage":
        clearTimeout(this.#unreachable);
        this.#unreachable = undefined;
        break;
      default:
    }
  }

  /** Codex itself would wait for the network for ever. */
  readonly #giveUp = (): void => {
    const { unreachableMs, interrupt } = this.#options;
    const why = this.#lastError ? retryUpdate(this.#lastError, 0) : null;
    const reason = why?.type === "retry" ? ` ${why.reason}` : "";
    const message = `its model could not be reached for ${Math.round(unreachableMs / 1_000)} s.${reason}`;
    const hint = "Look at the connection, then send a message to try again.";
    this.#failure = new AppError("runtime.failed", message, { hint });
    interrupt();
  };

  #complete({ turnId, status, error }: Extract<CodexNote, { type: "turn_completed" }>): void {
    if (this.#id !== null && turnId !== null && turnId !== this.#id) return;
    this.#over = true;
    clearTimeout(this.#unreachable);
    for (const question of this.#open.values()) question.abort();
    const failed = error ?? (status === "failed" ? (this.#lastError ?? NO_WORDS) : null);
    if (this.#failure) this.#done.reject(this.#failure);
    else if (failed) this.#done.reject(turnFailure(failed));
    else if (status === "interrupted") this.#done.resolve("cancelled");
    else {
      for (const update of this.translation.leftRunning()) this.tell(update);
      this.#done.resolve("stop");
    }
  }

  /** Null where Codex no longer waits for the answer. */
  async ask(id: RpcId, { request, aside }: Question): Promise<PermissionVerdict | null> {
    const withdrawn = new AbortController();
    this.#open.set(id, withdrawn);
    const verdict = await this.#options.listener.onPermission(request, withdrawn.signal);
    this.#open.delete(id);
    if (withdrawn.signal.aborted) return null;
    if (aside && verdict.answer === "allow") {
      this.tell({
        type: "call",
        call: { ...request.call, status: "completed", output: "allowed" },
        begins: false,
      });
    }
    return verdict;
  }
}

const NO_WORDS: TurnError = { message: "its turn failed", additionalDetails: undefined };
