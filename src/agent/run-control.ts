// RunControl: a person's hold on one run, as seen from inside the run; and ActiveRun, which the control loop holds.
import type { ApprovalAnswer, ApprovalRequest } from "../protocol/approval.ts";
import type { AgentEvent, AgentState, EmitEvent } from "../protocol/event.ts";
import type { UserMessage } from "../protocol/message.ts";
import { NO_USAGE } from "../protocol/usage-sum.ts";
import { post } from "./post.ts";
import { type Spent, spend } from "./run-meter.ts";
import type { TranscriptEntry } from "./transcript.ts";

/** What a run can say it is doing. The other states (idle, paused, awaiting_approval) follow from control. */
export type Activity = Extract<AgentState, "streaming" | "running_tools" | "compacting" | "retrying">;

/**
 * Given to whatever runs: our loop, an external agent's adapter, a subagent. None of its methods throws, save
 * `takeSteer` when the text could not be recorded.
 */
export interface RunControl {
  /** Aborts on interrupt. */
  readonly signal: AbortSignal;
  /** Aborts on "steer now": cancel what runs, then take the steers. A new one after each `takeSteer`. */
  redirect(): AbortSignal;
  hasSteers(): boolean;
  /** The next pending steer as a user message, recorded already; undefined when there is none. */
  takeSteer(): Promise<TranscriptEntry | undefined>;
  /** The next pending steer for somebody who takes it in later; undefined when there is none. */
  claimSteer(): ClaimedSteer | undefined;
  /** Await before anything external, then `setState`. Resolves on resume, on interrupt, or at once. */
  waitWhilePaused(): Promise<void>;
  /** Asks the person; an abort of `signal` or an interrupt answers reject_once. */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
  setState(activity: Activity): void;
  /** The signal aborts when the person moves this call to the background; `close` it when the call has ended. */
  offerBackground(toolCallId: string): BackgroundOffer;
  /** Steps and usage of this run so far. */
  spent(): Spent;
}

/** A steer that was handed on: it still waits in the queue, where nobody can change it any more. */
export type ClaimedSteer = {
  readonly id: string;
  readonly content: UserMessage["content"];
  /** Records it as a user message, at this place in the talk; undefined when the person took it back meanwhile. */
  deliver: () => Promise<TranscriptEntry | undefined>;
  /** It was not taken in: it waits like any other again. */
  release: () => void;
};

export type BackgroundOffer = { readonly signal: AbortSignal; close: () => void };

type ActiveRunHost = {
  emit: EmitEvent;
  paused: () => boolean;
  hasSteers: () => boolean;
  takeSteer: () => Promise<TranscriptEntry | undefined>;
  claimSteer: () => ClaimedSteer | undefined;
  /** The state as `view` gives it may have changed. */
  onView: () => void;
};

const CANCELLED: ApprovalAnswer = { outcome: "reject_once", reason: "cancelled by user" };

export class ActiveRun implements RunControl {
  readonly #host: ActiveRunHost;
  readonly #interrupt = new AbortController();
  readonly #approvals = new Map<string, (answer: ApprovalAnswer | null) => void>();
  readonly #backgroundable = new Map<string, AbortController>();
  #redirect = new AbortController();
  #resume = Promise.withResolvers<void>();
  #held = 0;
  #activity: Activity | null = null;
  #spent: Spent = { steps: 0, usage: NO_USAGE };

  constructor(host: ActiveRunHost) {
    this.#host = host;
  }

  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }

  /** null until the run said what it does: the state before stays shown. */
  view(): AgentState | null {
    if (this.#approvals.size > 0) return "awaiting_approval";
    return this.#held > 0 ? "paused" : this.#activity;
  }

  /** The host's emit, with this run's spending read off. */
  readonly emit = (event: AgentEvent): Promise<void> => {
    this.#spent = spend(this.#spent, event);
    return this.#host.emit(event);
  };

  spent(): Spent {
    return this.#spent;
  }

  setState(activity: Activity): void {
    this.#activity = activity;
    this.#host.onView();
  }

  redirect(): AbortSignal {
    return this.#redirect.signal;
  }

  offerBackground(toolCallId: string): BackgroundOffer {
    const controller = new AbortController();
    this.#backgroundable.set(toolCallId, controller);
    return { signal: controller.signal, close: () => this.#backgroundable.delete(toolCallId) };
  }

  /** Moves this call, or all that can; false when there is none. */
  moveToBackground(toolCallId?: string): boolean {
    const ids = toolCallId === undefined ? [...this.#backgroundable.keys()] : [toolCallId];
    const controllers = ids.flatMap((id) => this.#backgroundable.get(id) ?? []);
    for (const controller of controllers) controller.abort();
    return controllers.length > 0;
  }

  hasSteers(): boolean {
    return this.#host.hasSteers();
  }

  takeSteer(): Promise<TranscriptEntry | undefined> {
    if (this.#redirect.signal.aborted) this.#redirect = new AbortController();
    return this.#host.takeSteer();
  }

  claimSteer(): ClaimedSteer | undefined {
    return this.#host.claimSteer();
  }

  async waitWhilePaused(): Promise<void> {
    while (this.#host.paused() && !this.signal.aborted) {
      this.#held += 1;
      this.#host.onView();
      await this.#resume.promise;
      this.#held -= 1;
    }
  }

  async ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
    const stop = AbortSignal.any([this.signal, signal]);
    if (stop.aborted) return CANCELLED;
    const { promise, resolve } = Promise.withResolvers<ApprovalAnswer | null>();
    const cancel = () => resolve(null);
    stop.addEventListener("abort", cancel, { once: true });
    this.#approvals.set(request.id, resolve);
    post(this.#host.emit, { type: "approval_request", request });
    this.#host.onView();
    const answer = await promise;
    stop.removeEventListener("abort", cancel);
    this.#approvals.delete(request.id);
    post(this.#host.emit, {
      type: "approval_resolved",
      requestId: request.id,
      toolCallId: request.toolCallId,
      outcome: answer?.outcome ?? null,
      ...(answer?.reason === undefined ? {} : { reason: answer.reason }),
    });
    this.#host.onView();
    return answer ?? CANCELLED;
  }

  /** False when no such request is open. */
  answer(requestId: string, answer: ApprovalAnswer): boolean {
    const resolve = this.#approvals.get(requestId);
    resolve?.(answer);
    return resolve !== undefined;
  }

  steerNow(): void {
    this.#redirect.abort();
  }

  release(): void {
    this.#resume.resolve();
    this.#resume = Promise.withResolvers<void>();
  }

  interrupt(): void {
    this.#interrupt.abort();
    this.release();
  }
}
