// How OpenAI's Chat Completions answers. Source: https://platform.openai.com/docs/api-reference/chat-streaming
// Thinking goes into `reasoning_content`, as DeepSeek, Qwen and others that speak this API do.
import { chunkText } from "../../lib/chunk-text.ts";
import { field } from "./json-fields.ts";
import { type AnswerPart, type Frame, type ModelAnswer, sseFrame, type Wire } from "./model-answer.ts";

const FINISH_REASONS = { stop: "stop", length: "length", tool_use: "tool_calls", refusal: "content_filter" };

export const chatWire: Wire = {
  *stream(answer) {
    const envelope = envelopeOf(answer, "chat.completion.chunk");
    yield chunk(envelope, { role: "assistant", content: "", refusal: null });
    let calls = 0;
    for (const part of answer.parts) {
      yield* partChunks(envelope, part, { call: calls, chunkSize: answer.chunkSize });
      if (part.type === "tool_call") calls += 1;
    }
    yield chunk(envelope, {}, { finish: FINISH_REASONS[answer.stopReason] });
    if (field(field(answer.request.body, "stream_options"), "include_usage") === true) {
      yield sseFrame({ ...envelope, choices: [], usage: usage(answer) });
    }
    yield { text: "data: [DONE]\n\n", delta: false };
  },

  whole: (answer) => ({
    ...envelopeOf(answer, "chat.completion"),
    choices: [
      {
        index: 0,
        message: wholeMessage(answer.parts),
        logprobs: null,
        finish_reason: FINISH_REASONS[answer.stopReason],
      },
    ],
    usage: usage(answer),
  }),

  errorFrame: (message) => sseFrame({ error: { message, type: "server_error", param: null, code: null } }),
};

function* partChunks(
  envelope: object,
  part: AnswerPart,
  { call, chunkSize }: { call: number; chunkSize: number },
): Generator<Frame> {
  switch (part.type) {
    case "text":
      for (const content of chunkText(part.text, chunkSize))
        yield chunk(envelope, { content }, { delta: true });
      return;
    case "thinking":
      for (const text of chunkText(part.text, chunkSize)) {
        yield chunk(envelope, { reasoning_content: text }, { delta: true });
      }
      return;
    case "tool_call": {
      const head = {
        index: call,
        id: part.id,
        type: "function",
        function: { name: part.name, arguments: "" },
      };
      yield chunk(envelope, { tool_calls: [head] }, { delta: true });
      for (const text of chunkText(part.argumentsText, chunkSize)) {
        const piece = { index: call, function: { arguments: text } };
        yield chunk(envelope, { tool_calls: [piece] }, { delta: true });
      }
    }
  }
}

function chunk(envelope: object, delta: object, options: { finish?: string; delta?: boolean } = {}): Frame {
  const choice = { index: 0, delta, logprobs: null, finish_reason: options.finish ?? null };
  return sseFrame({ ...envelope, choices: [choice], usage: null }, { delta: options.delta ?? false });
}

function envelopeOf(answer: ModelAnswer, object: string): object {
  return {
    id: answer.newId("chatcmpl-"),
    object,
    created: answer.created,
    model: answer.model,
    service_tier: "default",
    system_fingerprint: "fp_stub",
  };
}

function wholeMessage(parts: readonly AnswerPart[]): object {
  const text = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const thinking = parts.flatMap((part) => (part.type === "thinking" ? [part.text] : []));
  const calls = parts.flatMap((part) =>
    part.type === "tool_call"
      ? [{ id: part.id, type: "function", function: { name: part.name, arguments: part.argumentsText } }]
      : [],
  );
  return {
    role: "assistant",
    content: text.length > 0 ? text.join("") : null,
    refusal: null,
    ...(thinking.length > 0 ? { reasoning_content: thinking.join("") } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

function usage({ usage: counts }: ModelAnswer): object {
  const prompt = counts.input + counts.cacheRead + counts.cacheWrite;
  return {
    prompt_tokens: prompt,
    completion_tokens: counts.output,
    total_tokens: prompt + counts.output,
    prompt_tokens_details: { cached_tokens: counts.cacheRead, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: counts.reasoning, audio_tokens: 0 },
  };
}
