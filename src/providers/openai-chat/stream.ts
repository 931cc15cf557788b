// The stream of the Chat Completions API, of OpenAI and of everyone who copied it.
import type { StreamFn } from "../../protocol/stream.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Fetch } from "../http-fetch.ts";
import { connectOpenai, runOpenai } from "../openai-sdk.ts";
import { buildRequest } from "./request.ts";
import { ChatState } from "./state.ts";

export function createStream(endpoint: Endpoint, fetch: Fetch): StreamFn {
  const connected = connectOpenai(endpoint, fetch);
  return (request, { signal }) =>
    runOpenai(
      { endpoint, connected, path: "/chat/completions", body: buildRequest(request), signal },
      new ChatState(request.model, endpoint),
    );
}
