import { describe, expect, test } from "vitest";
import type { Model } from "../../../src/protocol/model.ts";
import { googleError } from "../../../src/providers/google-generative/errors.ts";
import { GoogleState } from "../../../src/providers/google-generative/state.ts";

const model: Model = {
  id: "gemini-2.5-flash",
  vendor: "google",
  name: "Gemini 2.5 Flash",
  api: "google-generative",
  contextWindow: 1_048_576,
  maxOutput: 65_536,
  input: ["text"],
  thinking: [],
  price: null,
};

function read(...chunks: unknown[]) {
  const state = new GoogleState(model, { vendor: "google" });
  for (const chunk of chunks) state.accept(chunk);
  state.close();
  return state.builder.finish(state.stopReason());
}

function chunk(parts: object[], more: object = {}) {
  return { candidates: [{ content: { role: "model", parts }, ...more }] };
}

const stop = chunk([], { finishReason: "STOP" });

describe("GoogleState", () => {
  test.each([
    ["SAFETY", "provider.refused"],
    ["RECITATION", "provider.refused"],
    ["PROHIBITED_CONTENT", "provider.refused"],
    ["MALFORMED_FUNCTION_CALL", "provider.malformed_stream"],
    ["UNEXPECTED_TOOL_CALL", "provider.malformed_stream"],
  ])("finish reason %s is the error %s and names it", (finishReason, code) => {
    const last = chunk([{ text: "a" }], { finishReason, finishMessage: "the words" });
    const error = expect.objectContaining({
      code,
      message: expect.stringContaining(`${finishReason}: the words`),
    });
    expect(() => read(last)).toThrow(error);
  });

  test("a blocked prompt is a refusal with the reason", () => {
    const blocked = { promptFeedback: { blockReason: "SAFETY" } };
    expect(() => read(blocked)).toThrow(expect.objectContaining({ code: "provider.refused" }));
  });

  test("a signature ends its part, also when it comes alone", () => {
    const message = read(
      chunk([{ text: "a" }]),
      chunk([{ text: "b" }]),
      chunk([{ text: "", thoughtSignature: "s1" }]),
      chunk([{ text: "c" }, { text: "d", thoughtSignature: "s2" }]),
      stop,
    );
    expect(message.content).toEqual([
      { type: "text", text: "ab", signature: "s1" },
      { type: "text", text: "cd", signature: "s2" },
    ]);
  });

  test("thoughts, text and calls stay apart; parts of Google's own tools are skipped", () => {
    const message = read(
      chunk([{ text: "hm", thought: true }, { text: "Look:" }, { executableCode: { code: "1" } }]),
      chunk([
        { functionCall: { name: "read", args: { path: "a" } }, thoughtSignature: "s" },
        { functionCall: { name: "ls" } },
      ]),
      stop,
    );
    expect(message.content).toMatchObject([
      { type: "thinking", text: "hm" },
      { type: "text", text: "Look:" },
      { type: "tool_call", name: "read", arguments: { path: "a" }, signature: "s" },
      { type: "tool_call", name: "ls", arguments: {} },
    ]);
    expect(message.stopReason).toBe("tool_use");
  });

  test("calls without an id get different ones", () => {
    const { content } = read(chunk([{ functionCall: { name: "a" } }, { functionCall: { name: "a" } }]), stop);
    const ids = content.map((part) => (part.type === "tool_call" ? part.id : ""));
    expect(new Set(ids).size).toBe(2);
  });

  test("counts that a later chunk leaves out are kept", () => {
    const message = read(
      {
        ...chunk([{ text: "a" }]),
        usageMetadata: { promptTokenCount: 10, cachedContentTokenCount: 4, candidatesTokenCount: 3 },
      },
      { ...stop, usageMetadata: { promptTokenCount: 10, thoughtsTokenCount: 5 } },
    );
    expect(message.usage).toMatchObject({ input: 6, cacheRead: 4, output: 8, reasoning: 5 });
  });

  test.each([
    ["nothing came", [], "provider.empty_response"],
    ["the end is missing", [chunk([{ text: "a" }])], "provider.network"],
    ["a chunk is no object", [7], "provider.malformed_stream"],
    ["a call has no name", [chunk([{ functionCall: { partialArgs: [] } }])], "provider.malformed_stream"],
  ])("when %s it throws", (_what, chunks, code) => {
    expect(() => read(...chunks)).toThrow(expect.objectContaining({ code }));
  });
});

describe("googleError", () => {
  test("reads the body behind the SDK's own words, and the wait from the headers", () => {
    const body = JSON.stringify({ error: { code: 429, message: "Slow down", status: "RESOURCE_EXHAUSTED" } });
    const thrown = Object.assign(new Error(`got status: RESOURCE_EXHAUSTED. ${body}`), {
      name: "ApiError",
      status: 429,
    });
    const error = googleError(thrown, { vendor: "google" }, new Headers({ "retry-after": "3" }));
    expect(error).toMatchObject({ code: "provider.rate_limit", status: 429, retryAfterMs: 3000 });
    expect(error.message).toContain("Slow down");
    expect(error.message).not.toContain("{");
  });
});
