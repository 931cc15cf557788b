// OpenaiSdk: one request through OpenAI's SDK, for both of its wire APIs, and the answer as ModelEvents.
import type { OpenAI } from "openai";
import type { Stream } from "openai/streaming";
import { once } from "../lib/once.ts";
import type { ModelEvent } from "../protocol/stream.ts";
import { clientHeaders, type Endpoint } from "./endpoint.ts";
import { toProviderError } from "./errors.ts";
import type { Fetch } from "./http-fetch.ts";
import { type Answer, readAnswer } from "./response-body.ts";
import { assertAnswer, cutError, runWire, type WireState } from "./wire-run.ts";

/** Methods throw AppError for what is no answer; they take parsed JSON. */
export interface OpenaiState extends WireState {
  /** One event of the stream. */
  accept(payload: unknown): void;
  /** The whole answer of a service that does not stream. */
  acceptWhole(body: unknown): void;
  /** The stream is over; `marked` when the service closed it with `[DONE]`. */
  close(marked: boolean): void;
}

type OpenaiConnection = { client: OpenAI; Stream: typeof Stream };

export type OpenaiCall = {
  endpoint: Endpoint;
  /** The endpoint's client: see connectOpenai. */
  connected: () => Promise<OpenaiConnection>;
  path: string;
  body: unknown;
  signal: AbortSignal;
};

/** Sends the call and yields its events; ends with one `end`, whatever happens. */
export function runOpenai(call: OpenaiCall, state: OpenaiState): AsyncIterable<ModelEvent> {
  const { endpoint, signal } = call;
  return runWire({
    endpoint,
    state,
    receive: (runSignal) => receive(call, state, runSignal),
    toError: (error) => toProviderError(error, endpoint),
    signal,
  });
}

async function* receive(call: OpenaiCall, state: OpenaiState, signal: AbortSignal): AsyncGenerator<void> {
  const { client, Stream } = await call.connected();
  const response = await client.post(call.path, { body: call.body, stream: true, signal }).asResponse();
  const answer = await readAnswer(response, signal);
  if (signal.aborted) return;
  assertAnswer(answer, call.endpoint);
  if (answer.type === "json") {
    state.acceptWhole(answer.value);
    yield;
    return;
  }
  for await (const payload of payloadsOf(answer, { client, Stream }, call.endpoint)) {
    state.accept(payload);
    yield;
  }
  if (!signal.aborted) state.close(answer.marked());
}

type Events = Extract<Answer, { type: "events" }>;

/** The SDK reads a line that the end of the body cut as if it were whole; that is no malformed line. */
async function* payloadsOf(
  answer: Events,
  { client, Stream }: OpenaiConnection,
  endpoint: Endpoint,
): AsyncGenerator<unknown> {
  try {
    yield* Stream.fromSSEResponse(answer.response, new AbortController(), client, false, "events");
  } catch (error) {
    throw error instanceof SyntaxError && answer.cutInLine() ? cutError(endpoint, error) : error;
  }
}

/** A client for all requests to the endpoint; the SDK is loaded with the first. */
export function connectOpenai(endpoint: Endpoint, fetch: Fetch): () => Promise<OpenaiConnection> {
  return once(() => connect(endpoint, fetch));
}

async function connect(endpoint: Endpoint, fetch: Fetch): Promise<OpenaiConnection> {
  const [{ OpenAI }, { Stream }] = await Promise.all([import("openai"), import("openai/streaming")]);
  const client = new OpenAI({
    apiKey: endpoint.apiKey ?? "none",
    baseURL: endpoint.baseUrl ?? null,
    // Only OpenAI itself may learn the organisation and project that the SDK reads from the environment.
    ...(endpoint.vendor === "openai" ? {} : { organization: null, project: null }),
    defaultHeaders: clientHeaders(endpoint),
    fetch,
    maxRetries: 0,
    logLevel: "off",
  });
  return { client, Stream };
}
