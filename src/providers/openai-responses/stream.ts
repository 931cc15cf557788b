// The stream of OpenAI's Responses API.
import type { StreamFn } from "../../protocol/stream.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Fetch } from "../http-fetch.ts";
import { connectOpenai, runOpenai } from "../openai-sdk.ts";
import { buildRequest } from "./request.ts";
import { ResponsesState } from "./state.ts";

export function createStream(endpoint: Endpoint, fetch: Fetch): StreamFn {
  const connected = connectOpenai(endpoint, fetch);
  return (request, { signal }) =>
    runOpenai(
      { endpoint, connected, path: "/responses", body: buildRequest(request), signal },
      new ResponsesState(request.model, endpoint),
    );
}
