// How Anthropic's Messages API answers. Source: https://platform.claude.com/docs/en/api/messages-streaming
import { chunkText } from "../../lib/chunk-text.ts";
import {
  type AnswerPart,
  type AnswerUsage,
  type Frame,
  type ModelAnswer,
  parsedArguments,
  signatureFor,
  sseFrame,
  type Wire,
} from "./model-answer.ts";

const STOP_REASONS = { stop: "end_turn", length: "max_tokens", tool_use: "tool_use", refusal: "refusal" };

export const anthropicWire: Wire = {
  *stream(answer) {
    yield event("message_start", { message: message(answer, { content: [], stop_reason: null, output: 1 }) });
    yield event("ping", {});
    for (const [index, part] of answer.parts.entries()) yield* block(part, index, answer.chunkSize);
    yield event("message_delta", {
      delta: { stop_reason: STOP_REASONS[answer.stopReason], stop_sequence: null },
      usage: usage(answer.usage),
    });
    yield event("message_stop", {});
  },

  whole: (answer) =>
    message(answer, {
      content: answer.parts.map(wholeBlock),
      stop_reason: STOP_REASONS[answer.stopReason],
      output: answer.usage.output,
    }),

  errorFrame: (text) => event("error", { error: { type: "overloaded_error", message: text } }),
};

function* block(part: AnswerPart, index: number, chunkSize: number): Generator<Frame> {
  yield event("content_block_start", { index, content_block: emptyBlock(part) });
  for (const delta of deltas(part, chunkSize)) {
    yield sseFrame(
      { type: "content_block_delta", index, delta },
      { event: "content_block_delta", delta: true },
    );
  }
  if (part.type === "thinking") {
    const delta = { type: "signature_delta", signature: signatureFor("anthropic-messages") };
    yield event("content_block_delta", { index, delta });
  }
  yield event("content_block_stop", { index });
}

function emptyBlock(part: AnswerPart): object {
  switch (part.type) {
    case "text":
      return { type: "text", text: "" };
    case "thinking":
      return { type: "thinking", thinking: "", signature: "" };
    case "tool_call":
      return { type: "tool_use", id: part.id, name: part.name, input: {} };
  }
}

function* deltas(part: AnswerPart, chunkSize: number): Generator<object> {
  switch (part.type) {
    case "text":
      for (const text of chunkText(part.text, chunkSize)) yield { type: "text_delta", text };
      return;
    case "thinking":
      for (const thinking of chunkText(part.text, chunkSize)) yield { type: "thinking_delta", thinking };
      return;
    case "tool_call":
      yield { type: "input_json_delta", partial_json: "" };
      for (const piece of chunkText(part.argumentsText, chunkSize)) {
        yield { type: "input_json_delta", partial_json: piece };
      }
  }
}

function wholeBlock(part: AnswerPart): object {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "thinking":
      return { type: "thinking", thinking: part.text, signature: signatureFor("anthropic-messages") };
    case "tool_call":
      return { type: "tool_use", id: part.id, name: part.name, input: parsedArguments(part.argumentsText) };
  }
}

function message(
  answer: ModelAnswer,
  fields: { content: object[]; stop_reason: string | null; output: number },
): object {
  return {
    id: answer.newId("msg_"),
    type: "message",
    role: "assistant",
    model: answer.model,
    content: fields.content,
    stop_reason: fields.stop_reason,
    stop_sequence: null,
    usage: { ...usage({ ...answer.usage, output: fields.output }), service_tier: "standard" },
  };
}

function usage(counts: AnswerUsage): object {
  return {
    input_tokens: counts.input,
    cache_creation_input_tokens: counts.cacheWrite,
    cache_read_input_tokens: counts.cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: counts.cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: counts.output,
    ...(counts.reasoning > 0 ? { output_tokens_details: { thinking_tokens: counts.reasoning } } : {}),
  };
}

function event(type: string, fields: object): Frame {
  return sseFrame({ type, ...fields }, { event: type });
}
