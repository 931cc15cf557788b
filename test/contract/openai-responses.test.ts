// The Responses API keeps the wire contract and reads every recorded answer of the services that speak it.
import { describe, expect } from "vitest";
import { createStream } from "../../src/providers/openai-responses/stream.ts";
import { expectedStop, expectedUsage, openaiErrorBody, responsesModel } from "./openai-models.ts";
import { testWireContract } from "./wire-contract.ts";
import { REFUSAL_WORDS, type ScriptedAnswer, type ScriptedPart, type WireContract } from "./wire-harness.ts";
import { testRecordings, testWireErrors, type WireReading } from "./wire-recordings.ts";

const reading: WireReading = {
  api: "openai-responses",
  createStream,
  model: responsesModel,
  usage: expectedUsage,
  stopReason: expectedStop,
};

const contract: WireContract = {
  createStream,
  model: responsesModel,
  events: (answer) => [
    event({ type: "response.created", response: { status: "in_progress", output: [], usage: null } }),
    ...itemsOf(answer).flatMap(({ item, part }, index) => [
      event({
        type: "response.output_item.added",
        output_index: index,
        item: { ...item, content: [], arguments: "" },
      }),
      ...deltas(part, index),
      event({ type: "response.output_item.done", output_index: index, item }),
    ]),
    event({
      type: answer.stop === "length" ? "response.incomplete" : "response.completed",
      response: response(answer),
    }),
  ],
  json: response,
  malformedEvent: 'event: response.output_text.delta\ndata: {"type": "resp\n\n',
  callsComeInPieces: true,
  messagesOf: (body) => body.input as unknown[],
  expectValid,
  errorBody: openaiErrorBody,
};

function event(data: { type: string } & Record<string, unknown>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function itemsOf({ parts, stop }: ScriptedAnswer) {
  const items = parts.map((part, index) => ({ part, item: itemOf(part, index) }));
  if (stop !== "refused") return items;
  const content = [{ type: "refusal", refusal: REFUSAL_WORDS }];
  return [...items, { part: null, item: { type: "message", id: "msg_refusal", role: "assistant", content } }];
}

function itemOf(part: ScriptedPart, index: number) {
  const text = part.pieces.join("");
  switch (part.type) {
    case "text":
      return {
        type: "message",
        id: `msg_${index}`,
        role: "assistant",
        content: [{ type: "output_text", text }],
      };
    case "thinking": {
      const summary = [{ type: "summary_text", text }];
      return { type: "reasoning", id: `rs_${index}`, summary, encrypted_content: part.signature };
    }
    case "tool_call":
      return { type: "function_call", id: `fc_${index}`, call_id: part.id, name: part.name, arguments: text };
  }
}

const DELTAS = {
  text: "response.output_text.delta",
  thinking: "response.reasoning_summary_text.delta",
  tool_call: "response.function_call_arguments.delta",
};

function deltas(part: ScriptedPart | null, output_index: number): string[] {
  if (part === null) return [];
  return part.pieces.map((delta) => event({ type: DELTAS[part.type], output_index, delta }));
}

function response(answer: ScriptedAnswer) {
  const { input = 1, cacheRead = 0, output = 1, reasoning = 0 } = answer.usage ?? {};
  const isCut = answer.stop === "length";
  return {
    id: "resp_1",
    status: isCut ? "incomplete" : "completed",
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    output: itemsOf(answer).map(({ item }) => item),
    usage: {
      input_tokens: input + cacheRead,
      input_tokens_details: { cached_tokens: cacheRead },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: reasoning },
    },
  };
}

type WireItem = {
  type?: string;
  role?: string;
  content?: unknown;
  call_id?: string;
  id?: string;
  arguments?: string;
};

/** The service's own rules: results follow their calls, reasoning is followed by something, ids have their kind. */
function expectValid(body: Record<string, unknown>): void {
  const items = body.input as WireItem[];
  for (const [index, item] of items.entries()) {
    if (item.type === "reasoning") expect(["message", "function_call"]).toContain(items[index + 1]?.type);
    if (item.type === undefined) expect(item.content).not.toHaveLength(0);
    if (item.type === "function_call") {
      expect(item.call_id).toMatch(/^[\w-]{1,64}$/);
      expect(item.id ?? "fc_").toMatch(/^fc_/);
      expect(() => JSON.parse(item.arguments ?? "")).not.toThrow();
    }
  }
  const ids = (type: string) => items.filter((item) => item.type === type).map(({ call_id }) => call_id);
  expect(ids("function_call_output")).toEqual(ids("function_call"));
  expect(body).toMatchObject({ store: false, stream: true });
}

describe("openai-responses", () => {
  testWireContract(contract);
  testRecordings(reading);
  testWireErrors(reading);
});
