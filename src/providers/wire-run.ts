// WireRun: one request and its answer as ModelEvents. What every wire API does alike, whichever SDK is behind it.
import { setImmediate } from "node:timers/promises";
import type { AppError } from "../lib/app-error.ts";
import type { ModelEvent } from "../protocol/stream.ts";
import type { AnswerBuilder } from "./answer-builder.ts";
import type { Endpoint } from "./endpoint.ts";
import { providerError } from "./errors.ts";
import type { Answer } from "./response-body.ts";

/** What a wire API makes of an answer while it comes. */
export interface WireState {
  readonly builder: AnswerBuilder;
  /** Why the answer ended; asked once it is whole. */
  stopReason(): "stop" | "length";
}

export type WireRun = {
  endpoint: Endpoint;
  state: WireState;
  /** Sends the request and feeds the state; yields after each step, and does not wait for the consumer. Throws when the answer is not whole. */
  receive: (signal: AbortSignal) => AsyncIterable<void>;
  toError: (error: unknown) => AppError;
  signal: AbortSignal;
};

/** Never throws; ends with one `end`. The connection is closed when the consumer leaves early. */
export async function* runWire({
  endpoint,
  state,
  receive,
  toError,
  signal,
}: WireRun): AsyncGenerator<ModelEvent> {
  const { builder } = state;
  const left = new AbortController();
  let failure: AppError | null = null;
  yield { type: "start" };
  try {
    for await (const _ of bursts(receive(AbortSignal.any([signal, left.signal])))) {
      for (const event of builder.take()) yield event;
    }
  } catch (error) {
    failure = toError(error);
  } finally {
    left.abort();
  }
  for (const event of builder.take()) yield event;
  if (signal.aborted) failure = providerError("aborted", "", { vendor: endpoint.vendor });
  if (failure === null) yield { type: "end", message: builder.finish(state.stopReason()) };
  else yield { type: "end", message: builder.fail(signal.aborted ? "aborted" : "error", failure) };
}

/**
 * Yields once for all steps that were taken without waiting for anything: an answer comes in bursts. Throws what
 * the steps threw, after that yield.
 */
async function* bursts(steps: AsyncIterable<void>): AsyncGenerator<void> {
  let ended = false;
  let stepped = Promise.withResolvers<void>();
  const all = (async () => {
    try {
      for await (const _ of steps) stepped.resolve();
    } finally {
      ended = true;
      stepped.resolve();
    }
  })();
  // Awaited below, unless the consumer leaves before.
  all.catch(() => undefined);
  while (!ended) {
    await stepped.promise;
    await setImmediate();
    stepped = Promise.withResolvers<void>();
    yield;
  }
  await all;
}

/** Throws for a body that holds no answer at all. */
export function assertAnswer(
  answer: Answer,
  endpoint: Endpoint,
): asserts answer is Extract<Answer, { type: "json" | "events" }> {
  if (answer.type === "empty") throw providerError("empty_response", "the body had no content", endpoint);
  if (answer.type === "page") {
    throw providerError("malformed_stream", `a web page instead of an answer (${answer.title})`, endpoint);
  }
}

/** The error of a stream that stopped before its end. */
export function cutError(endpoint: Endpoint, cause?: unknown): AppError {
  return providerError("network", "the stream ended before the answer was complete", { ...endpoint, cause });
}
