// One prompt turn of an external agent: from our prompt to its answer, whatever the person or the agent does meanwhile.
import type { LoopLimits } from "../../agent/agent-settings.ts";
import { post } from "../../agent/post.ts";
import type { RunInput, RunResult } from "../../agent/run-item.ts";
import { limitReached } from "../../agent/run-limit.ts";
import { denialDetails } from "../../agent/tool-call.ts";
import { AppError, toFailure } from "../../lib/app-error.ts";
import type { Gate } from "../../protocol/approval.ts";
import type { Failure } from "../../protocol/failure.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type {
  AgentConnection,
  AgentUpdate,
  CallUpdate,
  PermissionRequest,
  PermissionVerdict,
  PromptBlock,
  TurnAnswer,
} from "./connection.ts";
import { diffDetails } from "./diff-details.ts";
import { NestedCalls } from "./nested-calls.ts";
import { SentSteers } from "./sent-steers.ts";
import { Translator } from "./translator.ts";
import type { TurnClose, UnaskedCall } from "./turn-steps.ts";

export type TurnOptions = Pick<RunInput, "control" | "emit"> & {
  name: string;
  cwd: string;
  connection: AgentConnection;
  blocks: readonly PromptBlock[];
  gate: Gate;
  /** Calls of earlier turns with this connection. */
  closedCalls: Set<string>;
  idleTimeoutMs: number;
  /** Of the whole run; steps are counted as the agent tells them. */
  limits: LoopLimits;
  newId: () => string;
  now: () => number;
};

/** SPEC A-146: the program is gone within 3 s of an interrupt that it did not heed; ending a group takes up to 2. */
const CANCEL_WAIT_MS = 800;

/** Characters that an agent may say in one turn: far more than a model can, and little enough to keep. */
const MOST_SAID = 8_000_000;

/** `redirected`: the person cut the turn short to say something else at once. */
export type TurnResult = RunResult | "redirected";

export interface RunningTurn {
  /** Never rejects for what the agent does. Afterwards the connection is alive only if it can take another turn. */
  readonly result: Promise<TurnResult>;
  /** Hands pending steers on to the agent, where it takes them while it works. */
  offerSteers: () => void;
}

export function startTurn(options: TurnOptions): RunningTurn {
  const turn = new Turn(options);
  return { result: turn.run(), offerSteers: () => turn.offerSteers() };
}

type TurnEnd = { answer: TurnAnswer } | { error: unknown };

const CANCELLED: PermissionVerdict = { answer: "cancel" };
/** Errors that the agent itself told: it can take another turn. */
const TOLD_BY_AGENT: readonly string[] = ["runtime.failed", "runtime.auth"];

class Turn {
  readonly #options: TurnOptions;
  readonly #translator: Translator;
  readonly #nested: NestedCalls;
  readonly #stop: AbortSignal;
  readonly #steers: SentSteers;
  /** What the agent said is taken in one by one. */
  #work: Promise<void> = Promise.resolve();
  #silence: NodeJS.Timeout | undefined;
  #killer: NodeJS.Timeout | undefined;
  #programEnd: Promise<void> | undefined;
  #questions = 0;
  #over = false;
  #timedOut = false;
  #broken = false;
  /** Characters of text and thinking. */
  #said = 0;
  /** The limit of ours that the agent went past. */
  #limit: Failure | null = null;
  #refused = false;
  /** Aborts once nothing of the turn may run any more: it is over, or went past a limit. */
  readonly #halt = new AbortController();

  constructor(options: TurnOptions) {
    const { name, connection, control } = options;
    this.#options = options;
    this.#stop = AbortSignal.any([control.signal, control.redirect()]);
    const onUnasked = (call: UnaskedCall) => void this.#witness(call);
    this.#nested = new NestedCalls({ ...options, onUnasked });
    this.#translator = new Translator({
      ...options,
      runtime: name,
      model: () => `${name}/${connection.model ?? "default"}`,
      setState: (activity) => control.setState(activity),
      steps: () => control.spent().steps,
      onUnasked,
    });
    this.#steers = new SentSteers(options, (record) => this.#inOrder(() => this.#translator.insert(record)));
  }

  async run(): Promise<TurnResult> {
    const end = await this.#ask();
    await this.#work;
    this.#steers.release();
    return this.#close(end);
  }

  offerSteers(): void {
    if (!this.#over && !this.#stop.aborted) void this.#steers.offer();
  }

  async #ask(): Promise<TurnEnd> {
    const { connection, blocks, control } = this.#options;
    control.setState("streaming");
    this.#stop.addEventListener("abort", this.#cancel, { once: true });
    this.#listenOn();
    try {
      const listener = {
        onUpdate: (update: AgentUpdate) => this.#hear(update),
        onPermission: (request: PermissionRequest, withdrawn?: AbortSignal) =>
          this.#permit(request, withdrawn),
      };
      const answer = connection.prompt(blocks, listener);
      if (this.#stop.aborted) this.#cancel();
      return { answer: await answer };
    } catch (error) {
      return { error };
    } finally {
      this.#over = true;
      this.#halt.abort();
      this.#stop.removeEventListener("abort", this.#cancel);
      clearTimeout(this.#silence);
      clearTimeout(this.#killer);
      await this.#programEnd;
    }
  }

  readonly #cancel = (): void => {
    const { connection } = this.#options;
    connection.cancel();
    clearTimeout(this.#killer);
    this.#killer = setTimeout(this.#endProgram, CANCEL_WAIT_MS);
  };

  /** Silence is measured from the newest sign of life; the person's own time to answer does not count. */
  #listenOn(): void {
    clearTimeout(this.#silence);
    if (this.#over || this.#questions > 0) return;
    this.#silence = setTimeout(this.#giveUp, this.#options.idleTimeoutMs);
  }

  /** The agent's steps are its own: it is stopped once it began one too many. */
  readonly #heedLimits = (): void => {
    const { control, limits } = this.#options;
    const { steps, usage } = control.spent();
    if (this.#limit || this.#over) return;
    this.#limit = limitReached({ steps: steps - 1, usage }, limits) ?? this.#floodFailure();
    if (!this.#limit) return;
    this.#halt.abort();
    this.#cancel();
  };

  #floodFailure(): Failure | null {
    if (this.#said <= MOST_SAID) return null;
    const message = `${this.#options.name} was stopped: it said more than ${MOST_SAID / 1_000_000} million characters in one turn.`;
    return { code: "runtime.output", message, hint: "What it said so far is kept." };
  }

  readonly #giveUp = (): void => {
    this.#timedOut = true;
    this.#endProgram();
  };

  readonly #endProgram = (): void => {
    this.#programEnd ??= this.#options.connection.close(0);
  };

  #hear(update: AgentUpdate): void {
    this.#listenOn();
    if (this.#limit) return;
    if (update.type === "broken") this.#broken = true;
    if (update.type === "text" || update.type === "thinking") this.#said += update.text.length;
    if (update.type === "steered") this.#steers.takenIn(update.id);
    if (update.type === "alive") return;
    this.#inOrder(() => this.#take(update))
      .then(this.#heedLimits)
      .catch(() => undefined);
  }

  #take(update: AgentUpdate): Promise<void> {
    const nested = update.type === "call" && isNested(update.call) ? update.call : null;
    return nested ? this.#nested.take(nested) : this.#translator.take(update);
  }

  /** What could not be recorded is told by whoever records; what the agent says next is still taken in. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work);
    this.#work = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #permit(request: PermissionRequest, withdrawn?: AbortSignal): Promise<PermissionVerdict> {
    if (this.#halt.signal.aborted) return CANCELLED;
    this.#questions += 1;
    this.#listenOn();
    const stops = [this.#stop, this.#halt.signal, ...(withdrawn ? [withdrawn] : [])];
    const stop = AbortSignal.any(stops);
    try {
      return await this.#judge(request, stop);
    } catch {
      // The turn was stopped while the question was open, or it could not be recorded: nothing may run.
      return CANCELLED;
    } finally {
      this.#questions -= 1;
      this.#listenOn();
    }
  }

  async #judge({ call, tool, editable }: PermissionRequest, stop: AbortSignal): Promise<PermissionVerdict> {
    const { gate, control, name, cwd } = this.#options;
    const nested = isNested(call);
    const asked = await this.#inOrder(async () =>
      nested ? this.#nested.announce(call) : await this.#translator.announce(call),
    );
    if (!asked || stop.aborted) return CANCELLED;
    const patch = call.details?.diff?.patch ?? (await diffDetails(call.diffs ?? [], cwd)).diff?.patch;
    const shown = { editable, ...(patch === undefined ? {} : { patch }) };
    // As it is asked for: what was told of the call before may have been less, or something else.
    const subject = { toolCallId: asked.id, ...call.naming, tool, place: name };
    const verdict = await gate.check(subject, {
      ask: (question) => control.ask({ ...question, ...shown }, stop),
      signal: stop,
    });
    await control.waitWhilePaused();
    if (stop.aborted) return CANCELLED;
    const denial = verdict.allowed
      ? this.#changed(verdict.arguments, call.naming.arguments, editable)
      : verdict.message;
    if (denial === null) {
      await this.#inOrder(async () =>
        nested ? this.#nested.start(call.id) : await this.#translator.startCall(call.id),
      );
      return { answer: "allow", arguments: verdict.allowed ? verdict.arguments : {} };
    }
    this.#refused = true;
    const details: ToolDetails = verdict.allowed ? { denial: "user" } : denialDetails(verdict);
    await this.#inOrder(async () =>
      nested
        ? this.#nested.refuse(call.id, denial, details)
        : await this.#translator.refuseCall(call.id, denial, details),
    );
    return { answer: "reject", message: denial };
  }

  /** What it did unasked is on record; a rule of ours that it went past is told. */
  async #witness({ id, naming }: UnaskedCall): Promise<void> {
    const { gate, name, emit } = this.#options;
    const rule = await gate.witness({ toolCallId: id, ...naming, tool: null, place: name }).catch(() => null);
    if (rule === null) return;
    const message = `${name} ran ${naming.name} without asking, which is denied here: ${rule}.`;
    post(emit, { type: "notice", level: "warning", code: "runtime.unasked", message });
  }

  /** Where changed arguments cannot be handed back, the call must not run as it was. */
  #changed(
    allowed: Record<string, unknown>,
    asked: Record<string, unknown>,
    editable: boolean,
  ): string | null {
    if (editable || JSON.stringify(allowed) === JSON.stringify(asked)) return null;
    return `not run: ${this.#options.name} cannot take changed arguments (${JSON.stringify(allowed)})`;
  }

  async #close(end: TurnEnd): Promise<TurnResult> {
    this.#nested.finish("cancelled: the turn is over");
    const { connection, control } = this.#options;
    const interrupted = control.signal.aborted;
    const redirected = !interrupted && this.#stop.aborted;
    const usage = "answer" in end ? end.answer.usage : null;
    if (interrupted || redirected) {
      await this.#translator.finish({
        stopReason: "aborted",
        usage,
        openCalls: interrupted ? "cancelled by user" : "cancelled: the user redirected",
      });
      return interrupted ? { outcome: "interrupted" } : "redirected";
    }
    if (this.#limit) {
      await this.#translator.finish({
        stopReason: "aborted",
        usage,
        openCalls: "cancelled: a limit was reached",
      });
      return { outcome: "limit", error: this.#limit };
    }
    if ("error" in end && !isTold(end.error)) await (this.#programEnd ?? connection.close(0));
    const { result, stopReason } =
      "error" in end ? failed(this.#failure(end.error)) : this.#answered(end.answer);
    const close: TurnClose = { stopReason, usage, openCalls: "no result: the agent reported none" };
    await this.#translator.finish(
      result.error && stopReason === "error" ? { ...close, error: result.error } : close,
    );
    return result;
  }

  #failure(error: unknown): Failure {
    const { name, connection, idleTimeoutMs } = this.#options;
    if (this.#timedOut) {
      const message = `${name} said nothing for ${idleTimeoutMs / 1_000} s, so it was ended.`;
      return {
        code: "runtime.timeout",
        message,
        hint: "Send a message to start it anew; idleTimeout sets the time.",
      };
    }
    if (isTold(error)) {
      const { code, message, hint } = toFailure(error);
      return { code, message: `${name}: ${message}`, ...(hint === undefined ? {} : { hint }) };
    }
    const lastWords = connection.errorText().split("\n").slice(-5).join("\n");
    const hint = lastWords === "" ? "Send a message to start it anew." : `It last said: ${lastWords}`;
    return { code: "runtime.crashed", message: `${name} ended in the middle of its turn.`, hint };
  }

  #answered({ reason }: TurnAnswer): { result: RunResult; stopReason: TurnClose["stopReason"] } {
    const { name } = this.#options;
    const { saidAnything, lastText } = this.#translator;
    switch (reason) {
      case "length":
        return { result: { outcome: "completed" }, stopReason: "length" };
      case "limit": {
        const message = `${name} stopped at its own limit of requests in a turn.`;
        const error = { code: "runtime.limit", message, hint: "Nothing is lost: send a message to go on." };
        return { result: { outcome: "limit", error }, stopReason: "stop" };
      }
      case "refusal":
        return failed({ code: "runtime.refused", message: `${name}'s model refused to answer.` });
      case "cancelled":
        return { result: { outcome: this.#refused ? "completed" : "interrupted" }, stopReason: "aborted" };
      case "stop":
        if (this.#broken)
          return failed({ code: "runtime.failed", message: `${name}: ${lastText || "its turn failed"}` });
        if (saidAnything) return { result: { outcome: "completed" }, stopReason: "stop" };
        return failed({
          code: "runtime.failed",
          message: `${name} ended its turn without a word.`,
          hint: "Some agents do so when their model cannot be reached.",
        });
    }
  }
}

function failed(error: Failure): { result: RunResult; stopReason: TurnClose["stopReason"] } {
  return { result: { outcome: "failed", error }, stopReason: "error" };
}

function isNested(call: CallUpdate): call is CallUpdate & { parentId: string } {
  return call.parentId !== undefined;
}

function isTold(error: unknown): boolean {
  return error instanceof AppError && TOLD_BY_AGENT.includes(error.code);
}
