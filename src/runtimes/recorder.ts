// The recorder: turns the events of any runtime into session entries. THE ONLY session writer.
import { AppError, type FailureData, toFailure } from "../lib/app-error.ts";
import type { AgentEvent, MessageDelta } from "../protocol/event.ts";
import type { EntryDraft } from "../session/state-entry.ts";
import type { SessionStore } from "../session/store.ts";

export interface Recorder {
  /**
   * Records one event. Resolves when what must survive a crash is written: prompts and ends of steps and runs also
   * on the device. Never rejects for a failing disk (see `onFailure`). Events are written in the order of the calls.
   */
  record(event: AgentEvent): Promise<void>;
  /** Moves the branch: the next entry follows `targetId` (null: the branch begins anew). */
  moveLeaf(targetId: string | null): Promise<void>;
  setName(name: string): Promise<void>;
  setLabel(targetId: string, label: string): Promise<void>;
  /** Writes what is under way and closes the store. What cannot be saved even now is told, with where it is kept. */
  close(): Promise<void>;
}

export type RecorderOptions = {
  store: SessionStore;
  /** Told once when the disk begins to fail; again only after it worked in between. Entries wait in memory. */
  onFailure: (failure: FailureData) => void;
  /** Told when what waited in memory is in the file after all. */
  onRecovery?: () => void;
  /** Calls back once after `milliseconds`; gives the function that cancels. Tests pass their own. */
  setTimer?: (callback: () => void, milliseconds: number) => () => void;
};

/** SPEC: an answer under way is written at least once a second; the rest is for a busy event loop. */
const PARTIAL_INTERVAL_MS = 500;
/** What waits for the disk is tried again also while nothing happens. */
const RETRY_MS = 5_000;

export function createRecorder(options: RecorderOptions): Recorder {
  return new EventRecorder(options);
}

class EventRecorder implements Recorder {
  #store: SessionStore;
  #onFailure: (failure: FailureData) => void;
  #setTimer: NonNullable<RecorderOptions["setTimer"]>;
  #failing = false;
  /** Deltas of answers under way that are not written yet, by message. */
  #pending = new Map<string, MessageDelta[]>();
  /** Messages of which a part was written. */
  #begun = new Set<string>();
  #cancelTimer: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;
  readonly #onRecovery: () => void;
  #queue = "[]";

  constructor({ store, onFailure, onRecovery = () => undefined, setTimer = startTimer }: RecorderOptions) {
    this.#store = store;
    this.#onFailure = onFailure;
    this.#onRecovery = onRecovery;
    this.#setTimer = setTimer;
    this.#queue = JSON.stringify(store.state.queue);
  }

  async record(event: AgentEvent): Promise<void> {
    if ("parentToolCallId" in event && event.parentToolCallId !== undefined) return; // A subagent's own talk.
    switch (event.type) {
      case "message_update":
        this.#addDelta(event.messageId, event.delta);
        return;
      case "message_reset":
        return this.#resetMessage(event.messageId);
      case "message_end":
        return this.#endMessage(event);
      case "queue_changed":
        return this.#changeQueue(event);
      case "state_changed":
        if (event.to !== "paused" && event.from !== "paused") return;
        return this.#guard(() => this.#store.setPaused(event.to === "paused"));
      case "step_end":
        return this.#guard(() => this.#store.sync());
      case "run_end":
        await Promise.all([this.#writePartials(), this.#append(draftOf(event), true)]);
        return;
    }
    return this.#append(draftOf(event));
  }

  moveLeaf(targetId: string | null): Promise<void> {
    return this.#append({ type: "leaf", targetId });
  }

  setName(name: string): Promise<void> {
    return this.#append({ type: "name", name });
  }

  setLabel(targetId: string, label: string): Promise<void> {
    return this.#append({ type: "label", targetId, label });
  }

  async close(): Promise<void> {
    await this.#writePartials();
    this.#cancelRetry?.();
    try {
      await this.#guard(() => this.#store.close());
    } catch (error) {
      // The last word, whatever was told before.
      if (!(error instanceof AppError) || error.code !== "session.unsaved") throw error;
      this.#onFailure(toFailure(error));
    }
  }

  #addDelta(messageId: string, delta: MessageDelta): void {
    const deltas = this.#pending.get(messageId) ?? [];
    this.#pending.set(messageId, deltas);
    addMerged(deltas, delta);
    this.#cancelTimer ??= this.#setTimer(() => void this.#writePartials(), PARTIAL_INTERVAL_MS);
  }

  async #resetMessage(messageId: string): Promise<void> {
    this.#pending.delete(messageId);
    if (!this.#begun.delete(messageId)) return;
    await this.#append({ type: "partial", messageId, deltas: [], reset: true });
  }

  async #endMessage({ messageId, message }: Extract<AgentEvent, { type: "message_end" }>): Promise<void> {
    this.#pending.delete(messageId);
    this.#begun.delete(messageId);
    await this.#append({ type: "message", id: messageId, message }, message.role === "user");
  }

  async #changeQueue({ items }: Extract<AgentEvent, { type: "queue_changed" }>): Promise<void> {
    const queue = JSON.stringify(items);
    if (queue === this.#queue) return;
    this.#queue = queue;
    await this.#append({ type: "queue", items });
  }

  async #writePartials(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const pending = [...this.#pending];
    this.#pending.clear();
    const writes = pending.map(([messageId, deltas]) => {
      this.#begun.add(messageId);
      return this.#append({ type: "partial", messageId, deltas });
    });
    await Promise.all(writes);
  }

  async #append(draft: EntryDraft | null, sync = false): Promise<void> {
    if (draft) await this.#guard(() => this.#store.append(draft, { sync }));
  }

  async #guard(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "session.write") throw error;
      this.#fail(toFailure(error));
      return;
    }
    if (!this.#failing) return;
    this.#failing = false;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#onRecovery();
  }

  #fail(failure: FailureData): void {
    if (!this.#failing) this.#onFailure(failure);
    this.#failing = true;
    this.#cancelRetry ??= this.#setTimer(() => {
      this.#cancelRetry = null;
      void this.#guard(() => this.#store.sync());
    }, RETRY_MS);
  }
}

type PlainEvent = Exclude<
  AgentEvent,
  {
    type: "message_update" | "message_reset" | "message_end" | "queue_changed" | "state_changed" | "step_end";
  }
>;

/** The entry of an event that needs nothing but itself; null for what is not stored. */
function draftOf(event: PlainEvent): EntryDraft | null {
  switch (event.type) {
    case "run_start":
    case "run_end":
    case "notice":
    case "results_dropped":
      return event;
    case "role_changed":
      return { ...event, type: "role" };
    case "system_changed":
      return { ...event, type: "system" };
    case "plan_update":
      return { ...event, type: "plan" };
    case "compaction_end":
      return compactionDraft(event);
    case "checkpoint": {
      const { checkpointId, ...fields } = event;
      return { ...fields, id: checkpointId };
    }
    case "model_changed":
      return { ...event, type: "model" };
    case "mode_changed":
      return { ...event, type: "mode" };
    case "runtime_changed": {
      const { runtime, externalSessionId } = event;
      return { type: "runtime", runtime, ...(externalSessionId === undefined ? {} : { externalSessionId }) };
    }
    case "approval_resolved": {
      const { toolCallId, outcome, reason } = event;
      return { type: "approval", toolCallId, outcome, ...(reason === undefined ? {} : { reason }) };
    }
    case "step_start":
    case "message_start":
    case "tool_start":
    case "tool_update":
    case "tool_end":
    case "approval_request":
    case "queue_returned":
    case "retry_start":
    case "compaction_start":
    case "settled":
      return null;
  }
}

/** A compaction that failed or was aborted leaves no entry. */
function compactionDraft(event: Extract<AgentEvent, { type: "compaction_end" }>): EntryDraft | null {
  const { error, summary, ...rest } = event;
  return summary === null || error ? null : { ...rest, type: "compaction", summary };
}

/** Neighbouring pieces of one text become one delta. */
function addMerged(deltas: MessageDelta[], delta: MessageDelta): void {
  const last = deltas.at(-1);
  if (
    !last ||
    last.index !== delta.index ||
    last.type !== delta.type ||
    !("text" in last) ||
    !("text" in delta)
  ) {
    deltas.push(delta);
    return;
  }
  deltas[deltas.length - 1] = { ...last, text: last.text + delta.text };
}

function startTimer(callback: () => void, milliseconds: number): () => void {
  const timer = setTimeout(callback, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
}
