// The stream of the Chat Completions API, of OpenAI and of everyone who copied it.
import type { StreamFn } from "../../protocol/stream.ts";
import type { Endpoint } from "../endpoint.ts";
import { runOpenai } from "../openai-sdk.ts";
import { buildRequest } from "./request.ts";
import { ChatState } from "./state.ts";

export function createStream(endpoint: Endpoint): StreamFn {
  return (request, { signal }) =>
    runOpenai(
      { endpoint, path: "/chat/completions", body: buildRequest(request), signal },
      new ChatState(request.model, endpoint),
    );
}
