// How OpenAI's Responses API answers. Source: https://platform.openai.com/docs/api-reference/responses-streaming
import { chunkText } from "../../lib/chunk-text.ts";
import { field } from "./json-fields.ts";
import {
  type AnswerPart,
  type Frame,
  type ModelAnswer,
  signatureFor,
  sseFrame,
  type Wire,
} from "./model-answer.ts";

/** `freeform`: a call of a custom tool, whose input is plain text. */
type Item = { part: AnswerPart; id: string; index: number; freeform: boolean };
type Send = (type: string, fields: object, delta?: boolean) => Frame;

export const responsesWire: Wire = {
  *stream(answer) {
    const send = sender();
    const envelope = envelopeOf(answer);
    const items = itemsOf(answer);
    yield send("response.created", { response: { ...envelope, status: "in_progress" } });
    yield send("response.in_progress", { response: { ...envelope, status: "in_progress" } });
    for (const item of items) {
      const place = { output_index: item.index };
      yield send("response.output_item.added", { ...place, item: emptyItem(item) });
      yield* body(item, answer.chunkSize, send);
      yield send("response.output_item.done", { ...place, item: wholeItem(item) });
    }
    const response = finished(answer, envelope, items);
    yield send(`response.${response.status}`, { response });
  },

  whole: (answer) => finished(answer, envelopeOf(answer), itemsOf(answer)),

  errorFrame: (message) =>
    sseFrame({ type: "error", code: "server_error", message, param: null }, { event: "error" }),
};

function sender(): Send {
  let sequence = 0;
  return (type, fields, delta = false) => {
    const data = { type, sequence_number: sequence, ...fields };
    sequence += 1;
    return sseFrame(data, { event: type, delta });
  };
}

function itemsOf(answer: ModelAnswer): Item[] {
  const prefixes = { text: "msg_", thinking: "rs_", tool_call: "fc_" };
  return answer.parts.map((part, index) => ({
    part,
    id: answer.newId(prefixes[part.type]),
    index,
    freeform: isFreeform(part, answer),
  }));
}

function isFreeform(part: AnswerPart, { request }: ModelAnswer): boolean {
  if (part.type !== "tool_call") return false;
  return request.tools.some(({ name, freeform }) => freeform && name === part.name);
}

function callItem(
  { id: call_id, name }: { id: string; name: string },
  { id, freeform }: Item,
  { status, given }: { status: "in_progress" | "completed"; given: string },
): object {
  const type = freeform ? "custom_tool_call" : "function_call";
  return { id, type, status, [freeform ? "input" : "arguments"]: given, call_id, name };
}

function emptyItem(item: Item): object {
  const { part, id } = item;
  switch (part.type) {
    case "text":
      return { id, type: "message", status: "in_progress", content: [], role: "assistant" };
    case "thinking":
      return { id, type: "reasoning", summary: [], encrypted_content: "" };
    case "tool_call":
      return callItem(part, item, { status: "in_progress", given: "" });
  }
}

function wholeItem(item: Item): object {
  const { part, id } = item;
  switch (part.type) {
    case "text":
      return {
        id,
        type: "message",
        status: "completed",
        content: [outputText(part.text)],
        role: "assistant",
      };
    case "thinking":
      return {
        id,
        type: "reasoning",
        summary: [{ type: "summary_text", text: part.text }],
        encrypted_content: signatureFor("openai-responses"),
      };
    case "tool_call":
      return callItem(part, item, { status: "completed", given: part.argumentsText });
  }
}

function* body({ part, id, index, freeform }: Item, chunkSize: number, send: Send): Generator<Frame> {
  const place = { item_id: id, output_index: index };
  switch (part.type) {
    case "text":
      yield* textBody(part.text, { ...place, content_index: 0 }, { chunkSize, send });
      return;
    case "thinking":
      yield* summaryBody(part.text, { ...place, summary_index: 0 }, { chunkSize, send });
      return;
    case "tool_call":
      yield* callBody(part.argumentsText, place, { chunkSize, send, freeform });
  }
}

type BodyOptions = { chunkSize: number; send: Send };

function* callBody(
  given: string,
  place: object,
  { chunkSize, send, freeform }: BodyOptions & { freeform: boolean },
): Generator<Frame> {
  const type = freeform ? "response.custom_tool_call_input" : "response.function_call_arguments";
  for (const delta of chunkText(given, chunkSize)) yield send(`${type}.delta`, { ...place, delta }, true);
  yield send(`${type}.done`, { ...place, [freeform ? "input" : "arguments"]: given });
}

function* textBody(text: string, place: object, { chunkSize, send }: BodyOptions): Generator<Frame> {
  yield send("response.content_part.added", { ...place, part: outputText("") });
  for (const delta of chunkText(text, chunkSize)) {
    yield send("response.output_text.delta", { ...place, delta, logprobs: [] }, true);
  }
  yield send("response.output_text.done", { ...place, text, logprobs: [] });
  yield send("response.content_part.done", { ...place, part: outputText(text) });
}

function* summaryBody(text: string, place: object, { chunkSize, send }: BodyOptions): Generator<Frame> {
  yield send("response.reasoning_summary_part.added", { ...place, part: { type: "summary_text", text: "" } });
  for (const delta of chunkText(text, chunkSize)) {
    yield send("response.reasoning_summary_text.delta", { ...place, delta }, true);
  }
  yield send("response.reasoning_summary_text.done", { ...place, text });
  yield send("response.reasoning_summary_part.done", { ...place, part: { type: "summary_text", text } });
}

function outputText(text: string): object {
  return { type: "output_text", annotations: [], logprobs: [], text };
}

function envelopeOf(answer: ModelAnswer): object {
  const { body: asked } = answer.request;
  return {
    id: answer.newId("resp_"),
    object: "response",
    created_at: answer.created,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: field(asked, "max_output_tokens") ?? null,
    model: answer.model,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: field(asked, "prompt_cache_key") ?? null,
    reasoning: { effort: field(field(asked, "reasoning"), "effort") ?? null, summary: null },
    service_tier: "default",
    store: field(asked, "store") ?? true,
    temperature: 1,
    text: { format: { type: "text" }, verbosity: "medium" },
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    truncation: "disabled",
    usage: null,
    user: null,
    metadata: {},
  };
}

function finished(
  answer: ModelAnswer,
  envelope: object,
  items: readonly Item[],
): Record<string, unknown> & { status: string } {
  const reasons = { stop: null, tool_use: null, length: "max_output_tokens", refusal: "content_filter" };
  const reason = reasons[answer.stopReason];
  return {
    ...envelope,
    status: reason === null ? "completed" : "incomplete",
    incomplete_details: reason === null ? null : { reason },
    output: items.map(wholeItem),
    usage: usage(answer),
  };
}

function usage({ usage: counts }: ModelAnswer): object {
  const input = counts.input + counts.cacheRead + counts.cacheWrite;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: counts.cacheRead },
    output_tokens: counts.output,
    output_tokens_details: { reasoning_tokens: counts.reasoning },
    total_tokens: input + counts.output,
  };
}
