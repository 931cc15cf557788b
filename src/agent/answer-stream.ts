// AnswerStream: turns the events of one model response into our message events. Records nothing, decides nothing.
import { toFailure } from "../lib/app-error.ts";
import type { EmitEvent, MessageDelta } from "../protocol/event.ts";
import type { AssistantMessage } from "../protocol/message.ts";
import type { ModelEvent, ModelRequest, StreamFn } from "../protocol/stream.ts";
import { NO_USAGE } from "../protocol/usage-sum.ts";
import { post, postNotice } from "./post.ts";
import type { Activity } from "./run-control.ts";

type AnswerStreamOptions = {
  messageId: string;
  stream: StreamFn;
  emit: EmitEvent;
  setState: (activity: Activity) => void;
};

/** One answer under one message id, however often it has to be asked for. */
export class AnswerStream {
  readonly #options: AnswerStreamOptions;
  #started = false;
  #hasText = false;

  constructor(options: AnswerStreamOptions) {
    this.#options = options;
  }

  /** Asks once and resolves to the whole answer. Never throws: a failure is an answer with stopReason error. */
  async ask(request: ModelRequest, signal: AbortSignal): Promise<AssistantMessage> {
    this.#options.setState("streaming");
    try {
      for await (const event of this.#options.stream(request, { signal })) {
        if (event.type === "end") return event.message;
        this.#take(event);
      }
      return failedAnswer(request, signal, new Error("The model's stream ended without an answer."));
    } catch (error) {
      return failedAnswer(request, signal, error);
    }
  }

  /** Voids what was shown of the answer so far. */
  reset(): void {
    const { messageId, emit } = this.#options;
    if (this.#hasText) post(emit, { type: "message_reset", messageId });
    this.#hasText = false;
  }

  /** Resolves when the answer is recorded. */
  async end(message: AssistantMessage): Promise<void> {
    this.#start();
    await this.#options.emit({ type: "message_end", messageId: this.#options.messageId, message });
  }

  #take(event: Exclude<ModelEvent, { type: "end" }>): void {
    const { emit, setState } = this.#options;
    switch (event.type) {
      case "start":
        setState("streaming");
        this.#start();
        break;
      case "text_delta":
        this.#update({ type: "text", index: event.index, text: event.text });
        break;
      case "thinking_delta":
        this.#update({ type: "thinking", index: event.index, text: event.text });
        break;
      case "tool_call_start":
        this.#update({ type: "tool_call", index: event.index, id: event.id, name: event.name });
        break;
      case "tool_call_delta":
        this.#update({ type: "tool_arguments", index: event.index, text: event.argumentsText });
        break;
      case "retry": {
        const { type: _, ...retry } = event;
        this.reset();
        post(emit, { type: "retry_start", ...retry });
        setState("retrying");
        break;
      }
      case "fallback": {
        this.reset();
        const message = `${event.from} failed, ${event.to} answers instead: ${event.error.message}`;
        postNotice(emit, "warning", { code: "model.fallback", message });
        break;
      }
    }
  }

  #update(delta: MessageDelta): void {
    if (!this.#hasText) this.#options.setState("streaming");
    this.#start();
    this.#hasText = true;
    post(this.#options.emit, { type: "message_update", messageId: this.#options.messageId, delta });
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    const { messageId, emit } = this.#options;
    post(emit, { type: "message_start", messageId, role: "assistant" });
  }
}

function failedAnswer({ model }: ModelRequest, signal: AbortSignal, error: unknown): AssistantMessage {
  return {
    role: "assistant",
    content: [],
    stopReason: signal.aborted ? "aborted" : "error",
    usage: NO_USAGE,
    model: `${model.vendor}/${model.id}`,
    api: model.api,
    ...(signal.aborted ? {} : { error: toFailure(error) }),
  };
}
