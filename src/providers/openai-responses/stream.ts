// The stream of OpenAI's Responses API.
import type { StreamFn } from "../../protocol/stream.ts";
import type { Endpoint } from "../endpoint.ts";
import { runOpenai } from "../openai-sdk.ts";
import { buildRequest } from "./request.ts";
import { ResponsesState } from "./state.ts";

export function createStream(endpoint: Endpoint): StreamFn {
  return (request, { signal }) =>
    runOpenai(
      { endpoint, path: "/responses", body: buildRequest(request), signal },
      new ResponsesState(request.model, endpoint),
    );
}
