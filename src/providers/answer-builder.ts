// AnswerBuilder: the assistant message under construction. Wire states feed it; it knows no wire format.
import { type AppError, toFailure } from "../lib/app-error.ts";
import type { OutputContent, ToolCallContent } from "../protocol/content.ts";
import type { AssistantMessage, StopReason } from "../protocol/message.ts";
import type { Model } from "../protocol/model.ts";
import type { ModelEvent } from "../protocol/stream.ts";
import type { Usage } from "../protocol/usage.ts";
import { priceUsage } from "./pricing.ts";

export type TokenCounts = Omit<Usage, "cost">;

const NO_TOKENS: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 };

type Delta = Extract<ModelEvent, { type: "text_delta" | "thinking_delta" | "tool_call_delta" }>;
type CallDraft = { content: ToolCallContent; argumentsText: string };
type Part = { content: Exclude<OutputContent, ToolCallContent> } | CallDraft;

/**
 * Parts are known by their index in the final message: start one when its first piece is there, an empty one
 * would stay. What happened waits in `take` for the consumer.
 */
export class AnswerBuilder {
  /** What the service said so far; the wire state keeps it up to date. */
  tokens: TokenCounts = NO_TOKENS;
  readonly #model: Model;
  readonly #parts: Part[] = [];
  #events: ModelEvent[] = [];

  constructor(model: Model) {
    this.#model = model;
  }

  startText(): number {
    return this.#parts.push({ content: { type: "text", text: "" } }) - 1;
  }

  startThinking(): number {
    return this.#parts.push({ content: { type: "thinking", text: "" } }) - 1;
  }

  startCall(id: string, name: string): number {
    const content: ToolCallContent = { type: "tool_call", id, name, arguments: {} };
    const index = this.#parts.push({ content, argumentsText: "" }) - 1;
    this.#events.push({ type: "tool_call_start", index, id, name });
    return index;
  }

  /** Thinking whose text the vendor withholds. */
  addRedactedThinking(data: string): void {
    this.#parts.push({ content: { type: "thinking", text: "", signature: data, redacted: true } });
  }

  /** More text of a text or thinking part, or more JSON of a call's arguments. */
  append(index: number, text: string): void {
    const part = this.#parts[index];
    if (!part || text === "") return;
    if ("argumentsText" in part) {
      part.argumentsText += text;
      this.#push({ type: "tool_call_delta", index, argumentsText: text });
    } else {
      part.content.text += text;
      this.#push({ type: part.content.type === "text" ? "text_delta" : "thinking_delta", index, text });
    }
  }

  /** The vendor's opaque token for a part; a later one replaces an earlier one. */
  sign(index: number, signature: string): void {
    const part = this.#parts[index];
    if (part && signature !== "") part.content.signature = signature;
  }

  /** Text of a part so far, or the raw arguments of a call. */
  textOf(index: number): string {
    const part = this.#parts[index];
    if (!part) return "";
    return "argumentsText" in part ? part.argumentsText : part.content.text;
  }

  /** Pieces of the same part become one as long as nobody took the first. */
  #push(event: Delta): void {
    const last = this.#events.at(-1);
    if (last?.type !== event.type || last.index !== event.index) this.#events.push(event);
    else if (last.type === "tool_call_delta" && event.type === "tool_call_delta") {
      last.argumentsText += event.argumentsText;
    } else if (last.type !== "tool_call_delta" && event.type !== "tool_call_delta") last.text += event.text;
  }

  /** The events since the last call, in order. */
  take(): ModelEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** The finished message. An answer that stopped by itself and holds calls wants them run. */
  finish(ended: "stop" | "length"): AssistantMessage {
    const content = this.#parts.map((part) => ("argumentsText" in part ? finishedCall(part) : part.content));
    const hasCalls = content.some((part) => part.type === "tool_call");
    return this.#message(content, ended === "stop" && hasCalls ? "tool_use" : ended);
  }

  /** What is left when it failed: text and thinking so far, never a call, for none of them may run. */
  fail(stopReason: "error" | "aborted", error: AppError): AssistantMessage {
    const content: OutputContent[] = [];
    for (const part of this.#parts) if (!("argumentsText" in part)) content.push(part.content);
    return { ...this.#message(content, stopReason), error: toFailure(error) };
  }

  #message(content: OutputContent[], stopReason: StopReason): AssistantMessage {
    return {
      role: "assistant",
      content,
      stopReason,
      usage: priceUsage(this.#model.price, this.tokens),
      model: `${this.#model.vendor}/${this.#model.id}`,
      api: this.#model.api,
    };
  }
}

function finishedCall({ content, argumentsText }: CallDraft): ToolCallContent {
  const parsed = readArguments(argumentsText);
  return parsed ? { ...content, arguments: parsed } : { ...content, invalidArguments: argumentsText };
}

/** Some services send no text for a call without arguments, and some the object as JSON inside a JSON string. */
function readArguments(text: string): Record<string, unknown> | null {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "string") return readArguments(value);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
