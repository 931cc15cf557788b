import { expect, test } from "vitest";
import type { Model } from "../../src/protocol/model.ts";
import type { ModelRequest } from "../../src/protocol/stream.ts";
import { outputLimit } from "../../src/providers/output-limit.ts";

const model: Model = {
  id: "m",
  vendor: "v",
  name: "M",
  api: "openai-chat",
  contextWindow: 100_000,
  maxOutput: 30_000,
  input: ["text"],
  thinking: [],
  price: null,
};

function request(characters: number, more: Partial<ModelRequest> = {}): ModelRequest {
  const text = "x".repeat(characters);
  const messages: ModelRequest["messages"] = [{ role: "user", content: [{ type: "text", text }] }];
  return { model, system: "", messages, tools: [], thinking: "off", ...more };
}

test.each([
  ["the model's own limit", request(400), 0, 30_000],
  ["what was asked for", request(400, { maxOutputTokens: 500 }), 0, 500],
  ["thinking on top of what was asked for", request(400, { maxOutputTokens: 500 }), 4096, 4596],
  ["never more than the model can", request(400, { maxOutputTokens: 29_000 }), 4096, 30_000],
  ["what the window has left", request(320_000), 0, 19_999],
  ["at least 4,096 when the window looks full", request(500_000), 0, 4096],
])("an answer may take %s", (_what, asked, budget, tokens) => {
  expect(outputLimit(asked, budget)).toBe(tokens);
});
