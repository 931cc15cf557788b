// Starts `codex app-server` and opens a thread with it. Speaks the protocol; knows nothing of our events.
import { AppError } from "../../lib/app-error.ts";
import { withDeadline } from "../../lib/deadline.ts";
import type { PipedProcess } from "../../lib/piped-process.ts";
import type { PermissionMode } from "../../protocol/approval.ts";
import { codexItems } from "../../session/export/codex-items.ts";
import type {
  AgentUpdate,
  Connect,
  ConnectOptions,
  PromptBlock,
  TurnAnswer,
  TurnListener,
} from "../external/connection.ts";
import { untilDrained, untilUnheard } from "../external/last-words.ts";
import { type AgentProgram, type OpeningConnection, startAgent } from "../external/start-agent.ts";
import type { ChoiceCategory, HistoryEntry, RuntimeCapabilities } from "../runtime.ts";
import { type Question, readRequest } from "./approval.ts";
import { type Choice, Choices } from "./choices.ts";
import { LOG_IN } from "./failure.ts";
import { type CodexLimits, LIMITS } from "./limits.ts";
import { refusalText } from "./refusal.prompt.ts";
import { Rpc, RpcError, type RpcId } from "./rpc.ts";
import { RunningTurn } from "./running-turn.ts";
import { ThreadMode } from "./thread-mode.ts";
import {
  INITIALIZE,
  injectParams,
  resumeParams,
  steerParams,
  type ThreadPlace,
  threadParams,
  turnParams,
} from "./thread-params.ts";
import { endCommands, listModels } from "./thread-requests.ts";
import { CodexTurn } from "./translate.ts";
import { ThreadUsage } from "./usage.ts";
import {
  ApprovalParams,
  type CodexNote,
  lacksLogin,
  readNote,
  readOpened,
  readTurnId,
  type ThreadOpened,
} from "./wire.ts";

/** Gives the way to Codex's program; connecting throws `runtime.start` or `runtime.auth`. */
export function codexConnector(program: AgentProgram, limits: Partial<CodexLimits> = {}): Connect {
  const whole = { ...LIMITS, ...limits };
  return (options) => startAgent(program, options, (process) => new CodexConnection(process, options, whole));
}

class CodexConnection implements OpeningConnection {
  readonly #process: PipedProcess;
  readonly #rpc: Rpc;
  readonly #cwd: string;
  readonly #limits: CodexLimits;
  readonly #choices = new Choices();
  readonly #usage = new ThreadUsage();
  readonly #warned = new Set<string>();
  /** What it said for a person while no turn ran. */
  #unsaid: AgentUpdate[] = [];
  #turn: RunningTurn | null = null;
  readonly #mode: ThreadMode;
  sessionId = "";
  resumed = false;
  seeded = false;
  alive = true;

  constructor(process: PipedProcess, { cwd, mode }: ConnectOptions, limits: CodexLimits) {
    this.#process = process;
    this.#cwd = cwd;
    this.#mode = new ThreadMode(mode);
    this.#limits = limits;
    this.#rpc = new Rpc(process.stdout, process.stdin, {
      onNotification: (method, params) => this.#hear(readNote(method, params)),
      onRequest: (id, method, params) => this.#take(id, method, params),
    });
    void untilUnheard(process, untilDrained(process.stdout)).then(() =>
      this.#end(new AppError("runtime.crashed", "Its program ended.")),
    );
  }

  get capabilities(): Partial<RuntimeCapabilities> {
    return { images: this.#choices.images, resume: true };
  }

  get model(): string | null {
    return this.#choices.model;
  }

  errorText(): string {
    return this.#process.errorText();
  }

  async open({ cwd, history, externalSessionId }: ConnectOptions): Promise<void> {
    const place = { cwd, mode: this.#mode.mode };
    await this.#request("initialize", INITIALIZE, this.#limits.openMs);
    this.#rpc.notify("initialized");
    await this.#requireLogin();
    if (externalSessionId !== undefined) this.resumed = await this.#reopen(externalSessionId, place);
    if (!this.resumed) {
      this.#opened(await this.#request("thread/start", threadParams(place), this.#limits.openMs));
      this.seeded = history.length > 0 && (await this.learn(history));
    }
    const { requestMs } = this.#limits;
    const listing = listModels(this.#rpc, requestMs).then((models) => this.#choices.offers(models));
    await withDeadline(listing, { timeoutMs: this.#limits.modelsMs, code: "runtime.timeout" }).catch(
      // It is asked over the network where Codex has no list of its own: the choice is there a little later.
      () => undefined,
    );
  }

  /** Only Codex's own provider wants a login; without one every turn would fail. */
  async #requireLogin(): Promise<void> {
    const account = await this.#rpc
      .request("account/read", { refreshToken: false }, this.#limits.requestMs)
      .catch(onlyRefusals(null));
    if (lacksLogin(account)) throw new AppError("runtime.auth", "it is not logged in.", { hint: LOG_IN });
  }

  /** False when Codex no longer has that thread. */
  async #reopen(threadId: string, place: ThreadPlace): Promise<boolean> {
    const answer = await this.#rpc
      .request("thread/resume", resumeParams(threadId, place), this.#limits.openMs)
      .catch(onlyRefusals(null));
    if (answer === null) return false;
    this.#opened(answer);
    return true;
  }

  #opened(answer: unknown): void {
    const opened: ThreadOpened | null = readOpened(answer);
    if (!opened) throw new AppError("runtime.failed", "it opened a thread without an id.");
    this.sessionId = opened.thread.id;
    this.#choices.uses(opened.model ?? null, opened.reasoningEffort ?? null);
    this.#mode.opened(opened);
  }

  /** Calls and results included. False where Codex refuses it. */
  async learn(entries: readonly HistoryEntry[]): Promise<boolean> {
    const items = entries.flatMap(({ message }) => codexItems(message));
    if (items.length === 0) return true;
    const params = injectParams(this.sessionId, items);
    return this.#rpc
      .request("thread/inject_items", params, this.#limits.openMs)
      .then(() => true)
      .catch(onlyRefusals(false));
  }

  /** A refusal becomes `runtime.failed` with Codex's words. */
  async #request(method: string, params: unknown, timeoutMs = this.#limits.requestMs): Promise<unknown> {
    try {
      return await this.#rpc.request(method, params, timeoutMs);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      throw new AppError("runtime.failed", error.message, { cause: error });
    }
  }

  #hear(note: CodexNote | null): void {
    if (!note) return;
    // A thread that is being opened speaks before we have read its id.
    const own = note.threadId === null || this.sessionId === "" || note.threadId === this.sessionId;
    if (own) this.#keep(note);
    const turn = this.#running;
    turn?.hear(note, own);
    if (own && note.type === "turn_started" && !turn) this.#stopUnasked(note.turnId);
  }

  get #running(): RunningTurn | null {
    return this.#turn?.over === false ? this.#turn : null;
  }

  /** Codex may begin a turn by itself, to follow a goal that its model has set: nobody would see what it does. */
  #stopUnasked(turnId: string | null): void {
    const params = { threadId: this.sessionId, turnId };
    // It may be over already.
    this.#rpc.request("turn/interrupt", params, this.#limits.requestMs).catch(() => undefined);
  }

  /** What concerns the thread, whether a turn runs or not. */
  #keep(note: CodexNote): void {
    switch (note.type) {
      case "usage":
        this.#usage.take(note);
        break;
      case "settings":
        this.#choices.uses(note.model ?? null, note.effort ?? null);
        break;
      case "rerouted":
        this.#warn(`It answers with the model ${note.to} instead of ${note.from}.`);
        this.#choices.uses(note.to, this.#choices.effort);
        break;
      case "warning":
        this.#warn(note.message);
        break;
      default:
    }
  }

  /** Each once: some come with every turn. */
  #warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    const update: AgentUpdate = { type: "notice", level: "warning", code: "runtime.warning", message };
    if (this.#running) this.#running.tell(update);
    else this.#unsaid.push(update);
  }

  #take(id: RpcId, method: string, params: unknown): void {
    const read = ApprovalParams.safeParse(params).data;
    const turn = this.#running;
    const asked = read
      ? readRequest({ id, method }, read, turn?.translation ?? new CodexTurn(this.#cwd))
      : null;
    if (!read || !asked) this.#rpc.refuse(id, method);
    else if ("result" in asked) {
      if (asked.notice !== undefined) this.#warn(asked.notice);
      this.#rpc.answer(id, asked.result);
    } else if (turn) void this.#ask(turn, { id, question: asked, params: read });
    // A helper that goes on after the turn: there is no turn that could ask.
    else this.#rpc.answer(id, asked.answer({ answer: "reject", message: "" }));
  }

  /** Never rejects: what answers a question does not. */
  async #ask(
    turn: RunningTurn,
    { id, question, params }: { id: RpcId; question: Question; params: ApprovalParams },
  ): Promise<void> {
    const verdict = await turn.ask(id, question);
    if (verdict === null) return;
    if (verdict.answer === "reject" && verdict.message !== "") {
      this.#explain(id, params, refusalText(question.request.call.naming, verdict.message));
    }
    this.#rpc.answer(id, question.answer(verdict));
  }

  /** Codex's answer "decline" has no words: they go along as a message that its model reads after the refused call. */
  #explain(id: RpcId, { threadId, turnId }: ApprovalParams, message: string): void {
    if (threadId === undefined || turnId === undefined) return;
    const params = steerParams({ threadId, turnId }, [{ type: "text", text: message }], `refusal-${id}`);
    // Where it cannot be told, the refusal itself still stands.
    this.#rpc.request("turn/steer", params, this.#limits.requestMs).catch(() => undefined);
  }

  choice(category: ChoiceCategory): Choice | null {
    return this.#choices.of(category);
  }

  /** Told with the next turn. */
  async choose(category: ChoiceCategory, value: string): Promise<void> {
    this.#choices.choose(category, value);
  }

  /** The next turn is told. */
  async setMode(mode: PermissionMode): Promise<void> {
    this.#mode.wants(mode);
  }

  async prompt(blocks: readonly PromptBlock[], listener: TurnListener): Promise<TurnAnswer> {
    const { unreachableMs, openMs } = this.#limits;
    const turn = new RunningTurn({
      cwd: this.#cwd,
      listener,
      unreachableMs,
      interrupt: () => this.#interrupt(turn),
    });
    this.#turn = turn;
    this.#usage.beginTurn();
    for (const update of this.#unsaid.splice(0)) turn.tell(update);
    try {
      const modeChange = this.#mode.takeChange(this.#choices);
      const params = turnParams(this.sessionId, blocks, { ...this.#choices.takeNews(), modeChange });
      const begun = this.#request("turn/start", params, openMs).then((answer) => {
        const id = readTurnId(answer);
        if (id !== null) turn.begin(id);
      });
      begun.catch((error: unknown) => turn.fail(error));
      const reason = await turn.done;
      if (reason === "cancelled") await this.#endCommands(turn);
      return { reason, usage: this.#usage.spent() };
    } catch (error) {
      this.#tellSpent(turn);
      await this.#endCommands(turn);
      throw error;
    } finally {
      this.#turn = null;
    }
  }

  /** What they still say is no longer heard: whoever stopped the turn closes its calls. */
  async #endCommands({ translation }: RunningTurn): Promise<void> {
    const left = { threadId: this.sessionId, itemIds: translation.openCommands() };
    await endCommands(this.#rpc, left, this.#limits.requestMs);
  }

  /** A turn that failed has taken something all the same. */
  #tellSpent(turn: RunningTurn): void {
    const usage = this.#usage.spent();
    if (usage) turn.tell({ type: "response_end", usage });
  }

  async steer(blocks: readonly PromptBlock[], id: string): Promise<boolean> {
    const turn = this.#running;
    if (!turn) return false;
    // It is told before it is answered.
    turn.translation.sent(id);
    const turnId = await turn.began.catch(() => null);
    if (turnId === null) return false;
    const params = steerParams({ threadId: this.sessionId, turnId }, blocks, id);
    return this.#rpc
      .request("turn/steer", params, this.#limits.requestMs)
      .then(() => true)
      .catch(onlyRefusals(false));
  }

  cancel(): void {
    if (this.#turn) this.#interrupt(this.#turn);
  }

  #interrupt(turn: RunningTurn): void {
    const told = turn.began.then((turnId) =>
      this.#rpc.request("turn/interrupt", { threadId: this.sessionId, turnId }, this.#limits.requestMs),
    );
    // A turn that is over, or a program that is gone, needs no telling.
    told.catch(() => undefined);
  }

  #end(error: AppError): void {
    this.alive = false;
    this.#rpc.close(error);
    this.#turn?.fail(error);
  }

  async close(waitMs: number): Promise<void> {
    const stopped = this.#process.stop(waitMs);
    const error = new AppError("runtime.stopped", "Its program was ended.");
    if (waitMs === 0) this.#end(error);
    await stopped;
    this.#end(error);
  }
}

/** What Codex answered with an error is no fault of the connection. */
function onlyRefusals<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof RpcError) return instead;
    throw error;
  };
}
