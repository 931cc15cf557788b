// Requests of the Chat Completions API. Pure: the same conversation gives the same bytes, a longer one extends them.
import { createHash } from "node:crypto";
import type { ImageContent, InputContent, OutputContent } from "../../protocol/content.ts";
import type { AssistantMessage, Message, ToolResultMessage } from "../../protocol/message.ts";
import type { ModelRequest, ToolSchema } from "../../protocol/stream.ts";
import { prepareMessages, toolIdMapper } from "../transcript.ts";
import { type ChatCompat, chatCompat } from "./compat.ts";
import { thinkingFields } from "./thinking-fields.ts";
import { SEE_IMAGES, TOOL_IMAGES } from "./tool-images.prompt.ts";

type Wire = Record<string, unknown>;
type Writer = { compat: ChatCompat; callId: (id: string) => string };

/** OpenAI takes at most 40 characters. */
const plainCallId = toolIdMapper({ forbidden: /[^\w.:-]/g, maxLength: 40 });

/** The body for POST /chat/completions. */
export function buildRequest(request: ModelRequest): Wire {
  const { model, tools, thinking, maxOutputTokens } = request;
  const compat = chatCompat(model);
  return {
    model: model.id,
    stream: true,
    ...(compat.supportsUsageInStreaming === false ? {} : { stream_options: { include_usage: true } }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toTool) }),
    ...thinkingFields(model, thinking, compat),
    ...(maxOutputTokens === undefined
      ? {}
      : { [compat.maxTokensField ?? "max_tokens"]: Math.min(maxOutputTokens, model.maxOutput) }),
    ...(compat.cacheControlFormat === "anthropic" ? { cache_control: { type: "ephemeral" } } : {}),
    messages: toMessages(request, compat),
  };
}

function toTool({ name, description, parameters }: ToolSchema): Wire {
  return { type: "function", function: { name, description, parameters } };
}

function toMessages({ model, system, messages }: ModelRequest, compat: ChatCompat): Wire[] {
  const writer = { compat, callId: compat.toolCallIds === "mistral" ? mistralCallId : plainCallId };
  const first = { role: compat.supportsDeveloperRole === true ? "developer" : "system", content: system };
  const written: Wire[] = system === "" ? [] : [first];
  const prepared = prepareMessages(messages, model);
  let images: ImageContent[] = [];
  for (const [position, message] of prepared.entries()) {
    written.push(...toWire(message, writer));
    if (message.role !== "tool_result") continue;
    images.push(...message.content.filter((part) => part.type === "image"));
    if (prepared[position + 1]?.role === "tool_result" || images.length === 0) continue;
    written.push(userMessage([{ type: "text", text: TOOL_IMAGES }, ...images]));
    images = [];
  }
  return written;
}

function toWire(message: Message, writer: Writer): Wire[] {
  switch (message.role) {
    case "system":
      return [systemMessage(message.content, writer.compat)];
    case "user":
      return [userMessage(message.content)];
    case "assistant":
      return assistantMessage(message, writer);
    case "tool_result":
      return [toolMessage(message, writer)];
  }
}

/** Many chat templates fail on a system message that is not the first. */
function systemMessage(content: readonly InputContent[], compat: ChatCompat): Wire {
  return {
    ...userMessage(content),
    role: compat.supportsMidConvoSystemMessages === true ? "system" : "user",
  };
}

function userMessage(content: readonly InputContent[]): Wire {
  const hasImages = content.some((part) => part.type === "image");
  return { role: "user", content: hasImages ? content.map(toPart) : textOf(content, "\n") };
}

function toPart(part: InputContent): Wire {
  if (part.type === "text") return { type: "text", text: part.text };
  return { type: "image_url", image_url: { url: `data:${part.mimeType};base64,${part.data}` } };
}

function toolMessage({ toolCallId, content }: ToolResultMessage, { callId }: Writer): Wire {
  const text = textOf(content, "\n");
  return { role: "tool", tool_call_id: callId(toolCallId), content: text === "" ? SEE_IMAGES : text };
}

function assistantMessage({ content }: AssistantMessage, { compat, callId }: Writer): Wire[] {
  const text = textOf(content, "");
  const calls = content
    .filter((part) => part.type === "tool_call")
    .map(({ id, name, arguments: args }) => ({
      id: callId(id),
      type: "function",
      function: { name, arguments: JSON.stringify(args) },
    }));
  if (text === "" && calls.length === 0) return [];
  return [
    {
      role: "assistant",
      content: text === "" ? null : text,
      ...reasoningFields(content, text, compat),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
  ];
}

/** Thoughts go back in the field they came in (the signature, see ChatState); may replace the content (Mistral). */
function reasoningFields(content: readonly OutputContent[], text: string, compat: ChatCompat): Wire {
  const thoughts = content.filter((part) => part.type === "thinking" && part.signature !== undefined);
  const field = thoughts[0]?.signature ?? "";
  const thought = textOf(thoughts, "", "thinking");
  const empty = compat.requiresReasoningContentOnAssistantMessages === true ? { reasoning_content: "" } : {};
  if (field === "reasoning_content" || field === "reasoning") return { ...empty, [field]: thought };
  if (field.startsWith("[")) return { ...empty, reasoning_details: JSON.parse(field) };
  if (field !== "content") return empty;
  const thinking = { type: "thinking", thinking: [{ type: "text", text: thought }] };
  return { content: [thinking, ...(text === "" ? [] : [{ type: "text", text }])] };
}

function textOf(
  content: readonly (InputContent | OutputContent)[],
  separator: string,
  type: "text" | "thinking" = "text",
): string {
  return content.flatMap((part) => (part.type === type && "text" in part ? [part.text] : [])).join(separator);
}

/** Mistral refuses every other form; the hash keeps equal ids equal. */
function mistralCallId(id: string): string {
  return /^[a-zA-Z0-9]{9}$/.test(id) ? id : createHash("sha256").update(id).digest("hex").slice(0, 9);
}
