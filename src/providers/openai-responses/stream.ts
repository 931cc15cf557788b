// The stream of OpenAI's Responses API.
import type { StreamFn } from "../../protocol/stream.ts";
import type { Endpoint } from "../endpoint.ts";
import { connectOpenai, runOpenai } from "../openai-sdk.ts";
import { buildRequest } from "./request.ts";
import { ResponsesState } from "./state.ts";

export function createStream(endpoint: Endpoint): StreamFn {
  const connected = connectOpenai(endpoint);
  return (request, { signal }) =>
    runOpenai(
      { endpoint, connected, path: "/responses", body: buildRequest(request), signal },
      new ResponsesState(request.model, endpoint),
    );
}
