// Who takes a turn: the chosen runtime, or native in its place where the turn needs tools that it does not have, or
// where it failed before it changed anything. Each such decision is told and written to the audit log.
import { AppError, toFailure } from "../../lib/app-error.ts";
import type { RouteReason, RouteRecord } from "../../protocol/audit.ts";
import type { AgentEvent, EmitEvent } from "../../protocol/event.ts";
import type { Failure } from "../../protocol/failure.ts";
import {
  type HistoryEntry,
  NATIVE,
  type RunInput,
  type RunResult,
  type Runtime,
  type RuntimeStart,
  type TakeTurn,
} from "../../runtimes/runtime.ts";
import { type Route, routeRecord, type TakenTurn, timeTurn } from "./route-log.ts";
import { askedTurn } from "./turn-prompt.ts";

export type TurnRouterOptions = {
  sessionId: string;
  /** The runtime of that name, ready to start. */
  runtime: (name: string) => Runtime;
  /** True where a failure of the runtime stays one. */
  strict: (name: string) => boolean;
  /** How one logs in to an agent; "" where that is not known. */
  login: (name: string) => string;
  history: () => readonly HistoryEntry[];
  /** The plan has tasks that are not done. */
  hasOpenTasks: () => boolean;
  /** What native is started with to take a turn after so much of the talk. */
  nativeStart: (history: readonly HistoryEntry[]) => RuntimeStart;
  /** Whether the files are as before the turn; null where that is not known. */
  isUnchanged: () => Promise<boolean | null>;
  emit: EmitEvent;
  audit: (record: RouteRecord) => Promise<void>;
  now: () => number;
};

/** So many failures in a row are no accident: the person is told how to choose another. */
const MANY_FAILURES = 3;

/** What the agent's model says no to, it says no to: nobody else is asked. */
const NO_FALLBACK: readonly string[] = ["runtime.refused"];

export class TurnRouter {
  readonly #options: TurnRouterOptions;
  /** Why the runtime in force is; null: nobody chose, and its turns are no matter for the log. */
  reason: RouteReason | null;
  /** A tool call was seen in the run under way. */
  #called = false;
  /** Something of the run under way was about to change files. */
  #mayHaveChanged = false;
  #failures = 0;

  constructor(options: TurnRouterOptions, reason: RouteReason | null) {
    this.#options = options;
    this.reason = reason;
  }

  /** Told every event of the session. */
  follow({ type }: AgentEvent): void {
    if (type === "run_start") {
      this.#called = false;
      this.#mayHaveChanged = false;
    }
    if (type === "tool_start" || type === "tool_end") this.#called = true;
  }

  /** Told before anything of a run that may change files. */
  willChange(): void {
    this.#mayHaveChanged = true;
  }

  routeOf(runtime: Pick<Runtime, "name" | "kind">): NonNullable<RuntimeStart["route"]> {
    return (input, own) => this.#route(runtime, input, own);
  }

  async #route(
    { name, kind }: Pick<Runtime, "name" | "kind">,
    input: RunInput,
    own: TakeTurn,
  ): Promise<RunResult> {
    const evidence = kind === "answerer" ? await this.#evidence(input) : null;
    if (evidence !== null) return this.#passOn(name, evidence, input);
    const turn = await this.#time(input, own);
    const { outcome, error } = turn.result;
    const instead =
      outcome === "failed" && error && (await this.#mayFallBack(name, kind, error))
        ? await this.#openNative(input)
        : null;
    this.#failures = outcome === "failed" ? this.#failures + 1 : 0;
    const route = { runtime: name, reason: this.reason ?? "config" };
    if (instead === null || !error) {
      if (this.reason !== null) await this.#write(input, route, turn);
      return turn.result;
    }
    if ("error" in instead) {
      await this.#write(input, route, turn);
      return withHint(turn.result, `native could not take the turn either: ${instead.error.message}`);
    }
    await this.#tellFallback(name, error);
    await this.#write(input, route, { ...turn, fallback: NATIVE });
    return this.#takeInstead(input, instead.take, {
      runtime: NATIVE,
      reason: "fallback",
      from: name,
      detail: error.message,
    });
  }

  async #evidence(input: RunInput): Promise<string | null> {
    const { needsTools } = await import("./needs-tools.ts");
    const { history, hasOpenTasks } = this.#options;
    const { text, images, before } = askedTurn(history(), input.prompt);
    const used = before.slice(before.findLastIndex(({ message }) => message.role === "user") + 1);
    const usedTools = used.some(({ message }) => message.role === "tool_result");
    return needsTools({ text, images, unfinished: hasOpenTasks() || usedTools });
  }

  async #passOn(name: string, evidence: string, input: RunInput): Promise<RunResult> {
    const instead = await this.#openNative(input);
    if ("error" in instead) {
      const message = `This turn needs tools (${evidence}), which ${name} does not have, and native cannot take it: ${instead.error.message}`;
      const error = { ...instead.error, code: "runtime.tools", message };
      return { outcome: "failed", error };
    }
    await this.#options.emit({
      type: "notice",
      level: "info",
      code: "runtime.needs_tools",
      message: `This turn needs tools (${evidence}), so native takes this turn: ${name} has none.`,
    });
    return this.#takeInstead(input, instead.take, {
      runtime: NATIVE,
      reason: "needs_tools",
      from: name,
      detail: evidence,
    });
  }

  async #takeInstead(input: RunInput, take: TakeTurn, route: Route): Promise<RunResult> {
    const turn = await this.#time(input, take);
    await this.#write(input, route, turn);
    return turn.result;
  }

  #time(input: RunInput, take: TakeTurn): Promise<TakenTurn> {
    const failureOf = (error: unknown): RunResult => ({ outcome: "failed", error: toFailure(error) });
    return timeTurn(input, take, { now: this.#options.now, failureOf });
  }

  /** Only where it is known that nothing happened: no call was seen, and the files are as they were. */
  async #mayFallBack(name: string, kind: Runtime["kind"], { code }: Failure): Promise<boolean> {
    if (name === NATIVE || this.#options.strict(name) || NO_FALLBACK.includes(code)) return false;
    if (this.#called) return false;
    if (!this.#mayHaveChanged) return true;
    const unchanged = await this.#options.isUnchanged();
    // Where files are not kept, an answerer is taken at its word: it has no tools.
    return unchanged ?? kind === "answerer";
  }

  /** Native with the talk before this turn: it is asked as if nobody had tried. */
  async #openNative(input: RunInput): Promise<{ take: TakeTurn } | { error: Failure }> {
    const { runtime, nativeStart, history } = this.#options;
    const { before, prompt } = askedTurn(history(), input.prompt);
    try {
      const native = runtime(NATIVE);
      if (!native.openTurn) throw new AppError("runtime.turn", "It takes no turns of others.");
      const take = await native.openTurn(nativeStart(before));
      return { take: (given) => take({ ...given, prompt, emit: asNative(given.emit) }) };
    } catch (error) {
      return { error: toFailure(error) };
    }
  }

  async #tellFallback(name: string, failure: Failure): Promise<void> {
    const { code, hint } = failure;
    const { emit, login } = this.#options;
    const what = code === "runtime.start" ? "could not start" : "failed";
    const reason = withoutName(failure, name);
    const advice = hint === undefined && code === "runtime.auth" ? login(name) : "";
    const often =
      this.#failures >= MANY_FAILURES
        ? `It failed ${this.#failures} times in a row: \`/runtime deactivate\` leaves the turns to native, \`/runtime status\` shows who else could take them.`
        : "";
    const hints = [hint ?? "", advice, often].filter((each) => each !== "").join(" ");
    await emit({
      type: "notice",
      level: "warning",
      code: "runtime.fallback",
      message: `${name} ${what}, so native takes this turn: ${reason}`,
      ...(hints === "" ? {} : { hint: hints }),
    });
  }

  #write({ runId }: RunInput, route: Route, turn: TakenTurn & { fallback?: string }): Promise<void> {
    const { sessionId, audit } = this.#options;
    return audit(routeRecord({ sessionId, runId }, route, turn));
  }
}

/** Frontends are told that another speaks than the run began with. */
function asNative(emit: EmitEvent): EmitEvent {
  return (event) => emit(event.type === "message_start" ? { ...event, runtime: NATIVE } : event);
}

function withHint(result: RunResult, added: string): RunResult {
  if (!result.error) return result;
  const { hint } = result.error;
  return { ...result, error: { ...result.error, hint: hint === undefined ? added : `${hint} (${added})` } };
}

/** The sentence around it has the name already. */
function withoutName({ code, message }: Failure, name: string): string {
  const words = code === "runtime.start" ? `${name} could not be started: ` : `${name}: `;
  if (message.startsWith(words)) return message.slice(words.length);
  return code !== "runtime.start" && message.startsWith(`${name} `)
    ? message.slice(name.length + 1)
    : message;
}
