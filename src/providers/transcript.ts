// Transcript: a conversation made anywhere, made fit for one model. Pure, and stable: more messages at the end
// never change how the earlier ones come out, so that prompt caches hit.
import { createHash } from "node:crypto";
import type { InputContent, OutputContent } from "../protocol/content.ts";
import type { AssistantMessage, Message, ToolResultMessage } from "../protocol/message.ts";
import type { Model } from "../protocol/model.ts";
import { EMPTY_RESULT, IMAGE_NOTE, INTERRUPTED_RESULT } from "./transcript.prompt.ts";

/**
 * The messages as this model may read them: thinking and signatures of other models dropped, images of a model
 * that sees none replaced by a note, every tool call followed at once by exactly one result (a missing one says
 * so as an error, one without its call is dropped), and nothing empty left.
 */
export function prepareMessages(messages: readonly Message[], model: Model): Message[] {
  const seesImages = model.input.includes("image");
  return pairResults(messages)
    .map((message) =>
      message.role === "assistant" ? ownAnswer(message, model) : readableInput(message, seesImages),
    )
    .filter((message) => message.content.length > 0);
}

export type ToolIdRule = {
  /** Matches the characters an id must not hold; with the g flag. */
  forbidden: RegExp;
  maxLength: number;
};

/**
 * Makes ids of any origin valid for a wire API. A valid id stays; another becomes what is valid of it and eight
 * characters of its hash, so that equal ids stay equal and different ones different.
 */
export function toolIdMapper({ forbidden, maxLength }: ToolIdRule): (id: string) => string {
  return (id) => {
    const clean = id.replace(forbidden, "");
    if (clean === id && id !== "" && id.length <= maxLength) return id;
    const hash = createHash("sha256").update(id).digest("hex").slice(0, 8);
    return clean.slice(0, maxLength - hash.length) + hash;
  };
}

/**
 * Results stand right behind their calls, in the order of the calls; those that came later move up. An id that
 * was used before gets a number, for services want each id once.
 */
function pairResults(messages: readonly Message[]): Message[] {
  const paired: Message[] = [];
  const uses = new Map<string, number>();
  for (const [position, message] of messages.entries()) {
    if (message.role === "tool_result") continue;
    if (message.role !== "assistant") {
      paired.push(message);
      continue;
    }
    const results = resultsAfter(messages, position);
    const content = message.content.map((part) =>
      part.type === "tool_call" ? { ...part, id: uniqueId(part.id, uses) } : part,
    );
    paired.push({ ...message, content });
    for (const [index, part] of message.content.entries()) {
      const call = content[index];
      if (part.type !== "tool_call" || call?.type !== "tool_call") continue;
      const result = results.get(part.id)?.shift() ?? interruptedResult(part.name);
      paired.push({ ...result, toolCallId: call.id });
    }
  }
  return paired;
}

function uniqueId(id: string, uses: Map<string, number>): string {
  const use = (uses.get(id) ?? 0) + 1;
  uses.set(id, use);
  return use === 1 ? id : `${id}_${use}`;
}

/** The results between this assistant message and the next, by the id of their call. */
function resultsAfter(messages: readonly Message[], position: number): Map<string, ToolResultMessage[]> {
  const results = new Map<string, ToolResultMessage[]>();
  for (let next = position + 1; next < messages.length; next++) {
    const message = messages[next];
    if (message === undefined || message.role === "assistant") break;
    if (message.role !== "tool_result") continue;
    results.set(message.toolCallId, [...(results.get(message.toolCallId) ?? []), message]);
  }
  return results;
}

function interruptedResult(toolName: string): Omit<ToolResultMessage, "toolCallId"> {
  return { role: "tool_result", toolName, content: [textOf(INTERRUPTED_RESULT)], isError: true };
}

function ownAnswer(message: AssistantMessage, model: Model): AssistantMessage {
  const isOwn = message.api === model.api && message.model === `${model.vendor}/${model.id}`;
  const content = isOwn ? message.content : withoutForeign(message.content);
  return { ...message, content: content.filter(isSubstantial).map(wellFormed) };
}

function withoutForeign(content: readonly OutputContent[]): OutputContent[] {
  return content
    .filter((part) => part.type !== "thinking")
    .map((part) => {
      const { signature: _, ...rest } = part;
      return rest;
    });
}

/** Services refuse text without a visible character. */
function isSubstantial(part: OutputContent): boolean {
  if (part.type === "tool_call" || part.signature !== undefined) return true;
  return part.text.trim() !== "";
}

/** Half a surrogate pair is no valid JSON for most services. */
function wellFormed(part: OutputContent): OutputContent {
  return part.type === "text" ? { ...part, text: part.text.toWellFormed() } : part;
}

function readableInput(message: Exclude<Message, AssistantMessage>, seesImages: boolean): Message {
  const content: InputContent[] = [];
  for (const part of message.content) {
    if (part.type === "image") content.push(seesImages ? part : textOf(IMAGE_NOTE));
    else if (part.text.trim() !== "") content.push(textOf(part.text.toWellFormed()));
  }
  if (message.role === "tool_result" && content.length === 0) content.push(textOf(EMPTY_RESULT));
  return { ...message, content };
}

function textOf(text: string): InputContent {
  return { type: "text", text };
}
