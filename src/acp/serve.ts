// Hearth as an agent for editors: the Agent Client Protocol (v1) over a pair of byte streams, one connection.
import {
  type AgentApp,
  agent,
  type InitializeRequest,
  type InitializeResponse,
  ndJsonStream,
  PROTOCOL_VERSION,
} from "@agentclientprotocol/sdk/unstable";
import type { SessionWish } from "../app/session-wish.ts";
import { AppError, toFailure } from "../lib/app-error.ts";
import { boundedLines, MOST_LINE_BYTES } from "./bounded-lines.ts";
import { requestError, unknownSession } from "./failure.ts";
import { listPage } from "./list-page.ts";
import { setMode, setOption } from "./options.ts";
import type { AcpSession } from "./session.ts";
import { type Place, Sessions, type SessionsOptions } from "./sessions.ts";
import { readSteering } from "./steering.ts";
import { type Client, type ClientFeatures, clientFeatures } from "./wire.ts";

export type ServeOptions = SessionsOptions & {
  version: string;
  /** From the client; its end ends everything. */
  input: ReadableStream<Uint8Array>;
  /** To the client, and for nothing else. */
  output: WritableStream<Uint8Array>;
  /** False: the client's files and terminals are left alone. */
  lends: boolean;
  /** Whether a model or an agent could be asked: throws what is missing. */
  checkKeys: () => Promise<void>;
  /** Ends the connection from our side. */
  signal: AbortSignal;
};

const KEYS = "api-keys";

/** Serves until the connection is over and everything that ran in it has ended. Never rejects for what a client sends. */
export async function serveAcp(options: ServeOptions): Promise<void> {
  const server = new Server(options);
  const input = options.input.pipeThrough(boundedLines());
  const stream = ndJsonStream(options.output, input, { maxMessageBytes: MOST_LINE_BYTES });
  const link = server.app().connect(stream);
  const end = (): void => link.close();
  options.signal.addEventListener("abort", end, { once: true });
  if (options.signal.aborted) end();
  await link.closed;
  options.signal.removeEventListener("abort", end);
  await server.close();
}

class Server {
  readonly #options: ServeOptions;
  readonly #sessions: Sessions;
  #features: ClientFeatures = clientFeatures(undefined, { lends: false });

  constructor(options: ServeOptions) {
    this.#options = options;
    this.#sessions = new Sessions(options);
  }

  close(): Promise<void> {
    return this.#sessions.closeAll();
  }

  app(): AgentApp {
    const app = agent({ name: "hearth" })
      .onRequest("initialize", ({ params }) => this.#initialize(params))
      .onRequest("authenticate", ({ params }) => answered(() => this.#authenticate(params.methodId)));
    return this.#withTurns(this.#withSessions(app));
  }

  #withSessions(app: AgentApp): AgentApp {
    const sessions = this.#sessions;
    return app
      .onRequest("session/new", ({ params, client }) =>
        answered(async () => {
          const session = await this.#open(params, { kind: "new" }, client);
          return { sessionId: session.id, ...(await this.#opened(session)) };
        }),
      )
      .onRequest("session/load", ({ params, client }) =>
        answered(async () => {
          const session = await this.#open(params, resumed(params.sessionId), client);
          session.replay(await this.#options.library(session.app.cwd).events(session.id));
          return this.#opened(session);
        }),
      )
      .onRequest("session/resume", ({ params, client }) =>
        answered(async () => this.#opened(await this.#open(params, resumed(params.sessionId), client))),
      )
      .onRequest("session/fork", ({ params, client }) =>
        answered(async () => {
          const session = await this.#open(params, { kind: "fork", reference: params.sessionId }, client);
          return { sessionId: session.id, ...(await this.#opened(session)) };
        }),
      )
      .onRequest("session/list", ({ params }) =>
        answered(async () => {
          const { cwd = null, cursor = null } = params;
          const saved = await this.#options.library(cwd ?? "/").list({ all: cwd === null });
          return listPage(saved, cursor);
        }),
      )
      .onRequest("session/close", ({ params }) =>
        answered(async () => {
          if (!(await sessions.close(params.sessionId))) throw unknownSession(params.sessionId);
          return {};
        }),
      )
      .onRequest("session/delete", ({ params }) => answered(() => this.#remove(params.sessionId)));
  }

  #withTurns(app: AgentApp): AgentApp {
    const sessions = this.#sessions;
    return app
      .onRequest("session/prompt", ({ params, signal }) =>
        answered(() => {
          const session = sessions.get(params.sessionId);
          const cancel = (): void => session.cancel();
          signal.addEventListener("abort", cancel, { once: true });
          return session.prompt(params.prompt).finally(() => signal.removeEventListener("abort", cancel));
        }),
      )
      .onNotification("session/cancel", ({ params }) => sessions.find(params.sessionId)?.cancel())
      .onRequest("session/set_mode", ({ params }) =>
        answered(async () => {
          const session = sessions.get(params.sessionId);
          await session.choose(() => setMode(session.app, params.modeId));
          return {};
        }),
      )
      .onRequest("session/set_config_option", ({ params }) =>
        answered(async () => {
          const session = sessions.get(params.sessionId);
          const { configId, value } = params;
          return { configOptions: await session.choose(() => setOption(session.app, configId, value)) };
        }),
      )
      .onRequest("_session/steering", readSteering, ({ params }) =>
        answered(async () => {
          await sessions.get(params.sessionId).steer(params.prompt);
          return { outcome: "injected" };
        }),
      )
      .onNotification("*", () => undefined);
  }

  #initialize({ clientCapabilities }: InitializeRequest): InitializeResponse {
    this.#features = clientFeatures(clientCapabilities, this.#options);
    return {
      protocolVersion: PROTOCOL_VERSION,
      agentInfo: { name: "hearth", title: "Hearth", version: this.#options.version },
      agentCapabilities: {
        loadSession: true,
        promptCapabilities: { image: true, audio: false, embeddedContext: true },
        mcpCapabilities: { http: true, sse: true },
        sessionCapabilities: {
          list: {},
          resume: {},
          close: {},
          delete: {},
          fork: {},
          additionalDirectories: {},
        },
      },
      authMethods: [{ id: KEYS, name: "API keys", description: KEY_WORDS }],
      _meta: { steering: { supported: true } },
    };
  }

  /** Keys are nothing that this connection carries: it looks whether they are there by now. */
  async #authenticate(methodId: string): Promise<Record<string, never>> {
    if (methodId !== KEYS) throw new AppError("acp.auth", `There is no way to log in named ${methodId}.`);
    await this.#options.checkKeys();
    return {};
  }

  #open(place: Place, wish: SessionWish, client: Client): Promise<AcpSession> {
    return this.#sessions.open(place, wish, { client, features: this.#features });
  }

  /** The choices for the answer; what else there is to tell follows the answer, by which the client knows the session. */
  async #opened(session: AcpSession): ReturnType<AcpSession["choices"]> {
    const choices = await session.choices();
    setImmediate(() => void session.greet().catch((error: unknown) => this.#say(error)));
    return choices;
  }

  async #remove(sessionId: string): Promise<Record<string, never>> {
    const wasOpen = await this.#sessions.close(sessionId);
    try {
      await this.#options.library("/").remove(sessionId);
    } catch (error) {
      // One without a prompt has no file yet.
      if (!wasOpen || toFailure(error).code !== "session.not_found") throw error;
    }
    return {};
  }

  #say(error: unknown): void {
    this.#options.say(requestError(error).message);
  }
}

const KEY_WORDS =
  "Set ANTHROPIC_API_KEY, OPENAI_API_KEY, GOOGLE_API_KEY or OPENROUTER_API_KEY in the environment of this agent, or run `hearth` once in a terminal: it stores a key that you paste. A model of your own machine, or another agent, needs none.";

function resumed(sessionId: string): SessionWish {
  return { kind: "resume", reference: sessionId };
}

/** Whatever was thrown answers as a JSON-RPC error with its code and hint. */
async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw requestError(error);
  }
}
