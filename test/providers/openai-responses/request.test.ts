// Requests of the Responses API: the body, and what of an answer travels back; checked against recorded follow-ups.
import { describe, expect, test } from "vitest";
import type { AssistantMessage, Message } from "../../../src/protocol/message.ts";
import type { Model } from "../../../src/protocol/model.ts";
import type { ModelRequest } from "../../../src/protocol/stream.ts";
import { buildRequest } from "../../../src/providers/openai-responses/request.ts";
import { ResponsesState } from "../../../src/providers/openai-responses/state.ts";
import { responsesModel } from "../../contract/openai-models.ts";
import { corpusPresent, loadRecordings, type Recording } from "../../contract/wire-recordings.ts";

type Item = Record<string, unknown>;

const user = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });

function bodyOf(more: Partial<ModelRequest>) {
  const base: ModelRequest = {
    model: responsesModel,
    system: "Be brief.",
    messages: [user("Hi")],
    tools: [],
    thinking: "off",
  };
  return buildRequest({ ...base, ...more });
}

function answer(
  content: AssistantMessage["content"],
  more: Partial<AssistantMessage> = {},
): AssistantMessage {
  return {
    role: "assistant",
    content,
    stopReason: "tool_use",
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
    model: "test/test-model",
    api: "openai-responses",
    ...more,
  };
}

const reasoning = {
  type: "thinking" as const,
  text: "Hm.",
  signature: '{"id":"rs_1","encrypted_content":"enc"}',
};
const text = { type: "text" as const, text: "So.", signature: '{"id":"msg_1","phase":"commentary"}' };
const call = {
  type: "tool_call" as const,
  id: "call_1",
  name: "read",
  arguments: { path: "a" },
  signature: '{"id":"fc_1"}',
};

const itemsOf = (message: AssistantMessage, model: Model = responsesModel) => {
  const result: Message = {
    role: "tool_result",
    toolCallId: "call_1",
    toolName: "read",
    content: [],
    isError: false,
  };
  const hasCalls = message.content.some((part) => part.type === "tool_call");
  const body = bodyOf({ model, messages: [user("Hi"), message, ...(hasCalls ? [result] : [])] });
  return (body.input as Item[]).slice(1, hasCalls ? -1 : undefined);
};

describe("buildRequest", () => {
  test("stores nothing, asks for encrypted reasoning and sends the instructions and tools", () => {
    const tools = [{ name: "read", description: "Reads.", parameters: { type: "object" } }];
    expect(bodyOf({ tools, thinking: "high", cacheKey: "session-1", maxOutputTokens: 99_999 })).toEqual({
      model: "test-model",
      stream: true,
      store: false,
      instructions: "Be brief.",
      tools: [{ type: "function", ...tools[0], strict: false }],
      reasoning: { effort: "high", summary: "auto" },
      include: ["reasoning.encrypted_content"],
      max_output_tokens: 32_000,
      prompt_cache_key: "session-1",
      input: [{ role: "user", content: [{ type: "input_text", text: "Hi" }] }],
    });
  });

  test("a model that cannot think is not asked to", () => {
    const body = bodyOf({ model: { ...responsesModel, thinking: [] }, thinking: "high" });
    expect(body).not.toHaveProperty("reasoning");
    expect(body).not.toHaveProperty("include");
  });

  test("the catalogue's words for levels are used, off included", () => {
    const model = { ...responsesModel, compat: { effort: { off: "none", high: "xhigh" } } };
    expect(bodyOf({ model, thinking: "off" }).reasoning).toEqual({ effort: "none" });
    expect(bodyOf({ model, thinking: "max" }).reasoning).toMatchObject({ effort: "xhigh" });
  });

  test("an answer goes back as the items it came in", () => {
    expect(itemsOf(answer([reasoning, text, call]))).toEqual([
      {
        type: "reasoning",
        id: "rs_1",
        encrypted_content: "enc",
        summary: [{ type: "summary_text", text: "Hm." }],
      },
      {
        type: "message",
        role: "assistant",
        status: "completed",
        id: "msg_1",
        phase: "commentary",
        content: [{ type: "output_text", text: "So.", annotations: [] }],
      },
      { type: "function_call", id: "fc_1", call_id: "call_1", name: "read", arguments: '{"path":"a"}' },
    ]);
  });

  test("two texts of one message go back as one message", () => {
    expect(itemsOf(answer([text, { ...text, text: "And." }]))).toMatchObject([
      { id: "msg_1", content: [{ text: "So." }, { text: "And." }] },
    ]);
  });

  test("ids stay behind when the reasoning before them does", () => {
    const { signature: _, ...unsigned } = reasoning;
    const items = itemsOf(answer([unsigned, text, call]));
    expect(items).toEqual([
      { role: "assistant", content: "So." },
      { type: "function_call", call_id: "call_1", name: "read", arguments: '{"path":"a"}' },
    ]);
    expect(itemsOf(answer([reasoning, text], { stopReason: "aborted" }))).toEqual([
      { role: "assistant", content: "So." },
    ]);
  });

  test("reasoning that nothing follows is left out", () => {
    expect(itemsOf(answer([text, reasoning], { stopReason: "length" }))).toHaveLength(1);
  });

  test("an open model's own words go back as content", () => {
    const own = { ...reasoning, signature: '{"id":"rs_1","own":true}' };
    expect(itemsOf(answer([own, call]))[0]).toEqual({
      type: "reasoning",
      id: "rs_1",
      summary: [],
      content: [{ type: "reasoning_text", text: "Hm." }],
    });
  });

  test("images of tool results are sent with the result", () => {
    const image = { type: "image" as const, mimeType: "image/png", data: "AAAA" };
    const result: Message = {
      role: "tool_result",
      toolCallId: "call_1",
      toolName: "read",
      content: [image],
      isError: false,
    };
    const items = bodyOf({ messages: [user("Look"), answer([call]), result] }).input as Item[];
    expect(items.at(-1)).toMatchObject({
      call_id: "call_1",
      output: [{ type: "input_image", image_url: "data:image/png;base64,AAAA" }],
    });
  });
});

/** Pairs of an answer and the items another client sent back of it in the next request. */
function followUps(): { name: string; recording: Recording; sent: Item[] }[] {
  const recordings = loadRecordings("openai-responses").filter(({ kind }) => kind === "json");
  return recordings.flatMap((recording, index) => {
    const request = recordings[index + 1]?.request?.json;
    const input = (request as { input?: unknown } | undefined)?.input;
    const output = (recording.response.json as { output?: Item[] }).output ?? [];
    const ids = new Set(
      output.filter(({ type }) => type === "function_call" || type === "reasoning").map(({ id }) => id),
    );
    const sent = (Array.isArray(input) ? (input as Item[]) : []).filter(
      ({ id }) => id !== undefined && ids.has(id),
    );
    return sent.length === 0 ? [] : [{ name: recording.name, recording, sent }];
  });
}

function expectSameItem(ours: Item | undefined, sent: Item, name: string): void {
  expect(ours, `${name} ${sent.id}`).toBeDefined();
  for (const key of ["call_id", "name", "encrypted_content"]) {
    if (sent[key]) expect(ours?.[key], `${name} ${key}`).toEqual(sent[key]);
  }
  if (sent.arguments) expect(JSON.parse(String(ours?.arguments))).toEqual(JSON.parse(String(sent.arguments)));
}

describe("recorded follow-ups", () => {
  const pairs = followUps();
  const title = corpusPresent
    ? `${pairs.length} answers travel back as other clients sent them: ids, arguments, encrypted reasoning`
    : "the corpus is absent, nothing was compared";
  test(title, () => {
    for (const { name, recording, sent } of pairs) {
      const state = new ResponsesState(responsesModel, { vendor: "test" });
      state.acceptWhole(recording.response.json);
      const items = itemsOf(state.builder.finish("stop"));
      for (const item of sent)
        expectSameItem(
          items.find(({ id }) => id === item.id),
          item,
          name,
        );
    }
  });
});
