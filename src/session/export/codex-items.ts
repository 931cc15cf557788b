// Our messages as items of OpenAI's Responses API, in which Codex keeps its talk and sends it to its model. Pure.
import type { InputContent, OutputContent } from "../../protocol/content.ts";
import type { Message, ToolResultMessage } from "../../protocol/message.ts";
import { callId } from "./foreign-ids.ts";
import { summaryText } from "./handover.prompt.ts";

/** What Codex's model is sent of a message; empty where nothing of it can be. */
export function codexItems(message: Message): unknown[] {
  switch (message.role) {
    case "system":
      return [userItem([{ type: "text", text: summaryText(textOf(message.content)) }])];
    case "user":
      return message.content.length === 0 ? [] : [userItem(message.content)];
    case "assistant":
      return message.content.map(answerItem).filter((item) => item !== null);
    case "tool_result":
      return [resultItem(message)];
  }
}

export function userItem(content: readonly InputContent[]): unknown {
  return { type: "message", role: "user", content: content.map(inputPart) };
}

/** Null for what stays behind: thinking, since the service takes only what it encrypted itself, and empty text. */
export function answerItem(part: OutputContent): unknown {
  switch (part.type) {
    case "text":
      if (part.text.trim() === "") return null;
      return { type: "message", role: "assistant", content: [{ type: "output_text", text: part.text }] };
    case "tool_call": {
      const call = { name: functionName(part.name), arguments: JSON.stringify(part.arguments) };
      return { type: "function_call", ...call, call_id: callId(part.id) };
    }
    case "thinking":
      return null;
  }
}

export function resultItem({ toolCallId, content }: ToolResultMessage): unknown {
  const images = content.some(({ type }) => type === "image");
  const output = images ? content.map(inputPart) : textOf(content);
  return { type: "function_call_output", call_id: callId(toolCallId), output };
}

/** As the service takes it: letters, digits, _ and -, 64 at most. */
function functionName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64) || "tool";
}

function inputPart(part: InputContent): unknown {
  if (part.type === "text") return { type: "input_text", text: part.text };
  return { type: "input_image", image_url: `data:${part.mimeType};base64,${part.data}` };
}

export function textOf(content: readonly InputContent[]): string {
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
