// Oddities of services that speak Chat Completions, chunk by chunk.
import { describe, expect, test } from "vitest";
import { ChatState } from "../../../src/providers/openai-chat/state.ts";
import { chatModel } from "../../contract/openai-models.ts";

function read(chunks: readonly unknown[], marked = true) {
  const state = new ChatState(chatModel, { vendor: "odd" });
  for (const chunk of chunks) state.accept(chunk);
  state.close(marked);
  return state.builder.finish(state.stopReason());
}

const piece = (delta: unknown, finish_reason: string | null = null) => ({
  choices: [{ delta, finish_reason }],
});
const callPiece = (call: unknown) => piece({ tool_calls: [call] });
const done = piece({}, "stop");

describe("ChatState", () => {
  test("calls without an index begin with a name and go on without one", () => {
    const { content } = read([
      callPiece({ id: "a", function: { name: "read", arguments: '{"p":' } }),
      callPiece({ function: { arguments: "1}" } }),
      callPiece({ id: "b", function: { name: "read", arguments: "" } }),
      done,
    ]);
    expect(content).toMatchObject([
      { id: "a", arguments: { p: 1 } },
      { id: "b", arguments: {} },
    ]);
  });

  test("a new id on a used index is a new call, a repeated id is not", () => {
    const { content } = read([
      callPiece({ index: 0, id: "a", function: { name: "read", arguments: "{" } }),
      callPiece({ index: 0, id: "a", function: { arguments: "}" } }),
      callPiece({ index: 0, id: "b", function: { name: "ls", arguments: "{}" } }),
      done,
    ]);
    expect(content).toMatchObject([
      { id: "a", name: "read" },
      { id: "b", name: "ls" },
    ]);
  });

  test("calls without ids get different ones", () => {
    const { content, stopReason } = read([
      callPiece({ index: 0, function: { name: "read", arguments: "{}" } }),
      callPiece({ index: 1, id: "", function: { name: "read", arguments: "{}" } }),
      done,
    ]);
    const ids = content.map((part) => (part.type === "tool_call" ? part.id : ""));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^call_\w+$/);
    expect(stopReason).toBe("tool_use");
  });

  test("arguments may come as an object", () => {
    const { content } = read([
      callPiece({ index: 0, id: "a", function: { name: "read", arguments: { p: 1 } } }),
      done,
    ]);
    expect(content).toMatchObject([{ arguments: { p: 1 } }]);
  });

  test("a thought that comes in two fields at once is read once", () => {
    const details = [{ type: "reasoning.text", text: "Hm.", index: 0, signature: null }];
    const { content } = read([
      piece({ reasoning: "Hm.", reasoning_details: details }),
      piece({ content: "So." }),
      done,
    ]);
    expect(content).toEqual([
      { type: "thinking", text: "Hm.", signature: JSON.stringify(details) },
      { type: "text", text: "So." },
    ]);
  });

  test("pieces of reasoning details are put together by index and type", () => {
    const detail = (fields: object) => piece({ reasoning_details: [{ index: 0, ...fields }] });
    const { content } = read([
      detail({ type: "reasoning.text", text: "Let me " }),
      detail({ type: "reasoning.text", text: "see." }),
      detail({ type: "reasoning.text", signature: "sig" }),
      detail({ type: "reasoning.encrypted", data: "xx" }),
      piece({ content: "So." }, "stop"),
    ]);
    expect(JSON.parse(content[0]?.signature ?? "")).toEqual([
      { index: 0, type: "reasoning.text", text: "Let me see.", signature: "sig" },
      { index: 0, type: "reasoning.encrypted", data: "xx" },
    ]);
  });

  test("Mistral's content parts are thoughts and text", () => {
    const parts = [
      { type: "thinking", thinking: [{ type: "text", text: "Hm." }] },
      { type: "text", text: "So." },
    ];
    expect(read([piece({ content: parts }), done]).content).toEqual([
      { type: "thinking", text: "Hm.", signature: "content" },
      { type: "text", text: "So." },
    ]);
  });

  test("an empty or missing finish reason is an end when the stream is marked as done", () => {
    expect(read([piece({ content: "Hi" })]).stopReason).toBe("stop");
    expect(read([piece({ content: "Hi" }, "")]).stopReason).toBe("stop");
    expect(() => read([piece({ content: "Hi" })], false)).toThrow(/ended before/);
  });

  test.each([
    [[done, { choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, cached_tokens: 4 } }], 6, 4, 5],
    [[done, { usage: { prompt_tokens: 10, completion_tokens: 5, prompt_cache_hit_tokens: 3 } }], 7, 3, 5],
    [[piece({}, "stop"), { x_groq: { usage: { prompt_tokens: 10, completion_tokens: 5 } } }], 10, 0, 5],
    [
      [
        done,
        {
          usage: {
            prompt_tokens: 10,
            completion_tokens: 1,
            total_tokens: 18,
            completion_tokens_details: { reasoning_tokens: 7 },
          },
        },
      ],
      10,
      0,
      8,
    ],
  ])("usage is found wherever it stands: %#", (chunks, input, cacheRead, output) => {
    expect(read(chunks).usage).toMatchObject({ input, cacheRead, output });
  });

  test("an error inside the stream keeps its class", () => {
    const error = { message: "Provider disconnected", code: 502 };
    expect(() => read([piece({ content: "Half" }), { error, choices: [] }])).toThrow(
      expect.objectContaining({ code: "provider.server" }),
    );
  });

  test.each([
    ["content_filter", "provider.refused"],
    ["sensitive", "provider.refused"],
    ["error", "provider.server"],
    ["network_error", "provider.network"],
    ["model_context_window_exceeded", "provider.context_overflow"],
  ])("the finish reason %s is %s", (finish, code) => {
    expect(() => read([piece({ content: "Half" }), piece({}, finish)])).toThrow(
      expect.objectContaining({ code }),
    );
  });

  test("an event that is no object is a malformed stream", () => {
    expect(() => read(["text"])).toThrow(expect.objectContaining({ code: "provider.malformed_stream" }));
  });
});
