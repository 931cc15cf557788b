// Stream: the one entry to models. Finds the endpoint, loads the wire API on first use, retries and falls back.
import { toFailure } from "../lib/app-error.ts";
import { once } from "../lib/once.ts";
import type { Failure } from "../protocol/failure.ts";
import type { AssistantMessage } from "../protocol/message.ts";
import type { Model, WireApi } from "../protocol/model.ts";
import type { ModelEvent, ModelRequest, StreamFn } from "../protocol/stream.ts";
import { NO_USAGE } from "../protocol/usage-sum.ts";
import { isUsageOverflow } from "./context-overflow.ts";
import type { Endpoint } from "./endpoint.ts";
import { providerError } from "./errors.ts";
import type { Fetch } from "./http-fetch.ts";
import { type RetryOptions, withFallback, withRetries } from "./router.ts";
import { type CustomProviders, type Environment, endpointFor } from "./vendors.ts";

export type StreamOptions = {
  env: Environment;
  /** `providers` of the settings. */
  custom?: CustomProviders;
  /** Models asked in order when the request's own stays unreachable. */
  fallback?: readonly Model[];
  retries?: RetryOptions;
  /** Streams for vendors without a service, such as the scripted one. */
  local?: Readonly<Record<string, StreamFn>>;
};

/** The stream function of a whole program: any model of any vendor. Never throws, as StreamFn says. */
export function createStreamFn(options: StreamOptions): StreamFn {
  const { fallback = [], retries } = options;
  const open = streamOpener(options.env);
  const reliable = withRetries((request, { signal }) => askVendor(request, signal, options, open), retries);
  return fallback.length === 0 ? reliable : withFallback(reliable, fallback);
}

async function* askVendor(
  request: ModelRequest,
  signal: AbortSignal,
  { env, custom = {}, local = {} }: StreamOptions,
  open: OpenStream,
): AsyncGenerator<ModelEvent> {
  const { model } = request;
  let stream: StreamFn;
  try {
    stream = local[model.vendor] ?? (await open(model.api, endpointFor(model.vendor, { env, custom })));
  } catch (error) {
    yield { type: "start" };
    yield { type: "end", message: failedMessage(model, toFailure(error)) };
    return;
  }
  for await (const event of stream(request, { signal })) {
    yield event.type === "end" ? { type: "end", message: withOverflow(event.message, model) } : event;
  }
}

type OpenStream = (api: WireApi, endpoint: Endpoint) => Promise<StreamFn>;

/** One stream function, and so one client, for all requests to an endpoint: making one costs as much as asking. */
function streamOpener(env: Environment): OpenStream {
  const connection = once(async () => (await import("./http-fetch.ts")).createHttpFetch(env));
  const opened = new Map<string, StreamFn>();
  return async (api, endpoint) => {
    const key = JSON.stringify([api, endpoint]);
    const stream = opened.get(key) ?? (await openStream(api, endpoint, await connection()));
    opened.set(key, stream);
    return stream;
  };
}

/** Each wire API and its SDK are loaded only when a model of it is asked. */
async function openStream(api: WireApi, endpoint: Endpoint, fetch: Fetch): Promise<StreamFn> {
  switch (api) {
    case "anthropic-messages":
      return (await import("./anthropic-messages/stream.ts")).createStream(endpoint, fetch);
    case "openai-responses":
      return (await import("./openai-responses/stream.ts")).createStream(endpoint, fetch);
    case "openai-chat":
      return (await import("./openai-chat/stream.ts")).createStream(endpoint, fetch);
    case "google-generative":
      return (await import("./google-generative/stream.ts")).createStream(endpoint, fetch);
  }
}

/** An empty answer whose numbers say that the prompt filled the window is an overflow, not an answer. */
function withOverflow(message: AssistantMessage, model: Model): AssistantMessage {
  const { content, stopReason, usage } = message;
  if (content.length > 0 || !isUsageOverflow(stopReason, usage, model.contextWindow)) return message;
  const error = providerError("context_overflow", "the prompt left no room for an answer", {
    vendor: model.vendor,
  });
  return { ...message, stopReason: "error", error: toFailure(error) };
}

function failedMessage(model: Model, error: Failure): AssistantMessage {
  return {
    role: "assistant",
    content: [],
    stopReason: "error",
    usage: NO_USAGE,
    model: `${model.vendor}/${model.id}`,
    api: model.api,
    error,
  };
}
