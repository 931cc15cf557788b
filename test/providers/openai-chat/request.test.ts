// Requests of the Chat Completions API: the body for each kind of service, and what of an answer travels back.
import { describe, expect, test } from "vitest";
import type { AssistantMessage, Message } from "../../../src/protocol/message.ts";
import type { Model, ThinkingLevel } from "../../../src/protocol/model.ts";
import type { ModelRequest } from "../../../src/protocol/stream.ts";
import { buildRequest } from "../../../src/providers/openai-chat/request.ts";
import { chatModel } from "../../contract/openai-models.ts";

type Wire = Record<string, unknown>;

const user = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });
const image = { type: "image" as const, mimeType: "image/png", data: "AAAA" };

function bodyOf(more: Partial<ModelRequest> & { compat?: Model["compat"] }) {
  const { compat = {}, ...rest } = more;
  const model = { ...chatModel, ...more.model, compat };
  const base = { system: "Be brief.", messages: [user("Hi")], tools: [], thinking: "off" as const };
  return buildRequest({ ...base, ...rest, model });
}

function answer(content: AssistantMessage["content"]): AssistantMessage {
  return {
    role: "assistant",
    content,
    stopReason: "stop",
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
    model: "test/test-model",
    api: "openai-chat",
  };
}

const callOf = (id: string) => ({ type: "tool_call" as const, id, name: "read", arguments: { path: "a" } });
const resultOf = (id: string, content: Extract<Message, { role: "tool_result" }>["content"]): Message => ({
  role: "tool_result",
  toolCallId: id,
  toolName: "read",
  content,
  isError: false,
});

describe("buildRequest", () => {
  test("asks for what every compatible service understands", () => {
    const tools = [{ name: "read", description: "Reads.", parameters: { type: "object" } }];
    expect(bodyOf({ tools, maxOutputTokens: 1000 })).toEqual({
      model: "test-model",
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: "function", function: tools[0] }],
      max_tokens: 1000,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
      ],
    });
  });

  test("compat changes role, limit field and usage option; nonsense in it is ignored", () => {
    const compat = {
      supportsDeveloperRole: true,
      maxTokensField: "max_completion_tokens",
      supportsUsageInStreaming: false,
      cacheControlFormat: "anthropic",
      thinkingFormat: 7,
    };
    const body = bodyOf({ compat, maxOutputTokens: 9 });
    expect(body).toMatchObject({ max_completion_tokens: 9, cache_control: { type: "ephemeral" } });
    expect(body).not.toHaveProperty("stream_options");
    expect((body.messages as Wire[])[0]?.role).toBe("developer");
  });

  const rows: [string, Wire, ThinkingLevel, Wire][] = [
    ["openai", {}, "high", { reasoning_effort: "high" }],
    ["openai", {}, "off", {}],
    ["openai without effort", { supportsReasoningEffort: false }, "high", {}],
    ["openai with words", { effort: { high: "default", off: "none" } }, "off", { reasoning_effort: "none" }],
    ["openrouter", { thinkingFormat: "openrouter" }, "low", { reasoning: { effort: "low" } }],
    ["openrouter", { thinkingFormat: "openrouter" }, "off", { reasoning: { enabled: false } }],
    [
      "deepseek",
      { thinkingFormat: "deepseek" },
      "max",
      { thinking: { type: "enabled" }, reasoning_effort: "high" },
    ],
    ["deepseek", { thinkingFormat: "deepseek" }, "off", { thinking: { type: "disabled" } }],
    ["zai", { thinkingFormat: "zai" }, "low", { thinking: { type: "enabled", clear_thinking: false } }],
    ["qwen", { thinkingFormat: "qwen" }, "off", { enable_thinking: false }],
    ["together", { thinkingFormat: "together" }, "low", { reasoning: { enabled: true } }],
    [
      "chat templates",
      { thinkingFormat: "chat-template" },
      "low",
      { chat_template_kwargs: { enable_thinking: true } },
    ],
  ];
  test.each(rows)("thinking is asked for in the way of %s: %o %s", (_name, compat, thinking, expected) => {
    const {
      model: _,
      stream: __,
      stream_options: ___,
      messages: ____,
      ...fields
    } = bodyOf({ compat, thinking });
    expect(fields).toEqual(expected);
  });

  test("a model that cannot think is not asked to, whatever its service", () => {
    const model: Model = { ...chatModel, thinking: [] };
    const body = bodyOf({ model, thinking: "high", compat: { thinkingFormat: "deepseek" } });
    expect(body).not.toHaveProperty("thinking");
  });

  test("images of a batch of tool results follow it in one user message", () => {
    const messages = [
      user("Look"),
      answer([callOf("call_1"), callOf("call_2")]),
      resultOf("call_1", [image]),
      resultOf("call_2", [{ type: "text", text: "b" }, image]),
      answer([{ type: "text", text: "Seen." }]),
    ];
    const sent = (bodyOf({ messages }).messages as Wire[]).slice(3);
    expect(sent.map(({ role }) => role)).toEqual(["tool", "tool", "user", "assistant"]);
    expect(sent[0]?.content).toBe("(see the image below)");
    expect(sent[1]?.content).toBe("b");
    expect(JSON.stringify(sent[2]).split("data:image/png;base64,AAAA")).toHaveLength(3);
  });

  test.each([
    ["reasoning_content", { reasoning_content: "Hm." }],
    ["reasoning", { reasoning: "Hm." }],
    [
      '[{"type":"reasoning.encrypted","data":"x"}]',
      { reasoning_details: [{ type: "reasoning.encrypted", data: "x" }] },
    ],
  ])("thoughts go back in the field they came in: %s", (signature, expected) => {
    const message = answer([
      { type: "thinking", text: "Hm.", signature },
      { type: "text", text: "So." },
    ]);
    const sent = (bodyOf({ messages: [user("Hi"), message] }).messages as Wire[]).at(-1);
    expect(sent).toEqual({ role: "assistant", content: "So.", ...expected });
  });

  test("Mistral gets its thoughts as content parts and ids of nine characters", () => {
    const content = [
      { type: "thinking" as const, text: "Hm.", signature: "content" },
      { type: "text" as const, text: "So." },
      callOf("call_0123456789"),
      callOf("abcDEF123"),
    ];
    const messages = [
      user("Hi"),
      answer(content),
      resultOf("call_0123456789", []),
      resultOf("abcDEF123", []),
    ];
    const [assistant, first, second] = (
      bodyOf({ messages, compat: { toolCallIds: "mistral" } }).messages as Wire[]
    ).slice(2);
    expect(assistant?.content).toEqual([
      { type: "thinking", thinking: [{ type: "text", text: "Hm." }] },
      { type: "text", text: "So." },
    ]);
    const ids = ((assistant?.tool_calls ?? []) as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual([first?.tool_call_id, second?.tool_call_id]);
    expect(ids[0]).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(ids[1]).toBe("abcDEF123");
  });

  test("DeepSeek gets a reasoning_content with every answer", () => {
    const compat = { requiresReasoningContentOnAssistantMessages: true };
    const sent = (
      bodyOf({ messages: [user("Hi"), answer([callOf("call_1")])], compat }).messages as Wire[]
    )[2];
    expect(sent).toMatchObject({ reasoning_content: "", content: null });
  });

  test("a summary inside the talk is a user message unless the service takes system messages there", () => {
    const messages: Message[] = [
      user("Hi"),
      { role: "system", content: [{ type: "text", text: "Summary." }] },
    ];
    const roleOf = (compat: Wire) => (bodyOf({ messages, compat }).messages as Wire[]).at(-1)?.role;
    expect(roleOf({})).toBe("user");
    expect(roleOf({ supportsMidConvoSystemMessages: true })).toBe("system");
  });
});
