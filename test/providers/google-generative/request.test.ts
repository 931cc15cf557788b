import { describe, expect, test } from "vitest";
import type { AssistantMessage, Message } from "../../../src/protocol/message.ts";
import type { Model, ThinkingLevel } from "../../../src/protocol/model.ts";
import type { ModelRequest } from "../../../src/protocol/stream.ts";
import { googleRequest } from "../../../src/providers/google-generative/request.ts";

const gemini25: Model = {
  id: "gemini-2.5-flash",
  vendor: "google",
  name: "Gemini 2.5 Flash",
  api: "google-generative",
  contextWindow: 1_048_576,
  maxOutput: 65_536,
  input: ["text", "image"],
  thinking: ["off", "minimal", "low", "medium", "high", "max"],
  price: null,
};
const gemini3: Model = {
  ...gemini25,
  id: "gemini-3-flash-preview",
  thinking: ["minimal", "low", "medium", "high"],
};
const image = { type: "image" as const, mimeType: "image/png", data: "AAAA" };

function request(more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model: gemini25,
    system: "Be brief.",
    messages: [user("Hi")],
    tools: [],
    thinking: "off",
    ...more,
  };
}

function user(text: string): Message {
  return { role: "user", content: [{ type: "text", text }] };
}

function answer(content: AssistantMessage["content"], model: Model): AssistantMessage {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
  return {
    role: "assistant",
    content,
    stopReason: "stop",
    usage,
    model: `google/${model.id}`,
    api: "google-generative",
  };
}

function call(id: string, signature?: string): AssistantMessage["content"][number] {
  return {
    type: "tool_call",
    id,
    name: "read",
    arguments: { path: id },
    ...(signature === undefined ? {} : { signature }),
  };
}

function result(toolCallId: string, more: Partial<Extract<Message, { role: "tool_result" }>> = {}): Message {
  const content = [{ type: "text" as const, text: `text of ${toolCallId}` }];
  return { role: "tool_result", toolCallId, toolName: "read", content, isError: false, ...more };
}

describe("thinking", () => {
  test.each<[Model, ThinkingLevel, unknown]>([
    [gemini25, "off", { includeThoughts: false, thinkingBudget: 0 }],
    [gemini25, "high", { includeThoughts: true, thinkingBudget: 16_384 }],
    [gemini25, "max", { includeThoughts: true, thinkingBudget: 24_576 }],
    [{ ...gemini25, id: "gemini-2.5-pro" }, "off", { includeThoughts: false, thinkingBudget: 128 }],
    [gemini3, "low", { includeThoughts: true, thinkingLevel: "LOW" }],
    [gemini3, "max", { includeThoughts: true, thinkingLevel: "HIGH" }],
    [{ ...gemini25, thinking: [] }, "high", null],
  ])("$id at level %s", (model, thinking, expected) => {
    expect(googleRequest(request({ model, thinking })).thinking).toEqual(expected);
  });
});

describe("contents", () => {
  test("results of one step stand together, in the order of the calls", () => {
    const messages = [
      user("go"),
      answer([call("a"), call("b")], gemini25),
      result("b", { isError: true }),
      result("a"),
      user("on"),
    ];
    const { contents } = googleRequest(request({ messages }));
    expect(contents).toEqual([
      { role: "user", parts: [{ text: "go" }] },
      {
        role: "model",
        parts: [
          { functionCall: { id: "a", name: "read", args: { path: "a" } } },
          { functionCall: { id: "b", name: "read", args: { path: "b" } } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "a", name: "read", response: { output: "text of a" } } },
          { functionResponse: { id: "b", name: "read", response: { error: "text of b" } } },
        ],
      },
      { role: "user", parts: [{ text: "on" }] },
    ]);
  });

  test("images of results stand inside them from Gemini 3 on and behind them before", () => {
    const talk = (model: Model) => [
      user("go"),
      answer([call("a", "sig")], model),
      result("a", { content: [image] }),
    ];
    const inlineData = { mimeType: "image/png", data: "AAAA" };
    const inside = googleRequest(request({ model: gemini3, messages: talk(gemini3) })).contents;
    expect(inside[2]?.parts).toMatchObject([{ functionResponse: { parts: [{ inlineData }] } }]);
    expect(inside).toHaveLength(3);
    const behind = googleRequest(request({ messages: talk(gemini25) })).contents;
    expect(behind[3]).toEqual({ role: "user", parts: [{ inlineData }] });
  });

  test("Gemini 3 gets a stand-in for the signature of a call that another model made", () => {
    const messages = [
      user("go"),
      answer([call("a"), call("b")], gemini25),
      result("a"),
      result("b"),
      user("on"),
    ];
    const parts = googleRequest(request({ model: gemini3, messages })).contents[1]?.parts;
    expect(parts?.map((part) => part.thoughtSignature)).toEqual([
      "skip_thought_signature_validator",
      undefined,
    ]);
    const own = [user("go"), answer([call("a", "mine"), call("b")], gemini3), result("a"), result("b")];
    const kept = googleRequest(request({ model: gemini3, messages: own })).contents[1]?.parts;
    expect(kept?.map((part) => part.thoughtSignature)).toEqual(["mine", undefined]);
  });

  test("signed text and thoughts go back as they were", () => {
    const content: AssistantMessage["content"] = [
      { type: "thinking", text: "hm", signature: "s1" },
      { type: "thinking", text: "unsigned" },
      { type: "text", text: "ok", signature: "s2" },
    ];
    const { contents } = googleRequest(
      request({ messages: [user("go"), answer(content, gemini25), user("on")] }),
    );
    expect(contents[1]?.parts).toEqual([
      { text: "hm", thought: true, thoughtSignature: "s1" },
      { text: "ok", thoughtSignature: "s2" },
    ]);
  });
});
