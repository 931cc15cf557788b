// One prompt to Claude Code, from our message to the moment it is idle again: what it says goes to the turn's listener,
// what it asks for is answered.
import { AppError } from "../../lib/app-error.ts";
import type { PermissionMode } from "../../protocol/approval.ts";
import type { Usage } from "../../protocol/usage.ts";
import { addUsage } from "../../protocol/usage-sum.ts";
import type { PermissionRequest, TurnAnswer, TurnListener } from "../external/connection.ts";
import type { Exchange } from "./exchange.ts";
import { endReason } from "./failure.ts";
import { type PermissionAnswer, permissionAnswer, refusal } from "./permission.ts";
import { changePreview } from "./preview.ts";
import { ASK_IN_TEXT, CANNOT_ASK, NOBODY_ASKED, PLAN_IN_TEXT } from "./replies.prompt.ts";
import type { ClaudeTurn } from "./translate.ts";
import type { SessionUsage } from "./usage.ts";
import type { WireEnd, WireMessage } from "./wire.ts";

export type PromptTurnOptions = {
  exchange: Exchange;
  turn: ClaudeTurn;
  usage: SessionUsage;
  listener: TurnListener;
  cwd: string;
  mode: () => PermissionMode;
  reply: (requestId: string, answer: PermissionAnswer) => void;
};

type Asked = Extract<WireMessage, { type: "permission" }>;

/** A response whose call is asked for is about to end: until then the question waits, so that its calls stay together. */
const RESPONSE_END_MS = 2_000;
/** For the agent to begin with a message that came too late for its turn. */
const NEXT_TURN_MS = 10_000;

export class PromptTurn {
  readonly #options: PromptTurnOptions;
  readonly #ended = Promise.withResolvers<TurnAnswer>();
  readonly #questions = new Map<string, AbortController>();
  #held: Asked[] = [];
  #holding: NodeJS.Timeout | undefined;
  #waiting: NodeJS.Timeout | undefined;
  #spent: Usage | null = null;
  /** What is said from now on belongs to no prompt of ours. */
  over = false;

  constructor(options: PromptTurnOptions) {
    this.#options = options;
  }

  /** Rejects with `runtime.failed` or `runtime.auth` as the agent told it, or with what `fail` was given. */
  get answer(): Promise<TurnAnswer> {
    return this.#ended.promise;
  }

  /** `null`: a line that says nothing we know. */
  hear(message: WireMessage | null): void {
    const { turn, listener } = this.#options;
    const updates = message ? turn.take(message) : [];
    if (updates.length === 0) listener.onUpdate({ type: "alive" });
    for (const update of updates) listener.onUpdate(update);
    if (!turn.streaming) this.#release();
    if (message) this.#act(message);
  }

  fail(error: Error): void {
    this.#settle(() => this.#ended.reject(error));
  }

  /** What is still asked is refused; one that was told to stop asks no more. */
  close(): void {
    this.over = true;
    clearTimeout(this.#holding);
    clearTimeout(this.#waiting);
    const { exchange, reply } = this.#options;
    const open = [...this.#held.map(({ requestId }) => requestId), ...this.#questions.keys()];
    for (const question of this.#questions.values()) question.abort();
    this.#held = [];
    this.#questions.clear();
    if (!exchange.stopped) for (const requestId of open) reply(requestId, refusal(NOBODY_ASKED));
  }

  #act(message: WireMessage): void {
    switch (message.type) {
      case "message":
        this.#heardOf(message.uuid, message.state);
        break;
      case "permission":
        this.#hold(message);
        break;
      case "withdrawn":
        this.#held = this.#held.filter(({ requestId }) => requestId !== message.requestId);
        this.#questions.get(message.requestId)?.abort();
        this.#questions.delete(message.requestId);
        break;
      case "end":
        this.#release();
        this.#end(message.end);
        break;
      default:
        break;
    }
  }

  #heardOf(uuid: string, state: "queued" | "taken" | "cancelled"): void {
    const { exchange, listener } = this.#options;
    const { steered, over } = exchange.heard(uuid, state);
    if (state === "taken") clearTimeout(this.#waiting);
    if (steered !== null) listener.onUpdate({ type: "steered", id: steered });
    if (over) this.#settle(() => this.#ended.resolve({ reason: "cancelled", usage: this.#spent }));
  }

  #hold(asked: Asked): void {
    const { turn } = this.#options;
    if (!turn.streaming || asked.request.agentId !== null) {
      this.#take(asked);
      return;
    }
    this.#held.push(asked);
    clearTimeout(this.#holding);
    this.#holding = setTimeout(() => this.#release(), RESPONSE_END_MS);
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    for (const asked of held) this.#take(asked);
  }

  /** A question that cannot be put to anybody is refused, whatever is wrong with it. */
  #take(asked: Asked): void {
    this.#ask(asked).catch(() => {
      this.#questions.delete(asked.requestId);
      this.#options.reply(asked.requestId, refusal(CANNOT_ASK));
    });
  }

  async #ask({ requestId, request }: Asked): Promise<void> {
    const { turn, listener, exchange, cwd, mode, reply } = this.#options;
    if (request.name === "AskUserQuestion") return reply(requestId, refusal(ASK_IN_TEXT));
    if (request.name === "ExitPlanMode" && mode() === "plan") return reply(requestId, refusal(PLAN_IN_TEXT));
    const question = new AbortController();
    this.#questions.set(requestId, question);
    const { call, tool } = turn.asked(request);
    const shown = { call, tool: withPreview(tool, cwd), editable: true };
    const verdict = await listener.onPermission(shown, question.signal);
    // Withdrawn, or answered when the turn ended; and one that is told to stop no longer waits.
    if (!this.#questions.delete(requestId)) return;
    if (verdict.answer === "cancel" && exchange.stopped) return;
    reply(requestId, permissionAnswer(request, verdict, cwd));
  }

  #end(end: WireEnd): void {
    const { exchange, usage, listener } = this.#options;
    const spent = usage.settle(end);
    if (spent) this.#spent = this.#spent ? addUsage(this.#spent, spent) : spent;
    const settle = this.#answerTo(end);
    if (exchange.isOver()) {
      this.#settle(settle.now);
      return;
    }
    if (settle.error) {
      const { code, message } = settle.error;
      listener.onUpdate({ type: "notice", level: "warning", code, message });
    }
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#settle(settle.now), NEXT_TURN_MS);
  }

  #answerTo(end: WireEnd): { now: () => void; error?: AppError } {
    const { exchange, turn } = this.#options;
    try {
      const reason = exchange.stopped ? "cancelled" : endReason(end, turn.error);
      return { now: () => this.#ended.resolve({ reason, usage: this.#spent }) };
    } catch (error) {
      const now = (): void => this.#ended.reject(error);
      return error instanceof AppError ? { now, error } : { now };
    }
  }

  #settle(now: () => void): void {
    now();
    this.close();
  }
}

function withPreview(tool: PermissionRequest["tool"], cwd: string): PermissionRequest["tool"] {
  return tool?.kind === "edit" ? { ...tool, preview: (args) => changePreview(args, cwd) } : tool;
}
