// State of one Gemini answer: one method for each kind of part. Parts of Google's own tools are skipped.
// https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse
import { newId } from "../../lib/ids.ts";
import type { Model } from "../../protocol/model.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import type { Endpoint } from "../endpoint.ts";
import { providerError } from "../errors.ts";
import { isObject, listField, numberField, objectField, textField, type WireObject } from "../wire-fields.ts";
import { cutError, type WireState } from "../wire-run.ts";
import { finishError } from "./errors.ts";

export class GoogleState implements WireState {
  readonly builder: AnswerBuilder;
  readonly #endpoint: Endpoint;
  /** The text or thinking part that the next piece of its kind continues. */
  #open: { type: "text" | "thinking"; index: number } | null = null;
  #usage: WireObject = {};
  #begun = false;
  #finishReason = "";
  #finishMessage = "";

  constructor(model: Model, endpoint: Endpoint) {
    this.builder = new AnswerBuilder(model);
    this.#endpoint = endpoint;
  }

  /** One chunk of the stream; a whole answer is a stream of one. */
  accept(chunk: unknown): void {
    if (!isObject(chunk)) throw providerError("malformed_stream", "a chunk is no object", this.#endpoint);
    this.#addUsage(objectField(chunk, "usageMetadata"));
    this.#promptFeedback(objectField(chunk, "promptFeedback"));
    const candidate = listField(chunk, "candidates")[0];
    if (!candidate) return;
    this.#begun = true;
    for (const part of listField(objectField(candidate, "content"), "parts")) this.#part(part);
    this.#finishReason = textField(candidate, "finishReason") || this.#finishReason;
    this.#finishMessage = textField(candidate, "finishMessage") || this.#finishMessage;
  }

  /** The answer is over. Throws when it is not whole, or ended for a reason that makes it none. */
  close(): void {
    if (!this.#begun) throw providerError("empty_response", "the answer had no candidate", this.#endpoint);
    if (this.#finishReason === "") throw cutError(this.#endpoint);
    const error = finishError(this.#finishReason, this.#finishMessage, this.#endpoint);
    if (error) throw error;
  }

  stopReason(): "stop" | "length" {
    return this.#finishReason === "MAX_TOKENS" ? "length" : "stop";
  }

  #part(part: WireObject): void {
    const signature = textField(part, "thoughtSignature");
    if (isObject(part.functionCall)) this.#functionCall(part.functionCall, signature);
    else if (typeof part.text === "string") {
      this.#text(part.thought === true ? "thinking" : "text", part.text, signature);
    }
  }

  /** Calls come whole. Only some have an id of the service. */
  #functionCall(call: WireObject, signature: string): void {
    const name = textField(call, "name");
    if (name === "") throw providerError("malformed_stream", "a tool call has no name", this.#endpoint);
    const index = this.builder.startCall(textField(call, "id") || `call_${newId()}`, name);
    this.builder.append(index, JSON.stringify(objectField(call, "args")));
    this.builder.sign(index, signature);
    this.#open = null;
  }

  /** A signed part must come back as it was: what follows it begins a new one. */
  #text(type: "text" | "thinking", text: string, signature: string): void {
    if (text !== "") {
      if (this.#open?.type !== type) {
        const index = type === "text" ? this.builder.startText() : this.builder.startThinking();
        this.#open = { type, index };
      }
      this.builder.append(this.#open.index, text);
    }
    if (signature === "" || this.#open === null) return;
    this.builder.sign(this.#open.index, signature);
    this.#open = null;
  }

  #promptFeedback(feedback: WireObject): void {
    const reason = textField(feedback, "blockReason");
    if (reason === "") return;
    const words = textField(feedback, "blockReasonMessage");
    throw providerError("refused", words === "" ? reason : `${reason}: ${words}`, this.#endpoint);
  }

  /**
   * Counts are running totals and not every chunk repeats them all. The prompt's contains the cached part, the
   * answer's leaves thoughts out.
   */
  #addUsage(usage: WireObject): void {
    this.#usage = { ...this.#usage, ...usage };
    const count = (key: string) => numberField(this.#usage, key) ?? 0;
    const cacheRead = count("cachedContentTokenCount");
    const reasoning = count("thoughtsTokenCount");
    this.builder.tokens = {
      input: Math.max(0, count("promptTokenCount") + count("toolUsePromptTokenCount") - cacheRead),
      output: count("candidatesTokenCount") + reasoning,
      cacheRead,
      cacheWrite: 0,
      reasoning,
    };
  }
}
