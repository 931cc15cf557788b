// Error bodies as each vendor words them, by HTTP status.
import type { NewId } from "./model-answer.ts";
import type { Endpoint } from "./route.ts";

export type VendorError = { status: number; headers: Record<string, string>; body: object };

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const OPENAI_CODES: Readonly<Record<number, readonly [type: string, code: string | null]>> = {
  401: ["invalid_request_error", "invalid_api_key"],
  403: ["invalid_request_error", "unsupported_country_region_territory"],
  404: ["invalid_request_error", "model_not_found"],
  429: ["requests", "rate_limit_exceeded"],
};

const GOOGLE_STATUSES: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
  529: "UNAVAILABLE",
};

const MESSAGES: Readonly<Record<number, string>> = {
  400: "The request is not valid.",
  401: "The API key is not valid.",
  403: "The API key may not use this model.",
  404: "The model does not exist.",
  413: "The request is larger than the maximum size.",
  429: "Rate limit reached. Please try again later.",
  500: "Internal server error.",
  503: "The service is temporarily unavailable.",
  529: "Overloaded",
};

const OVERFLOW_MESSAGES = {
  anthropic: "prompt is too long: 210000 tokens > 200000 maximum",
  openai: "Your input exceeds the context window of this model. Please adjust your input and try again.",
  google: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
  cohere: "too many tokens: the prompt exceeds the maximum number of tokens",
};

type Vendor = keyof typeof OVERFLOW_MESSAGES;

/** A 429 asks to wait a second unless the script's headers say otherwise. */
export function vendorError(
  endpoint: Endpoint,
  { status, message, newId }: { status: number; message?: string | undefined; newId: NewId },
): VendorError {
  const text = message ?? MESSAGES[status] ?? `Status ${status}.`;
  const headers: Record<string, string> = status === 429 ? { "retry-after": "1" } : {};
  return { status, headers, body: errorBody(vendorOf(endpoint), { status, text, newId }) };
}

/** The refusal of a prompt that is too long. */
export function overflowError(endpoint: Endpoint, newId: NewId): VendorError {
  const vendor = vendorOf(endpoint);
  const text = OVERFLOW_MESSAGES[vendor];
  const code = "context_length_exceeded";
  return { status: 400, headers: {}, body: errorBody(vendor, { status: 400, text, code, newId }) };
}

function errorBody(
  vendor: Vendor,
  { status, text, code, newId }: { status: number; text: string; code?: string; newId: NewId },
): object {
  switch (vendor) {
    case "anthropic": {
      const type = ANTHROPIC_TYPES[status] ?? "api_error";
      return { type: "error", error: { type, message: text }, request_id: newId("req_") };
    }
    case "openai": {
      const fallback = status >= 500 ? "server_error" : "invalid_request_error";
      const [type, known] = OPENAI_CODES[status] ?? [fallback, null];
      return { error: { message: text, type, param: null, code: code ?? known } };
    }
    case "google":
      return {
        error: { code: status, message: text, status: GOOGLE_STATUSES[status] ?? "INVALID_ARGUMENT" },
      };
    case "cohere":
      return { id: newId(""), message: text };
  }
}

function vendorOf(endpoint: Endpoint): Vendor {
  if (endpoint.startsWith("anthropic")) return "anthropic";
  if (endpoint.startsWith("google")) return "google";
  return endpoint === "cohere-embed" ? "cohere" : "openai";
}
