// One prompt turn of an ACP agent: from our prompt to its answer, whatever the person or the agent does meanwhile.
import type { RunInput, RunResult } from "../../agent/run-item.ts";
import { denialDetails } from "../../agent/tool-call.ts";
import type { Gate } from "../../protocol/approval.ts";
import type { Failure } from "../../protocol/failure.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import { agentWords, isRequestError } from "./agent-words.ts";
import type { AgentConnection, PromptBlock } from "./connect.ts";
import { diffDetails } from "./diff-details.ts";
import { CANCELLED, gateCall, type PermissionAnswer, permissionAnswer } from "./permission.ts";
import { diffsOf } from "./tool-view.ts";
import { Translator, type TurnClose } from "./translate.ts";
import { turnUsage } from "./usage.ts";
import type { AgentUpdate, PermissionRequest, PromptAnswer } from "./wire.ts";

export type TurnOptions = Pick<RunInput, "control" | "emit"> & {
  name: string;
  cwd: string;
  connection: AgentConnection;
  blocks: readonly PromptBlock[];
  gate: Gate;
  /** Calls of earlier turns with this connection. */
  closedCalls: Set<string>;
  idleTimeoutMs: number;
  newId: () => string;
  now: () => number;
};

/** SPEC A-146: the program is gone within 3 s of an interrupt that it did not heed; ending a group takes up to 2. */
const CANCEL_WAIT_MS = 800;

/** `redirected`: the person cut the turn short to say something else at once. */
export type TurnResult = RunResult | "redirected";

/** Never rejects for what the agent does. Afterwards the connection is alive only if it can take another turn. */
export async function runTurn(options: TurnOptions): Promise<TurnResult> {
  const turn = new Turn(options);
  const end = await turn.ask();
  await turn.drained();
  return turn.close(end);
}

type TurnEnd = { answer: PromptAnswer } | { error: unknown };

class Turn {
  readonly #options: TurnOptions;
  readonly #translator: Translator;
  readonly #stop: AbortSignal;
  readonly #costBefore: number | null;
  /** What the agent said is taken in one by one. */
  #work: Promise<void> = Promise.resolve();
  #silence: NodeJS.Timeout | undefined;
  #killer: NodeJS.Timeout | undefined;
  #programEnd: Promise<void> | undefined;
  #questions = 0;
  #over = false;
  #timedOut = false;
  #broken = false;
  #refused = false;

  constructor(options: TurnOptions) {
    const { name, connection, control } = options;
    this.#options = options;
    this.#stop = AbortSignal.any([control.signal, control.redirect()]);
    this.#costBefore = connection.cost ?? (connection.resumed ? null : 0);
    this.#translator = new Translator({
      ...options,
      runtime: name,
      model: () => `${name}/${connection.choice("model")?.current ?? "default"}`,
      setState: (activity) => control.setState(activity),
      steps: () => control.spent().steps,
    });
  }

  async ask(): Promise<TurnEnd> {
    const { connection, blocks, control } = this.#options;
    control.setState("streaming");
    this.#stop.addEventListener("abort", this.#cancel, { once: true });
    this.#listenOn();
    try {
      const listener = {
        onUpdate: (update: AgentUpdate) => this.#hear(update),
        onPermission: (request: PermissionRequest) => this.#permit(request),
      };
      const answer = connection.prompt(blocks, listener);
      if (this.#stop.aborted) this.#cancel();
      return { answer: await answer };
    } catch (error) {
      return { error };
    } finally {
      this.#over = true;
      this.#stop.removeEventListener("abort", this.#cancel);
      clearTimeout(this.#silence);
      clearTimeout(this.#killer);
      await this.#programEnd;
    }
  }

  drained(): Promise<void> {
    return this.#work;
  }

  readonly #cancel = (): void => {
    const { connection } = this.#options;
    connection.cancel();
    this.#killer = setTimeout(this.#endProgram, CANCEL_WAIT_MS);
  };

  /** Silence is measured from the newest sign of life; the person's own time to answer does not count. */
  #listenOn(): void {
    clearTimeout(this.#silence);
    if (this.#over || this.#questions > 0) return;
    this.#silence = setTimeout(this.#giveUp, this.#options.idleTimeoutMs);
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
    if (update.type === "broken") this.#broken = true;
    this.#inOrder(() => this.#translator.take(update)).catch(() => undefined);
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

  async #permit(request: PermissionRequest): Promise<PermissionAnswer> {
    this.#questions += 1;
    this.#listenOn();
    try {
      return await this.#judge(request);
    } catch {
      // The turn was stopped while the question was open, or it could not be recorded: nothing may run.
      return CANCELLED;
    } finally {
      this.#questions -= 1;
      this.#listenOn();
    }
  }

  async #judge(request: PermissionRequest): Promise<PermissionAnswer> {
    const { gate, control, name, cwd } = this.#options;
    const { toolCall } = request;
    const call = await this.#inOrder(() => this.#translator.announce(toolCall));
    if (!call || this.#stop.aborted) return CANCELLED;
    const { diff } = await diffDetails(diffsOf(toolCall), cwd);
    const shown = { place: name, editable: false, ...(diff ? { patch: diff.patch } : {}) };
    const verdict = await gate.check(gateCall(toolCall, call, cwd), {
      ask: (question) => control.ask({ ...question, ...shown }, this.#stop),
      signal: this.#stop,
    });
    await control.waitWhilePaused();
    if (this.#stop.aborted) return CANCELLED;
    const denial = verdict.allowed
      ? this.#changed(verdict.arguments, call.naming.arguments)
      : verdict.message;
    if (denial === null) {
      await this.#inOrder(() => this.#translator.startCall(toolCall.toolCallId));
      return permissionAnswer(request, "allow");
    }
    this.#refused = true;
    const details: ToolDetails = verdict.allowed ? { denial: "user" } : denialDetails(verdict);
    await this.#inOrder(() => this.#translator.refuseCall(toolCall.toolCallId, denial, details));
    return permissionAnswer(request, "reject");
  }

  /** ACP has no way to hand changed arguments back: then the call must not run as it was. */
  #changed(allowed: Record<string, unknown>, asked: Record<string, unknown>): string | null {
    if (JSON.stringify(allowed) === JSON.stringify(asked)) return null;
    return `not run: ${this.#options.name} cannot take changed arguments (${JSON.stringify(allowed)})`;
  }

  async close(end: TurnEnd): Promise<TurnResult> {
    const { connection, control } = this.#options;
    const interrupted = control.signal.aborted;
    const redirected = !interrupted && this.#stop.aborted;
    if (interrupted || redirected) {
      await this.#translator.finish({
        stopReason: "aborted",
        usage: this.#usage(end),
        openCalls: interrupted ? "cancelled by user" : "cancelled: the user redirected",
      });
      return interrupted ? { outcome: "interrupted" } : "redirected";
    }
    if ("error" in end && !isRequestError(end.error)) await (this.#programEnd ?? connection.close(0));
    const { result, stopReason } =
      "error" in end ? failed(this.#failure(end.error)) : this.#answered(end.answer);
    const close: TurnClose = {
      stopReason,
      usage: this.#usage(end),
      openCalls: "no result: the agent reported none",
    };
    await this.#translator.finish(
      result.error && stopReason === "error" ? { ...close, error: result.error } : close,
    );
    return result;
  }

  #usage(end: TurnEnd): TurnClose["usage"] {
    const { cost } = this.#options.connection;
    const spent = cost === null || this.#costBefore === null ? null : Math.max(0, cost - this.#costBefore);
    const answer = "answer" in end ? end.answer : { stopReason: "", _meta: {} };
    return turnUsage(answer, spent);
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
    if (isRequestError(error)) {
      const { message, hint } = agentWords(error);
      return {
        code: "runtime.failed",
        message: `${name}: ${message}`,
        ...(hint === undefined ? {} : { hint }),
      };
    }
    const lastWords = connection.errorText().split("\n").slice(-5).join("\n");
    const hint = lastWords === "" ? "Send a message to start it anew." : `It last said: ${lastWords}`;
    return { code: "runtime.crashed", message: `${name} ended in the middle of its turn.`, hint };
  }

  #answered({ stopReason }: PromptAnswer): { result: RunResult; stopReason: TurnClose["stopReason"] } {
    const { name } = this.#options;
    const { saidAnything, lastText } = this.#translator;
    switch (stopReason) {
      case "max_tokens":
        return { result: { outcome: "completed" }, stopReason: "length" };
      case "max_turn_requests": {
        const message = `${name} stopped at its own limit of requests in a turn.`;
        const error = { code: "runtime.limit", message, hint: "Nothing is lost: send a message to go on." };
        return { result: { outcome: "limit", error }, stopReason: "stop" };
      }
      case "refusal":
        return failed({ code: "runtime.refused", message: `${name}'s model refused to answer.` });
      case "cancelled":
        return { result: { outcome: this.#refused ? "completed" : "interrupted" }, stopReason: "aborted" };
      default:
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
