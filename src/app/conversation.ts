// The conversation in progress: its store, its recorder, its events and the runtime that is at work. Every event of
// any runtime passes here: into the state, to the subscribers, onto the disk.
import { AppError } from "../lib/app-error.ts";
import type { RouteReason } from "../protocol/audit.ts";
import type { ControlMessage, QueueItem } from "../protocol/control.ts";
import type { AgentEvent } from "../protocol/event.ts";
import type { AssistantMessage } from "../protocol/message.ts";
import { createRecorder, type Recorder } from "../runtimes/recorder.ts";
import { createRunCheckpoints, type RunCheckpoints } from "../runtimes/run-checkpoints.ts";
import {
  type AgentChoice,
  type ChoiceCategory,
  type HistoryEntry,
  NATIVE,
  type RuntimeHealth,
  type RuntimeSession,
  type RuntimeStart,
} from "../runtimes/runtime.ts";
import { sessionContext } from "../session/context.ts";
import type { SessionBranch } from "../session/read.ts";
import { replayEvents } from "../session/replay.ts";
import type { SessionNotice } from "../session/session-notice.ts";
import type { SessionStore } from "../session/store.ts";
import type { Conversation } from "./app.ts";
import type { ConversationOptions } from "./conversation-options.ts";
import { createEventHub } from "./event-hub.ts";
import { extendHistory } from "./history.ts";
import { answerOf, newestAnswer } from "./last-answer.ts";
import { refusalOf } from "./read-only.ts";
import { restoredState } from "./restored-state.ts";
import { createTurnRouter } from "./routing/create-turn-router.ts";
import { type Started, startRuntime } from "./routing/runtime-starter.ts";
import type { TurnRouter } from "./routing/turn-router.ts";
import { settingEvent } from "./setting-event.ts";
import { ShellLines } from "./shell-lines.ts";
import { initialState, reduceState, type SessionState } from "./state.ts";
import { storageNotice } from "./storage-notice.ts";

/** What the app may do with a conversation beside what frontends may. */
export type LiveConversation = Conversation & {
  readonly recorder: Recorder;
  readonly store: SessionStore;
  emit: (event: AgentEvent) => Promise<void>;
  /** Shows what reading the file had to tell; writes nothing. */
  tell: (notice: SessionNotice) => void;
  history: () => readonly HistoryEntry[];
  /** Shows a name that was recorded. */
  setName: (name: string) => void;
  /** Resolves when no checkpoint of a run is under way. */
  checkpointsAtRest: () => Promise<void>;
  /** Ends the active runtime; the next message starts `name` with the conversation so far. */
  switchRuntime: (name: string, detail: string, reason?: RouteReason | null) => Promise<void>;
  /** Why the runtime in force is; null: nobody chose. */
  routeReason: () => RouteReason | null;
  /** How the runtime in force is; null while it is not started. */
  health: () => RuntimeHealth | null;
  /** What the external agent in force lets one choose from, which starts it; null where it is native or offers nothing. */
  agentChoice: (category: ChoiceCategory) => Promise<AgentChoice | null>;
  close: () => Promise<void>;
};

export function createConversation(options: ConversationOptions): LiveConversation {
  return new SessionConversation(options);
}

class SessionConversation implements LiveConversation {
  readonly sessionId: string;
  readonly store: SessionStore;
  readonly recorder: Recorder;
  readonly #options: ConversationOptions;
  readonly #hub;
  readonly #checkpoints: RunCheckpoints;
  readonly #stop = new AbortController();
  readonly #watchers = new Set<() => void>();
  #state: SessionState;
  #history: HistoryEntry[];
  #lastAnswer: AssistantMessage | null = null;
  readonly #shells: ShellLines;
  /** Ends shell lines, and gives up the starts that messages so far wait for. */
  #interruption = new AbortController();
  /** The message or switch before the next: they take effect in the order in which they came. */
  #last: Promise<unknown> = Promise.resolve();
  #session: Promise<RuntimeSession> | null = null;
  /** The same, once it has started. */
  #started: Started | null = null;
  readonly #router: TurnRouter;
  /** Of each external agent the session that its part of this branch is in. */
  #externalSessions: Record<string, string>;
  /** True when the history holds something the running runtime was not told. */
  #stale = false;
  /** Queue of the process before, or of the runtime before, for the next one that starts. */
  #restore: { queue: SessionBranch["state"]["queue"]; paused: boolean };

  constructor(options: ConversationOptions) {
    const { store, branch, now } = options;
    this.#options = options;
    this.store = store;
    this.sessionId = store.header.id;
    const known = branch && sessionContext(branch);
    this.#history = [...(known?.history ?? [])];
    this.#state = initialState({
      ...(branch ? restoredState(branch) : {}),
      ...options.settings,
      stateSinceMs: now(),
    });
    this.#externalSessions = { ...known?.externalSessions };
    this.#restore = { queue: known?.queue ?? [], paused: options.keepsPause && hasPause(known?.queue ?? []) };
    this.#hub = createEventHub({ sessionId: this.sessionId, now });
    const { checkpoints, newId } = options;
    this.#checkpoints = createRunCheckpoints({ checkpoints, emit: (event) => this.emit(event), newId });
    this.#shells = new ShellLines({
      ...options,
      state: () => this.#state,
      show: (shells) => this.#change({ shells }),
      runEnd: () => this.#runEnd(),
      // Runtimes hold the history they were started with: the next message starts this one anew.
      onDone: (event) => {
        this.#stale = true;
        return this.emit(event);
      },
    });
    this.#router = createTurnRouter(options, {
      state: () => this.#state,
      history: () => this.#history,
      startOf: (history) => this.#startOptions(NATIVE, history, this.#stop.signal),
      isUnchanged: () => this.#checkpoints.isUnchanged(),
      emit: (event) => this.emit(event),
    });
    this.recorder = createRecorder({
      store,
      onFailure: (failure) => this.#hub.publish(storageNotice(failure)),
      onRecovery: () => this.#hub.publish(storageNotice(null)),
    });
  }

  get file(): string | null {
    return this.store.path;
  }

  state(): SessionState {
    return this.#state;
  }

  subscribe: Conversation["subscribe"] = (listener) => this.#hub.subscribe(listener);

  onChange(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => {
      this.#watchers.delete(listener);
    };
  }

  history(): readonly HistoryEntry[] {
    return this.#history;
  }

  tell(notice: SessionNotice): void {
    this.#hub.publish({ type: "notice", ...notice });
  }

  checkpointsAtRest = (): Promise<void> => this.#checkpoints.rest();

  setName(name: string): void {
    this.#change({ name });
  }

  lastAnswer(): AssistantMessage | null {
    return this.#lastAnswer ?? newestAnswer(this.#history);
  }

  readonly emit = (event: AgentEvent): Promise<void> => {
    this.#state = reduceState(this.#state, event, this.#options.now());
    this.#router.follow(event);
    this.#history = extendHistory(this.#history, event);
    this.#lastAnswer = answerOf(event) ?? this.#lastAnswer;
    if (event.type === "runtime_changed" && event.externalSessionId !== undefined)
      this.#externalSessions[event.runtime] = event.externalSessionId;
    // Recorded first: what a subscriber was told is on the disk, whenever the process ends.
    const recorded = this.recorder.record(event);
    this.#hub.publish(event);
    const kept = this.#checkpoints.follow(event);
    return kept === null ? recorded : kept.then(() => recorded);
  };

  get readOnly(): string | null {
    return this.store.refusal?.message ?? null;
  }

  send(message: ControlMessage): Promise<void> {
    const refusal = refusalOf(this.store, message.type);
    if (refusal) return Promise.reject(refusal);
    const givesUp = message.type === "interrupt" && this.#state.starting !== "";
    if (message.type === "interrupt") {
      this.#interruption.abort();
      this.#interruption = new AbortController();
    }
    if (message.type === "background" && this.#shells.move(message.toolCallId)) return Promise.resolve();
    const { signal } = this.#interruption;
    return this.#inOrder(async () => {
      // Where nothing started there is nothing more to interrupt.
      if (!givesUp || this.#session !== null) await this.#deliver(message, signal);
    });
  }

  routeReason = (): RouteReason | null => this.#router.reason;

  health = (): RuntimeHealth | null => this.#started?.session.health() ?? null;

  switchRuntime(name: string, detail: string, reason: RouteReason | null = "forced"): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#state.run) {
        throw new AppError("control.busy", "The agent is at work: the runtime cannot change now.", {
          hint: "Interrupt it first.",
        });
      }
      this.#router.reason = reason;
      if (name === this.#state.runtime) return;
      await this.#endRuntime();
      await this.emit({ type: "runtime_changed", runtime: name, detail });
    });
  }

  async agentChoice(category: ChoiceCategory): Promise<AgentChoice | null> {
    if (this.#state.runtime === NATIVE) return null;
    let session: RuntimeSession | null = null;
    await this.#inOrder(async () => {
      session = await this.#start(this.#interruption.signal);
    });
    return choiceOf(session, category);
  }

  replay({ lastRuns }: { lastRuns: number }): Promise<AgentEvent[]> {
    const { branch } = this.#options;
    return Promise.resolve(branch === null ? [] : [...replayEvents(branch, { runs: lastRuns })]);
  }

  shell(command: string): Promise<void> {
    const refusal = refusalOf(this.store, "shell");
    if (refusal) return Promise.reject(refusal);
    return this.#shells.run(command, AbortSignal.any([this.#stop.signal, this.#interruption.signal]));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#endRuntime();
    // What they were ended with still goes into the file; whoever ran one is told what failed.
    await this.#shells.rest();
    await this.#checkpoints.close();
    await this.recorder.close();
  }

  #change(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#watchers]) listener();
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(() => {
      if (this.#stop.signal.aborted) throw new AppError("session.closed", "This session was closed.");
      return work();
    });
    // Whoever asked for it is told what failed; the next one goes on.
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #deliver(message: ControlMessage, interruption: AbortSignal): Promise<void> {
    const isToBegin = this.#stale || this.#started?.standsIn === true;
    if (isToBegin && !this.#state.run) await this.#endRuntime();
    if (!this.#session && (await this.#doneAlone(message))) return;
    const session = await this.#start(interruption);
    session.send(message);
  }

  /**
   * What needs no runtime does not start one: settings can be mended where none would start. Of model and thinking
   * of an external agent only the agent knows.
   */
  async #doneAlone(message: ControlMessage): Promise<boolean> {
    switch (message.type) {
      case "set_model":
      case "set_thinking":
      case "set_mode":
        if (message.type !== "set_mode" && this.#state.runtime !== NATIVE) return false;
        await this.emit(await settingEvent(message, this.#state, this.#options.findModel));
        return true;
      case "exit":
        await this.emit({ type: "settled", exit: true });
        return true;
      case "interrupt":
        return this.#state.queue.length === 0;
      case "background":
        return true;
      case "prompt":
      case "steer":
      case "follow_up":
      case "pause":
      case "resume":
      case "approve":
      case "compact":
      case "queue":
        return false;
    }
  }

  /** Resolves at once when idle: a message may not stand between a tool call and its result. */
  #runEnd(): Promise<void> {
    if (!this.#state.run) return Promise.resolve();
    return new Promise((resolve) => {
      const unsubscribe = this.#hub.subscribe(({ event }) => {
        if (event.type !== "run_end") return;
        unsubscribe();
        resolve();
      });
    });
  }

  #start(interruption: AbortSignal): Promise<RuntimeSession> {
    this.#session ??= this.#startRuntime(interruption).catch((error: unknown) => {
      this.#session = null;
      throw error;
    });
    return this.#session;
  }

  async #startRuntime(interruption: AbortSignal): Promise<RuntimeSession> {
    const { strict, now, newId } = this.#options;
    const name = this.#state.runtime;
    const runtime = this.#options.runtime(name);
    if (name !== NATIVE) this.#change({ starting: name });
    try {
      this.#started = await startRuntime({
        runtime,
        strict: strict(name),
        options: (signal) => ({
          ...this.#startOptions(name, this.#history, signal),
          route: this.#router.routeOf(runtime),
        }),
        stop: this.#stop.signal,
        interruption,
        now,
        newId,
      });
      return this.#started.session;
    } finally {
      if (name !== NATIVE) this.#change({ starting: "" });
    }
  }

  #startOptions(runtime: string, history: readonly HistoryEntry[], signal: AbortSignal): RuntimeStart {
    const { model, thinking, mode } = this.#state;
    const externalSessionId = this.#externalSessions[runtime];
    return {
      sessionId: this.sessionId,
      cwd: this.#options.cwd,
      history: [...history],
      ...this.#restore,
      model,
      thinking,
      mode,
      ...(externalSessionId === undefined ? {} : { externalSessionId }),
      emit: this.emit,
      gate: this.#options.gate,
      beforeChange: () => {
        this.#router.willChange();
        return this.#checkpoints.beforeChange();
      },
      signal,
    };
  }

  /** What was queued waits for the next start. */
  async #endRuntime(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    this.#started = null;
    this.#stale = false;
    if (!session) return;
    this.#restore = { queue: [...this.#state.queue], paused: hasPause(this.#state.queue) };
    // A runtime that could not start has told whoever sent the message; there is nothing to end.
    const started = await session.catch(() => null);
    await started?.close("stop");
  }
}

function choiceOf(session: RuntimeSession | null, category: ChoiceCategory): AgentChoice | null {
  return session?.choice?.(category) ?? null;
}

/** A pause is a queue item that stays pending until resume. */
function hasPause(queue: readonly QueueItem[]): boolean {
  return queue.some((item) => item.kind === "pause");
}
