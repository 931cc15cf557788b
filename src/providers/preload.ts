// Loads what the first request to a wire API needs, while nobody waits for it: the SDK, and Node's own HTTP client.
import type { WireApi } from "../protocol/model.ts";

export async function preloadWireApi(api: WireApi): Promise<void> {
  await Promise.all([loadSdk(api), import("./http-fetch.ts")]);
  // Node loads its HTTP client when the first of its classes is used.
  new Headers();
}

function loadSdk(api: WireApi): Promise<unknown> {
  switch (api) {
    case "anthropic-messages":
      return Promise.all([
        import("./anthropic-messages/stream.ts"),
        import("@anthropic-ai/sdk"),
        import("@anthropic-ai/sdk/streaming"),
      ]);
    case "openai-responses":
      return Promise.all([import("./openai-responses/stream.ts"), import("openai")]);
    case "openai-chat":
      return Promise.all([import("./openai-chat/stream.ts"), import("openai")]);
    case "google-generative":
      return Promise.all([import("./google-generative/stream.ts"), import("@google/genai")]);
  }
}
