// The voice of the screen-reader mode: each event in words, once, when it is over; answers as they come, line by line.

import type { TranscriptItem } from "../../app/transcript-item.ts";
import { programVersion } from "../../app/version.ts";
import { createTextSanitizer, sanitizeText, type TextSanitizer } from "../../lib/ansi.ts";
import type { QueueItem } from "../../protocol/control.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import { TranscriptFeed } from "../transcript/feed.ts";
import { sayItem, sayQuestion, toolName } from "./say-item.ts";
import { SpokenMarkdown } from "./spoken-markdown.ts";
import type { Voice } from "./voice.ts";

type TextDelta = Extract<AgentEvent, { type: "message_update" }>;
type OpenPart = { clean: TextSanitizer; markdown: SpokenMarkdown; begun: boolean };

/** A tool that is not done after this long is told to be running. */
const LONG_TOOL_MS = 3_000;

/** `onLines` is called when there are lines that no event made. */
export function createSpokenVoice(onLines: () => void): Voice {
  return new SpokenVoice(onLines);
}

class SpokenVoice implements Voice {
  readonly prompts = { input: "Your message: ", answer: "Type y, a, or n and a reason: " };
  readonly #onLines: () => void;
  readonly #feed = new TranscriptFeed(Date.now);
  /** Parts of answers that were said as they came; null once they are over. */
  readonly #parts = new Map<string, OpenPart | null>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #speaker = "Hearth";
  #thinking = "";
  #queued: readonly string[] = [];
  #lines: string[] = [];

  constructor(onLines: () => void) {
    this.#onLines = onLines;
  }

  apply(event: AgentEvent): void {
    switch (event.type) {
      case "message_update":
        if (event.parentToolCallId === undefined) this.#hear(event);
        return;
      case "message_end":
      case "message_reset":
        this.#endParts(event.messageId);
        break;
      case "run_start":
        this.#speaker = speakerOf(event.runtime);
        break;
      case "message_start":
        if (event.runtime !== undefined) this.#speaker = speakerOf(event.runtime);
        break;
      case "tool_start":
        this.#watch(event.toolCallId);
        break;
      case "tool_end":
        this.#unwatch(event.toolCallId);
        break;
      case "queue_changed":
        this.#sayQueued(event.items);
        break;
      case "state_changed":
        if (event.to === "paused") this.#lines.push("Paused. Type /continue to go on.");
        if (event.to === "compacting") this.#lines.push("Compacting the conversation.");
        break;
    }
    if (event.type === "message_reset") this.#lines.push("The answer broke off; it begins again.");
    if (event.type === "run_end") for (const id of [...this.#timers.keys()]) this.#unwatch(id);
    this.#feed.apply(event);
    this.#take();
  }

  add(item: TranscriptItem): void {
    this.#feed.add(item);
    this.#take();
  }

  lines(): string[] {
    return this.#lines.splice(0);
  }

  opening: Voice["opening"] = ({ conversation, cwd }) => {
    const model = sanitizeText(conversation.state().model.split("/").at(-1) || "no model");
    return [`Hearth ${programVersion()}, model ${model}, in ${sanitizeText(cwd)}. Type /help for help.`];
  };

  question: Voice["question"] = (request) => sayQuestion(request);

  #take(): void {
    for (const item of this.#feed.takeItems()) {
      if (item.kind === "assistant" && this.#parts.delete(item.id)) continue;
      this.#lines.push(...sayItem(item));
    }
  }

  #hear({ messageId, delta }: TextDelta): void {
    if (delta.type === "thinking" && this.#thinking !== messageId) {
      this.#thinking = messageId;
      this.#lines.push("Thinking.");
    }
    if (delta.type !== "text") return;
    const id = `${messageId}-${delta.index}`;
    const known = this.#parts.get(id);
    if (known === null) return;
    const part = known ?? { clean: createTextSanitizer(), markdown: new SpokenMarkdown(), begun: false };
    this.#parts.set(id, part);
    this.#say(part, part.markdown.push(part.clean.push(delta.text)));
  }

  #say(part: OpenPart, lines: readonly string[]): void {
    if (lines.length === 0) return;
    if (!part.begun) this.#lines.push(`${this.#speaker} says:`);
    part.begun = true;
    this.#lines.push(...lines);
  }

  #endParts(messageId: string): void {
    for (const [id, part] of this.#parts) {
      if (part === null || !id.startsWith(`${messageId}-`)) continue;
      this.#say(part, [...part.markdown.push(part.clean.end()), ...part.markdown.end()]);
      this.#parts.set(id, null);
    }
  }

  #watch(id: string): void {
    const timer = setTimeout(() => {
      const item = this.#feed.openItems().find((open) => open.kind === "tool" && open.id === id);
      if (item?.kind !== "tool" || item.status !== "running") return;
      this.#lines.push(`${toolName(item)}: running.`);
      this.#onLines();
    }, LONG_TOOL_MS);
    timer.unref();
    this.#timers.set(id, timer);
  }

  #unwatch(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #sayQueued(items: readonly QueueItem[]): void {
    const pending = items.filter((item) => item.state === "pending");
    for (const { id, kind, text } of pending) {
      if (this.#queued.includes(id) || (kind !== "steer" && kind !== "follow_up")) continue;
      const when = kind === "steer" ? "goes after the running tools" : "goes when this is done";
      this.#lines.push(`Queued, ${when}: ${sanitizeText(text).replaceAll(/\s+/g, " ")}`);
    }
    this.#queued = pending.map((item) => item.id);
  }
}

function speakerOf(runtime: string): string {
  return runtime === "native" ? "Hearth" : sanitizeText(runtime);
}
