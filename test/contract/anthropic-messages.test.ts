// The Messages API keeps the wire contract and reads every recorded answer.
import { describe, expect } from "vitest";
import type { StopReason } from "../../src/protocol/message.ts";
import type { Model } from "../../src/protocol/model.ts";
import { anthropicRequest } from "../../src/providers/anthropic-messages/request.ts";
import { AnthropicState } from "../../src/providers/anthropic-messages/state.ts";
import { createStream } from "../../src/providers/anthropic-messages/stream.ts";
import { testWireContract } from "./wire-contract.ts";
import { REFUSAL_WORDS, type ScriptedAnswer, type ScriptedPart, type WireContract } from "./wire-harness.ts";
import { type ExpectedReading, testRecordings, testWireErrors, type WireReading } from "./wire-recordings.ts";
import { testReplays, type WireReplay } from "./wire-replays.ts";

const model: Model = {
  id: "claude-sonnet-4-5",
  vendor: "test",
  name: "Claude Sonnet 4.5",
  api: "anthropic-messages",
  contextWindow: 200_000,
  maxOutput: 64_000,
  input: ["text", "image"],
  thinking: ["off", "minimal", "low", "medium", "high", "max"],
  price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
};

const reading: WireReading = {
  api: "anthropic-messages",
  createStream,
  model,
  usage: ({ usage = {} }) => ({
    input: usage.input_uncached ?? 0,
    output: usage.output ?? 0,
    cacheRead: usage.cache_read ?? 0,
    cacheWrite: usage.cache_write ?? 0,
  }),
  stopReason,
  cannotWork: {
    "anthropic__spliced-message-start":
      "a second message begins inside the first; the reference reader loses its call, we call the stream malformed",
  },
};

/** Server tools may add a message after one with calls of ours; those still want to be run. */
function stopReason({ finish, tool_calls = [] }: ExpectedReading): StopReason {
  if (finish === "max_tokens") return "length";
  if (finish === "refusal" || finish === "model_context_window_exceeded") return "error";
  return tool_calls.length > 0 ? "tool_use" : "stop";
}

const STOP_REASONS = { stop: "end_turn", length: "max_tokens", refused: "refusal" };

const contract: WireContract = {
  createStream,
  model,
  events: (answer) => [
    event({ type: "message_start", message: { ...message({ ...answer, parts: [] }), stop_reason: null } }),
    ...answer.parts.flatMap(blockEvents),
    event({ type: "message_delta", delta: ending(answer), usage: usage(answer) }),
    event({ type: "message_stop" }),
  ],
  json: message,
  malformedEvent: 'event: content_block_delta\ndata: {"type": "content_block_de\n\n',
  callsComeInPieces: true,
  messagesOf: (body) => body.messages as unknown[],
  expectValid,
  errorBody: (status) => ({
    type: "error",
    error: { type: ERROR_TYPES[status] ?? "api_error", message: "the vendor's words" },
  }),
};

const ERROR_TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  503: "overloaded_error",
};

function event(data: { type: string } & Record<string, unknown>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function message(answer: ScriptedAnswer) {
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: model.id,
    content: answer.parts.map((part) => ({ ...blockStart(part), ...wholeOf(part) })),
    ...ending(answer),
    usage: usage(answer),
  };
}

function ending({ parts, stop = "stop" }: ScriptedAnswer) {
  const calls = stop === "stop" && parts.some((part) => part.type === "tool_call");
  const details = { type: "refusal", category: null, explanation: REFUSAL_WORDS };
  return {
    stop_reason: calls ? "tool_use" : STOP_REASONS[stop],
    stop_details: stop === "refused" ? details : null,
  };
}

function usage({ usage }: ScriptedAnswer) {
  return {
    input_tokens: usage?.input ?? 1,
    cache_read_input_tokens: usage?.cacheRead ?? 0,
    cache_creation_input_tokens: 0,
    output_tokens: usage?.output ?? 1,
  };
}

function blockEvents(part: ScriptedPart, index: number): string[] {
  const deltas = part.pieces.map((piece) => ({
    type: "content_block_delta",
    index,
    delta: deltaOf(part, piece),
  }));
  const signature = part.type === "thinking" ? [{ type: "signature_delta", signature: part.signature }] : [];
  return [
    event({ type: "content_block_start", index, content_block: blockStart(part) }),
    ...deltas.map(event),
    ...signature.map((delta) => event({ type: "content_block_delta", index, delta })),
    event({ type: "content_block_stop", index }),
  ];
}

function blockStart(part: ScriptedPart) {
  switch (part.type) {
    case "text":
      return { type: "text", text: "" };
    case "thinking":
      return { type: "thinking", thinking: "", signature: "" };
    case "tool_call":
      return { type: "tool_use", id: part.id, name: part.name, input: {} };
  }
}

function deltaOf({ type }: ScriptedPart, piece: string) {
  if (type === "text") return { type: "text_delta", text: piece };
  if (type === "thinking") return { type: "thinking_delta", thinking: piece };
  return { type: "input_json_delta", partial_json: piece };
}

function wholeOf(part: ScriptedPart) {
  const whole = part.pieces.join("");
  if (part.type === "text") return { text: whole };
  if (part.type === "thinking") return { thinking: whole, signature: part.signature };
  return { input: JSON.parse(whole) };
}

type WireBlock = { type: string; [field: string]: unknown };

/** The service's own rules: turns alternate, results follow their calls at once, at most four breakpoints. */
function expectValid(body: Record<string, unknown>): void {
  const messages = body.messages as { role: string; content: WireBlock[] }[];
  expect(messages[0]?.role).toBe("user");
  for (const [index, { role, content }] of messages.entries()) {
    expect(role).toBe(index % 2 === 0 ? "user" : "assistant");
    expect(content.length).toBeGreaterThan(0);
    for (const block of content) if (block.type === "text") expect(String(block.text).trim()).not.toBe("");
    const calls = content.filter((block) => block.type === "tool_use").map((block) => block.id);
    const next = messages[index + 1]?.content ?? [];
    expect(next.slice(0, calls.length).map((block) => block.tool_use_id)).toEqual(calls);
    expect(next.filter((block) => block.type === "tool_result")).toHaveLength(calls.length);
  }
  const ids = messages.flatMap(({ content }) =>
    content.flatMap((block) => (block.type === "tool_use" ? [block.id] : [])),
  );
  for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect(JSON.stringify(body).split('"cache_control"').length - 1).toBeLessThanOrEqual(4);
}

/** Thoughts by signature, redacted ones by data, calls by id. */
function recognisedParts(body: unknown): Map<string, unknown> {
  const messages = (body as { messages?: { role: string; content: unknown }[] } | undefined)?.messages ?? [];
  const blocks = messages
    .filter(({ role }) => role === "assistant")
    .flatMap(({ content }) => content as WireBlock[]);
  const parts = new Map<string, unknown>();
  for (const { type, id, name, input, thinking, signature, data } of blocks) {
    if (type === "thinking") parts.set(String(signature), { type, thinking, signature });
    else if (type === "redacted_thinking") parts.set(String(data), { type, data });
    else if (type === "tool_use") parts.set(String(id), { type, id, name, input });
  }
  return parts;
}

const replay: WireReplay = {
  api: "anthropic-messages",
  model,
  read: (answer) => {
    const state = new AnthropicState(model, { vendor: model.vendor });
    state.acceptWhole(answer);
    return state.builder.finish(state.stopReason());
  },
  send: anthropicRequest,
};

describe("anthropic-messages", () => {
  testReplays(replay, recognisedParts);
  testWireContract(contract);
  testRecordings(reading);
  testWireErrors(reading);
});
