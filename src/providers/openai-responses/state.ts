// ResponsesState: an answer of OpenAI's Responses API under way; one method per event that matters to us.
// Items of the service's own tools (web search, code interpreter, ...) are not offered and not read.
import type { Model } from "../../protocol/model.ts";
import { AnswerBuilder, type TokenCounts } from "../answer-builder.ts";
import type { Endpoint } from "../endpoint.ts";
import { providerError, toProviderError } from "../errors.ts";
import type { OpenaiState } from "../openai-sdk.ts";
import { isObject, listField, numberField, objectField, textField, type WireObject } from "../wire-fields.ts";
import { cutError } from "../wire-run.ts";
import { signCall, signReasoning, signText } from "./signature.ts";

type Handler = (event: WireObject) => void;

export class ResponsesState implements OpenaiState {
  readonly builder: AnswerBuilder;
  readonly #endpoint: Endpoint;
  /** Our part of each piece of the service's, by kind, output index and place in the item. */
  readonly #parts = new Map<string, number>();
  #status: string | null = null;
  #incompleteReason = "";
  /** The model's own words when it declines. */
  #refusal = "";

  readonly #handlers: Readonly<Record<string, Handler>> = {
    "response.output_item.added": (event) => this.#itemAdded(event),
    "response.output_item.done": (event) => this.#itemDone(event),
    "response.output_text.delta": (event) => this.#delta(event, "text"),
    "response.reasoning_summary_text.delta": (event) => this.#delta(event, "thinking"),
    "response.reasoning_text.delta": (event) => this.#delta(event, "thinking"),
    "response.function_call_arguments.delta": (event) => this.#callDelta(event),
    "response.custom_tool_call_input.delta": (event) => this.#callDelta(event),
    "response.completed": (event) => this.#finished(objectField(event, "response")),
    "response.incomplete": (event) => this.#finished(objectField(event, "response")),
    "response.failed": (event) => this.#finished(objectField(event, "response")),
    error: (event) => this.#failed(isObject(event.error) ? event.error : event),
  };

  constructor(model: Model, endpoint: Endpoint) {
    this.builder = new AnswerBuilder(model);
    this.#endpoint = endpoint;
  }

  accept(payload: unknown): void {
    if (!isObject(payload)) throw providerError("malformed_stream", "an event is no object", this.#endpoint);
    const type = textField(payload, "type");
    if (type === "" && isObject(payload.error)) this.#failed(payload.error);
    this.#handlers[type]?.(payload);
  }

  acceptWhole(body: unknown): void {
    if (!isObject(body)) throw providerError("malformed_stream", "the answer is no object", this.#endpoint);
    for (const [index, item] of listField(body, "output").entries()) {
      this.#itemDone({ output_index: index, item });
    }
    this.#finished(body);
    this.close(true);
  }

  close(_marked: boolean): void {
    if (this.#status === null) {
      throw cutError(this.#endpoint);
    }
    if (this.#status === "queued" || this.#status === "in_progress") {
      throw providerError("empty_response", `the answer is only ${this.#status}`, this.#endpoint);
    }
    if (this.#incompleteReason === "content_filter") {
      throw providerError("refused", "its content filter stopped the answer", this.#endpoint);
    }
    if (this.#refusal !== "") throw providerError("refused", this.#refusal, this.#endpoint);
  }

  stopReason(): "stop" | "length" {
    return this.#status === "incomplete" ? "length" : "stop";
  }

  #itemAdded(event: WireObject): void {
    const item = objectField(event, "item");
    if (isCall(item)) this.#call(event, item);
  }

  /** The item is whole: what was not streamed is added, and the parts get what a replay needs. */
  #itemDone(event: WireObject): void {
    const item = objectField(event, "item");
    if (isCall(item)) {
      this.#complete(
        this.#call(event, item),
        textField(item, "arguments") || textField(item, "input"),
        signCall(item),
      );
    } else if (item.type === "message") this.#messageDone(event, item);
    else if (item.type === "reasoning") this.#reasoningDone(event, item);
  }

  #messageDone(event: WireObject, item: WireObject): void {
    for (const [place, content] of listField(item, "content").entries()) {
      this.#refusal += textField(content, "refusal");
      const text = textField(content, "text");
      const key = partKey(event, "text", place);
      if (text === "" && !this.#parts.has(key)) continue;
      this.#complete(this.#part(key, "text"), text, signText(item));
    }
  }

  /** One thinking part for each item: its summaries or, from open models, its own words. */
  #reasoningDone(event: WireObject, item: WireObject): void {
    const texts = [...listField(item, "summary"), ...listField(item, "content")].map((part) =>
      textField(part, "text"),
    );
    const signature = signReasoning(item);
    const key = partKey(event, "thinking");
    if (texts.join("") === "" && signature === "" && !this.#parts.has(key)) return;
    this.#complete(this.#part(key, "thinking"), texts.join(""), signature);
  }

  #complete(index: number, whole: string, signature: string): void {
    const received = this.builder.textOf(index);
    if (whole.startsWith(received)) this.builder.append(index, whole.slice(received.length));
    this.builder.sign(index, signature);
  }

  #delta(event: WireObject, type: "text" | "thinking"): void {
    const text = textField(event, "delta");
    if (text === "") return;
    const place = type === "text" ? (numberField(event, "content_index") ?? 0) : undefined;
    this.builder.append(this.#part(partKey(event, type, place), type), text);
  }

  #callDelta(event: WireObject): void {
    const index = this.#parts.get(partKey(event, "call"));
    if (index !== undefined) this.builder.append(index, textField(event, "delta"));
  }

  #part(key: string, type: "text" | "thinking"): number {
    return (
      this.#parts.get(key) ??
      this.#keep(key, type === "text" ? this.builder.startText() : this.builder.startThinking())
    );
  }

  #call(event: WireObject, item: WireObject): number {
    const key = partKey(event, "call");
    const id = textField(item, "call_id") || textField(item, "id");
    return this.#parts.get(key) ?? this.#keep(key, this.builder.startCall(id, textField(item, "name")));
  }

  #keep(key: string, index: number): number {
    this.#parts.set(key, index);
    return index;
  }

  #finished(response: WireObject): void {
    this.builder.tokens = readUsage(objectField(response, "usage"));
    if (isObject(response.error)) this.#failed(response.error);
    this.#status = textField(response, "status") || "completed";
    this.#incompleteReason = textField(objectField(response, "incomplete_details"), "reason");
    if (this.#status === "failed" || this.#status === "cancelled") this.#failed({ message: this.#status });
  }

  #failed(error: WireObject): never {
    throw toProviderError(error, this.#endpoint);
  }
}

function isCall(item: WireObject): boolean {
  return item.type === "function_call" || item.type === "custom_tool_call";
}

function partKey(event: WireObject, type: "text" | "thinking" | "call", place = 0): string {
  return `${type} ${numberField(event, "output_index") ?? textField(event, "item_id")} ${place}`;
}

/** `input_tokens` counts cached tokens too, `output_tokens` reasoning. */
function readUsage(usage: WireObject): TokenCounts {
  const details = objectField(usage, "input_tokens_details");
  const cacheRead = numberField(details, "cached_tokens") ?? 0;
  const cacheWrite = numberField(details, "cache_write_tokens") ?? 0;
  return {
    input: Math.max(0, (numberField(usage, "input_tokens") ?? 0) - cacheRead - cacheWrite),
    output: numberField(usage, "output_tokens") ?? 0,
    cacheRead,
    cacheWrite,
    reasoning: numberField(objectField(usage, "output_tokens_details"), "reasoning_tokens") ?? 0,
  };
}
