// Route: which endpoint of which vendor a path means. Prefixes such as /v1, /v1beta or /api/v1 do not matter.
import type { WireApi } from "../../protocol/model.ts";

export type Endpoint =
  | WireApi
  | "anthropic-count-tokens"
  | "google-count-tokens"
  | "openai-embeddings"
  | "google-embed"
  | "google-batch-embed"
  | "cohere-embed"
  | "models"
  | "unknown";

export type Route = {
  endpoint: Endpoint;
  /** Google names the model in the path. */
  model?: string;
  /** Where the path decides it (Google). */
  stream?: boolean;
};

const SUFFIXES: readonly (readonly [RegExp, Endpoint])[] = [
  [/\/messages\/count_tokens$/, "anthropic-count-tokens"],
  [/\/messages$/, "anthropic-messages"],
  [/\/responses$/, "openai-responses"],
  [/\/chat\/completions$/, "openai-chat"],
  [/\/embeddings$/, "openai-embeddings"],
  [/\/embed$/, "cohere-embed"],
];

const GOOGLE_METHODS: Readonly<Record<string, Endpoint>> = {
  streamGenerateContent: "google-generative",
  generateContent: "google-generative",
  countTokens: "google-count-tokens",
  embedContent: "google-embed",
  batchEmbedContents: "google-batch-embed",
};

/** `path` may carry a query. */
export function routeOf(method: string, path: string): Route {
  const pathname = (path.split("?")[0] ?? "").replace(/\/+$/, "");
  if (method === "GET") return { endpoint: /\/models(\/|$)/.test(pathname) ? "models" : "unknown" };
  if (method !== "POST") return { endpoint: "unknown" };
  const google = /\/models\/([^:]+):(\w+)$/.exec(pathname);
  if (google) {
    const [, model = "", verb = ""] = google;
    const endpoint = GOOGLE_METHODS[verb] ?? "unknown";
    return { endpoint, model: decodeURIComponent(model), stream: verb === "streamGenerateContent" };
  }
  const found = SUFFIXES.find(([suffix]) => suffix.test(pathname));
  return { endpoint: found?.[1] ?? "unknown" };
}
