// Stream of the Messages API: Anthropic's SDK sends the request and reads the events, the state makes sense of them.
import type { Anthropic } from "@anthropic-ai/sdk";
import type { Stream } from "@anthropic-ai/sdk/streaming";
import { once } from "../../lib/once.ts";
import type { ModelRequest, StreamFn } from "../../protocol/stream.ts";
import { clientHeaders, type Endpoint } from "../endpoint.ts";
import type { Fetch } from "../http-fetch.ts";
import { readAnswer } from "../response-body.ts";
import { assertAnswer, runWire } from "../wire-run.ts";
import { anthropicError } from "./errors.ts";
import { anthropicRequest } from "./request.ts";
import { AnthropicState } from "./state.ts";

/** The stream function of an endpoint that speaks the Messages API. Retries are the router's. */
export function createStream(endpoint: Endpoint, fetch: Fetch): StreamFn {
  const connected = once(() => connect(endpoint, fetch));
  return (request, { signal }) => {
    const state = new AnthropicState(request.model, endpoint);
    return runWire({
      endpoint,
      state,
      receive: (runSignal) => receive(request, { endpoint, connected, state }, runSignal),
      toError: (error) => anthropicError(error, endpoint),
      signal,
    });
  };
}

type Connection = { client: Anthropic; Stream: typeof Stream };
type Talk = { endpoint: Endpoint; connected: () => Promise<Connection>; state: AnthropicState };

async function* receive(
  request: ModelRequest,
  { endpoint, connected, state }: Talk,
  signal: AbortSignal,
): AsyncGenerator<void> {
  const { client, Stream } = await connected();
  const body = anthropicRequest(request);
  const headers = body.thinking?.type === "enabled" ? { "anthropic-beta": betasOf(endpoint) } : {};
  // Not messages.create: it prints notices about old models to the console, which is the screen's.
  const response = await client.post("/v1/messages", { body, stream: true, signal, headers }).asResponse();
  const answer = await readAnswer(response, signal);
  if (signal.aborted) return;
  assertAnswer(answer, endpoint);
  if (answer.type === "json") {
    state.acceptWhole(answer.value);
    yield;
  } else {
    const controller = new AbortController();
    for await (const event of Stream.fromSSEResponse(answer.response, controller, client)) {
      state.accept(event);
      yield;
    }
  }
  if (!signal.aborted) state.close();
}

/** Lets models that think by budget think between tool calls too; the others do so anyway. */
const INTERLEAVED = "interleaved-thinking-2025-05-14";

/** What the settings ask for stays. */
function betasOf({ headers = {} }: Endpoint): string {
  const asked = new Headers({ ...headers }).get("anthropic-beta");
  return asked === null ? INTERLEAVED : `${asked},${INTERLEAVED}`;
}

/** Everything the SDK would read from the environment or from files is given, so that it reads none of it. */
async function connect(endpoint: Endpoint, fetch: Fetch): Promise<Connection> {
  const [{ Anthropic }, { Stream }] = await Promise.all([
    import("@anthropic-ai/sdk"),
    import("@anthropic-ai/sdk/streaming"),
  ]);
  const client = new Anthropic({
    baseURL: endpoint.baseUrl ?? null,
    apiKey: endpoint.apiKey ?? "none",
    authToken: null,
    defaultHeaders: clientHeaders(endpoint),
    fetch,
    maxRetries: 0,
    logLevel: "off",
  });
  return { client, Stream };
}
