// ChatState: an answer of the Chat Completions API under way, as OpenAI and the many compatible services send it.
import { newId } from "../../lib/ids.ts";
import type { Model } from "../../protocol/model.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import type { Endpoint } from "../endpoint.ts";
import { type ErrorKind, providerError, toProviderError } from "../errors.ts";
import type { OpenaiState } from "../openai-sdk.ts";
import { isObject, listField, numberField, objectField, textField, type WireObject } from "../wire-fields.ts";
import { cutError } from "../wire-run.ts";
import { ReasoningDetails } from "./reasoning-details.ts";
import { readChatUsage } from "./usage.ts";

/** Fields in which services send thoughts; of several with the same text the first is read. */
const REASONING_FIELDS = ["reasoning_content", "reasoning"] as const;

/** Ends that are none; the last three are z.ai's: https://docs.z.ai/api-reference/llm/chat-completion */
const FAILED_FINISHES: Readonly<Record<string, { kind: ErrorKind; words: string } | undefined>> = {
  content_filter: { kind: "refused", words: "its content filter stopped the answer" },
  error: { kind: "server", words: "the answer stopped with an error" },
  sensitive: { kind: "refused", words: "its content filter stopped the answer" },
  network_error: { kind: "network", words: "the service lost its model" },
  model_context_window_exceeded: {
    kind: "context_overflow",
    words: "the answer filled the rest of the window",
  },
};

export class ChatState implements OpenaiState {
  readonly builder: AnswerBuilder;
  readonly #endpoint: Endpoint;
  readonly #details = new ReasoningDetails();
  /** Calls under way by the service's index: our index and the id as sent. */
  readonly #calls = new Map<number, { index: number; id: string }>();
  /** Thinking parts and the field their text came in. */
  readonly #thoughts = new Map<number, string>();
  /** The part that text or thoughts go on in. */
  #open: { type: "text" | "thinking"; index: number } | null = null;
  #finish: string | null = null;
  /** The model's own words when it declines. */
  #refusal = "";

  constructor(model: Model, endpoint: Endpoint) {
    this.builder = new AnswerBuilder(model);
    this.#endpoint = endpoint;
  }

  accept(payload: unknown): void {
    this.#payload(payload, "delta");
  }

  acceptWhole(body: unknown): void {
    this.#payload(body, "message");
    if (isObject(body) && !Array.isArray(body.choices)) {
      throw providerError("malformed_stream", "the answer has no choices", this.#endpoint);
    }
    this.#finish ??= "";
    this.close(true);
  }

  close(marked: boolean): void {
    if (this.#finish === null && !marked) {
      throw cutError(this.#endpoint);
    }
    if (this.#finish === null && this.#open === null && this.#calls.size === 0) {
      throw providerError("empty_response", "the stream had no content", this.#endpoint);
    }
    const failed = FAILED_FINISHES[this.#finish ?? ""];
    if (failed !== undefined) throw providerError(failed.kind, failed.words, this.#endpoint);
    if (this.#refusal !== "") throw providerError("refused", this.#refusal, this.#endpoint);
    this.#signThoughts();
  }

  stopReason(): "stop" | "length" {
    return this.#finish === "length" || this.#finish === "model_length" ? "length" : "stop";
  }

  /** A chunk holds its piece under `delta`, a whole answer under `message`. */
  #payload(payload: unknown, key: "delta" | "message"): void {
    if (!isObject(payload)) throw providerError("malformed_stream", "an event is no object", this.#endpoint);
    const usage = readChatUsage(payload);
    if (usage) this.builder.tokens = usage;
    const choice = listField(payload, "choices")[0];
    if (choice) this.#choice(choice, objectField(choice, key));
    if (payload.error) throw toProviderError(withStatusOf(payload.error), this.#endpoint);
  }

  #choice(choice: WireObject, piece: WireObject): void {
    this.#reasoning(piece);
    this.#content(piece.content);
    this.#refusal += textField(piece, "refusal");
    for (const call of listField(piece, "tool_calls")) this.#toolCall(call);
    const finish = choice.finish_reason;
    if (typeof finish === "string") this.#finish = finish;
  }

  #reasoning(piece: WireObject): void {
    const details = listField(piece, "reasoning_details");
    const field = REASONING_FIELDS.find((name) => textField(piece, name) !== "");
    const text = field === undefined ? this.#details.textOf(details) : textField(piece, field);
    this.#details.add(details);
    if (text === "" && details.length === 0) return;
    this.#thought(text, field ?? "reasoning_content");
  }

  /** Text, or Mistral's list of text and thinking parts. */
  #content(content: unknown): void {
    if (typeof content === "string") this.#text(content);
    if (!Array.isArray(content)) return;
    for (const part of content.filter(isObject)) {
      this.#text(textField(part, "text"));
      for (const thought of listField(part, "thinking")) this.#thought(textField(thought, "text"), "content");
    }
  }

  #text(text: string): void {
    if (text !== "") this.builder.append(this.#part("text"), text);
  }

  #thought(text: string, field: string): void {
    const index = this.#part("thinking");
    this.builder.append(index, text);
    this.#thoughts.set(index, field);
  }

  /** The open part when it is of this kind, else a new one. */
  #part(type: "text" | "thinking"): number {
    if (this.#open?.type === type) return this.#open.index;
    const index = type === "text" ? this.builder.startText() : this.builder.startThinking();
    this.#open = { type, index };
    return index;
  }

  /** A thought is sent back in the field it came in; OpenRouter's blocks, as a whole, with the first. */
  #signThoughts(): void {
    let details = this.#details.signature();
    for (const [index, field] of this.#thoughts) {
      this.builder.sign(index, details ?? field);
      details = details === undefined ? undefined : "[]";
    }
  }

  #toolCall(call: WireObject): void {
    const wireIndex = numberField(call, "index") ?? this.#indexWithout(call);
    const id = textField(call, "id");
    const { name, argumentsText } = readFunction(objectField(call, "function"));
    const known = this.#calls.get(wireIndex);
    // Some services number every call 0: a new id is then a new call.
    const isSame = known !== undefined && (id === "" || id === known.id);
    const index = isSame ? known.index : this.#startCall(id, name);
    if (!isSame) this.#calls.set(wireIndex, { index, id });
    this.builder.append(index, argumentsText);
  }

  #startCall(id: string, name: string): number {
    this.#open = null;
    return this.builder.startCall(id === "" ? `call_${newId()}` : id, name);
  }

  /** Without an index, a call with a name begins and one without goes on. */
  #indexWithout(call: WireObject): number {
    const begins = textField(objectField(call, "function"), "name") !== "";
    return begins ? this.#calls.size : this.#calls.size - 1;
  }
}

/** Ollama's own shape and some proxies send the arguments as an object. */
function readFunction(called: WireObject): { name: string; argumentsText: string } {
  const args = called.arguments;
  const argumentsText = isObject(args) ? JSON.stringify(args) : textField(called, "arguments");
  return { name: textField(called, "name"), argumentsText };
}

/** An error inside a stream names its HTTP status as `status_code` or `code`, if at all. */
function withStatusOf(error: unknown): unknown {
  if (!isObject(error)) return { message: String(error) };
  const status = numberField(error, "status_code", "code");
  return status === undefined ? error : { ...error, status };
}
