// Requests of OpenAI's Responses API. Pure: the same conversation gives the same bytes, a longer one extends them.
// Nothing is stored by the service; reasoning travels back encrypted. https://platform.openai.com/docs/guides/reasoning
import type { InputContent, OutputContent } from "../../protocol/content.ts";
import type { AssistantMessage, Message } from "../../protocol/message.ts";
import type { ModelRequest, ToolSchema } from "../../protocol/stream.ts";
import { effortWord, nearestThinking } from "../effort.ts";
import { prepareMessages, toolIdMapper } from "../transcript.ts";
import { textField } from "../wire-fields.ts";
import { readSignature } from "./signature.ts";

type Item = Record<string, unknown>;

const callId = toolIdMapper({ forbidden: /[^\w-]/g, maxLength: 64 });

/** The body for POST /responses. */
export function buildRequest(request: ModelRequest): Record<string, unknown> {
  const { model, system, messages, tools, maxOutputTokens, cacheKey } = request;
  return {
    model: model.id,
    stream: true,
    store: false,
    ...(system === "" ? {} : { instructions: system }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toTool) }),
    ...reasoningFields(request),
    ...(maxOutputTokens === undefined
      ? {}
      : { max_output_tokens: Math.min(maxOutputTokens, model.maxOutput) }),
    ...(cacheKey === undefined ? {} : { prompt_cache_key: cacheKey }),
    input: prepareMessages(messages, model).flatMap(toItems),
  };
}

function toTool({ name, description, parameters }: ToolSchema): Item {
  return { type: "function", name, description, parameters, strict: false };
}

function reasoningFields({ model, thinking }: ModelRequest): Item {
  const level = nearestThinking(model, thinking);
  if (level === null) return {};
  const effort = effortWord(model, level);
  const reasoning = level === "off" ? { effort } : { effort, summary: "auto" };
  return { ...(effort === undefined ? {} : { reasoning }), include: ["reasoning.encrypted_content"] };
}

function toItems(message: Message): Item[] {
  switch (message.role) {
    case "system":
    case "user":
      return [{ role: message.role, content: message.content.map(toInputPart) }];
    case "assistant":
      return assistantItems(message);
    case "tool_result":
      return [
        {
          type: "function_call_output",
          call_id: callId(message.toolCallId),
          output: toOutput(message.content),
        },
      ];
  }
}

function toInputPart(part: InputContent): Item {
  if (part.type === "text") return { type: "input_text", text: part.text };
  return { type: "input_image", detail: "auto", image_url: `data:${part.mimeType};base64,${part.data}` };
}

function toOutput(content: readonly InputContent[]): string | Item[] {
  if (content.some((part) => part.type === "image")) return content.map(toInputPart);
  return content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

/**
 * A reasoning item is refused without the item that follows it, and items that followed one are refused without
 * it, by their ids. So items keep their ids and reasoning only in an answer that can be sent back as it came.
 */
function assistantItems({ content, stopReason }: AssistantMessage): Item[] {
  const isWhole = stopReason !== "error" && stopReason !== "aborted" && content.every(isReplayable);
  const last = content.findLastIndex((part) => part.type !== "thinking");
  const items: Item[] = [];
  for (const part of content.slice(0, last + 1)) {
    if (part.type === "tool_call") items.push(toCall(part, isWhole));
    else if (part.type === "text") addText(items, part, isWhole);
    else if (isWhole) items.push(toReasoning(part));
  }
  return items;
}

function isReplayable(part: OutputContent): boolean {
  return part.type !== "thinking" || textField(readSignature(part.signature), "id") !== "";
}

function toCall(part: Extract<OutputContent, { type: "tool_call" }>, isWhole: boolean): Item {
  return {
    type: "function_call",
    ...(isWhole ? readSignature(part.signature) : {}),
    call_id: callId(part.id),
    name: part.name,
    arguments: JSON.stringify(part.arguments),
  };
}

/** Parts of one message of the service go back as one. */
function addText(items: Item[], part: Extract<OutputContent, { type: "text" }>, isWhole: boolean): void {
  const signature = isWhole ? readSignature(part.signature) : {};
  const content = { type: "output_text", text: part.text, annotations: [] };
  const previous = items.at(-1);
  if (textField(signature, "id") === "") items.push({ role: "assistant", content: part.text });
  else if (previous?.id === signature.id && Array.isArray(previous?.content)) {
    previous.content.push(content);
  } else
    items.push({ type: "message", role: "assistant", status: "completed", ...signature, content: [content] });
}

function toReasoning({ text, signature }: Extract<OutputContent, { type: "thinking" }>): Item {
  const { own, ...kept } = readSignature(signature);
  if (own === true)
    return { type: "reasoning", ...kept, summary: [], content: [{ type: "reasoning_text", text }] };
  return { type: "reasoning", ...kept, summary: text === "" ? [] : [{ type: "summary_text", text }] };
}
