// The log: the newest items of the conversation as wholes, for the full-screen transcript. Bounded.
import type { TranscriptItem } from "../../app/transcript-item.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import { Channel } from "../channel.ts";
import { TranscriptFeed } from "./feed.ts";

/** Items kept; older ones are in the session file. */
const MOST_ITEMS = 5_000;

type Part = Extract<TranscriptItem, { kind: "assistant" | "thinking" }>;

export class TranscriptLog {
  /** Finished items, oldest first; a new list whenever one is added. */
  readonly items = new Channel<readonly TranscriptItem[]>([]);
  /** Runs that began so far. */
  run = 0;
  /** Some of the oldest items are gone. */
  trimmed = false;
  #holders = 0;
  readonly #runs = new WeakMap<TranscriptItem, number>();
  readonly #now: () => number;
  #feed: TranscriptFeed;
  /** Parts of the answer that is being streamed, by their place in it. */
  readonly #parts = new Map<number, Part>();
  #live: readonly TranscriptItem[] | null = [];

  constructor(now: () => number) {
    this.#now = now;
    this.#feed = new TranscriptFeed(now);
  }

  /** Another conversation: nothing of the one before is part of it. */
  restart(): void {
    this.#feed = new TranscriptFeed(this.#now);
    this.#parts.clear();
    this.#live = null;
    this.run = 0;
    this.trimmed = false;
    this.items.set([]);
  }

  /** Nothing is dropped, and so keeps its place, until the given function was called. */
  hold(): () => void {
    this.#holders += 1;
    return () => {
      this.#holders -= 1;
    };
  }

  /** The run in which an item came. */
  runOf(item: TranscriptItem): number {
    return this.#runs.get(item) ?? this.run;
  }

  /** What may still change: the answer under way, calls that run. The same list as long as nothing did. */
  live(): readonly TranscriptItem[] {
    this.#live ??= [...this.#parts.values(), ...this.#feed.openItems()];
    return this.#live;
  }

  apply(event: AgentEvent): void {
    this.#live = null;
    if (event.type === "run_start") this.run += 1;
    switch (event.type) {
      case "message_update":
        // Deltas add nothing to the whole message that follows them.
        if (event.parentToolCallId === undefined) this.#extend(event);
        return;
      case "message_start":
      case "message_reset":
      case "message_end":
      case "run_end":
        this.#parts.clear();
        break;
    }
    this.#feed.apply(event);
    this.#take();
  }

  add(item: TranscriptItem): void {
    this.#feed.add(item);
    this.#take();
  }

  #extend({ messageId, delta }: Extract<AgentEvent, { type: "message_update" }>): void {
    if (delta.type !== "text" && delta.type !== "thinking") return;
    const id = `${messageId}-${delta.index}`;
    const text = (this.#parts.get(delta.index)?.text ?? "") + delta.text;
    const part: Part =
      delta.type === "text"
        ? { kind: "assistant", id, text, speaker: "" }
        : { kind: "thinking", id, text, live: true };
    this.#parts.set(delta.index, part);
  }

  #take(): void {
    const taken = this.#feed.takeItems().map(withoutImages);
    if (taken.length === 0) return;
    for (const item of taken) this.#runs.set(item, this.run);
    const items = [...this.items.get(), ...taken];
    const isOver = items.length > MOST_ITEMS && this.#holders === 0;
    this.trimmed ||= isOver;
    this.items.set(isOver ? items.slice(-MOST_ITEMS) : items);
  }
}

/** The list names images and keeps none: one may be as large as a thousand other items. */
function withoutImages(item: TranscriptItem): TranscriptItem {
  if ((item.kind !== "user" && item.kind !== "tool") || !item.pictures) return item;
  return { ...item, pictures: item.pictures.map(({ name }) => ({ name })) };
}
