// Starts an ACP agent's program and opens a session with it. Speaks the protocol; knows nothing of our events.
import { type Readable, Writable } from "node:stream";
import type { AnyMessage } from "@agentclientprotocol/sdk/unstable";
import { AppError } from "../../lib/app-error.ts";
import { withDeadline } from "../../lib/deadline.ts";
import { fieldOf } from "../../lib/field-of.ts";
import type { PipedProcess } from "../../lib/piped-process.ts";
import type {
  Connect,
  ConnectOptions,
  PromptBlock,
  TurnAnswer,
  TurnListener,
} from "../external/connection.ts";
import { type AgentProgram, type OpeningConnection, startAgent } from "../external/start-agent.ts";
import type { ChoiceCategory, RuntimeCapabilities } from "../runtime.ts";
import { agentError, isRequestError } from "./agent-words.ts";
import { CANCELLED, type PermissionAnswer, permissionAnswer } from "./permission.ts";
import { AcpTurn } from "./translate.ts";
import { turnUsage } from "./usage.ts";
import {
  type ConfigChoice,
  Initialized,
  PermissionRequest,
  PromptAnswer,
  readChoice,
  readUpdate,
  SessionOpened,
} from "./wire.ts";

type Acp = typeof import("@agentclientprotocol/sdk/unstable");
type Link = ReturnType<ReturnType<Acp["client"]>["connect"]>;

/** An agent that replays a loaded session may go on with it after its answer (Gemini CLI 0.61): quiet for this long. */
const REPLAY_QUIET_MS = 150;
/** Agents, by their own names, that drop a prompt whose first model request failed (seen of Gemini CLI 0.61). */
const FORGETFUL: readonly string[] = ["gemini-cli"];
/** A request that the agent should answer at once. */
const CHOICE_TIMEOUT_MS = 10_000;

/** Gives the way to an agent's program; connecting throws `runtime.start`. */
export function acpConnector(program: AgentProgram): Connect {
  return (options) => startAgent(program, options, (process) => new AcpConnection(process, options.cwd));
}

class AcpConnection implements OpeningConnection {
  readonly #process: PipedProcess;
  #link: Link | null = null;
  #listener: TurnListener | null = null;
  #opened: SessionOpened = { sessionId: undefined, configOptions: undefined, models: undefined };
  #lastUpdateMs = 0;
  #turn: AcpTurn;
  /** Newest sum of US dollars that the agent named for its session; null while it named none. */
  #cost: number | null = null;
  readonly #cwd: string;
  readonly seeded = false;
  capabilities: Partial<RuntimeCapabilities> = {};
  forgetsUnanswered = false;
  sessionId = "";
  resumed = false;
  alive = true;

  constructor(process: PipedProcess, cwd: string) {
    this.#process = process;
    this.#cwd = cwd;
    this.#turn = new AcpTurn(cwd);
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

  async #open({ cwd, externalSessionId }: ConnectOptions): Promise<void> {
    const link = await this.#connect();
    const initialized = Initialized.parse(
      await link.agent.request<unknown>("initialize", {
        protocolVersion: 1,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
        clientInfo: { name: "hearth", title: "Hearth", version: "1" },
      }),
    );
    const { loadSession, promptCapabilities, sessionCapabilities } = initialized.agentCapabilities;
    this.forgetsUnanswered = FORGETFUL.includes(initialized.agentInfo?.name ?? "");
    const resume = sessionCapabilities.resume !== undefined && sessionCapabilities.resume !== null;
    this.capabilities = { images: promptCapabilities.image, resume: resume || loadSession };
    const again = resume ? "session/resume" : loadSession ? "session/load" : null;
    if (externalSessionId !== undefined && again !== null) {
      this.resumed = await this.#reopen(again, externalSessionId, cwd);
    }
    if (!this.resumed) await this.#openNew(cwd);
    const modelChoice = this.choice("model") !== null;
    this.capabilities = { ...this.capabilities, modelChoice };
  }

  async #connect(): Promise<Link> {
    const acp: Acp = await import("@agentclientprotocol/sdk/unstable");
    const { stdin, stdout, exited } = this.#process;
    const { writable, readable } = acp.ndJsonStream(Writable.toWeb(stdin), byteStream(stdout));
    // Updates are taken out before the library sees them: it drops kinds it does not know, with a line on our screen.
    const transform = (message: AnyMessage, rest: { enqueue: (message: AnyMessage) => void }): void => {
      if (fieldOf(message, "method") === "session/update") this.#hear(fieldOf(message, "params"));
      else if (fieldOf(message, "method") || isPresent(fieldOf(message, "id"))) rest.enqueue(message);
    };
    const link = acp
      .client({ name: "hearth" })
      .onRequest("session/request_permission", PermissionRequest, async ({ params }) => this.#ask(params))
      .onNotification("*", () => undefined)
      .connect({ writable, readable: readable.pipeThrough(new TransformStream({ transform })) });
    this.#link = link;
    const end = (): void => {
      this.alive = false;
      link.close(new AppError("runtime.crashed", "Its program ended."));
    };
    void exited.then(end);
    void link.closed.then(end);
    return link;
  }

  async #openNew(cwd: string): Promise<void> {
    const opened = await this.#request("session/new", { cwd, mcpServers: [] });
    this.#opened = SessionOpened.parse(opened);
    this.sessionId = this.#opened.sessionId ?? "";
    if (this.sessionId === "") throw new AppError("runtime.start", "It opened a session without an id.");
  }

  /** False when the agent no longer has that session. */
  async #reopen(method: "session/resume" | "session/load", sessionId: string, cwd: string): Promise<boolean> {
    try {
      this.#opened = SessionOpened.parse(
        (await this.#request(method, { sessionId, cwd, mcpServers: [] })) ?? {},
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
    const told = this.#turn.take(update);
    if (told) this.#listener?.onUpdate(told);
  }

  async #ask(request: PermissionRequest): Promise<PermissionAnswer> {
    if (!this.#listener) return CANCELLED;
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
    const { sessionId } = this;
    const limit = { timeoutMs: CHOICE_TIMEOUT_MS, code: "runtime.timeout" };
    if (id === null) {
      await withDeadline(this.#request("session/set_model", { sessionId, modelId: value }), limit);
      const availableModels = values.map((modelId) => ({ modelId }));
      this.#opened = { ...this.#opened, models: { currentModelId: value, availableModels } };
      return;
    }
    const asked = this.#request("session/set_config_option", { sessionId, configId: id, value });
    const { configOptions } = SessionOpened.parse((await withDeadline(asked, limit)) ?? {});
    if (configOptions) this.#opened = { ...this.#opened, configOptions };
  }

  async prompt(blocks: readonly PromptBlock[], listener: TurnListener): Promise<TurnAnswer> {
    const costBefore = this.#cost ?? (this.resumed ? null : 0);
    this.#listener = listener;
    this.#turn = new AcpTurn(this.#cwd);
    try {
      const { sessionId } = this;
      const answer = PromptAnswer.parse(await this.#request("session/prompt", { sessionId, prompt: blocks }));
      const spent = this.#cost === null || costBefore === null ? null : Math.max(0, this.#cost - costBefore);
      return { reason: turnReason(answer), usage: turnUsage(answer, spent) };
    } catch (error) {
      throw agentError(error);
    } finally {
      this.#listener = null;
    }
  }

  cancel(): void {
    const told = this.#link?.agent.notify("session/cancel", { sessionId: this.sessionId });
    // An agent that is gone needs no telling.
    told?.catch(() => undefined);
  }

  async close(waitMs: number): Promise<void> {
    const stopped = this.#process.stop(waitMs);
    if (waitMs === 0) this.#link?.close(new AppError("runtime.stopped", "Its program was ended."));
    await stopped;
    this.#link?.close();
  }
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** As the protocol library wants it. */
function byteStream(source: Readable): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => {
      source.destroy();
    },
  });
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
