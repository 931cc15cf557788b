// Starts an ACP agent's program and opens a session with it. Speaks the protocol; knows nothing of our events.
import { type Readable, Writable } from "node:stream";
import type { AnyMessage } from "@agentclientprotocol/sdk/unstable";
import { AppError } from "../../lib/app-error.ts";
import { type PipedProcess, startPipedProcess } from "../../lib/piped-process.ts";
import { agentWords, isRequestError } from "./agent-words.ts";
import { CANCELLED, type PermissionAnswer } from "./permission.ts";
import {
  type AgentUpdate,
  type ConfigChoice,
  fieldOf,
  Initialized,
  PermissionRequest,
  PromptAnswer,
  readChoice,
  readUpdate,
  SessionOpened,
} from "./wire.ts";

export type PromptBlock = { type: "text"; text: string } | { type: "image"; mimeType: string; data: string };

export type ConnectOptions = {
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** The agent's session to go on with, where it can. */
  externalSessionId?: string;
  /** Milliseconds that starting may take. */
  timeoutMs: number;
  signal: AbortSignal;
};

/** What a turn hears. Both are called in the order in which the agent spoke. */
type TurnListener = {
  onUpdate: (update: AgentUpdate) => void;
  /** Never rejects. */
  onPermission: (request: PermissionRequest) => Promise<PermissionAnswer>;
};

export interface AgentConnection {
  readonly sessionId: string;
  /** True when the agent knows the conversation of its earlier session. */
  readonly resumed: boolean;
  /** Whether a later process could go on with this session. */
  readonly canResume: boolean;
  readonly images: boolean;
  /** False once the program ended or was ended. */
  readonly alive: boolean;
  /** Newest sum of US dollars that the agent named for its session; null while it named none. */
  readonly cost: number | null;
  /** What its program said on standard error at last. */
  errorText(): string;
  choice(category: string): ConfigChoice | null;
  /** Sets a choice to one of its values. Rejects with the agent's error. */
  choose(choice: ConfigChoice, value: string): Promise<void>;
  /** One turn. Rejects with the agent's error, or when the program ends. Everything the turn said was heard before. */
  prompt(blocks: readonly PromptBlock[], listener: TurnListener): Promise<PromptAnswer>;
  /** Asks the agent to end the turn; the prompt then resolves soon. */
  cancel(): void;
  /** Ends the program: `waitMs` for it to go by itself, then TERM, 2 s, KILL. */
  close(waitMs: number): Promise<void>;
}

type Acp = typeof import("@agentclientprotocol/sdk/unstable");
type Link = ReturnType<ReturnType<Acp["client"]>["connect"]>;

/** An agent that replays a loaded session may go on with it after its answer (Gemini CLI 0.61): quiet for this long. */
const REPLAY_QUIET_MS = 150;
/** A request that the agent should answer at once. */
const CHOICE_TIMEOUT_MS = 10_000;

/** Throws `runtime.start` when the program cannot be started or opens no session; nothing of it is left then. */
export async function connectAgent(options: ConnectOptions): Promise<AgentConnection> {
  const { name, command, args, env, cwd } = options;
  let process: PipedProcess;
  try {
    process = await startPipedProcess(command, args, { cwd, env });
  } catch (cause) {
    throw new AppError("runtime.start", `${name} could not be started: ${command} does not run.`, {
      hint: "Is it installed? Its command stands in the settings under runtimes.",
      cause,
    });
  }
  const connection = new Connection(process);
  try {
    await withDeadline(connection.open(options), options.timeoutMs, options.signal);
    return connection;
  } catch (error) {
    await connection.close(0);
    throw startFailure(name, error, connection.errorText());
  }
}

function startFailure(name: string, error: unknown, errorText: string): AppError {
  const { message, hint } = agentWords(error);
  const lastWords = errorText.split("\n").slice(-3).join("\n");
  return new AppError("runtime.start", `${name} could not be started: ${message}`, {
    hint: hint ?? (lastWords || "Run its command by hand to see what it says."),
    cause: error,
  });
}

class Connection implements AgentConnection {
  readonly #process: PipedProcess;
  #link: Link | null = null;
  #listener: TurnListener | null = null;
  #opened: SessionOpened = { sessionId: undefined, configOptions: undefined, models: undefined };
  #lastUpdateMs = 0;
  sessionId = "";
  resumed = false;
  canResume = false;
  images = false;
  alive = true;
  cost: number | null = null;

  constructor(process: PipedProcess) {
    this.#process = process;
  }

  errorText(): string {
    return this.#process.errorText();
  }

  async open({ cwd, externalSessionId }: ConnectOptions): Promise<void> {
    const link = await this.#connect();
    const initialized = Initialized.parse(
      await link.agent.request<unknown>("initialize", {
        protocolVersion: 1,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
        clientInfo: { name: "hearth", title: "Hearth", version: "1" },
      }),
    );
    const { loadSession, promptCapabilities, sessionCapabilities } = initialized.agentCapabilities;
    this.images = promptCapabilities.image;
    const resume = sessionCapabilities.resume !== undefined && sessionCapabilities.resume !== null;
    this.canResume = resume || loadSession;
    const again = resume ? "session/resume" : loadSession ? "session/load" : null;
    if (externalSessionId !== undefined && again !== null) {
      this.resumed = await this.#reopen(again, externalSessionId, cwd);
    }
    if (!this.resumed) await this.#openNew(cwd);
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
    if (update.type === "usage") this.cost = update.cost ?? this.cost;
    if (update.type === "options")
      this.#opened = { ...this.#opened, configOptions: update.opened.configOptions };
    this.#listener?.onUpdate(update);
  }

  #ask(request: PermissionRequest): Promise<PermissionAnswer> {
    return this.#listener?.onPermission(request) ?? Promise.resolve(CANCELLED);
  }

  choice(category: string): ConfigChoice | null {
    return readChoice(this.#opened, category);
  }

  async choose({ id, values }: ConfigChoice, value: string): Promise<void> {
    const { sessionId } = this;
    if (id === null) {
      await withDeadline(
        this.#request("session/set_model", { sessionId, modelId: value }),
        CHOICE_TIMEOUT_MS,
      );
      const availableModels = values.map((modelId) => ({ modelId }));
      this.#opened = { ...this.#opened, models: { currentModelId: value, availableModels } };
      return;
    }
    const asked = this.#request("session/set_config_option", { sessionId, configId: id, value });
    const answer = await withDeadline(asked, CHOICE_TIMEOUT_MS);
    const { configOptions } = SessionOpened.parse(answer ?? {});
    if (configOptions) this.#opened = { ...this.#opened, configOptions };
  }

  async prompt(blocks: readonly PromptBlock[], listener: TurnListener): Promise<PromptAnswer> {
    this.#listener = listener;
    try {
      const { sessionId } = this;
      return PromptAnswer.parse(await this.#request("session/prompt", { sessionId, prompt: blocks }));
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

/** Rejects when the time is over or the signal aborts, whatever the work does then. */
async function withDeadline<T>(work: Promise<T>, timeoutMs: number, signal?: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = () =>
    reject(new AppError("runtime.timeout", `It did not answer within ${timeoutMs / 1_000} s.`));
  const timer = setTimeout(late, timeoutMs);
  const stop = () => reject(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
