import { expect, test } from "vitest";
import { AppError } from "../../src/lib/app-error.ts";
import type { Model } from "../../src/protocol/model.ts";
import { AnswerBuilder } from "../../src/providers/answer-builder.ts";

const model: Model = {
  id: "m",
  vendor: "v",
  name: "M",
  api: "openai-chat",
  contextWindow: 1000,
  maxOutput: 100,
  input: ["text"],
  thinking: [],
  price: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 },
};

function builderWithCall(argumentsText: string): AnswerBuilder {
  const builder = new AnswerBuilder(model);
  builder.append(builder.startText(), "Reading.");
  builder.append(builder.startCall("c1", "read"), argumentsText);
  return builder;
}

test.each([
  ['{"path":"a"}', { arguments: { path: "a" } }],
  ["", { arguments: {} }],
  ['"{\\"path\\":\\"a\\"}"', { arguments: { path: "a" } }],
  ['{"path":', { arguments: {}, invalidArguments: '{"path":' }],
  ["[1]", { arguments: {}, invalidArguments: "[1]" }],
  ["null", { arguments: {}, invalidArguments: "null" }],
])("arguments %j of a call are read", (text, expected) => {
  const call = builderWithCall(text).finish("stop").content[1];
  expect(call).toEqual({ type: "tool_call", id: "c1", name: "read", ...expected });
});

test("an answer with calls wants them run, unless the limit cut it", () => {
  expect(builderWithCall("{}").finish("stop").stopReason).toBe("tool_use");
  expect(builderWithCall("{}").finish("length").stopReason).toBe("length");
});

test("a failed answer keeps its text and no call", () => {
  const message = builderWithCall("{}").fail("error", new AppError("provider.network", "gone"));
  expect(message.content).toEqual([{ type: "text", text: "Reading." }]);
  expect(message).toMatchObject({
    stopReason: "error",
    error: { code: "provider.network", message: "gone" },
  });
});

test("events come once, in order, and usage gets its price", () => {
  const builder = builderWithCall("{}");
  builder.tokens = { input: 1_000_000, output: 1_000_000, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
  expect(builder.take().map((event) => event.type)).toEqual([
    "text_delta",
    "tool_call_start",
    "tool_call_delta",
  ]);
  expect(builder.take()).toEqual([]);
  expect(builder.finish("stop").usage.cost).toBe(3);
});
