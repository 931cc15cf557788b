// The answer that is being streamed: its parts become segments as they come.
import type { TranscriptItem } from "../../app/transcript-item.ts";
import type { MessageDelta } from "../../protocol/event.ts";
import type { AssistantMessage } from "../../protocol/message.ts";
import { itemSegment, type Segment, textSegment } from "./segment.ts";

export class OpenMessage {
  readonly id: string;
  readonly #introduce: () => string;
  readonly #now: () => number;
  readonly #parts = new Map<number, Segment>();
  /** Name of the tool whose call is being written. */
  preparing = "";

  /** `introduce` gives the name to stand above a text that begins; "" where nobody needs to be named. */
  constructor(id: string, introduce: () => string, now: () => number) {
    this.id = id;
    this.#now = now;
    this.#introduce = introduce;
  }

  /** The segment that begins with this delta, or null when it goes on with one. */
  extend(delta: MessageDelta): Segment | null {
    switch (delta.type) {
      case "tool_call":
        this.finish();
        this.preparing = delta.name;
        return null;
      case "tool_arguments":
        return null;
      case "text":
      case "thinking":
        return this.#extendText(delta);
    }
  }

  /** Ends the parts that are open: nothing more comes of them. */
  finish(): void {
    for (const segment of this.#parts.values()) {
      if (segment.done) continue;
      segment.done = true;
      if (segment.kind === "item" && segment.item.kind === "thinking") {
        segment.item = { ...segment.item, live: false };
      }
    }
  }

  /** True when rows of it are out already and cannot be taken back. */
  begun(): boolean {
    return this.segments().some((segment) => segment.kind === "text" && segment.begun);
  }

  segments(): Segment[] {
    return [...this.#parts.values()];
  }

  /** Items for the parts of the whole message that did not come as deltas: of a replay, or of a mute stream. */
  missing(message: AssistantMessage): TranscriptItem[] {
    return message.content.flatMap((part, index): TranscriptItem[] => {
      const id = `${this.id}-${index}`;
      if (this.#parts.has(index)) return [];
      if (part.type === "text")
        return [{ kind: "assistant", id, text: part.text, speaker: this.#introduce() }];
      if (part.type === "thinking") return [{ kind: "thinking", id, text: part.text, live: false }];
      return [];
    });
  }

  #extendText(delta: Extract<MessageDelta, { type: "text" | "thinking" }>): Segment | null {
    const known = this.#parts.get(delta.index);
    const segment = known ?? this.#begin(delta);
    if (segment.kind === "text") segment.stream.push(delta.text);
    else if (segment.item.kind === "thinking") {
      segment.item = { ...segment.item, text: segment.item.text + delta.text };
    }
    return known ? null : segment;
  }

  #begin(delta: Extract<MessageDelta, { type: "text" | "thinking" }>): Segment {
    this.finish();
    const id = `${this.id}-${delta.index}`;
    const segment: Segment =
      delta.type === "text"
        ? textSegment(this.#introduce())
        : itemSegment({ kind: "thinking", id, text: "", live: true, startedMs: this.#now() }, false);
    this.#parts.set(delta.index, segment);
    return segment;
  }
}
