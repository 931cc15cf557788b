// The prompts that wait for their answer, and when each has it: a prompt's turn ends with the run that it went into.
import { AppError } from "../lib/app-error.ts";
import type { AgentEvent, RunOutcome } from "../protocol/event.ts";
import type { Failure } from "../protocol/failure.ts";
import type { StopReason } from "../protocol/message.ts";
import type { Usage } from "../protocol/usage.ts";

export type TurnEnd = {
  outcome: RunOutcome;
  error: Failure | null;
  /** How the model's newest answer ended; null where it gave none. */
  stop: StopReason | null;
  /** Of the whole run; null where there was none. */
  usage: Usage | null;
};

type Turn = {
  /** The runtime has it. */
  sent: boolean;
  /** A run has it. */
  delivered: boolean;
  cancelled: boolean;
  end: PromiseWithResolvers<TurnEnd>;
};

const NOT_TAKEN = "The prompt could not be taken and came back unsent.";
const CANCELLED: TurnEnd = { outcome: "interrupted", error: null, stop: null, usage: null };
const DONE: TurnEnd = { outcome: "completed", error: null, stop: null, usage: null };

export class Turns {
  /** By the id of the prompt's message. */
  readonly #turns = new Map<string, Turn>();
  /** The command that waits for everything to settle. */
  #other: { cancelled: boolean; end: PromiseWithResolvers<TurnEnd> } | null = null;
  #compactionError: Failure | null = null;
  /** Of runs that are over; told when it is known that nothing more comes of them. */
  #ended: { ids: string[]; end: TurnEnd } | null = null;
  #stop: StopReason | null = null;

  get open(): boolean {
    return this.#turns.size > 0 || this.#other !== null;
  }

  /** A prompt that is about to be sent under that id. Its promise never rejects but by `fail`. */
  begin(id: string): Promise<TurnEnd> {
    const end = Promise.withResolvers<TurnEnd>();
    this.#turns.set(id, { sent: false, delivered: false, cancelled: false, end });
    return end.promise;
  }

  /** Resolves with the next settling: of a command that no run belongs to. */
  settling(): Promise<TurnEnd> {
    const end = this.#other?.end ?? Promise.withResolvers<TurnEnd>();
    this.#other ??= { cancelled: false, end };
    this.#compactionError = null;
    return end.promise;
  }

  /** The runtime has taken the prompt. True when it was cancelled meanwhile: it must be interrupted again. */
  sent(id: string): boolean {
    const turn = this.#turns.get(id);
    if (turn) turn.sent = true;
    return turn?.cancelled === true;
  }

  /** The prompt was not taken. */
  fail(id: string, error: unknown): void {
    const turn = this.#turns.get(id);
    this.#turns.delete(id);
    if (turn?.cancelled) turn.end.resolve(CANCELLED);
    else turn?.end.reject(error);
  }

  /** Whoever interrupts tells it first: what comes back then comes back for this. */
  cancel(): void {
    for (const turn of this.#turns.values()) turn.cancelled = true;
    if (this.#other) this.#other.cancelled = true;
  }

  take(event: AgentEvent): void {
    switch (event.type) {
      case "run_start":
        this.#settleEnded();
        this.#stop = null;
        break;
      case "message_end":
        this.#message(event);
        break;
      case "run_end":
        this.#runEnd(event);
        break;
      case "compaction_end":
        this.#compactionError = event.error ?? null;
        break;
      case "queue_returned":
        for (const { id } of event.items) this.fail(id, new AppError("queue.returned", NOT_TAKEN));
        break;
      case "settled":
        this.#settled();
        break;
    }
  }

  /** Nothing more will come: the session is being closed. */
  close(): void {
    this.#settleEnded();
    for (const id of [...this.#turns.keys()]) this.#resolve(id, CANCELLED);
    this.#other?.end.resolve(CANCELLED);
    this.#other = null;
  }

  #message({ messageId, message, parentToolCallId }: Extract<AgentEvent, { type: "message_end" }>): void {
    const turn = this.#turns.get(messageId);
    if (turn && message.role === "user") turn.delivered = true;
    if (message.role === "assistant" && parentToolCallId === undefined) this.#stop = message.stopReason;
  }

  #runEnd({ outcome, error, usage }: Extract<AgentEvent, { type: "run_end" }>): void {
    this.#settleEnded();
    const ids = [...this.#turns].filter(([, { delivered }]) => delivered).map(([id]) => id);
    this.#ended = { ids, end: { outcome, error: error ?? null, usage, stop: this.#stop } };
  }

  /** A prompt that was taken and reached no run will reach none. */
  #settled(): void {
    this.#settleEnded();
    for (const [id, { sent, delivered }] of [...this.#turns]) {
      if (sent && !delivered) this.#resolve(id, CANCELLED);
    }
    const error = this.#compactionError;
    const failed: TurnEnd = { ...DONE, outcome: "failed", error };
    this.#other?.end.resolve(this.#other.cancelled ? CANCELLED : error === null ? DONE : failed);
    this.#other = null;
  }

  #settleEnded(): void {
    const ended = this.#ended;
    this.#ended = null;
    for (const id of ended?.ids ?? []) this.#resolve(id, ended?.end ?? DONE);
  }

  #resolve(id: string, end: TurnEnd): void {
    this.#turns.get(id)?.end.resolve(end);
    this.#turns.delete(id);
  }
}
