// The control loop: makes a steerable session out of a function that runs one prompt. Serves native and external
// runtimes alike; knows neither models nor tools.
import { AppError, toFailure } from "../lib/app-error.ts";
import type { ImageContent } from "../protocol/content.ts";
import type { ControlMessage, QueueEdit, QueueItem } from "../protocol/control.ts";
import type { AgentState, EmitEvent } from "../protocol/event.ts";
import type { UserMessage } from "../protocol/message.ts";
import type { ThinkingLevel } from "../protocol/model.ts";
import { ControlQueue, isText } from "./control-queue.ts";
import { post, postNotice } from "./post.ts";
import { ActiveRun, type ClaimedSteer, type RunControl } from "./run-control.ts";
import { type RunItemOptions, runItem } from "./run-item.ts";
import type { TranscriptEntry } from "./transcript.ts";

export type SettingMessage = Extract<ControlMessage, { type: "set_model" | "set_thinking" | "set_mode" }>;

export type ControlLoopOptions = RunItemOptions & {
  /** Absent: this runtime cannot compact. What it throws becomes an error notice. */
  compact?: (input: { hint?: string; control: RunControl; emit: EmitEvent }) => Promise<void>;
  /** Applies a setting and emits its event; what it throws becomes an error notice. Done before the next run. */
  applySetting: (message: SettingMessage) => Promise<void>;
  /** Pending texts of an earlier process wait for the next prompt or resume. */
  queue: readonly QueueItem[];
  /** Whether the session was left paused; a pause or exit item in `queue` says nothing here. */
  paused: boolean;
  emit: EmitEvent;
};

export interface ControlLoop {
  /** Takes any message at any time; what cannot be done is answered by a notice event. */
  send(message: ControlMessage): void;
  /** Interrupts what runs and resolves when its end is out. Queued texts stay pending for the next start. */
  close(): Promise<void>;
}

export function createControlLoop(options: ControlLoopOptions): ControlLoop {
  const loop = new SessionLoop(options);
  return { send: (message) => loop.send(message), close: () => loop.close() };
}

type Submission = { text: string; images?: ImageContent[] | undefined; id?: string | undefined };
type TextKind = "steer" | "follow_up";

class SessionLoop {
  readonly #options: ControlLoopOptions;
  readonly #queue: ControlQueue;
  /** Thinking of queued prompts, which a queue item does not carry. */
  readonly #thinking = new Map<string, ThinkingLevel>();
  readonly #submitted = new Set<string>();
  #state: AgentState = "idle";
  #run: ActiveRun | null = null;
  /** A prompt that came while idle: it starts at once and is never seen in the queue. */
  #starting: QueueItem | null = null;
  #compaction: { hint?: string } | null = null;
  #settings: Promise<void> = Promise.resolve();
  /** True while jobs are taken; then `#done` is their end. */
  #working = false;
  #done: Promise<void> = Promise.resolve();
  /** Restored texts wait until the person sends or resumes something. */
  #holding: boolean;
  #owesSettled = false;
  #leaving = false;
  #closed = false;

  constructor(options: ControlLoopOptions) {
    this.#options = options;
    this.#queue = new ControlQueue({
      items: options.queue.filter(isText),
      now: options.now,
      onChange: (items) => post(options.emit, { type: "queue_changed", items }),
    });
    for (const item of options.queue) this.#submitted.add(item.id);
    this.#holding = this.#queue.texts().length > 0;
    if (options.paused) this.#pause();
    this.#show();
  }

  send(message: ControlMessage): void {
    if (this.#closed || this.#leaving) return;
    switch (message.type) {
      case "prompt":
        this.#submit("follow_up", message, message.thinking);
        break;
      case "follow_up":
        this.#submit("follow_up", message);
        break;
      case "steer":
        this.#submit("steer", message);
        if (message.now && this.#queue.has("steer")) this.#run?.steerNow();
        break;
      case "pause":
        this.#pause();
        break;
      case "resume":
        this.#resume();
        break;
      case "interrupt":
        this.#interrupt();
        break;
      case "approve":
        this.#approve(message);
        break;
      case "set_model":
      case "set_thinking":
      case "set_mode":
        this.#applySetting(message);
        break;
      case "compact":
        this.#requestCompaction(message.hint);
        break;
      case "queue":
        this.#edit(message.edit);
        break;
      case "background":
        this.#moveToBackground(message.toolCallId);
        break;
      case "exit":
        this.#exit(message.now ?? false);
        break;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#run?.interrupt();
    await this.#done;
  }

  #submit(
    kind: TextKind,
    { text, images, id = this.#options.newId() }: Submission,
    thinking?: ThinkingLevel,
  ): void {
    if (text.trim() === "" && !images?.length) return;
    if (this.#submitted.has(id)) return;
    const content = images ? { id, text, images } : { id, text };
    if (this.#working || this.#paused()) {
      if (!this.#enqueue(kind, content)) return;
    } else {
      this.#starting = { ...content, kind: "follow_up", state: "pending", time: this.#options.now() };
    }
    this.#submitted.add(id);
    if (thinking) this.#thinking.set(id, thinking);
    this.#holding = false;
    this.#owesSettled = true;
    this.#wake();
  }

  /** False when there was no room: the text went back to the person. */
  #enqueue(kind: TextKind, content: Pick<QueueItem, "id" | "text" | "images">): boolean {
    try {
      this.#queue.add(kind, content);
      return true;
    } catch (error) {
      this.#notice("error", error);
      this.#handBack([{ ...content, kind, state: "cancelled", time: this.#options.now() }]);
      return false;
    }
  }

  #handBack(items: QueueItem[]): void {
    if (items.length > 0) post(this.#options.emit, { type: "queue_returned", items });
  }

  /** The pause is a queue item that stays pending until resume, so that it outlives the process. */
  #pause(): void {
    if (!this.#paused()) this.#queue.add("pause", { id: this.#options.newId(), text: "" });
    this.#show();
  }

  #paused(): boolean {
    return this.#queue.has("pause");
  }

  #resume(): void {
    const pause = this.#queue.take("pause");
    if (pause) this.#queue.delivered(pause);
    if (this.#holding) this.#owesSettled = true;
    this.#holding = false;
    this.#run?.release();
    this.#wake();
  }

  #interrupt(): void {
    this.#compaction = null;
    this.#handBack(this.#queue.cancel(() => true).filter(isText));
    this.#run?.interrupt();
    this.#wake();
  }

  #exit(now: boolean): void {
    if (now) {
      this.#leaving = true;
      this.#run?.interrupt();
    } else if (!this.#queue.has("exit")) {
      this.#queue.add("exit", { id: this.#options.newId(), text: "" });
    }
    this.#wake();
  }

  #approve({
    requestId,
    outcome,
    reason,
    arguments: args,
  }: Extract<ControlMessage, { type: "approve" }>): void {
    const answer = {
      outcome,
      ...(reason === undefined ? {} : { reason }),
      ...(args === undefined ? {} : { arguments: args }),
    };
    if (this.#run?.answer(requestId, answer)) return;
    this.#notice("info", new AppError("approval.closed", "That approval is no longer open."));
  }

  #moveToBackground(toolCallId: string | undefined): void {
    if (this.#run?.moveToBackground(toolCallId)) return;
    const what = `Nothing that ${this.#options.runtime} runs now can go on in the background.`;
    this.#notice("info", new AppError("control.background", what));
  }

  #applySetting(message: SettingMessage): void {
    this.#settings = this.#settings
      .then(() => this.#options.applySetting(message))
      .catch((error: unknown) => this.#notice("error", error));
  }

  #requestCompaction(hint: string | undefined): void {
    if (!this.#options.compact) {
      this.#notice("error", new AppError("compaction.unsupported", "This runtime keeps its own context."));
      return;
    }
    this.#compaction = hint === undefined ? {} : { hint };
    this.#owesSettled = true;
    this.#wake();
  }

  #edit(edit: QueueEdit): void {
    const paused = this.#paused();
    try {
      this.#queue.edit(edit);
    } catch (error) {
      this.#notice("warning", error);
    }
    if (paused && !this.#paused()) this.#resume();
    else this.#wake();
  }

  /** Starts the next job when nothing runs. Jobs go on one after another until none may. */
  #wake(): void {
    if (this.#working) return;
    this.#working = true;
    this.#done = this.#work();
  }

  async #work(): Promise<void> {
    for (let job = this.#nextJob(); job; job = this.#nextJob()) await job();
    this.#working = false;
    this.#rest();
  }

  #nextJob(): (() => Promise<void>) | null {
    if (this.#paused() || this.#leaving || this.#closed) return null;
    const { hint } = this.#compaction ?? {};
    if (this.#compaction) {
      this.#compaction = null;
      return () => this.#compact(hint);
    }
    const starting = this.#starting;
    this.#starting = null;
    if (starting) return () => this.#runOne(starting, false);
    if (this.#holding) return null;
    const item = this.#queue.take("steer") ?? this.#queue.take("follow_up");
    return item ? () => this.#runOne(item, true) : null;
  }

  /** Nothing runs and nothing may start: say so, once. */
  #rest(): void {
    this.#show();
    if (this.#closed) return;
    const exit = this.#queue.take("exit");
    if (exit) this.#queue.delivered(exit);
    if (exit || this.#leaving) {
      this.#closed = true;
      post(this.#options.emit, { type: "settled", exit: true });
    } else if (
      this.#owesSettled &&
      (this.#holding || this.#queue.texts().length === 0) &&
      !this.#compaction
    ) {
      this.#owesSettled = false;
      post(this.#options.emit, { type: "settled" });
    }
  }

  async #runOne(item: QueueItem, queued: boolean): Promise<void> {
    const thinking = this.#thinking.get(item.id);
    this.#thinking.delete(item.id);
    const deliver = async () => {
      const prompt = await this.#deliver(item, queued);
      await this.#settings;
      return prompt;
    };
    await runItem(this.#activate(), { item, thinking, deliver }, this.#options);
    this.#run = null;
  }

  async #compact(hint: string | undefined): Promise<void> {
    const run = this.#activate();
    try {
      await this.#settings;
      await this.#options.compact?.({
        ...(hint === undefined ? {} : { hint }),
        control: run,
        emit: run.emit,
      });
    } catch (error) {
      this.#notice("error", error);
    }
    this.#run = null;
  }

  #activate(): ActiveRun {
    const run = new ActiveRun({
      emit: this.#options.emit,
      paused: () => this.#paused(),
      hasSteers: () => this.#queue.has("steer"),
      takeSteer: async () => {
        const item = this.#queue.take("steer");
        return item && this.#deliver(item, true);
      },
      claimSteer: () => this.#claimSteer(),
      onView: () => this.#show(),
    });
    this.#run = run;
    return run;
  }

  #claimSteer(): ClaimedSteer | undefined {
    const item = this.#queue.claim("steer");
    return (
      item && {
        id: item.id,
        content: contentOf(item),
        deliver: async () => {
          const taken = this.#queue.takeClaimed(item.id);
          return taken && this.#deliver(taken, true);
        },
        release: () => this.#queue.release(item.id),
      }
    );
  }

  /**
   * The only way a text reaches a run: on disk first, under the item's own id, so that a queue restored after a
   * crash can tell what was delivered. A text that cannot be recorded goes back to the person.
   */
  async #deliver(item: QueueItem, queued: boolean): Promise<TranscriptEntry> {
    const message: UserMessage = {
      role: "user",
      content: contentOf(item),
      source: queued && item.kind === "steer" ? "steer" : queued ? "follow_up" : "prompt",
    };
    try {
      await this.#options.emit({ type: "message_end", messageId: item.id, message });
    } catch (error) {
      this.#handBack([{ ...item, state: "cancelled" }]);
      throw error;
    }
    if (queued) this.#queue.delivered(item);
    return { id: item.id, message };
  }

  #show(): void {
    const to = this.#run ? this.#run.view() : this.#paused() ? "paused" : "idle";
    const from = this.#state;
    if (to === null || to === from) return;
    this.#state = to;
    post(this.#options.emit, { type: "state_changed", from, to });
  }

  #notice(level: "info" | "warning" | "error", error: unknown): void {
    postNotice(this.#options.emit, level, toFailure(error));
  }
}

function contentOf({ text, images }: QueueItem): UserMessage["content"] {
  return [...(text ? [{ type: "text" as const, text }] : []), ...(images ?? [])];
}
