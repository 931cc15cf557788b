// The one queue of a session: what a person sent that has not taken effect yet. Holds no run, emits nothing.
import { AppError } from "../lib/app-error.ts";
import type { QueueEdit, QueueItem, QueueKind } from "../protocol/control.ts";

/** Texts (steer, follow_up) that may wait at once; pause and exit always find room. */
const QUEUE_LIMIT = 64;

type ControlQueueOptions = {
  /** Items of an earlier process; those that are no longer pending are left out. */
  items: readonly QueueItem[];
  now: () => number;
  /**
   * Called after every change with all pending items in order, followed by those that this change settled
   * (state delivered or cancelled), which are not listed again.
   */
  onChange: (items: QueueItem[]) => void;
};

type QueueText = Pick<QueueItem, "id" | "text" | "images">;

/**
 * Taking an item is two steps, because a text must be on disk before the queue may say it was delivered:
 * `take` removes it at once, so that no edit or interrupt reaches it any more, `delivered` announces it.
 */
export class ControlQueue {
  #pending: QueueItem[];
  /** Handed on to an agent that takes them in later. */
  readonly #claimed = new Set<string>();
  readonly #options: ControlQueueOptions;

  constructor(options: ControlQueueOptions) {
    this.#options = options;
    this.#pending = options.items.filter((item) => item.state === "pending");
  }

  has(kind: QueueKind): boolean {
    return this.#pending.some((item) => item.kind === kind && !this.#claimed.has(item.id));
  }

  /** Pending steers and follow-ups in order. */
  texts(): QueueItem[] {
    return this.#pending.filter(isText);
  }

  /** Throws AppError `queue.full`; the items that wait are untouched. */
  add(kind: QueueKind, { id, text, images }: QueueText): void {
    const item: QueueItem = { id, kind, text, state: "pending", time: this.#options.now() };
    if (isText(item) && this.texts().length >= QUEUE_LIMIT) {
      throw new AppError("queue.full", `The queue is full: ${QUEUE_LIMIT} messages wait already.`, {
        hint: "Wait until some are delivered, or remove some in /queue.",
      });
    }
    this.#pending.push(images ? { ...item, images } : item);
    this.#changed([]);
  }

  /** A person's change. Throws AppError `queue.unknown` when the item is no longer pending. */
  edit(edit: QueueEdit): void {
    if (edit.action === "clear") {
      this.cancel((item) => item.kind !== "pause" && !this.#claimed.has(item.id));
      return;
    }
    const index = this.#pending.findIndex((item) => item.id === edit.id);
    const item = this.#pending[index];
    if (!item) throw new AppError("queue.unknown", "That queued message was delivered or removed already.");
    if (this.#claimed.has(item.id)) {
      throw new AppError("queue.sent", "That message was handed to the agent already.", {
        hint: "Interrupt to take it back.",
      });
    }
    switch (edit.action) {
      case "edit":
        if (isText(item)) this.#pending[index] = { ...item, text: edit.text };
        break;
      case "kind":
        if (isText(item)) this.#pending[index] = { ...item, kind: edit.kind };
        break;
      case "move":
        this.#pending.splice(index, 1);
        this.#pending.splice(Math.max(0, edit.position), 0, item);
        break;
      case "remove":
        this.cancel((candidate) => candidate === item);
        return;
    }
    this.#changed([]);
  }

  /** The first pending item of the kind, removed but not announced: call `delivered` once it is safe. */
  take(kind: QueueKind): QueueItem | undefined {
    const item = this.#free(kind);
    this.#pending = this.#pending.filter((candidate) => candidate !== item);
    return item;
  }

  /** The first pending item of the kind that nobody claimed: it stays in the list, out of reach of edits. */
  claim(kind: QueueKind): QueueItem | undefined {
    const item = this.#free(kind);
    if (item) this.#claimed.add(item.id);
    return item;
  }

  /** Takes a claimed item; undefined when it was cancelled meanwhile. */
  takeClaimed(id: string): QueueItem | undefined {
    if (!this.#claimed.delete(id)) return undefined;
    const item = this.#pending.find((candidate) => candidate.id === id);
    this.#pending = this.#pending.filter((candidate) => candidate !== item);
    return item;
  }

  release(id: string): void {
    this.#claimed.delete(id);
  }

  #free(kind: QueueKind): QueueItem | undefined {
    return this.#pending.find((item) => item.kind === kind && !this.#claimed.has(item.id));
  }

  delivered(item: QueueItem): void {
    this.#changed([{ ...item, state: "delivered" }]);
  }

  /** Cancels the pending items that match and returns them, in order. */
  cancel(matches: (item: QueueItem) => boolean): QueueItem[] {
    const cancelled = this.#pending
      .filter(matches)
      .map((item): QueueItem => ({ ...item, state: "cancelled" }));
    if (cancelled.length === 0) return cancelled;
    this.#pending = this.#pending.filter((item) => !matches(item));
    for (const { id } of cancelled) this.#claimed.delete(id);
    this.#changed(cancelled);
    return cancelled;
  }

  #changed(settled: QueueItem[]): void {
    this.#options.onChange([...this.#pending, ...settled]);
  }
}

export function isText(item: QueueItem): boolean {
  return item.kind === "steer" || item.kind === "follow_up";
}
