// Router: what happens when a model fails: the same request again after a wait, then other models. Knows no service.
import { setTimeout as wait } from "node:timers/promises";
import type { AppError } from "../lib/app-error.ts";
import { toFailure } from "../lib/app-error.ts";
import type { Failure } from "../protocol/failure.ts";
import type { AssistantMessage } from "../protocol/message.ts";
import type { Model } from "../protocol/model.ts";
import type { ModelEvent, ModelRequest, StreamFn } from "../protocol/stream.ts";
import { isRetryable, providerError } from "./errors.ts";

export type RetryOptions = {
  /** Requests in all, the first included. */
  maxAttempts?: number;
  /** Milliseconds before the second attempt; doubles with each further one. */
  baseDelayMs?: number;
  maxDelayMs?: number;
  /** A service that asks to wait longer than this is not asked again. */
  longestWaitMs?: number;
  /** Resolves after the time, or at once when the signal aborts. */
  sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to below 1. */
  random?: () => number;
};

const DEFAULTS: Required<RetryOptions> = {
  maxAttempts: 4,
  baseDelayMs: 1000,
  maxDelayMs: 30_000,
  longestWaitMs: 60_000,
  sleep: sleepOrAbort,
  random: Math.random,
};

/** Sends a request that failed for a passing reason again. Nothing has run yet, so that is safe at any point. */
export function withRetries(stream: StreamFn, options: RetryOptions = {}): StreamFn {
  const settings = { ...DEFAULTS, ...options };
  return (request, { signal }) => retrying(stream, request, { settings, signal });
}

/**
 * Asks the next model when one stays unreachable. The chain may name the first model again: it is skipped. Not for
 * failures that the user must mend (key, permission) or that another model would not (the conversation).
 */
export function withFallback(stream: StreamFn, models: readonly Model[]): StreamFn {
  return (request, { signal }) => fallingBack(stream, request, { models, signal });
}

type Run = { settings: Required<RetryOptions>; signal: AbortSignal };

async function* retrying(stream: StreamFn, request: ModelRequest, run: Run): AsyncGenerator<ModelEvent> {
  const { settings, signal } = run;
  for (let attempt = 1; ; attempt++) {
    const message = yield* untilEnd(stream(request, { signal }), attempt === 1);
    const error = message?.error;
    if (message === null || message.stopReason !== "error" || error === undefined || !isRetryable(error)) {
      if (message !== null) yield { type: "end", message };
      return;
    }
    const delayMs = delayFor(error, attempt, settings);
    if (attempt >= settings.maxAttempts || delayMs > settings.longestWaitMs) {
      yield { type: "end", message: { ...message, error: givenUp(error, delayMs, settings) } };
      return;
    }
    yield { type: "retry", attempt: attempt + 1, maxAttempts: settings.maxAttempts, delayMs, error };
    await settings.sleep(delayMs, signal);
    if (signal.aborted) {
      yield { type: "end", message: abortedMessage(message, request) };
      return;
    }
  }
}

async function* fallingBack(
  stream: StreamFn,
  request: ModelRequest,
  { models, signal }: { models: readonly Model[]; signal: AbortSignal },
): AsyncGenerator<ModelEvent> {
  const tried = new Set([nameOf(request.model)]);
  let current = request;
  for (;;) {
    const message = yield* untilEnd(stream(current, { signal }), current === request);
    if (message === null) return;
    const next = models.find((model) => !tried.has(nameOf(model)));
    const { error } = message;
    if (message.stopReason !== "error" || error === undefined || next === undefined || !mayFallBack(error)) {
      yield { type: "end", message };
      return;
    }
    tried.add(nameOf(next));
    yield { type: "fallback", from: nameOf(current.model), to: nameOf(next), error };
    current = { ...request, model: next };
  }
}

/** Passes the events on, `start` only when asked for, and returns the final message instead of its event. */
async function* untilEnd(
  events: AsyncIterable<ModelEvent>,
  withStart: boolean,
): AsyncGenerator<ModelEvent, AssistantMessage | null> {
  for await (const event of events) {
    if (event.type === "end") return event.message;
    if (event.type !== "start" || withStart) yield event;
  }
  return null;
}

/** What the service asked for, else exponential with jitter, so that many clients do not come back together. */
function delayFor(error: Failure, attempt: number, settings: Required<RetryOptions>): number {
  if (error.retryAfterMs !== undefined) return error.retryAfterMs;
  const full = Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** (attempt - 1));
  return Math.round(full * (0.5 + settings.random() / 2));
}

function givenUp(error: Failure, delayMs: number, { longestWaitMs }: Required<RetryOptions>): Failure {
  if (delayMs <= longestWaitMs) return error;
  const seconds = (milliseconds: number) => `${Math.ceil(milliseconds / 1000)} s`;
  const message = `${error.message} (asked to wait ${seconds(delayMs)}, longer than the ${seconds(longestWaitMs)} that are waited by themselves)`;
  return { ...error, message };
}

function mayFallBack(error: Failure): boolean {
  return isRetryable(error) || error.code === "provider.quota";
}

/** What came before the wait is void, so nothing of it is kept. */
function abortedMessage(failed: AssistantMessage, { model }: ModelRequest): AssistantMessage {
  const error: AppError = providerError("aborted", "", { vendor: model.vendor });
  return { ...failed, content: [], stopReason: "aborted", error: toFailure(error) };
}

function nameOf({ vendor, id }: Model): string {
  return `${vendor}/${id}`;
}

async function sleepOrAbort(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
