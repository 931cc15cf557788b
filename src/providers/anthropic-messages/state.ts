// State of one Messages API answer: one method per wire event. Blocks we never asked for (server tools) are skipped.
// https://platform.claude.com/docs/en/build-with-claude/streaming
import type { AppError } from "../../lib/app-error.ts";
import { newId } from "../../lib/ids.ts";
import type { Model } from "../../protocol/model.ts";
import { AnswerBuilder, type TokenCounts } from "../answer-builder.ts";
import type { Endpoint } from "../endpoint.ts";
import { providerError } from "../errors.ts";
import { isObject, listField, numberField, objectField, textField, type WireObject } from "../wire-fields.ts";
import { cutError, type WireState } from "../wire-run.ts";
import { anthropicError, stopError } from "./errors.ts";

/** `part` is the index in the message; text and thinking get theirs with the first piece, so that none stays empty. */
type Block =
  | { type: "text" | "thinking"; part: number | null }
  | { type: "tool_call"; part: number; input: WireObject };

export class AnthropicState implements WireState {
  readonly builder: AnswerBuilder;
  readonly #endpoint: Endpoint;
  readonly #blocks = new Map<number, Block>();
  #stopReason = "";
  #stopDetails: WireObject = {};
  #begun = false;
  #stopped = false;

  constructor(model: Model, endpoint: Endpoint) {
    this.builder = new AnswerBuilder(model);
    this.#endpoint = endpoint;
  }

  /** One event of the stream. */
  accept(event: unknown): void {
    if (!isObject(event)) throw this.#malformed("an event is no object");
    const index = numberField(event, "index") ?? 0;
    switch (textField(event, "type")) {
      case "message_start":
        this.#messageStart(objectField(event, "message"));
        break;
      case "content_block_start":
        this.#blockStart(index, objectField(event, "content_block"));
        break;
      case "content_block_delta":
        this.#blockDelta(index, objectField(event, "delta"));
        break;
      case "content_block_stop":
        this.#blockStop(index);
        break;
      case "message_delta":
        this.#messageDelta(objectField(event, "delta"), objectField(event, "usage"));
        break;
      case "message_stop":
        this.#messageStop();
        break;
      case "error":
        throw anthropicError(event, this.#endpoint);
    }
  }

  /** The whole message, from an endpoint that does not stream. */
  acceptWhole(message: unknown): void {
    if (!isObject(message) || !Array.isArray(message.content)) {
      if (isObject(message) && message.error !== undefined) throw anthropicError(message, this.#endpoint);
      throw this.#malformed("the answer is no message");
    }
    this.#messageStart(message);
    for (const [index, block] of listField(message, "content").entries()) {
      this.#blockStart(index, block);
      this.#blockStop(index);
    }
    this.#messageDelta(message, {});
    this.#messageStop();
  }

  /** The answer is over. Throws when it is not whole, or ended for a reason that makes it none. */
  close(): void {
    if (!this.#begun) throw providerError("empty_response", "the stream had no message", this.#endpoint);
    if (this.#stopReason === "" && !this.#stopped) throw cutError(this.#endpoint);
    const error = stopError(this.#stopReason, this.#stopDetails, this.#endpoint);
    if (error) throw error;
  }

  stopReason(): "stop" | "length" {
    return this.#stopReason === "max_tokens" ? "length" : "stop";
  }

  /** Server tools may add a second message after the first has stopped; inside one it means a broken stream. */
  #messageStart(message: WireObject): void {
    if (this.#blocks.size > 0 && !this.#stopped) throw this.#malformed("a message began inside another");
    this.#begun = true;
    this.#stopped = false;
    this.#stopReason = "";
    this.#blocks.clear();
    this.#addUsage(objectField(message, "usage"));
  }

  #blockStart(index: number, block: WireObject): void {
    switch (textField(block, "type")) {
      case "text":
        this.#blocks.set(index, { type: "text", part: null });
        this.#append(index, textField(block, "text"));
        break;
      case "thinking":
        this.#blocks.set(index, { type: "thinking", part: null });
        this.#append(index, textField(block, "thinking"));
        this.#sign(index, textField(block, "signature"));
        break;
      case "redacted_thinking":
        this.builder.addRedactedThinking(textField(block, "data"));
        break;
      case "tool_use": {
        const part = this.builder.startCall(
          textField(block, "id") || `call_${newId()}`,
          textField(block, "name"),
        );
        this.#blocks.set(index, { type: "tool_call", part, input: objectField(block, "input") });
      }
    }
  }

  #blockDelta(index: number, delta: WireObject): void {
    switch (textField(delta, "type")) {
      case "text_delta":
        this.#append(index, textField(delta, "text"));
        break;
      case "thinking_delta":
        this.#append(index, textField(delta, "thinking"));
        break;
      case "input_json_delta":
        this.#append(index, textField(delta, "partial_json"));
        break;
      case "signature_delta":
        this.#sign(index, textField(delta, "signature"));
        break;
    }
  }

  /** Endpoints that do not cut the arguments put them into the block's start. */
  #blockStop(index: number): void {
    const block = this.#blocks.get(index);
    if (block?.type !== "tool_call" || this.builder.textOf(block.part) !== "") return;
    if (Object.keys(block.input).length > 0) this.builder.append(block.part, JSON.stringify(block.input));
  }

  #messageDelta(delta: WireObject, usage: WireObject): void {
    this.#stopReason = textField(delta, "stop_reason") || this.#stopReason;
    this.#stopDetails = objectField(delta, "stop_details");
    this.#addUsage(usage);
  }

  #messageStop(): void {
    this.#stopped = true;
  }

  #append(index: number, text: string): void {
    const block = this.#blocks.get(index);
    if (!block || text === "") return;
    block.part ??= block.type === "text" ? this.builder.startText() : this.builder.startThinking();
    this.builder.append(block.part, text);
  }

  #sign(index: number, signature: string): void {
    const block = this.#blocks.get(index);
    if (block?.type !== "thinking" || signature === "") return;
    block.part ??= this.builder.startThinking();
    this.builder.sign(block.part, signature);
  }

  /** Counts are running totals: a later one replaces an earlier one, null and absence leave it. */
  #addUsage(usage: WireObject): void {
    const { input, output, cacheRead, cacheWrite, reasoning } = this.builder.tokens;
    const details = objectField(usage, "output_tokens_details");
    const tokens: TokenCounts = {
      input: numberField(usage, "input_tokens") ?? input,
      output: numberField(usage, "output_tokens") ?? output,
      cacheRead: numberField(usage, "cache_read_input_tokens") ?? cacheRead,
      cacheWrite: numberField(usage, "cache_creation_input_tokens") ?? cacheWrite,
      reasoning: numberField(details, "thinking_tokens") ?? reasoning,
    };
    this.builder.tokens = tokens;
  }

  #malformed(words: string): AppError {
    return providerError("malformed_stream", words, this.#endpoint);
  }
}
