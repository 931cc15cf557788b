// The log: the newest items of the conversation as wholes, for the full-screen transcript. Bounded.
import type { TranscriptItem } from "../../app/transcript-item.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import { Channel } from "../channel.ts";
import { TranscriptFeed } from "./feed.ts";

/** Items kept; older ones are in the session file. */
const MOST_ITEMS = 5_000;

export class TranscriptLog {
  /** Finished items, oldest first; a new list whenever one is added. */
  readonly items = new Channel<readonly TranscriptItem[]>([]);
  readonly #feed: TranscriptFeed;

  constructor(now: () => number) {
    this.#feed = new TranscriptFeed(now);
  }

  apply(event: AgentEvent): void {
    // Deltas add nothing to the whole message that follows them.
    if (event.type === "message_update" || event.type === "tool_update") return;
    this.#feed.apply(event);
    this.#take();
  }

  add(item: TranscriptItem): void {
    this.#feed.add(item);
    this.#take();
  }

  #take(): void {
    const taken = this.#feed.takeItems();
    if (taken.length > 0) this.items.set([...this.items.get(), ...taken].slice(-MOST_ITEMS));
  }
}
