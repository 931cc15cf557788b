// Starts an ACP agent's program and opens a session with it. Speaks the protocol; knows nothing of our events.
import { AppError } from "../../lib/app-error.ts";
import { withDeadline } from "../../lib/deadline.ts";
import { fieldOf } from "../../lib/field-of.ts";
import type { PipedProcess } from "../../lib/piped-process.ts";
import type { PermissionMode } from "../../protocol/approval.ts";
import type {
  AgentConnection,
  Connect,
  ConnectOptions,
  PromptBlock,
  TurnAnswer,
  TurnListener,
} from "../external/connection.ts";
import { type AgentProgram, type OpeningConnection, startAgent } from "../external/start-agent.ts";
import type { ChoiceCategory, RuntimeCapabilities } from "../runtime.ts";
import { agentError, isRequestError } from "./agent-words.ts";
import { type Link, openLink } from "./link.ts";
import { canPlan, currentMode, modeRequests } from "./modes.ts";
import { askingEnv, isOpencode } from "./opencode-asks.ts";
import { CANCELLED, type PermissionAnswer, permissionAnswer } from "./permission.ts";
import { acpProfile } from "./profiles.ts";
import { SteerPlace } from "./steer-place.ts";
import { AcpTurn } from "./translate.ts";
import { turnUsage } from "./usage.ts";
import {
  type ConfigChoice,
  Initialized,
  isSteerable,
  type PermissionRequest,
  PromptAnswer,
  readChoice,
  readUpdate,
  SessionOpened,
} from "./wire.ts";
import { wireServers } from "./wire-servers.ts";

/** An agent that replays a loaded session may go on with it after its answer (Gemini CLI 0.61): quiet for this long. */
const REPLAY_QUIET_MS = 150;
/** For a session to be made of our conversation: opencode's import takes 2 to 6 s on a busy machine. */
const SEED_MS = 20_000;
/** A request that the agent should answer at once. */
const CHOICE_LIMIT = { timeoutMs: 10_000, code: "runtime.timeout" };

type Reopening = "session/resume" | "session/load";

/** Gives the way to an agent's program; connecting throws `runtime.start`. */
export function acpConnector(given: AgentProgram): Connect {
  return async (options) => {
    const program = isOpencode(given) ? { ...given, env: await askingEnv(given.env, options.cwd) } : given;
    return startAgent(program, options, (process) => new AcpConnection(process, program, options.cwd));
  };
}

class AcpConnection implements OpeningConnection {
  readonly #process: PipedProcess;
  #link: Link | null = null;
  #listener: TurnListener | null = null;
  #opened: SessionOpened = SessionOpened.parse({});
  #lastUpdateMs = 0;
  #mcpServers: unknown[] = [];
  #turn: AcpTurn;
  /** Newest sum of US dollars that the agent named for its session; null while it named none. */
  #cost: number | null = null;
  readonly #cwd: string;
  readonly #program: AgentProgram;
  #profile = acpProfile(undefined);
  /** The mode that its session began in. */
  #firstMode: string | null = null;
  #steers = new SteerPlace();
  /** Messages that are being handed into the turn. */
  readonly #handing = new Set<Promise<unknown>>();
  #cancelled = false;
  steer?: NonNullable<AgentConnection["steer"]>;
  seeded = false;
  capabilities: Partial<RuntimeCapabilities> = {};
  sessionId = "";
  resumed = false;
  alive = true;

  constructor(process: PipedProcess, program: AgentProgram, cwd: string) {
    this.#process = process;
    this.#program = program;
    this.#cwd = cwd;
    this.#turn = new AcpTurn(cwd);
  }

  get forgetsUnanswered(): boolean {
    return this.#profile.forgetsUnanswered;
  }

  get model(): string | null {
    return this.choice("model")?.current ?? null;
  }

  errorText(): string {
    return this.#process.errorText();
  }

  async open(options: ConnectOptions): Promise<void> {
    try {
      await this.#open(options);
    } catch (error) {
      throw agentError(error);
    }
  }

  async #open(options: ConnectOptions): Promise<void> {
    const link = await this.#connect();
    const initialized = Initialized.parse(
      await link.agent.request<unknown>("initialize", {
        protocolVersion: 1,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
        clientInfo: { name: "hearth", title: "Hearth", version: "1" },
      }),
    );
    const { loadSession, promptCapabilities, sessionCapabilities, mcpCapabilities } =
      initialized.agentCapabilities;
    this.#mcpServers = wireServers(options.mcpServers ?? [], mcpCapabilities);
    this.#profile = acpProfile(initialized.agentInfo?.name);
    const resume = sessionCapabilities.resume !== undefined && sessionCapabilities.resume !== null;
    this.capabilities = { images: promptCapabilities.image, resume: resume || loadSession };
    const again = resume ? "session/resume" : loadSession ? "session/load" : null;
    await this.#openSession(again, options);
    this.#firstMode = currentMode(this.#opened);
    // One that refuses (Gemini CLI does in folders that it does not trust) is still judged by our gate.
    await this.#follow(options.mode).catch(() => undefined);
    this.#offerSteering(isSteerable(initialized));
    const modelChoice = this.choice("model") !== null;
    const modes = canPlan(this.#opened, this.#profile);
    this.capabilities = {
      ...this.capabilities,
      modelChoice,
      modes,
      steer: this.steer ? "native" : "next_prompt",
    };
  }

  /** Its earlier session, else one that holds our conversation, else a new one. */
  async #openSession(again: Reopening | null, options: ConnectOptions): Promise<void> {
    const { cwd, externalSessionId, history } = options;
    if (externalSessionId !== undefined && again !== null) {
      this.resumed = await this.#reopen(again, externalSessionId, cwd);
    }
    if (this.resumed) return;
    const { seed } = this.#profile;
    if (seed !== null && again !== null && history.length > 0) {
      const { seedSession } = await import("./seed.ts");
      const limits = { timeoutMs: Math.min(SEED_MS, options.timeoutMs / 2), signal: options.signal };
      const openNew = () => this.#openNew(cwd);
      const made = await seedSession(seed, { ...this.#program, ...limits, openNew, cwd, history });
      this.seeded = made !== null && (await this.#reopen(again, made, cwd));
    }
    if (!this.seeded && this.sessionId === "") await this.#openNew(cwd);
  }

  async #follow(mode: PermissionMode): Promise<void> {
    const wish = { mode, first: this.#firstMode };
    for (const { configId, value } of modeRequests(this.#opened, this.#profile, wish)) {
      if (configId !== null) await this.#setOption(configId, value);
      else await this.#setMode(value);
    }
  }

  async #setMode(modeId: string): Promise<void> {
    const { sessionId } = this;
    await withDeadline(this.#request("session/set_mode", { sessionId, modeId }), CHOICE_LIMIT);
    const { modes } = this.#opened;
    this.#opened = {
      ...this.#opened,
      modes: { ...modes, currentModeId: modeId, availableModes: modes?.availableModes },
    };
  }

  async setMode(mode: PermissionMode): Promise<void> {
    try {
      await this.#follow(mode);
    } catch (error) {
      throw agentError(error);
    }
  }

  async #connect(): Promise<Link> {
    const link = await openLink(this.#process, {
      onUpdate: (params) => this.#hear(params),
      onPermission: (request) => this.#ask(request),
      onEnd: () => {
        this.alive = false;
      },
    });
    this.#link = link;
    return link;
  }

  async #openNew(cwd: string): Promise<void> {
    const opened = await this.#request("session/new", { cwd, mcpServers: this.#mcpServers });
    this.#opened = SessionOpened.parse(opened);
    this.sessionId = this.#opened.sessionId ?? "";
    if (this.sessionId === "") throw new AppError("runtime.start", "It opened a session without an id.");
  }

  /** False when the agent no longer has that session. */
  async #reopen(method: Reopening, sessionId: string, cwd: string): Promise<boolean> {
    try {
      this.#opened = SessionOpened.parse(
        (await this.#request(method, { sessionId, cwd, mcpServers: this.#mcpServers })) ?? {},
      );
    } catch (error) {
      if (isRequestError(error)) return false;
      throw error;
    }
    this.sessionId = sessionId;
    if (method === "session/load") await this.#untilQuiet();
    return true;
  }

  async #untilQuiet(): Promise<void> {
    do {
      await new Promise((resolve) => setTimeout(resolve, REPLAY_QUIET_MS));
    } while (Date.now() - this.#lastUpdateMs < REPLAY_QUIET_MS);
  }

  #request(method: string, params: unknown): Promise<unknown> {
    if (!this.#link) throw new AppError("runtime.start", "It is not connected.");
    return this.#link.agent.request<unknown>(method, params);
  }

  #hear(params: unknown): void {
    this.#lastUpdateMs = Date.now();
    const update = readUpdate(params);
    if (!update) return;
    if (update.type === "usage") this.#cost = update.cost ?? this.#cost;
    if (update.type === "options")
      this.#opened = { ...this.#opened, configOptions: update.opened.configOptions };
    for (const id of this.#steers.before(update)) this.#listener?.onUpdate({ type: "steered", id });
    const told = this.#turn.take(update);
    if (told) this.#listener?.onUpdate(told);
  }

  async #ask(request: PermissionRequest): Promise<PermissionAnswer> {
    if (!this.#listener) return CANCELLED;
    this.#steers.opens(request.toolCall.toolCallId);
    const asked = this.#turn.asked(request.toolCall);
    const verdict = await this.#listener.onPermission({ ...asked, editable: false });
    return permissionAnswer(request, verdict);
  }

  choice(category: ChoiceCategory): ConfigChoice | null {
    return readChoice(this.#opened, category);
  }

  async choose(category: ChoiceCategory, value: string): Promise<void> {
    const choice = this.choice(category);
    if (!choice) return;
    try {
      await this.#choose(choice, value);
    } catch (error) {
      throw agentError(error);
    }
  }

  async #choose({ id, values }: ConfigChoice, value: string): Promise<void> {
    if (id !== null) return this.#setOption(id, value);
    const { sessionId } = this;
    await withDeadline(this.#request("session/set_model", { sessionId, modelId: value }), CHOICE_LIMIT);
    const availableModels = values.map((modelId) => ({ modelId }));
    this.#opened = { ...this.#opened, models: { currentModelId: value, availableModels } };
  }

  async #setOption(configId: string, value: string): Promise<void> {
    const { sessionId } = this;
    const asked = this.#request("session/set_config_option", { sessionId, configId, value });
    const { configOptions } = SessionOpened.parse((await withDeadline(asked, CHOICE_LIMIT)) ?? {});
    if (configOptions) this.#opened = { ...this.#opened, configOptions };
  }

  async prompt(blocks: readonly PromptBlock[], listener: TurnListener): Promise<TurnAnswer> {
    const costBefore = this.#cost ?? (this.resumed ? null : 0);
    this.#listener = listener;
    this.#turn = new AcpTurn(this.#cwd);
    this.#steers = new SteerPlace();
    this.#cancelled = false;
    try {
      const { sessionId } = this;
      const first = this.#request("session/prompt", { sessionId, prompt: blocks });
      const [settled] = await Promise.allSettled([first]);
      await this.#steered();
      if (settled.status === "rejected") throw settled.reason;
      const answer = PromptAnswer.parse(settled.value);
      const spent = this.#cost === null || costBefore === null ? null : Math.max(0, this.#cost - costBefore);
      return { reason: turnReason(answer), usage: turnUsage(answer, spent) };
    } catch (error) {
      throw agentError(error);
    } finally {
      this.#listener = null;
    }
  }

  /** Everything that was handed into the turn is answered before it ends, and is in the agent's session then. */
  async #steered(): Promise<void> {
    while (this.#handing.size > 0) await Promise.allSettled([...this.#handing]);
    if (this.#cancelled) return;
    for (const id of this.#steers.rest()) this.#listener?.onUpdate({ type: "steered", id });
  }

  #offerSteering(byExtension: boolean): void {
    if (byExtension) this.steer = (blocks, id) => this.#during(this.#inject(blocks, id));
    else if (this.#profile.steer === "second_prompt")
      this.steer = (blocks, id) => this.#promptAgain(blocks, id);
  }

  /** The way that Claude's and Codex's adapters have in common. */
  async #inject(prompt: readonly PromptBlock[], id: string): Promise<boolean> {
    if (this.#listener === null || this.#cancelled) return false;
    const { sessionId } = this;
    const _meta = { steering: { idleBehavior: "promptRequired" } };
    const asked = this.#request("_session/steering", { sessionId, prompt, _meta });
    this.#steers.add(id);
    const outcome = fieldOf(await withDeadline(asked, CHOICE_LIMIT).catch(() => null), "outcome");
    if (outcome === "injected" || outcome === "startedNewTurn") return true;
    this.#steers.drop(id);
    return false;
  }

  /** A prompt that is folded into the one that runs; its answer comes with that one's. */
  async #promptAgain(prompt: readonly PromptBlock[], id: string): Promise<boolean> {
    if (this.#listener === null || this.#cancelled) return false;
    const { sessionId } = this;
    this.#steers.add(id);
    const answered = this.#request("session/prompt", { sessionId, prompt });
    // What it did not take stays ours.
    void this.#during(answered.catch(() => this.#steers.drop(id)));
    return true;
  }

  #during<T>(work: Promise<T>): Promise<T> {
    const over = (): boolean => this.#handing.delete(work);
    this.#handing.add(work);
    work.then(over, over);
    return work;
  }

  cancel(): void {
    this.#cancelled = true;
    const told = this.#link?.agent.notify("session/cancel", { sessionId: this.sessionId });
    // An agent that is gone needs no telling.
    told?.catch(() => undefined);
  }

  async close(waitMs: number): Promise<void> {
    const stopped = this.#process.stop(this.#profile.killOnClose ? 0 : waitMs);
    if (waitMs === 0) this.#link?.close(new AppError("runtime.stopped", "Its program was ended."));
    await stopped;
    this.alive = false;
    this.#link?.close();
  }
}

function turnReason({ stopReason }: PromptAnswer): TurnAnswer["reason"] {
  switch (stopReason) {
    case "max_tokens":
      return "length";
    case "max_turn_requests":
      return "limit";
    case "refusal":
    case "cancelled":
      return stopReason;
    default:
      return "stop";
  }
}
