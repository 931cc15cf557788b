// The Gemini API keeps the wire contract and reads every recorded answer.
import { describe, expect } from "vitest";
import type { StopReason } from "../../src/protocol/message.ts";
import type { Model } from "../../src/protocol/model.ts";
import { googleRequest } from "../../src/providers/google-generative/request.ts";
import { GoogleState } from "../../src/providers/google-generative/state.ts";
import { createStream } from "../../src/providers/google-generative/stream.ts";
import { testWireContract } from "./wire-contract.ts";
import { REFUSAL_WORDS, type ScriptedAnswer, type ScriptedPart, type WireContract } from "./wire-harness.ts";
import {
  type ExpectedReading,
  loadRecordings,
  testRecordings,
  testWireErrors,
  type WireReading,
} from "./wire-recordings.ts";
import { testReplays, type WireReplay } from "./wire-replays.ts";

const model: Model = {
  id: "gemini-2.5-flash",
  vendor: "test",
  name: "Gemini 2.5 Flash",
  api: "google-generative",
  contextWindow: 1_048_576,
  maxOutput: 65_536,
  input: ["text", "image"],
  thinking: ["off", "minimal", "low", "medium", "high", "max"],
  price: { input: 0.3, output: 2.5, cacheRead: 0.075, cacheWrite: 0 },
};

const reading: WireReading = {
  api: "google-generate",
  createStream,
  model,
  usage: ({ usage = {} }) => {
    const cacheRead = usage.cache_read ?? 0;
    const reasoning = usage.reasoning ?? 0;
    return {
      input: (usage.input ?? 0) + (usage.tool_use_input ?? 0) - cacheRead,
      output: (usage.output ?? 0) + reasoning,
      cacheRead,
      reasoning,
    };
  },
  stopReason,
  cannotWork: Object.fromEntries(
    loadRecordings("google-generate")
      .filter(({ response }) => response.body?.includes('"partialArgs"'))
      .map(({ name }) => [name, "arguments streamed by JSON path (Vertex only), which we never ask for"]),
  ),
};

function stopReason({ finish, tool_calls = [] }: ExpectedReading): StopReason {
  if (finish === "MAX_TOKENS") return "length";
  if (finish !== "STOP") return "error";
  return tool_calls.length > 0 ? "tool_use" : "stop";
}

const gemini3: Model = { ...model, id: "gemini-3-flash-preview" };

const contract: WireContract = {
  createStream,
  model: gemini3,
  events: (answer) => [
    ...answer.parts.flatMap(wireParts).map((part) => event(opened(part))),
    event(ended(answer)),
  ],
  json: (answer) => {
    const { usageMetadata, candidates } = ended(answer);
    const content = { role: "model", parts: answer.parts.flatMap(wireParts) };
    return { usageMetadata, candidates: candidates?.map((candidate) => ({ ...candidate, content })) };
  },
  malformedEvent: 'data: {"candidates": [{"conte\r\n\r\n',
  callsComeInPieces: false,
  messagesOf: (body) => body.contents as unknown[],
  expectValid,
  errorBody: (status) => ({
    error: { code: status, message: "the vendor's words", status: ERROR_WORDS[status] },
  }),
};

const ERROR_WORDS: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

function event(chunk: unknown): string {
  return `data: ${JSON.stringify(chunk)}\r\n\r\n`;
}

function opened(part: Record<string, unknown>) {
  return { candidates: [{ content: { role: "model", parts: [part] }, index: 0 }] };
}

/** A refused prompt has no candidate at all. */
function ended(answer: ScriptedAnswer) {
  const { stop = "stop" } = answer;
  if (stop === "refused")
    return { promptFeedback: { blockReason: "OTHER", blockReasonMessage: REFUSAL_WORDS } };
  const finishReason = stop === "stop" ? "STOP" : "MAX_TOKENS";
  return { candidates: [{ finishReason, index: 0 }], usageMetadata: usageMetadata(answer) };
}

/** Google counts cached tokens into the prompt and thoughts beside the answer. */
function usageMetadata({ usage }: ScriptedAnswer) {
  const { input, cacheRead, output, reasoning } = usage ?? {
    input: 1,
    cacheRead: 0,
    output: 1,
    reasoning: 0,
  };
  return {
    promptTokenCount: input + cacheRead,
    cachedContentTokenCount: cacheRead,
    candidatesTokenCount: output - reasoning,
    thoughtsTokenCount: reasoning,
    totalTokenCount: input + cacheRead + output,
  };
}

function wireParts(part: ScriptedPart): Record<string, unknown>[] {
  if (part.type === "text") return part.pieces.map((text) => ({ text }));
  if (part.type === "tool_call") {
    return [{ functionCall: { id: part.id, name: part.name, args: JSON.parse(part.pieces.join("")) } }];
  }
  const last = part.pieces.length - 1;
  return part.pieces.map((text, index) => ({
    text,
    thought: true,
    ...(index === last ? { thoughtSignature: part.signature } : {}),
  }));
}

type WireContent = { role: string; parts: Record<string, { id?: string; name?: string } & string>[] };

/** The service's own rules: a turn of calls is followed by one of as many responses, and calls are signed. */
function expectValid(body: Record<string, unknown>): void {
  const contents = body.contents as WireContent[];
  expect(contents[0]?.role).toBe("user");
  for (const [index, { role, parts }] of contents.entries()) {
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) if ("text" in part) expect(part.text?.trim()).not.toBe("");
    const calls = parts.flatMap((part) => (part.functionCall ? [part.functionCall] : []));
    if (calls.length > 0) {
      expect(role).toBe("model");
      expect(parts.find((part) => part.functionCall)?.thoughtSignature).toBeTruthy();
      const responses = contents[index + 1]?.parts.map((part) => part.functionResponse);
      expect(responses?.map((response) => response?.id)).toEqual(calls.map((call) => call.id));
      expect(responses?.map((response) => response?.name)).toEqual(calls.map((call) => call.name));
    }
  }
}

/** Calls by id, signed texts by signature. The recorder wrote base64 with - and _, the service takes both. */
function recognisedParts(body: unknown): Map<string, unknown> {
  const contents = (body as { contents?: WireContent[] } | undefined)?.contents ?? [];
  const parts = new Map<string, unknown>();
  for (const { functionCall, thoughtSignature, text } of contents.flatMap((content) => content.parts ?? [])) {
    const signature = thoughtSignature?.replaceAll("-", "+").replaceAll("_", "/");
    if (functionCall) parts.set(String(functionCall.id), { functionCall, signature });
    else if (signature && text) parts.set(signature, { text, signature });
  }
  return parts;
}

const replay: WireReplay = {
  api: "google-generate",
  model: gemini3,
  read: (answer) => {
    const state = new GoogleState(gemini3, { vendor: model.vendor });
    state.accept(answer);
    return state.builder.finish(state.stopReason());
  },
  send: googleRequest,
};

describe("google-generative", () => {
  testReplays(replay, recognisedParts);
  testWireContract(contract);
  testRecordings(reading);
  testWireErrors(reading);
});
