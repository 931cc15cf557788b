// Stream of the Gemini API: Google's SDK sends the request and reads the chunks, the state makes sense of them.
import type { ModelRequest, StreamFn } from "../../protocol/stream.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Fetch } from "../http-fetch.ts";
import { readAnswer } from "../response-body.ts";
import { assertAnswer, runWire } from "../wire-run.ts";
import { googleError } from "./errors.ts";
import { type GoogleThinking, googleRequest } from "./request.ts";
import { GoogleState } from "./state.ts";

/** The stream function of an endpoint that speaks the Gemini API. Retries are the router's. */
export function createStream(endpoint: Endpoint, fetch: Fetch): StreamFn {
  return (request, { signal }) => {
    const state = new GoogleState(request.model, endpoint);
    const transport = new Transport(endpoint, fetch);
    return runWire({
      endpoint,
      state,
      receive: (runSignal) => receive(request, transport, state, runSignal),
      toError: (error) => googleError(error, endpoint, transport.headers),
      signal,
    });
  };
}

async function* receive(
  request: ModelRequest,
  transport: Transport,
  state: GoogleState,
  signal: AbortSignal,
): AsyncGenerator<void> {
  const sdk = await import("@google/genai");
  const { model, contents, config, thinking } = googleRequest(request);
  const { endpoint } = transport;
  const client = new sdk.GoogleGenAI({
    apiKey: endpoint.apiKey ?? "none",
    vertexai: false,
    httpOptions: {
      ...(endpoint.baseUrl === undefined ? {} : { baseUrl: endpoint.baseUrl }),
      ...(endpoint.headers === undefined ? {} : { headers: { ...endpoint.headers } }),
      fetch: (input, init) => transport.fetch(input, init, signal),
    },
  });
  const chunks = await client.models.generateContentStream({
    model,
    contents,
    config: {
      ...config,
      ...(thinking ? { thinkingConfig: thinkingConfig(thinking, sdk.ThinkingLevel) } : {}),
      abortSignal: signal,
      automaticFunctionCalling: { disable: true },
      automaticContinuation: false,
    },
  });
  for await (const chunk of chunks) {
    state.accept(chunk);
    yield;
  }
  if (!signal.aborted) state.close();
}

/** The SDK's enum instead of its name. */
function thinkingConfig<Level>(
  thinking: GoogleThinking,
  levels: Record<"MINIMAL" | "LOW" | "MEDIUM" | "HIGH", Level>,
) {
  if ("thinkingBudget" in thinking) return thinking;
  return { includeThoughts: thinking.includeThoughts, thinkingLevel: levels[thinking.thinkingLevel] };
}

/** Fetch as the SDK gets it: keeps the headers, which its errors lose, and streams answers that came whole. */
class Transport {
  readonly endpoint: Endpoint;
  headers: Headers | null = null;

  readonly #fetch: Fetch;

  constructor(endpoint: Endpoint, fetch: Fetch) {
    this.endpoint = endpoint;
    this.#fetch = fetch;
  }

  async fetch(
    input: Parameters<Fetch>[0],
    init: Parameters<Fetch>[1],
    signal: AbortSignal,
  ): Promise<Response> {
    const response = await this.#fetch(input, init);
    this.headers = response.headers;
    if (!response.ok) return response;
    const answer = await readAnswer(response, signal);
    if (signal.aborted) return response;
    assertAnswer(answer, this.endpoint);
    if (answer.type === "events") return answer.response;
    return new Response(`data: ${JSON.stringify(answer.value)}\n\n`, { headers: response.headers });
  }
}
