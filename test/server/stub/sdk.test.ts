import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI, type Part } from "@google/genai";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import type { ScriptInput } from "../../../src/server/stub/script.ts";
import { withStub } from "../../support/stub.ts";
import { WIRE_APIS } from "./ask.ts";

type Seen = {
  text: string;
  thinking: string;
  calls: { name: string; arguments: unknown }[];
  usage: { prompt: number; cached: number; output: number };
};

const tools = { type: "object" as const, properties: {} };
const WEATHER = "What is the weather?";

const readers = {
  "anthropic-messages": async (url: string): Promise<Seen> => {
    const client = new Anthropic({ baseURL: url, apiKey: "k", maxRetries: 0 });
    const message = await client.messages
      .stream({ model: "m", max_tokens: 100, messages: [{ role: "user", content: WEATHER }] })
      .finalMessage();
    const { usage } = message;
    return {
      text: message.content.map((block) => (block.type === "text" ? block.text : "")).join(""),
      thinking: message.content.map((block) => (block.type === "thinking" ? block.thinking : "")).join(""),
      calls: message.content.flatMap((block) =>
        block.type === "tool_use" ? [{ name: block.name, arguments: block.input }] : [],
      ),
      usage: {
        prompt:
          usage.input_tokens +
          (usage.cache_read_input_tokens ?? 0) +
          (usage.cache_creation_input_tokens ?? 0),
        cached: usage.cache_read_input_tokens ?? 0,
        output: usage.output_tokens,
      },
    };
  },
  "openai-responses": async (url: string): Promise<Seen> => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "k", maxRetries: 0 });
    const response = await client.responses.stream({ model: "m", input: WEATHER }).finalResponse();
    return {
      text: response.output_text,
      thinking: response.output
        .flatMap((item) => (item.type === "reasoning" ? item.summary.map((part) => part.text) : []))
        .join(""),
      calls: response.output.flatMap((item) =>
        item.type === "function_call" ? [{ name: item.name, arguments: JSON.parse(item.arguments) }] : [],
      ),
      usage: {
        prompt: response.usage?.input_tokens ?? 0,
        cached: response.usage?.input_tokens_details.cached_tokens ?? 0,
        output: response.usage?.output_tokens ?? 0,
      },
    };
  },
  "openai-chat": async (url: string): Promise<Seen> => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "k", maxRetries: 0 });
    const stream = client.chat.completions.stream({
      model: "m",
      messages: [{ role: "user", content: WEATHER }],
      tools: [
        { type: "function", function: { name: "read", parameters: tools } },
        { type: "function", function: { name: "grep", parameters: tools } },
      ],
      stream_options: { include_usage: true },
    });
    let thinking = "";
    stream.on("chunk", (chunk) => {
      const delta = chunk.choices[0]?.delta as { reasoning_content?: string } | undefined;
      thinking += delta?.reasoning_content ?? "";
    });
    const completion = await stream.finalChatCompletion();
    const message = completion.choices[0]?.message;
    return {
      text: message?.content ?? "",
      thinking,
      calls: (message?.tool_calls ?? []).flatMap((call) =>
        call.type === "function"
          ? [{ name: call.function.name, arguments: JSON.parse(call.function.arguments) }]
          : [],
      ),
      usage: {
        prompt: completion.usage?.prompt_tokens ?? 0,
        cached: completion.usage?.prompt_tokens_details?.cached_tokens ?? 0,
        output: completion.usage?.completion_tokens ?? 0,
      },
    };
  },
  "google-generative": async (url: string): Promise<Seen> => {
    const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: url } });
    const seen: Seen = { text: "", thinking: "", calls: [], usage: { prompt: 0, cached: 0, output: 0 } };
    for await (const chunk of await client.models.generateContentStream({ model: "m", contents: WEATHER })) {
      for (const part of chunk.candidates?.[0]?.content?.parts ?? []) addPart(seen, part);
      const { promptTokenCount, cachedContentTokenCount, candidatesTokenCount, thoughtsTokenCount } =
        chunk.usageMetadata ?? {};
      seen.usage = {
        prompt: promptTokenCount ?? 0,
        cached: cachedContentTokenCount ?? 0,
        output: (candidatesTokenCount ?? 0) + (thoughtsTokenCount ?? 0),
      };
    }
    return seen;
  },
};

function addPart(seen: Seen, part: Part): void {
  if (part.functionCall)
    seen.calls.push({ name: part.functionCall.name ?? "", arguments: part.functionCall.args });
  else if (part.thought) seen.thinking += part.text ?? "";
  else seen.text += part.text ?? "";
}

const script: ScriptInput = [
  {
    thinking: "I should look twice. 🤔",
    text: "I look, naïvely: 日本語 and 👩‍💻.",
    toolCalls: [
      { name: "read", arguments: { path: "src/a.ts", limit: 10 } },
      { name: "grep", arguments: {} },
    ],
    usage: { input: 1000, cacheRead: 500, output: 200, reasoning: 50 },
    chunkSize: 3,
  },
  "Done.",
];

describe("stub provider through the vendors' own SDKs", () => {
  it.each(WIRE_APIS)(
    "%s: one script gives the same text, thinking, calls and usage on all four",
    async (api) => {
      await using stub = await withStub(script);
      const seen = await readers[api](stub.url);
      expect(seen).toEqual({
        text: "I look, naïvely: 日本語 and 👩‍💻.",
        thinking: "I should look twice. 🤔",
        calls: [
          { name: "read", arguments: { path: "src/a.ts", limit: 10 } },
          { name: "grep", arguments: {} },
        ],
        usage: { prompt: 1500, cached: 500, output: 200 },
      });
      expect(await readers[api](stub.url)).toMatchObject({ text: "Done.", calls: [] });
      expect(await readers[api](stub.url)).toMatchObject({ text: `stub: ${WEATHER}` });
    },
  );

  it("answers what is not streamed as one document", async () => {
    await using stub = await withStub({ replies: ["Whole."], loop: true });
    const anthropic = new Anthropic({ baseURL: stub.url, apiKey: "k" });
    const openai = new OpenAI({ baseURL: `${stub.url}/v1`, apiKey: "k" });
    const google = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: stub.url } });
    const messages = [{ role: "user" as const, content: "hi" }];
    const message = await anthropic.messages.create({ model: "m", max_tokens: 1, messages });
    const completion = await openai.chat.completions.create({ model: "m", messages });
    const response = await openai.responses.create({ model: "m", input: "hi" });
    const generated = await google.models.generateContent({ model: "m", contents: "hi" });
    expect(message.content).toEqual([{ type: "text", text: "Whole." }]);
    expect(completion.choices[0]?.message.content).toBe("Whole.");
    expect(response.output_text).toBe("Whole.");
    expect(generated.text).toBe("Whole.");
  });

  it("counts tokens, lists models and embeds", async () => {
    await using stub = await withStub({ models: ["first-model"] });
    const anthropic = new Anthropic({ baseURL: stub.url, apiKey: "k" });
    const openai = new OpenAI({ baseURL: `${stub.url}/v1`, apiKey: "k" });
    const google = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: stub.url } });
    const count = await anthropic.messages.countTokens({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
    });
    expect(count.input_tokens).toBeGreaterThan(0);
    expect((await google.models.countTokens({ model: "m", contents: "hi" })).totalTokens).toBeGreaterThan(0);
    expect((await anthropic.models.list()).data[0]?.id).toBe("first-model");
    expect((await openai.models.list()).data[0]?.id).toBe("first-model");
    expect((await google.models.list()).page[0]?.name).toBe("models/first-model");
    const input = ["the cat sat", "a cat sat there", "interest rates rose"];
    const { data } = await openai.embeddings.create({ model: "m", input });
    const [cat, alike, other] = data.map(({ embedding }) => embedding);
    expect(dot(cat, alike)).toBeGreaterThan(dot(cat, other));
    const embedded = await google.models.embedContent({ model: "m", contents: input });
    expect(embedded.embeddings?.map(({ values }) => values?.length)).toEqual([64, 64, 64]);
    expect(dot(embedded.embeddings?.[0]?.values, cat)).toBeCloseTo(1, 5);
    const body = JSON.stringify({
      model: "m",
      texts: input,
      input_type: "search_query",
      output_dimension: 32,
    });
    const cohere = await fetch(`${stub.url}/v2/embed`, { method: "POST", body });
    const { embeddings } = (await cohere.json()) as { embeddings: { float: number[][] } };
    expect(embeddings.float.map((vector) => vector.length)).toEqual([32, 32, 32]);
  });
});

function dot(a: readonly number[] = [], b: readonly number[] = []): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
