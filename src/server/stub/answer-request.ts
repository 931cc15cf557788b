// From a request and a script's reply to the HTTP answer. Decides status, headers and body; sends nothing.
import type { WireApi } from "../../protocol/model.ts";
import { embeddingBody } from "./embeddings.ts";
import { faultySteps, goodSteps, markBrokenBytes } from "./faults.ts";
import { createAnswer, type Frame, type NewId, tokensIn, type Wire } from "./model-answer.ts";
import type { Reply } from "./script.ts";
import type { HttpAnswer } from "./send-answer.ts";
import type { StubRequest } from "./stub-request.ts";
import { overflowError, type VendorError, vendorError } from "./vendor-error.ts";
import { anthropicWire } from "./wire-anthropic.ts";
import { chatWire } from "./wire-chat.ts";
import { googleWire } from "./wire-google.ts";
import { responsesWire } from "./wire-responses.ts";

const WIRES: Readonly<Record<WireApi, Wire>> = {
  "anthropic-messages": anthropicWire,
  "openai-responses": responsesWire,
  "openai-chat": chatWire,
  "google-generative": googleWire,
};

const JSON_TYPE = { "content-type": "application/json" };
const SSE_TYPE = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" };
const HTML_PAGE = "<!doctype html>\n<title>Sign in</title>\n<p>Please sign in to use this network.</p>\n";

type ModelRequest = StubRequest & { endpoint: WireApi };

type Given = { newId: NewId; nowMs: number };

export function isModelRequest(request: StubRequest): request is ModelRequest {
  return request.endpoint in WIRES;
}

/** The answer of a model to one of the four wire APIs. */
export function answerModel(request: ModelRequest, reply: Reply, given: Given): HttpAnswer {
  return withReply(plainAnswer(request, reply, given) ?? modelAnswer(request, reply, given), reply);
}

/** Everything that is no model: counts, embeddings, lists. `reply` comes of a rule made for this path. */
export function answerEndpoint(
  request: StubRequest,
  reply: Reply,
  { models, ...given }: Given & { models: readonly string[] },
): HttpAnswer {
  const plain = plainAnswer(request, reply, given);
  if (plain) return withReply(plain, reply);
  const body = endpointBody(request, models);
  if (body) return withReply({ status: 200, headers: JSON_TYPE, body: JSON.stringify(body) }, reply);
  const message = `The stub has no ${request.method} ${request.path}.`;
  return errorAnswer(vendorError(request.endpoint, { status: 404, message, ...given }));
}

export function errorAnswer({ status, headers, body }: VendorError): HttpAnswer {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

/** Answers that need no model: a given body, an error status, an empty body, a web page, a refusal. */
function plainAnswer(request: StubRequest, reply: Reply, { newId }: Given): HttpAnswer | null {
  const kind = reply.fault?.kind;
  if (kind === "empty") return { status: 200, headers: request.stream ? SSE_TYPE : JSON_TYPE, body: "" };
  if (kind === "html") return { status: 200, headers: { "content-type": "text/html" }, body: HTML_PAGE };
  if (kind === "overflow") return errorAnswer(overflowError(request.endpoint, newId));
  if (reply.body !== undefined) {
    const body = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
    return { status: 200, headers: JSON_TYPE, body };
  }
  if (reply.status === undefined || reply.status < 400) return null;
  return errorAnswer(vendorError(request.endpoint, { status: reply.status, message: reply.text, newId }));
}

function modelAnswer(request: ModelRequest, reply: Reply, given: Given): HttpAnswer {
  const wire = WIRES[request.endpoint];
  const { fault } = reply;
  const answer = createAnswer(reply, { request, ...given });
  if (fault?.kind === "invalid-utf8") answer.parts = answer.parts.map(markPart);
  const streamed =
    request.stream && (request.endpoint !== "google-generative" || request.path.includes("alt=sse"));
  const frames = streamed ? wire.stream(answer) : jsonFrames(wire.whole(answer), request.stream);
  const headers = streamed ? SSE_TYPE : JSON_TYPE;
  if (fault)
    return { status: 200, headers, body: faultySteps(frames, fault, wire.errorFrame(errorText(reply))) };
  return { status: 200, headers, body: streamed ? goodSteps(frames) : joined(frames) };
}

function markPart<T extends { type: string }>(part: T): T {
  return "text" in part && typeof part.text === "string"
    ? { ...part, text: markBrokenBytes(part.text) }
    : part;
}

function errorText({ fault }: Reply): string {
  return (fault?.kind === "error-event" ? fault.message : undefined) ?? "Overloaded";
}

/** A body that is not streamed, as two frames, so that faults can strike between them. */
function jsonFrames(value: unknown, asArray: boolean): Frame[] {
  const text = JSON.stringify(asArray ? [value] : value);
  const middle = Math.floor(text.length / 2);
  return [
    { text: text.slice(0, middle), delta: true },
    { text: text.slice(middle), delta: false },
  ];
}

function joined(frames: Iterable<Frame>): string {
  return [...frames].map((frame) => frame.text).join("");
}

/** Lays the script's own status, headers and pace over an answer. */
function withReply(answer: HttpAnswer, reply: Reply): HttpAnswer {
  const { fault } = reply;
  const lowered = Object.entries(reply.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const label =
    fault?.kind === "wrong-content-type" ? { "content-type": fault.contentType ?? "text/plain" } : {};
  return {
    status: reply.status ?? answer.status,
    headers: { ...answer.headers, ...label, ...Object.fromEntries(lowered) },
    body: answer.body,
    delayMs: reply.delayMs ?? 0,
    chunkDelayMs: reply.chunkDelayMs ?? 0,
    hangUp: fault?.kind === "close",
  };
}

function endpointBody(request: StubRequest, models: readonly string[]): object | null {
  switch (request.endpoint) {
    case "anthropic-count-tokens":
      return { input_tokens: tokensIn(request.raw) };
    case "google-count-tokens":
      return { totalTokens: tokensIn(request.raw) };
    case "models":
      return modelList(request, models);
    case "openai-embeddings":
    case "google-embed":
    case "google-batch-embed":
    case "cohere-embed":
      return embeddingBody(request.endpoint, request);
    case "anthropic-messages":
    case "openai-responses":
    case "openai-chat":
    case "google-generative":
    case "unknown":
      return null;
  }
}

/** One list for all: Anthropic, OpenAI and Google skip each other's fields. Codex wants one of its own. */
function modelList({ path }: StubRequest, models: readonly string[]): object {
  if (path.includes("client_version=")) return { models: [] };
  const data = models.map((id) => ({
    id,
    object: "model",
    type: "model",
    display_name: id,
    created: 0,
    created_at: "2026-01-01T00:00:00Z",
    owned_by: "stub",
  }));
  const supportedGenerationMethods = ["generateContent", "countTokens"];
  return {
    object: "list",
    data,
    has_more: false,
    first_id: models[0],
    last_id: models.at(-1),
    models: models.map((id) => ({ name: `models/${id}`, displayName: id, supportedGenerationMethods })),
  };
}
