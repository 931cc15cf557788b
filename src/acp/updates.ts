// What happens in a session as the protocol's updates. One object a conversation; it remembers what was sent of what.
import { shownPrompt } from "../app/shown-prompt.ts";
import type { AgentEvent, MessageDelta } from "../protocol/event.ts";
import type { Failure } from "../protocol/failure.ts";
import type { AssistantMessage, UserMessage } from "../protocol/message.ts";
import { CallUpdates, planUpdate } from "./call-updates.ts";
import type { ClientFeatures, SessionUpdate } from "./wire.ts";

export type UpdateOptions = {
  cwd: string;
  features: Pick<ClientFeatures, "notices" | "compactions">;
  send: (update: SessionUpdate) => void;
  /** A sentence that the client has no place for. */
  say: (sentence: string, hint?: string) => void;
  now: () => number;
};

const BEGINS_ANEW = "\n\n*[The answer was cut off and begins anew.]*\n\n";

export class Updates {
  readonly calls: CallUpdates;
  readonly #options: UpdateOptions;
  /** Parts of messages that came as deltas, by message and index. */
  readonly #streamed = new Set<string>();
  #compactions = 0;
  #compacting = false;
  #isManual = false;

  constructor(options: UpdateOptions) {
    this.#options = options;
    this.calls = new CallUpdates(options);
  }

  /** Events of the run under way. What a person wrote is not told: the client has shown it. */
  take(event: AgentEvent): void {
    switch (event.type) {
      case "message_update":
        if (event.parentToolCallId === undefined) this.#delta(event.messageId, event.delta);
        break;
      case "message_reset":
        this.#reset(event.messageId);
        break;
      case "message_end":
        if (event.parentToolCallId === undefined) this.#message(event.messageId, event.message);
        break;
      case "tool_start":
        this.calls.start(event);
        break;
      case "tool_update":
        this.calls.output(event);
        break;
      case "tool_end":
        this.calls.end(event);
        break;
      case "plan_update":
        this.#options.send(planUpdate(event.entries));
        break;
      case "compaction_start":
      case "compaction_end":
        this.#compaction(event);
        break;
      case "retry_start":
        this.#options.say(`${event.error.message} Trying again in ${(event.delayMs / 1_000).toFixed(1)} s.`);
        break;
      case "notice":
        this.notice(event.level, event.message, event.hint);
        break;
    }
  }

  /** An event of a saved session: with what the person wrote, without what was only of its moment. */
  replay(event: AgentEvent): void {
    if (event.type === "notice" || event.type === "retry_start") return;
    if (event.type === "compaction_end" && !this.#options.features.compactions) return;
    if (event.type === "message_end" && event.message.role === "user")
      this.#prompt(event.messageId, event.message);
    this.take(event);
  }

  /** Where the client shows no notices, what matters stands among the thoughts: never in the answer. */
  notice(level: "info" | "warning" | "error", message: string, hint?: string): void {
    const { features, send, say } = this.#options;
    if (features.notices) {
      send({
        sessionUpdate: "notice",
        severity: level,
        title: message,
        ...(hint === undefined ? {} : { description: hint }),
      });
      return;
    }
    say(message, hint);
    if (level !== "info") {
      const text = `\n${message}${hint === undefined ? "" : ` ${hint}`}\n`;
      send({ sessionUpdate: "agent_thought_chunk", content: { type: "text", text } });
    }
  }

  /** A text of ours, as an answer: what a command has to say. */
  answer(text: string): void {
    this.#options.send({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });
  }

  #delta(messageId: string, delta: MessageDelta): void {
    switch (delta.type) {
      case "text":
      case "thinking":
        this.#streamed.add(`${messageId} ${delta.index}`);
        this.#chunk(delta.type, delta.text, messageId);
        break;
      case "tool_call":
        this.calls.announce(delta.id, delta.name);
        break;
      case "tool_arguments":
        break;
    }
  }

  #chunk(type: "text" | "thinking", text: string, messageId: string): void {
    if (text === "") return;
    const sessionUpdate = type === "text" ? "agent_message_chunk" : "agent_thought_chunk";
    this.#options.send({ sessionUpdate, content: { type: "text", text }, messageId });
  }

  /** What was sent cannot be taken back. */
  #reset(messageId: string): void {
    const sent = [...this.#streamed].filter((key) => key.startsWith(`${messageId} `));
    for (const key of sent) this.#streamed.delete(key);
    this.calls.drop();
    if (sent.length > 0) this.#chunk("text", BEGINS_ANEW, messageId);
  }

  #message(messageId: string, message: Extract<AgentEvent, { type: "message_end" }>["message"]): void {
    switch (message.role) {
      case "assistant":
        this.#answerEnd(messageId, message);
        break;
      case "tool_result":
        this.calls.result(message.toolCallId, message.toolName, message);
        break;
      case "user":
      case "system":
        break;
    }
  }

  #answerEnd(messageId: string, { content }: AssistantMessage): void {
    for (const [index, part] of content.entries()) {
      switch (part.type) {
        case "text":
        case "thinking":
          if (!this.#streamed.delete(`${messageId} ${index}`)) this.#chunk(part.type, part.text, messageId);
          break;
        case "tool_call":
          this.calls.describe(part.id, part.name, part.arguments);
          break;
      }
    }
  }

  #prompt(messageId: string, { content, source }: UserMessage): void {
    if (source === "notice") return;
    for (const part of content) {
      const shown = part.type === "text" ? { ...part, text: shownPrompt(part.text).text } : part;
      const block =
        shown.type === "text"
          ? { type: "text" as const, text: shown.text }
          : { type: "image" as const, mimeType: shown.mimeType, data: shown.data };
      this.#options.send({ sessionUpdate: "user_message_chunk", content: block, messageId });
    }
  }

  #compaction(event: Extract<AgentEvent, { type: "compaction_start" | "compaction_end" }>): void {
    const { features, send, say } = this.#options;
    // A saved one comes as its end alone.
    if (event.type === "compaction_start" || !this.#compacting) this.#compactions += 1;
    this.#compacting = event.type === "compaction_start";
    const compactionId = `compaction-${this.#compactions}`;
    if (event.type === "compaction_start") this.#isManual = event.reason === "manual";
    else if (event.summary !== null && this.#isManual) this.answer(compactedWords(event));
    if (!features.compactions) {
      if (event.type === "compaction_end") say(compactedWords(event));
      return;
    }
    if (event.type === "compaction_start") {
      send({ sessionUpdate: "compaction_update", compactionId, status: "in_progress" });
      return;
    }
    const { summary, error } = event;
    const done = summary === null ? null : [{ type: "text" as const, text: summary }];
    send({
      sessionUpdate: "compaction_update",
      compactionId,
      status: done ? "completed" : error ? "failed" : "cancelled",
      ...(done ? { summary: done } : {}),
      ...(error ? { error: error.message } : {}),
    });
  }
}

type Compacted = {
  summary: string | null;
  tokensBefore: number;
  tokensAfter: number;
  error?: Failure | undefined;
};

/** What came of it, in a sentence. */
function compactedWords({ summary, tokensBefore, tokensAfter, error }: Compacted): string {
  if (summary === null) return error?.message ?? "Nothing was summarised.";
  return `Summarised the conversation: ${tokensBefore} tokens became ${tokensAfter}.`;
}
