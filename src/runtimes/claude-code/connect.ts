// A running Claude Code with a session open. Speaks its stream-json with control requests; knows nothing of our events.
import { randomUUID } from "node:crypto";
import { AppError } from "../../lib/app-error.ts";
import type { PipedProcess } from "../../lib/piped-process.ts";
import type { PermissionMode } from "../../protocol/approval.ts";
import { type Fields, inner, textIn } from "../../session/import/fields.ts";
import type {
  AgentConnection,
  ConnectOptions,
  PromptBlock,
  TurnAnswer,
  TurnListener,
} from "../external/connection.ts";
import { readJsonLines, writeJsonLine } from "../external/json-lines.ts";
import { untilDrained, untilUnheard } from "../external/last-words.ts";
import type { OpeningConnection } from "../external/start-agent.ts";
import type { AgentChoice, ChoiceCategory, RuntimeCapabilities } from "../runtime.ts";
import { ControlRequests } from "./control.ts";
import { Exchange } from "./exchange.ts";
import { LOG_IN } from "./failure.ts";
import { effortValues, modelValues, type OfferedModel, offeredModels } from "./models.ts";
import { refusal } from "./permission.ts";
import { PromptTurn } from "./prompt-turn.ts";
import { NOBODY_ASKED } from "./replies.prompt.ts";
import { TaskList } from "./tasks.ts";
import { isWorthAsking } from "./tool-view.ts";
import { ClaudeTurn } from "./translate.ts";
import { SessionUsage } from "./usage.ts";
import { readLine, type WireMessage } from "./wire.ts";

/** Told by programs that say what becomes of each message of ours. */
const TELLS_MESSAGES = "msg_lifecycle_v1";
const NEVER_TELLS = [() => false, () => false] as const;

export type OpenedSession = Pick<AgentConnection, "sessionId" | "resumed" | "seeded">;

type Active = { exchange: Exchange; turn: PromptTurn };

export class ClaudeConnection implements OpeningConnection {
  readonly #process: PipedProcess;
  readonly #options: ConnectOptions;
  readonly #control: ControlRequests;
  readonly #tasks = new TaskList();
  readonly #usage: SessionUsage;
  readonly sessionId: string;
  readonly resumed: boolean;
  readonly seeded: boolean;
  #active: Active | null = null;
  #models: OfferedModel[] = [];
  /** As the person chose, null while they did not. */
  #chosen: { model: string | null; effort: string | null } = { model: null, effort: null };
  #mode: PermissionMode;
  /** Resolves with whether it tells what becomes of each message, at its first turn. */
  readonly #tellsMessages = Promise.withResolvers<boolean>();
  model: string | null = null;
  alive = true;

  constructor(process: PipedProcess, options: ConnectOptions, session: OpenedSession) {
    this.#process = process;
    this.#options = options;
    this.#mode = options.mode;
    this.sessionId = session.sessionId;
    this.resumed = session.resumed;
    this.seeded = session.seeded;
    this.#usage = new SessionUsage(session.resumed || session.seeded);
    this.#control = new ControlRequests((line) => this.#write(line));
  }

  get capabilities(): Partial<RuntimeCapabilities> {
    return { resume: true, images: true, modelChoice: this.#models.length > 0 };
  }

  errorText(): string {
    return this.#process.errorText();
  }

  async open({ timeoutMs }: ConnectOptions): Promise<void> {
    const { stdout } = this.#process;
    void untilUnheard(this.#process, untilDrained(stdout)).then(() => this.#outlive());
    readJsonLines(stdout, (line) => this.#hear(readLine(line)));
    // It asks us before each call that matters, whatever its own rules would allow: ours decide.
    const hooks = { PreToolUse: [{ hookCallbackIds: ["ask"] }] };
    const ready = await this.#control.ask({ subtype: "initialize", hooks }, timeoutMs);
    if (lacksLogin(inner(ready, "account"))) {
      throw new AppError("runtime.auth", "nobody is logged in.", { hint: LOG_IN });
    }
    this.#models = offeredModels(ready);
  }

  #outlive(): void {
    this.alive = false;
    const error = new AppError("runtime.crashed", "Its program ended.");
    this.#control.end(error);
    this.#active?.turn.fail(error);
  }

  #write(line: Record<string, unknown>): void {
    writeJsonLine(this.#process.stdin, line);
  }

  #hear(message: WireMessage | null): void {
    const turn = this.#active?.turn;
    const active = turn?.over ? undefined : turn;
    switch (message?.type) {
      case "init":
        this.model = message.model || this.model;
        this.#tellsMessages.resolve(message.capabilities.includes(TELLS_MESSAGES));
        break;
      case "message":
        if (message.state === "queued") this.#tellsMessages.resolve(true);
        break;
      case "response":
        this.#control.heard(message);
        break;
      case "hook":
        this.#reply(message.requestId, hookAnswer(message.toolName));
        break;
      case "request":
        this.#refuse(message.requestId, message.subtype);
        break;
      case "permission":
        if (!active) this.#reply(message.requestId, refusal(NOBODY_ASKED));
        break;
      default:
        break;
    }
    active?.hear(message);
  }

  #reply(requestId: string, response: Record<string, unknown>): void {
    const answer = { subtype: "success", request_id: requestId, response };
    this.#write({ type: "control_response", response: answer });
  }

  #refuse(requestId: string, subtype: string): void {
    const error = `${subtype} is not supported here`;
    this.#write({ type: "control_response", response: { subtype: "error", request_id: requestId, error } });
  }

  choice(category: ChoiceCategory): AgentChoice | null {
    const { model, effort } = this.#chosen;
    const isModel = category === "model";
    const values = isModel ? modelValues(this.#models) : effortValues(this.#models, model ?? this.model);
    return values.length === 0 ? null : { current: isModel ? (this.model ?? model) : effort, values };
  }

  async choose(category: ChoiceCategory, value: string): Promise<void> {
    if (category === "model") {
      const answer = await this.#control.ask({ subtype: "set_model", model: value });
      const named = this.#models.find((model) => model.value === value);
      this.model = textIn(answer, "model") || named?.resolved || value;
      this.#chosen.model = value;
      return;
    }
    await this.#control.ask({ subtype: "apply_flag_settings", settings: { effortLevel: value } });
    this.#chosen.effort = value;
  }

  /** What may run is our gate's to say; only planning is something that its model should know of. */
  async setMode(mode: PermissionMode): Promise<void> {
    const before = claudeMode(this.#mode);
    this.#mode = mode;
    const now = claudeMode(mode);
    if (now !== before) await this.#control.ask({ subtype: "set_permission_mode", mode: now });
  }

  async prompt(blocks: readonly PromptBlock[], listener: TurnListener): Promise<TurnAnswer> {
    const { cwd, name } = this.#options;
    const uuid = randomUUID();
    const exchange = new Exchange(uuid);
    const usage = this.#usage;
    const turn = new PromptTurn({
      exchange,
      usage,
      turn: new ClaudeTurn({ name, cwd, tasks: this.#tasks, usage }),
      listener,
      cwd,
      mode: () => this.#mode,
      reply: (requestId, answer) => this.#reply(requestId, answer),
    });
    this.#active = { exchange, turn };
    this.#send(uuid, blocks);
    if (!this.alive) turn.fail(new AppError("runtime.crashed", "Its program ended."));
    try {
      return await turn.answer;
    } finally {
      turn.close();
      this.#active = null;
      for (const left of exchange.left()) this.#forget(left);
    }
  }

  /** What it did not take in in time goes back to our queue: it must not come to it twice. */
  #forget(uuid: string): void {
    const forgotten = this.#control.ask({ subtype: "cancel_async_message", message_uuid: uuid });
    forgotten.catch(() => undefined); // It knows no such request, or ended.
  }

  async steer(blocks: readonly PromptBlock[], id: string): Promise<boolean> {
    const active = this.#active;
    if (!active) return false;
    const over = active.turn.answer.then(...NEVER_TELLS);
    const tells = await Promise.race([this.#tellsMessages.promise, over]);
    if (!tells || this.#active !== active || active.turn.over || active.exchange.stopped) return false;
    const uuid = randomUUID();
    active.exchange.steer(uuid, id);
    this.#send(uuid, blocks);
    return true;
  }

  #send(uuid: string, blocks: readonly PromptBlock[]): void {
    const message = { role: "user", content: blocks.map(contentBlock) };
    this.#write({ type: "user", message, parent_tool_use_id: null, session_id: "", uuid });
  }

  cancel(): void {
    this.#active?.exchange.stop();
    const told = this.#control.ask({ subtype: "interrupt", cancel_queued: true });
    told.catch(() => undefined); // One that does not heed it is ended by whoever waits for the turn.
  }

  async close(waitMs: number): Promise<void> {
    await this.#process.stop(waitMs);
    this.#outlive();
  }
}

/** The words of its mode; everything but planning is left to our gate. */
export function claudeMode(mode: PermissionMode): "plan" | "default" {
  return mode === "plan" ? "plan" : "default";
}

function hookAnswer(toolName: string): Record<string, unknown> {
  if (!isWorthAsking(toolName)) return {};
  return { hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "ask" } };
}

function contentBlock(block: PromptBlock): Record<string, unknown> {
  if (block.type === "text") return block;
  return { type: "image", source: { type: "base64", media_type: block.mimeType, data: block.data } };
}

/** Only where it would ask its own service and says that it has no key and no login. */
function lacksLogin(account: Fields): boolean {
  const { tokenSource, apiKeySource, apiProvider } = account;
  return apiProvider === "firstParty" && tokenSource === "none" && (apiKeySource ?? "none") === "none";
}
