// The conversation in progress: its store, its recorder, its events and the runtime that is at work. Every event of
// any runtime passes here: into the state, to the subscribers, onto the disk.
import { AppError } from "../lib/app-error.ts";
import type { Gate } from "../protocol/approval.ts";
import type { ControlMessage } from "../protocol/control.ts";
import type { AgentEvent } from "../protocol/event.ts";
import type { AssistantMessage } from "../protocol/message.ts";
import { createRecorder, type Recorder } from "../runtimes/recorder.ts";
import type { HistoryEntry, Runtime, RuntimeSession } from "../runtimes/runtime.ts";
import { sessionContext } from "../session/context.ts";
import type { SessionBranch } from "../session/read.ts";
import { replayEvents } from "../session/replay.ts";
import type { SessionStore } from "../session/store.ts";
import type { Conversation } from "./app.ts";
import { createEventHub } from "./event-hub.ts";
import { extendHistory } from "./history.ts";
import { initialState, reduceState, type SessionState } from "./state.ts";

export type ConversationOptions = {
  store: SessionStore;
  /** The saved branch this goes on with; null for a new session. */
  branch: SessionBranch | null;
  cwd: string;
  /** Settings where the branch says nothing, and those that flags fix whatever it says. */
  defaults: Pick<SessionState, "model" | "thinking" | "mode" | "runtime">;
  pinned: Partial<SessionState>;
  /** The runtime of that name, ready to start. Throws `runtime.unknown`. */
  runtime: (name: string) => Runtime;
  gate: Gate;
  /** Runs a shell line of the person's own; gives its output and exit code. */
  runShell: (command: string, signal: AbortSignal) => Promise<{ output: string; exitCode: number | null }>;
  now: () => number;
  newId: () => string;
};

/** What the app may do with a conversation beside what frontends may. */
export type LiveConversation = Conversation & {
  readonly recorder: Recorder;
  readonly store: SessionStore;
  emit: (event: AgentEvent) => Promise<void>;
  history: () => readonly HistoryEntry[];
  /** Shows a name that was recorded. */
  setName: (name: string) => void;
  /** Ends the active runtime; the next message starts `name` with the conversation so far. */
  switchRuntime: (name: string, detail: string) => Promise<void>;
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
  readonly #stop = new AbortController();
  #state: SessionState;
  #history: HistoryEntry[];
  #lastAnswer: AssistantMessage | null = null;
  #session: Promise<RuntimeSession> | null = null;
  #externalSessionId: string | undefined;
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
      ...options.defaults,
      ...(known ? restoredState(known) : {}),
      ...options.pinned,
      stateSinceMs: now(),
    });
    if (known?.runtime === this.#state.runtime)
      this.#externalSessionId = known.externalSessionId ?? undefined;
    this.#restore = { queue: known?.queue ?? [], paused: known?.paused ?? false };
    this.#hub = createEventHub({ sessionId: this.sessionId, now });
    this.recorder = createRecorder({
      store,
      onFailure: ({ message, hint, code }) =>
        this.#hub.publish({
          type: "notice",
          level: "error",
          code,
          message,
          ...(hint === undefined ? {} : { hint }),
        }),
    });
  }

  get file(): string | null {
    return this.store.path;
  }

  state(): SessionState {
    return this.#state;
  }

  subscribe: Conversation["subscribe"] = (listener) => this.#hub.subscribe(listener);

  history(): readonly HistoryEntry[] {
    return this.#history;
  }

  setName(name: string): void {
    this.#state = { ...this.#state, name };
  }

  lastAnswer(): AssistantMessage | null {
    if (this.#lastAnswer) return this.#lastAnswer;
    const answer = this.#history.findLast(({ message }) => message.role === "assistant")?.message;
    return answer?.role === "assistant" ? answer : null;
  }

  readonly emit = (event: AgentEvent): Promise<void> => {
    this.#state = reduceState(this.#state, event, this.#options.now());
    this.#history = extendHistory(this.#history, event);
    if (event.type === "message_end" && event.message.role === "assistant") this.#lastAnswer = event.message;
    if (event.type === "runtime_changed") this.#externalSessionId = event.externalSessionId;
    this.#hub.publish(event);
    return this.recorder.record(event);
  };

  async send(message: ControlMessage): Promise<void> {
    if (this.#stale && !this.#state.run) await this.#endRuntime();
    const session = await this.#start();
    session.send(message);
  }

  async switchRuntime(name: string, detail: string): Promise<void> {
    if (this.#state.run) {
      throw new AppError("control.busy", "The agent is at work: the runtime cannot change now.", {
        hint: "Esc interrupts it.",
      });
    }
    if (name === this.#state.runtime) return;
    await this.#endRuntime();
    await this.emit({ type: "runtime_changed", runtime: name, detail });
  }

  replay({ lastRuns }: { lastRuns: number }): Promise<AgentEvent[]> {
    const { branch } = this.#options;
    return Promise.resolve(branch === null ? [] : [...replayEvents(branch, { runs: lastRuns })]);
  }

  async shell(command: string): Promise<void> {
    const { output, exitCode } = await this.#options.runShell(command, this.#stop.signal);
    await this.#runEnd();
    // Runtimes hold the history they were started with: the next message starts this one anew.
    this.#stale = true;
    const text = `I ran \`${command}\` (exit code ${exitCode ?? "none, ended by a signal"}):\n\n${output}`;
    await this.emit({
      type: "message_end",
      messageId: this.#options.newId(),
      message: {
        role: "user",
        content: [{ type: "text", text }],
        source: "shell",
        details: { command, output, exitCode },
      },
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#endRuntime();
    await this.recorder.close();
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

  #start(): Promise<RuntimeSession> {
    this.#session ??= this.#startRuntime().catch((error: unknown) => {
      this.#session = null;
      throw error;
    });
    return this.#session;
  }

  async #startRuntime(): Promise<RuntimeSession> {
    const { runtime, model, thinking, mode } = this.#state;
    const { queue, paused } = this.#restore;
    this.#restore = { queue: [], paused: false };
    return this.#options.runtime(runtime).start({
      sessionId: this.sessionId,
      cwd: this.#options.cwd,
      history: this.#history,
      queue,
      paused,
      model,
      thinking,
      mode,
      ...(this.#externalSessionId === undefined ? {} : { externalSessionId: this.#externalSessionId }),
      emit: this.emit,
      gate: this.#options.gate,
      signal: this.#stop.signal,
    });
  }

  /** What was queued waits for the next start. */
  async #endRuntime(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    this.#stale = false;
    if (!session) return;
    this.#restore = { queue: [...this.#state.queue], paused: this.#state.state === "paused" };
    // A runtime that could not start has told whoever sent the message; there is nothing to end.
    const started = await session.catch(() => null);
    await started?.close("stop");
  }
}

function restoredState(known: ReturnType<typeof sessionContext>): Partial<SessionState> {
  return {
    ...(known.model === null ? {} : { model: known.model }),
    ...(known.thinking === null ? {} : { thinking: known.thinking }),
    ...(known.mode === null ? {} : { mode: known.mode }),
    name: known.name ?? "",
    usage: known.usage,
    runs: known.runs,
    queue: known.queue,
    state: known.paused ? "paused" : "idle",
  };
}
