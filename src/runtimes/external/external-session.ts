// One session with an external agent: keeps its program, tells it what it does not know, and runs one turn a prompt.
import type { LoopLimits } from "../../agent/agent-settings.ts";
import { createControlLoop, type SettingMessage } from "../../agent/control-loop.ts";
import { post, postNotice } from "../../agent/post.ts";
import type { RunInput, RunResult } from "../../agent/run-item.ts";
import type { TranscriptEntry } from "../../agent/transcript.ts";
import { AppError } from "../../lib/app-error.ts";
import { withDeadline } from "../../lib/deadline.ts";
import { fieldOf } from "../../lib/field-of.ts";
import type { PermissionMode } from "../../protocol/approval.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import type { McpServer } from "../../protocol/mcp.ts";
import type { Message } from "../../protocol/message.ts";
import type { PlanEntry } from "../../protocol/tool.ts";
import { routed } from "../routed.ts";
import type {
  ChoiceCategory,
  HistoryEntry,
  RuntimeCapabilities,
  RuntimeSession,
  RuntimeStart,
} from "../runtime.ts";
import type { AgentConnection, Connect, PromptBlock } from "./connection.ts";
import { Explainer } from "./explainer.ts";
import { handoverText } from "./handover.prompt.ts";
import { contentBlocks, imagesOf } from "./prompt-blocks.ts";
import { type RunningTurn, startTurn, type TurnResult } from "./turn.ts";

/** How long a program may take to answer its first requests. Some fetch themselves at their first start. */
const START_TIMEOUT_MS = 120_000;
/** For a program to go by itself once its input is closed, as observed of the slowest that do. */
const GOODBYE_MS = 3_000;

export type ExternalSessionOptions = {
  /** As the person calls it; it names the agent in events and messages. */
  name: string;
  connect: Connect;
  /** Seconds without a sign of life after which a turn is ended. */
  idleTimeoutSeconds: number;
  /** Seconds without a turn after which its program is let go, to come back with the next prompt. */
  releaseSeconds: number;
  mcpServers?: readonly McpServer[];
  /** Of one run. */
  limits: LoopLimits;
  newId: () => string;
  now: () => number;
};

/** Throws `runtime.start`: nothing happened then. */
export async function startExternalSession(
  options: ExternalSessionOptions,
  capabilities: RuntimeCapabilities,
  start: RuntimeStart,
): Promise<RuntimeSession> {
  const session = new ExternalSession(options, start);
  try {
    await session.connect(new Set(), start.externalSessionId);
  } catch (error) {
    await session.endProgram();
    throw error;
  }
  return session.open(capabilities);
}

class ExternalSession {
  readonly #options: ExternalSessionOptions;
  readonly #start: RuntimeStart;
  /** Everything said in our session so far, by whomever. */
  readonly #talk: HistoryEntry[];
  /** How much of it the agent knows. */
  #told = 0;
  /** The session in which we told it so much ourselves. */
  #toldIn: string | undefined;
  #plan: PlanEntry[];
  #connection: AgentConnection | null = null;
  /** While a program that nobody needed goes. */
  #leaving: Promise<void> | null = null;
  #closedCalls = new Set<string>();
  #externalSessionId: string | undefined;
  #mode: PermissionMode;
  #turn: RunningTurn | null = null;
  #running = false;
  #release: NodeJS.Timeout | undefined;
  readonly #explainer: Explainer;

  constructor(options: ExternalSessionOptions, start: RuntimeStart) {
    this.#options = options;
    this.#start = start;
    this.#talk = [...start.history];
    this.#plan = lastPlan(this.#talk.map(({ message }) => message));
    this.#mode = start.mode;
    this.#externalSessionId = start.externalSessionId;
    this.#explainer = new Explainer(options.name, this.#emit);
  }

  /** Starts the program. `prompts`: what it is about to be told anyway. Throws `runtime.start`. */
  async connect(
    prompts: ReadonlySet<string>,
    externalSessionId: string | undefined,
    stop?: AbortSignal,
  ): Promise<AgentConnection> {
    const { cwd } = this.#start;
    const { name, idleTimeoutSeconds } = this.#options;
    const signal = stop ? AbortSignal.any([this.#start.signal, stop]) : this.#start.signal;
    await withDeadline(this.endProgram(), { timeoutMs: START_TIMEOUT_MS, code: "runtime.start", signal });
    const history = this.#talk.filter(({ id }) => !prompts.has(id));
    const connection = await this.#options.connect({
      name,
      cwd,
      mode: this.#mode,
      history,
      mcpServers: this.#options.mcpServers ?? [],
      ...(externalSessionId === undefined ? {} : { externalSessionId }),
      timeoutMs: Math.min(START_TIMEOUT_MS, idleTimeoutSeconds * 1_000),
      signal,
    });
    this.#connection = connection;
    this.#closedCalls = new Set();
    const { sessionId } = connection;
    if (connection.resumed) this.#told = sessionId === this.#toldIn ? this.#told : this.#ownPart();
    else this.#told = connection.seeded ? history.length : 0;
    this.#toldIn = sessionId;
    if (sessionId !== this.#externalSessionId) {
      await this.#emit({ type: "runtime_changed", runtime: name, externalSessionId: sessionId });
    }
    this.#externalSessionId = sessionId;
    return connection;
  }

  /** One at a time: what is left of the last one may go on unheard, or still hold the session that is to be gone on with. */
  async endProgram(): Promise<void> {
    await (this.#leaving ?? this.#connection?.close(0));
    this.#leaving = null;
  }

  /** What can be spoken to. */
  get #open(): AgentConnection | null {
    return this.#leaving === null && this.#connection?.alive ? this.#connection : null;
  }

  open(base: RuntimeCapabilities): RuntimeSession {
    const { newId, now, name } = this.#options;
    const { queue, paused } = this.#start;
    const loop = createControlLoop({
      runtime: name,
      emit: this.#emit,
      now,
      newId,
      queue,
      paused,
      run: routed(this.#start, (input) => this.#run(input)),
      applySetting: (message) => this.#applySetting(message),
    });
    const capabilities = { ...base, ...this.#connection?.capabilities };
    this.#letGoLater();
    return {
      capabilities,
      send: (message) => {
        if (this.#running) this.#explainer.heed(message, capabilities);
        loop.send(message);
        if (message.type === "steer" || message.type === "queue") this.#turn?.offerSteers();
      },
      health: () => ({
        alive: this.#open !== null,
        externalSessionId: this.#externalSessionId,
        model: this.#connection?.model ?? null,
      }),
      choice: (category) => this.#connection?.choice(category) ?? null,
      close: async () => {
        clearTimeout(this.#release);
        await loop.close();
        await this.#connection?.close(GOODBYE_MS);
      },
    };
  }

  /** A program that nobody needs for long costs memory: its session is gone on with at the next prompt. */
  #letGoLater(): void {
    clearTimeout(this.#release);
    const letGo = (): void => {
      const connection = this.#open;
      if (!this.#running && connection?.capabilities.resume) this.#leaving = connection.close(GOODBYE_MS);
    };
    this.#release = setTimeout(letGo, this.#options.releaseSeconds * 1_000);
    this.#release.unref();
  }

  readonly #emit = (event: AgentEvent): Promise<void> => {
    if (event.type === "message_end" && event.parentToolCallId === undefined) {
      this.#talk.push({ id: event.messageId, message: event.message });
    }
    if (event.type === "plan_update") this.#plan = event.entries;
    return this.#start.emit(event);
  };

  /** The conversation up to the agent's own newest answer: what its earlier session holds. */
  #ownPart(): number {
    const { name } = this.#options;
    const own = this.#talk.findLastIndex(
      ({ message }) => message.role === "assistant" && message.runtime === name,
    );
    const next = this.#talk.findIndex(({ message }, at) => at > own && message.role !== "tool_result");
    return next < 0 ? this.#talk.length : next;
  }

  /** The run's prompt, and what was steered meanwhile as prompts after it. */
  async #run({ prompt, control, emit }: RunInput): Promise<RunResult> {
    this.#running = true;
    clearTimeout(this.#release);
    try {
      let prompts = [prompt];
      // It may change files at any time, and tells of it afterwards at best.
      await this.#start.beforeChange();
      for (;;) {
        await control.waitWhilePaused();
        if (control.signal.aborted) return { outcome: "interrupted" };
        const result = await this.#ask(prompts, { control, emit });
        if (result !== "redirected" && result.outcome !== "completed") return result;
        prompts = [];
        for (let steer = await control.takeSteer(); steer; steer = await control.takeSteer())
          prompts.push(steer);
        if (prompts.length === 0) return result === "redirected" ? { outcome: "interrupted" } : result;
      }
    } finally {
      this.#running = false;
      this.#letGoLater();
    }
  }

  /** Throws `runtime.start` when a program that ended cannot be started again. */
  async #ask(
    prompts: readonly TranscriptEntry[],
    run: Pick<RunInput, "control" | "emit">,
  ): Promise<TurnResult> {
    const now = new Set(prompts.map(({ id }) => id));
    const connection = this.#open ?? (await this.connect(now, this.#externalSessionId, run.control.signal));
    const { cwd, gate } = this.#start;
    await this.#teach(connection, now);
    this.#turn = startTurn({
      ...this.#options,
      ...run,
      cwd,
      gate,
      connection,
      blocks: this.#blocks(prompts, connection),
      closedCalls: this.#closedCalls,
      idleTimeoutMs: this.#options.idleTimeoutSeconds * 1_000,
    });
    this.#turn.offerSteers();
    const before = this.#talk.length;
    const result = await this.#turn.result;
    this.#turn = null;
    const unanswered = isFailed(result) && this.#talk.length === before;
    if (!(unanswered && connection.forgetsUnanswered)) this.#told = this.#talk.length;
    return result;
  }

  /** What the agent was not there for, without what it is about to be told anyway. */
  #unknown(prompts: ReadonlySet<string>): HistoryEntry[] {
    return this.#talk.slice(this.#told).filter(({ id }) => !prompts.has(id));
  }

  /** What others said meanwhile becomes the agent's own talk, where its session takes that; else it is told as text. */
  async #teach(connection: AgentConnection, prompts: ReadonlySet<string>): Promise<void> {
    const unknown = this.#unknown(prompts);
    // What is wrong with its program is told by the turn.
    const learned = unknown.length > 0 && (await connection.learn?.(unknown).catch(() => false));
    if (learned) this.#told = this.#talk.length;
  }

  /** What the agent was not there for, then the prompts themselves. */
  #blocks(prompts: readonly TranscriptEntry[], connection: AgentConnection): PromptBlock[] {
    const { name } = this.#options;
    const now = new Set(prompts.map(({ id }) => id));
    const digest = handoverText(
      this.#unknown(now).map(({ message }) => message),
      this.#plan,
    );
    const parts = prompts.flatMap(({ message }) => (message.role === "user" ? message.content : []));
    const takesImages = connection.capabilities.images ?? false;
    const images = imagesOf(parts);
    if (images.length > 0 && !takesImages) {
      const message = `${name} does not take images: ${images.length === 1 ? "the image was" : "the images were"} left out.`;
      postNotice(this.#emit, "warning", { code: "runtime.images", message });
    }
    return [
      ...(digest === "" ? [] : [{ type: "text" as const, text: digest }]),
      ...contentBlocks(parts, takesImages),
    ];
  }

  async #applySetting(message: SettingMessage): Promise<void> {
    switch (message.type) {
      case "set_mode":
        this.#mode = message.mode;
        await this.#emit({ type: "mode_changed", mode: message.mode });
        await this.#open?.setMode?.(message.mode);
        break;
      case "set_model":
        await this.#choose("model", message.model);
        break;
      case "set_thinking":
        await this.#choose("thought_level", message.thinking);
        break;
    }
  }

  /** Our own model and thinking stay as they are: they are for the native runtime. */
  async #choose(category: ChoiceCategory, wish: string): Promise<void> {
    const { name } = this.#options;
    const what = category === "model" ? "model" : "thinking";
    const connection = this.#open;
    const choice = connection?.choice(category);
    if (!connection || !choice) {
      throw new AppError("runtime.choice", `${name} does not let its ${what} be chosen from here.`);
    }
    const wanted = wish.startsWith(`${name}/`) ? wish.slice(name.length + 1) : wish;
    const value =
      choice.values.find((each) => each === wanted) ??
      choice.values.find((each) => each.endsWith(`/${wanted}`));
    if (value === undefined) {
      const hint = `It offers: ${choice.values.slice(0, 12).join(", ")}.`;
      throw new AppError("runtime.choice", `${name} has no ${what} "${wish}".`, { hint });
    }
    await connection.choose(category, value);
    const message = `${name} now uses the ${what} ${value}.`;
    post(this.#emit, { type: "notice", level: "info", code: "runtime.choice", message });
  }
}

function isFailed(result: TurnResult): boolean {
  return result !== "redirected" && result.outcome === "failed";
}

/** The newest list of tasks that a tool left in the talk. */
function lastPlan(talk: readonly Message[]): PlanEntry[] {
  const plans = talk.map((message) =>
    message.role === "tool_result" ? fieldOf(message.details, "plan") : undefined,
  );
  const plan = plans.findLast((entries) => Array.isArray(entries));
  return Array.isArray(plan) ? plan.filter(isPlanEntry) : [];
}

function isPlanEntry(entry: unknown): entry is PlanEntry {
  return typeof fieldOf(entry, "text") === "string" && typeof fieldOf(entry, "status") === "string";
}
