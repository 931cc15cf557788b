import { describe, expect, test } from "vitest";
import type { Model } from "../../../src/protocol/model.ts";
import { AnthropicState } from "../../../src/providers/anthropic-messages/state.ts";

const model: Model = {
  id: "claude-sonnet-4-5",
  vendor: "anthropic",
  name: "Claude Sonnet 4.5",
  api: "anthropic-messages",
  contextWindow: 200_000,
  maxOutput: 64_000,
  input: ["text"],
  thinking: [],
  price: null,
};

function read(...events: unknown[]) {
  const state = new AnthropicState(model, { vendor: "anthropic" });
  for (const event of events) state.accept(event);
  state.close();
  return state.builder.finish(state.stopReason());
}

const start = { type: "message_start", message: { usage: { input_tokens: 5, output_tokens: 1 } } };
const stop = { type: "message_stop" };

function block(index: number, content_block: object, ...deltas: object[]) {
  return [
    { type: "content_block_start", index, content_block },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

function ended(stop_reason: string, more: object = {}) {
  return { type: "message_delta", delta: { stop_reason, ...more }, usage: { output_tokens: 9 } };
}

describe("AnthropicState", () => {
  test.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["pause_turn", "stop"],
    ["max_tokens", "length"],
    ["something_new", "stop"],
  ])("stop reason %s is %s", (reason, expected) => {
    const message = read(start, ...block(0, { type: "text", text: "a" }), ended(reason), stop);
    expect(message).toMatchObject({ stopReason: expected, usage: { input: 5, output: 9 } });
  });

  test.each([
    ["refusal", "provider.refused"],
    ["model_context_window_exceeded", "provider.context_overflow"],
  ])("stop reason %s is the error %s", (reason, code) => {
    expect(() => read(start, ended(reason), stop)).toThrow(expect.objectContaining({ code }));
  });

  test("thinking that the vendor withholds is kept by its signature", () => {
    const hidden = block(
      0,
      { type: "thinking", thinking: "" },
      { type: "signature_delta", signature: "sig" },
    );
    const redacted = block(1, { type: "redacted_thinking", data: "data" });
    expect(read(start, ...hidden, ...redacted, ended("end_turn"), stop).content).toEqual([
      { type: "thinking", text: "", signature: "sig" },
      { type: "thinking", text: "", signature: "data", redacted: true },
    ]);
  });

  test("blocks of server tools and events of other kinds are skipped", () => {
    const message = read(
      start,
      { type: "ping" },
      ...block(
        0,
        { type: "server_tool_use", id: "s", name: "web_search", input: {} },
        { type: "input_json_delta", partial_json: "{}" },
      ),
      ...block(1, { type: "web_search_tool_result", content: [] }),
      ...block(
        2,
        { type: "text", text: "" },
        { type: "citations_delta", citation: {} },
        { type: "text_delta", text: "Found." },
      ),
      ended("end_turn"),
      stop,
    );
    expect(message.content).toEqual([{ type: "text", text: "Found." }]);
  });

  test("arguments that stand whole in the block's start are read", () => {
    const call = block(0, { type: "tool_use", id: "t", name: "read", input: { path: "a" } });
    expect(read(start, ...call, ended("tool_use"), stop).content).toMatchObject([
      { arguments: { path: "a" } },
    ]);
  });

  test("a call without an id gets one of ours", () => {
    const call = block(0, { type: "tool_use", name: "read", input: {} });
    expect(read(start, ...call, ended("tool_use"), stop).content[0]).toMatchObject({
      id: expect.stringMatching(/^call_\w+$/),
    });
  });

  test("a repeated start is harmless, a start inside a message is malformed", () => {
    expect(read(start, start, ended("end_turn"), stop).stopReason).toBe("stop");
    const malformed = expect.objectContaining({ code: "provider.malformed_stream" });
    expect(() => read(start, ...block(0, { type: "text", text: "a" }), start)).toThrow(malformed);
  });

  test.each([
    ["nothing came", [], "provider.empty_response"],
    ["the end is missing", [start, ...block(0, { type: "text", text: "a" })], "provider.network"],
    ["an event is no object", [null], "provider.malformed_stream"],
    [
      "an error event came",
      [start, { type: "error", error: { type: "overloaded_error", message: "Busy" } }],
      "provider.overloaded",
    ],
  ])("when %s it throws", (_what, events, code) => {
    expect(() => read(...events)).toThrow(expect.objectContaining({ code }));
  });

  test("a whole message reads like a stream", () => {
    const state = new AnthropicState(model, { vendor: "anthropic" });
    state.acceptWhole({
      content: [
        { type: "thinking", thinking: "hm", signature: "s" },
        { type: "text", text: "ok" },
        { type: "tool_use", id: "t", name: "read", input: { path: "a" } },
      ],
      stop_reason: "tool_use",
      usage: {
        input_tokens: 1,
        cache_creation_input_tokens: 2,
        cache_read_input_tokens: 3,
        output_tokens: 4,
      },
    });
    state.close();
    expect(state.builder.finish(state.stopReason())).toMatchObject({
      content: [{ text: "hm", signature: "s" }, { text: "ok" }, { id: "t", arguments: { path: "a" } }],
      stopReason: "tool_use",
      usage: { input: 1, cacheWrite: 2, cacheRead: 3, output: 4 },
    });
    expect(() => state.acceptWhole({ hello: 1 })).toThrow(
      expect.objectContaining({ code: "provider.malformed_stream" }),
    );
  });
});
