// One session with an ACP agent: keeps its program, tells it what it does not know, and runs one turn a prompt.
import { createControlLoop, type SettingMessage } from "../../agent/control-loop.ts";
import { post, postNotice } from "../../agent/post.ts";
import type { RunInput, RunResult } from "../../agent/run-item.ts";
import type { TranscriptEntry } from "../../agent/transcript.ts";
import { AppError } from "../../lib/app-error.ts";
import type { ControlMessage } from "../../protocol/control.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import type { Message } from "../../protocol/message.ts";
import type { PlanEntry } from "../../protocol/tool.ts";
import type { RuntimeCapabilities, RuntimeSession, RuntimeStart } from "../runtime.ts";
import type { AcpRuntimeOptions } from "./acp-options.ts";
import { type AgentConnection, connectAgent, type PromptBlock } from "./connect.ts";
import { handoverText } from "./handover.prompt.ts";
import { runTurn, type TurnResult } from "./turn.ts";
import { fieldOf } from "./wire.ts";

/** How long a program may take to answer its first requests. Some fetch themselves at their first start. */
const START_TIMEOUT_MS = 120_000;
/** For a program to go by itself once its input is closed, as observed of the slowest that do. */
const GOODBYE_MS = 3_000;

export async function startAcpSession(
  options: AcpRuntimeOptions,
  capabilities: RuntimeCapabilities,
  start: RuntimeStart,
): Promise<RuntimeSession> {
  const session = new AcpSession(options, start);
  await session.connect(start.externalSessionId);
  return session.open(capabilities);
}

class AcpSession {
  readonly #options: AcpRuntimeOptions;
  readonly #start: RuntimeStart;
  /** Everything said in our session so far, by whomever. */
  readonly #talk: Message[];
  readonly #ids: string[];
  /** How much of it the agent knows. */
  #told = 0;
  #plan: PlanEntry[];
  #connection: AgentConnection | null = null;
  #closedCalls = new Set<string>();
  #externalSessionId: string | undefined;
  #running = false;
  #steerExplained = false;

  constructor(options: AcpRuntimeOptions, start: RuntimeStart) {
    this.#options = options;
    this.#start = start;
    this.#talk = start.history.map(({ message }) => message);
    this.#ids = start.history.map(({ id }) => id);
    this.#plan = lastPlan(this.#talk);
    this.#externalSessionId = start.externalSessionId;
  }

  /** Starts the program. Throws `runtime.start`. */
  async connect(externalSessionId: string | undefined, stop?: AbortSignal): Promise<AgentConnection> {
    const { signal } = this.#start;
    const { name, idleTimeoutSeconds } = this.#options;
    const connection = await connectAgent({
      ...this.#options,
      cwd: this.#start.cwd,
      ...(externalSessionId === undefined ? {} : { externalSessionId }),
      timeoutMs: Math.min(START_TIMEOUT_MS, idleTimeoutSeconds * 1_000),
      signal: stop ? AbortSignal.any([signal, stop]) : signal,
    });
    this.#connection = connection;
    this.#closedCalls = new Set();
    this.#told = connection.resumed ? this.#ownPart() : 0;
    const { sessionId } = connection;
    if (sessionId !== this.#externalSessionId) {
      await this.#emit({ type: "runtime_changed", runtime: name, externalSessionId: sessionId });
    }
    this.#externalSessionId = sessionId;
    return connection;
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
      run: (input) => this.#run(input),
      applySetting: (message) => this.#applySetting(message),
    });
    const { canResume = false, images = false } = this.#connection ?? {};
    const modelChoice = (this.#connection?.choice("model") ?? null) !== null;
    return {
      capabilities: { ...base, resume: canResume, images, modelChoice },
      send: (message) => {
        this.#explainSteer(message);
        loop.send(message);
      },
      close: async () => {
        await loop.close();
        await this.#connection?.close(GOODBYE_MS);
      },
    };
  }

  readonly #emit = (event: AgentEvent): Promise<void> => {
    if (event.type === "message_end" && event.parentToolCallId === undefined) {
      this.#talk.push(event.message);
      this.#ids.push(event.messageId);
    }
    if (event.type === "plan_update") this.#plan = event.entries;
    return this.#start.emit(event);
  };

  /** The conversation up to the agent's own newest answer: what its earlier session holds. */
  #ownPart(): number {
    const { name } = this.#options;
    const own = this.#talk.findLastIndex(
      (message) => message.role === "assistant" && message.runtime === name,
    );
    const next = this.#talk.findIndex((message, at) => at > own && message.role !== "tool_result");
    return next < 0 ? this.#talk.length : next;
  }

  /** The run's prompt, and what was steered meanwhile as prompts after it. */
  async #run({ prompt, control, emit }: RunInput): Promise<RunResult> {
    this.#running = true;
    try {
      let prompts = [prompt];
      // It may change files at any time, and tells of it afterwards at best.
      await this.#start.beforeChange();
      for (;;) {
        await control.waitWhilePaused();
        if (control.signal.aborted) return { outcome: "interrupted" };
        const result = await this.#turn(prompts, { control, emit });
        if (result !== "redirected" && result.outcome !== "completed") return result;
        prompts = [];
        for (let steer = await control.takeSteer(); steer; steer = await control.takeSteer())
          prompts.push(steer);
        if (prompts.length === 0) return result === "redirected" ? { outcome: "interrupted" } : result;
      }
    } finally {
      this.#running = false;
    }
  }

  /** Throws `runtime.start` when a program that ended cannot be started again. */
  async #turn(
    prompts: readonly TranscriptEntry[],
    run: Pick<RunInput, "control" | "emit">,
  ): Promise<TurnResult> {
    const open = this.#connection?.alive ? this.#connection : null;
    const connection = open ?? (await this.connect(this.#externalSessionId, run.control.signal));
    const { cwd, gate } = this.#start;
    const result = await runTurn({
      ...this.#options,
      ...run,
      cwd,
      gate,
      connection,
      blocks: this.#blocks(prompts, connection),
      closedCalls: this.#closedCalls,
      idleTimeoutMs: this.#options.idleTimeoutSeconds * 1_000,
    });
    this.#told = this.#talk.length;
    return result;
  }

  /** What the agent was not there for, then the prompts themselves. */
  #blocks(prompts: readonly TranscriptEntry[], connection: AgentConnection): PromptBlock[] {
    const { name } = this.#options;
    const now = new Set(prompts.map(({ id }) => id));
    const unknown = this.#talk.filter((_, at) => at >= this.#told && !now.has(this.#ids[at] ?? ""));
    const digest = handoverText(unknown, this.#plan);
    const parts = prompts.flatMap(({ message }) => (message.role === "user" ? message.content : []));
    const images = parts.filter((part) => part.type === "image");
    if (images.length > 0 && !connection.images) {
      const message = `${name} does not take images: ${images.length === 1 ? "the image was" : "the images were"} left out.`;
      postNotice(this.#emit, "warning", { code: "runtime.images", message });
    }
    const texts = parts.flatMap((part) =>
      part.type === "text" ? [{ type: "text" as const, text: part.text }] : [],
    );
    const shown = connection.images ? images : [];
    return [
      ...(digest === "" ? [] : [{ type: "text" as const, text: digest }]),
      ...texts,
      ...shown.map(({ mimeType, data }) => ({ type: "image" as const, mimeType, data })),
    ];
  }

  #explainSteer(message: ControlMessage): void {
    if (message.type !== "steer" || message.now || !this.#running || this.#steerExplained) return;
    this.#steerExplained = true;
    post(this.#emit, {
      type: "notice",
      level: "info",
      code: "runtime.steer",
      message: `${this.#options.name} takes steering once its own turn is over; "steer now" cuts the turn short.`,
    });
  }

  async #applySetting(message: SettingMessage): Promise<void> {
    switch (message.type) {
      case "set_mode":
        await this.#emit({ type: "mode_changed", mode: message.mode });
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
  async #choose(category: "model" | "thought_level", wish: string): Promise<void> {
    const { name } = this.#options;
    const what = category === "model" ? "model" : "thinking";
    const connection = this.#connection;
    const choice = connection?.alive ? connection.choice(category) : null;
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
    await connection.choose(choice, value);
    const message = `${name} now uses the ${what} ${value}.`;
    post(this.#emit, { type: "notice", level: "info", code: "runtime.choice", message });
  }
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
