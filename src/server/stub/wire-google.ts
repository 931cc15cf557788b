// How Google's generateContent answers. Source: https://ai.google.dev/api/generate-content
import { chunkText } from "../../lib/chunk-text.ts";
import {
  type AnswerPart,
  type Frame,
  type ModelAnswer,
  parsedArguments,
  signatureFor,
  sseFrame,
  type Wire,
} from "./model-answer.ts";

const FINISH_REASONS = { stop: "STOP", length: "MAX_TOKENS", tool_use: "STOP", refusal: "SAFETY" };

export const googleWire: Wire = {
  *stream(answer) {
    const tail = tailOf(answer);
    for (const part of answer.parts) {
      for (const piece of pieces(part, answer.chunkSize)) {
        yield sseFrame({ candidates: [candidate([piece])], ...tail }, { delta: true });
      }
    }
    const last = { ...candidate([{ text: "" }]), finishReason: FINISH_REASONS[answer.stopReason] };
    yield sseFrame({ candidates: [last], ...tail });
  },

  whole: (answer) => ({
    candidates: [
      {
        ...candidate(answer.parts.flatMap((part) => [...pieces(part, Number.MAX_SAFE_INTEGER)])),
        finishReason: FINISH_REASONS[answer.stopReason],
      },
    ],
    ...tailOf(answer),
  }),

  errorFrame: (message): Frame => sseFrame({ error: { code: 503, message, status: "UNAVAILABLE" } }),
};

function* pieces(part: AnswerPart, chunkSize: number): Generator<object> {
  switch (part.type) {
    case "text":
      for (const text of chunkText(part.text, chunkSize)) yield { text };
      return;
    case "thinking":
      for (const text of chunkText(part.text, chunkSize)) yield { text, thought: true };
      return;
    case "tool_call":
      yield {
        functionCall: { id: part.id, name: part.name, args: parsedArguments(part.argumentsText) },
        thoughtSignature: signatureFor("google-generative"),
      };
  }
}

function candidate(parts: object[]): object {
  return { content: { parts, role: "model" }, index: 0 };
}

/** `candidatesTokenCount` leaves the thoughts out; `promptTokenCount` holds the cached part. */
function tailOf({ usage, model, newId }: ModelAnswer): object {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    usageMetadata: {
      promptTokenCount: prompt,
      ...(usage.cacheRead > 0 ? { cachedContentTokenCount: usage.cacheRead } : {}),
      candidatesTokenCount: usage.output - usage.reasoning,
      ...(usage.reasoning > 0 ? { thoughtsTokenCount: usage.reasoning } : {}),
      totalTokenCount: prompt + usage.output,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: prompt }],
    },
    modelVersion: model,
    responseId: newId(""),
  };
}
