import { describe, expect, test } from "vitest";
import type { AssistantMessage, Message } from "../../../src/protocol/message.ts";
import type { Model, ThinkingLevel } from "../../../src/protocol/model.ts";
import type { ModelRequest } from "../../../src/protocol/stream.ts";
import { anthropicRequest } from "../../../src/providers/anthropic-messages/request.ts";

const budgetModel: Model = {
  id: "claude-sonnet-4-5",
  vendor: "anthropic",
  name: "Claude Sonnet 4.5",
  api: "anthropic-messages",
  contextWindow: 200_000,
  maxOutput: 64_000,
  input: ["text", "image"],
  thinking: ["off", "minimal", "low", "medium", "high", "max"],
  price: null,
};
const adaptiveModel: Model = {
  ...budgetModel,
  id: "claude-opus-4-7",
  compat: { effort: { minimal: "minimal", low: "low", medium: "medium", high: "high", max: "max" } },
};
const tool = { name: "read", description: "Reads.", parameters: { type: "object", properties: {} } };

function request(more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model: budgetModel,
    system: "Be brief.",
    messages: [user("Hi")],
    tools: [tool],
    thinking: "off",
    ...more,
  };
}

function user(text: string): Message {
  return { role: "user", content: [{ type: "text", text }] };
}

function answer(content: AssistantMessage["content"]): AssistantMessage {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
  const model = "anthropic/claude-sonnet-4-5";
  return { role: "assistant", content, stopReason: "stop", usage, model, api: "anthropic-messages" };
}

describe("thinking", () => {
  test.each<[ThinkingLevel, number]>([
    ["minimal", 1024],
    ["low", 4096],
    ["medium", 8192],
    ["high", 16_384],
    ["max", 32_768],
  ])("level %s is a budget of %i tokens", (thinking, budget_tokens) => {
    const body = anthropicRequest(request({ thinking }));
    expect(body.thinking).toEqual({ type: "enabled", budget_tokens });
    expect(body.max_tokens).toBe(64_000);
  });

  test("what was asked for as output is raised by the budget", () => {
    const body = anthropicRequest(request({ thinking: "high", maxOutputTokens: 2000 }));
    expect(body).toMatchObject({ max_tokens: 18_384, thinking: { budget_tokens: 16_384 } });
  });

  test("the budget is lowered where the model's limit is smaller, and left out where nothing is left of it", () => {
    const small = anthropicRequest(request({ thinking: "high", model: { ...budgetModel, maxOutput: 8192 } }));
    expect(small).toMatchObject({ max_tokens: 8192, thinking: { budget_tokens: 7168 } });
    const tiny = anthropicRequest(request({ thinking: "high", model: { ...budgetModel, maxOutput: 2000 } }));
    expect(tiny.thinking).toBeUndefined();
  });

  test.each<[ThinkingLevel, string]>([
    ["minimal", "low"],
    ["low", "low"],
    ["high", "high"],
    ["max", "max"],
  ])("a model that thinks as it sees fit is told level %s as effort %s", (thinking, effort) => {
    const body = anthropicRequest(request({ model: adaptiveModel, thinking }));
    expect(body.thinking).toEqual({ type: "adaptive", display: "summarized" });
    expect(body.output_config).toEqual({ effort });
  });

  test("an id that the catalog does not know yet is recognised by its number", () => {
    const { compat: _, ...model } = { ...adaptiveModel, id: "claude-opus-6" };
    expect(anthropicRequest(request({ model, thinking: "high" })).thinking?.type).toBe("adaptive");
  });

  test("off asks for none, and says so to models that think by default", () => {
    expect(anthropicRequest(request()).thinking).toBeUndefined();
    expect(anthropicRequest(request({ model: adaptiveModel })).thinking).toEqual({ type: "disabled" });
  });

  test("a model that cannot think is asked for none", () => {
    const model: Model = { ...budgetModel, thinking: [] };
    expect(anthropicRequest(request({ model, thinking: "high" })).thinking).toBeUndefined();
  });
});

describe("cache breakpoints", () => {
  test("stand behind the system text, the last tool and the last two user messages", () => {
    const messages = [
      user("one"),
      answer([{ type: "text", text: "a" }]),
      user("two"),
      answer([{ type: "text", text: "b" }]),
      user("three"),
    ];
    const body = anthropicRequest(request({ messages, tools: [tool, { ...tool, name: "write" }] }));
    expect(marks(body)).toEqual(["Be brief.", "write", "two", "three"]);
  });

  test("there is no system block without a system text and no tools field without tools", () => {
    const body = anthropicRequest(request({ system: "", tools: [] }));
    expect(Object.keys(body)).toEqual(["model", "max_tokens", "messages", "stream"]);
  });
});

describe("messages", () => {
  test("results and what the person said after them are one user message, results first", () => {
    const messages: Message[] = [
      user("go"),
      answer([
        { type: "tool_call", id: "a", name: "read", arguments: { path: "x" } },
        { type: "tool_call", id: "b", name: "read", arguments: {} },
      ]),
      {
        role: "tool_result",
        toolCallId: "a",
        toolName: "read",
        content: [{ type: "text", text: "A" }],
        isError: false,
      },
      {
        role: "tool_result",
        toolCallId: "b",
        toolName: "read",
        content: [{ type: "text", text: "B" }],
        isError: true,
      },
      user("and now?"),
    ];
    const last = anthropicRequest(request({ messages })).messages.at(-1);
    expect(last?.content).toMatchObject([
      { type: "tool_result", tool_use_id: "a", content: [{ type: "text", text: "A" }] },
      { type: "tool_result", tool_use_id: "b", is_error: true },
      { type: "text", text: "and now?", cache_control: { type: "ephemeral" } },
    ]);
  });

  test("thinking goes back with its signature, redacted thinking as its data, unsigned thinking not at all", () => {
    const messages = [
      user("go"),
      answer([
        { type: "thinking", text: "hm", signature: "sig" },
        { type: "thinking", text: "", signature: "data", redacted: true },
        { type: "thinking", text: "cut off" },
        { type: "text", text: "ok" },
      ]),
      user("on"),
    ];
    expect(anthropicRequest(request({ messages })).messages[1]?.content).toEqual([
      { type: "thinking", thinking: "hm", signature: "sig" },
      { type: "redacted_thinking", data: "data" },
      { type: "text", text: "ok" },
    ]);
  });

  test("a result that is an error holds no image", () => {
    const image = { type: "image" as const, mimeType: "image/webp", data: "AAAA" };
    const messages: Message[] = [
      user("go"),
      answer([{ type: "tool_call", id: "a", name: "read", arguments: {} }]),
      { role: "tool_result", toolCallId: "a", toolName: "read", content: [image], isError: true },
    ];
    expect(anthropicRequest(request({ messages })).messages[2]?.content).toMatchObject([
      { content: [{ type: "text", text: "(no output)" }] },
    ]);
  });

  test("a talk that begins with the model's own words gets a user message before them", () => {
    const body = anthropicRequest(request({ messages: [answer([{ type: "text", text: "a" }]), user("b")] }));
    expect(body.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  });
});

/** Name or text of everything that carries a breakpoint, in order. */
function marks(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Record<string, unknown>;
  const own = fields.cache_control ? [fields.text ?? fields.name] : [];
  const order = ["system", "tools", "messages"];
  const keys = Object.keys(fields).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return [...own, ...keys.flatMap((key) => marks(fields[key]))];
}
