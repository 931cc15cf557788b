// The Chat Completions API keeps the wire contract and reads every recorded answer of the services that speak it.
import { describe, expect } from "vitest";
import { createStream } from "../../src/providers/openai-chat/stream.ts";
import { chatModel, expectedStop, expectedUsage, openaiErrorBody } from "./openai-models.ts";
import { testWireContract } from "./wire-contract.ts";
import { REFUSAL_WORDS, type ScriptedAnswer, type ScriptedPart, type WireContract } from "./wire-harness.ts";
import { testRecordings, testWireErrors, type WireReading } from "./wire-recordings.ts";

const reading: WireReading = {
  api: "openai-chat",
  createStream,
  model: chatModel,
  usage: expectedUsage,
  stopReason: expectedStop,
};

const contract: WireContract = {
  createStream,
  model: chatModel,
  events: (answer) => [
    chunk({ delta: { role: "assistant", content: "" } }),
    ...answer.parts.flatMap((part, index) => deltas(part, index).map((delta) => chunk({ delta }))),
    ...(answer.stop === "refused" ? [chunk({ delta: { refusal: REFUSAL_WORDS } })] : []),
    chunk({ delta: {}, finish_reason: finishOf(answer) }),
    `data: ${JSON.stringify({ choices: [], usage: usageOf(answer) })}\n\n`,
    "data: [DONE]\n\n",
  ],
  json: (answer) => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    choices: [{ index: 0, message: wholeMessage(answer), finish_reason: finishOf(answer) }],
    usage: usageOf(answer),
  }),
  malformedEvent: 'data: {"choices": [\n\n',
  callsComeInPieces: true,
  messagesOf: (body) => body.messages as unknown[],
  expectValid,
  errorBody: openaiErrorBody,
};

function chunk(choice: Record<string, unknown>): string {
  const choices = [{ index: 0, finish_reason: null, ...choice }];
  return `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", choices })}\n\n`;
}

function deltas(part: ScriptedPart, index: number): unknown[] {
  switch (part.type) {
    case "text":
      return part.pieces.map((content) => ({ content }));
    case "thinking":
      return [
        ...part.pieces.map((text) => ({ reasoning_details: [detail({ text })] })),
        { reasoning_details: [detail({ signature: part.signature })] },
      ];
    case "tool_call":
      return [
        {
          tool_calls: [
            { index, id: part.id, type: "function", function: { name: part.name, arguments: "" } },
          ],
        },
        ...part.pieces.map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
      ];
  }
}

function detail(fields: Record<string, string>) {
  return { type: "reasoning.text", index: 0, ...fields };
}

function finishOf({ parts, stop = "stop" }: ScriptedAnswer): string {
  if (stop === "length") return "length";
  return parts.some((part) => part.type === "tool_call") ? "tool_calls" : "stop";
}

function usageOf({ usage }: ScriptedAnswer) {
  const { input = 1, cacheRead = 0, output = 1, reasoning = 0 } = usage ?? {};
  return {
    prompt_tokens: input + cacheRead,
    completion_tokens: output,
    prompt_tokens_details: { cached_tokens: cacheRead },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

function wholeMessage({ parts }: ScriptedAnswer) {
  const text = parts.flatMap((part) => (part.type === "text" ? part.pieces : [])).join("");
  const calls = parts.filter((part) => part.type === "tool_call");
  const tool_calls = calls.map(({ id, name, pieces }) => ({
    id,
    type: "function",
    function: { name, arguments: pieces.join("") },
  }));
  return { role: "assistant", content: text, tool_calls };
}

type WireMessage = {
  role: string;
  content: unknown;
  tool_calls?: { id: string; function: { arguments: string } }[];
  tool_call_id?: string;
};

/** The services' own rules: the system text first, each call answered by the tool messages right behind it. */
function expectValid(body: Record<string, unknown>): void {
  const messages = body.messages as WireMessage[];
  expect(messages.findLastIndex(({ role }) => role === "system")).toBe(0);
  for (const [index, { role, content, tool_calls: calls = [] }] of messages.entries()) {
    expect(["system", "user", "assistant", "tool"]).toContain(role);
    expect(content === null ? calls.length : String(content).trim().length).toBeGreaterThan(0);
    const answers = messages.slice(index + 1, index + 1 + calls.length);
    expect(answers.map((answer) => answer.tool_call_id)).toEqual(calls.map(({ id }) => id));
    for (const call of calls) {
      expect(call.id).toMatch(/^[\w.:-]{1,40}$/);
      expect(() => JSON.parse(call.function.arguments)).not.toThrow();
    }
  }
  const callCount = messages.flatMap(({ tool_calls = [] }) => tool_calls).length;
  expect(messages.filter(({ role }) => role === "tool")).toHaveLength(callCount);
}

describe("openai-chat", () => {
  testWireContract(contract);
  testRecordings(reading);
  testWireErrors(reading);
});
