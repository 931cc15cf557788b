// WireHarness: what the contract's tests share: scripted answers, the way to a wire API and back.
import type { Model } from "../../src/protocol/model.ts";
import type { StreamFn, ToolSchema } from "../../src/protocol/stream.ts";
import type { Endpoint } from "../../src/providers/endpoint.ts";
import { createHttpFetch, type Fetch } from "../../src/providers/http-fetch.ts";
import { type Reply, startReplayServer } from "../support/replay-server.ts";
import { expectOrderedEvents, plainRequest, readAll } from "./wire-recordings.ts";

export type ScriptedPart =
  | { type: "text"; pieces: readonly string[] }
  | { type: "thinking"; pieces: readonly string[]; signature: string }
  | { type: "tool_call"; id: string; name: string; pieces: readonly string[] };

/** An answer to be written in a wire API's own bytes. `input` counts what no cache held. */
export type ScriptedAnswer = {
  parts: readonly ScriptedPart[];
  stop?: "stop" | "length" | "refused";
  usage?: { input: number; cacheRead: number; output: number; reasoning: number };
};

/** The vendor's words of a scripted refusal: they must reach the user. */
export const REFUSAL_WORDS = "cannot help with that";

export type WireContract = {
  createStream: (endpoint: Endpoint, fetch: Fetch) => StreamFn;
  /** Sees images, thinks, and has a price for every kind of token. */
  model: Model;
  /** The answer as server-sent events, each with its blank line, one piece an event where the API has pieces. */
  events: (answer: ScriptedAnswer) => string[];
  /** The answer of an endpoint that does not stream. */
  json: (answer: ScriptedAnswer) => unknown;
  /** One event whose data is no JSON. */
  malformedEvent: string;
  /** False where calls come whole, so that their arguments cannot be broken JSON. */
  callsComeInPieces: boolean;
  /** The list in the request body that grows from request to request. */
  messagesOf: (body: Record<string, unknown>) => unknown[];
  /** Throws when a request is not one that the vendor would take (turns, ids, results, empty texts). */
  expectValid: (body: Record<string, unknown>) => void;
  /** Answered error bodies, by status. */
  errorBody: (status: number) => unknown;
};

export const KEY = "test-key-0123456789";

export const READ: ToolSchema = {
  name: "read",
  description: "Reads a file.",
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};
export const HELLO: ScriptedAnswer = { parts: [{ type: "text", pieces: ["Hel", "lo, ", "wörld 🔥"] }] };

export async function answerOf(wire: WireContract, reply: Reply) {
  await using server = await startReplayServer();
  server.reply(reply);
  const answer = await readAll(streamTo(wire, server.url), plainRequest(wire.model, { tools: [READ] }));
  expectOrderedEvents(answer.events, answer.message);
  return answer;
}

export function streamTo(wire: WireContract, url: string): StreamFn {
  const endpoint = {
    vendor: wire.model.vendor,
    baseUrl: url,
    apiKey: KEY,
    keyEnv: "TEST_API_KEY",
    headers: { "x-extra": "yes" },
  };
  return wire.createStream(endpoint, createHttpFetch({}));
}

export function call(id: string, pieces: readonly string[]): ScriptedPart {
  return { type: "tool_call", id, name: "read", pieces };
}
