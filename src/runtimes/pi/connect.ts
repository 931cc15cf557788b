// Starts pi in its RPC mode and opens a session with it. Speaks the protocol; knows nothing of our events.
import { fileURLToPath } from "node:url";
import { AppError, toFailure } from "../../lib/app-error.ts";
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
import { Dialogs } from "./dialogs.ts";
import { ended, LOG_IN, PiLink, piError } from "./link.ts";
import { seedSession } from "./seed.ts";
import { PiTurn } from "./translate.ts";
import { Levels, Models, modelName, modelNames, State, UiRequest } from "./wire.ts";

/** Beside this file in the sources, beside the program where it is built. */
const GATE = fileURLToPath(new URL("./pi-gate.js", import.meta.url));
/** For a run to begin once its prompt was taken: an extension may answer a prompt without one. */
const BEGIN_MS = 1_000;

/** Gives the way to pi's program; connecting throws `runtime.start`, or `runtime.auth` where it has no model to ask. */
export function piConnector({ command, args, env }: AgentProgram): Connect {
  const start = (options: ConnectOptions, session: readonly string[]): Promise<PiConnection> => {
    const program = { command, args: [...args, "-e", GATE, ...session], env };
    return startAgent(program, options, (process) => new PiConnection(process, options.cwd));
  };
  return async (options) => {
    const { externalSessionId, name, signal } = options;
    try {
      if (externalSessionId === undefined) return await start(options, []);
      // Of an id that it does not know it makes a new session; one that does not know the flag starts without.
      return await start(options, ["--session-id", externalSessionId]).catch((error: unknown) => {
        if (signal.aborted || !/unknown|option|session/i.test(toFailure(error).hint ?? "")) throw error;
        return start(options, []);
      });
    } catch (error) {
      throw withoutModel(error, name);
    }
  };
}

/** pi ends at once when no service is set up. */
function withoutModel(error: unknown, name: string): unknown {
  const { hint = "" } = toFailure(error);
  if (!/no models? (is |are )?(available|selected)/i.test(hint)) return error;
  const message = `${name} could not be started: it has no model that it may use.`;
  return new AppError("runtime.auth", message, { hint: LOG_IN, cause: error });
}

type Running = { turn: PiTurn; listener: TurnListener; started: () => void; settled: () => void };

class PiConnection implements OpeningConnection {
  readonly #process: PipedProcess;
  readonly #link: PiLink;
  readonly #cwd: string;
  readonly #dialogs: Dialogs;
  #running: Running | null = null;
  #cancelled = false;
  #gated = false;
  #models: readonly string[] = [];
  #levels: readonly string[] = [];
  #level: string | null = null;
  #steering: Promise<unknown> = Promise.resolve();
  model: string | null = null;
  sessionId = "";
  resumed = false;
  seeded = false;
  capabilities: Partial<RuntimeCapabilities> = {};

  constructor(process: PipedProcess, cwd: string) {
    this.#process = process;
    this.#cwd = cwd;
    this.#link = new PiLink(
      process,
      (message) => this.#hear(message),
      () => this.#running?.settled(),
    );
    this.#dialogs = new Dialogs(this.#link, cwd);
  }

  get alive(): boolean {
    return this.#link.alive;
  }

  errorText(): string {
    return this.#process.errorText();
  }

  async open({ externalSessionId, history }: ConnectOptions): Promise<void> {
    const state = await this.#look();
    if (!this.#gated) {
      throw new AppError(
        "runtime.start",
        "it did not load Hearth's extension, so its tools would run unasked.",
        {
          hint: "Is it an old version, or was it told to load no extensions?",
        },
      );
    }
    this.resumed = externalSessionId !== undefined && state.messageCount > 0;
    if (this.resumed || history.length === 0) return;
    this.seeded = await seedSession({ link: this.#link, cwd: this.#cwd, history });
    if (this.seeded) await this.#look();
  }

  async #look(): Promise<State> {
    const [state] = await Promise.all([this.#link.ask({ type: "get_state" }), this.#lookAtChoices()]);
    const read = State.parse(state ?? {});
    this.sessionId = read.sessionId;
    this.#level = read.thinkingLevel || null;
    this.model = read.model ? modelName(read.model) : null;
    this.capabilities = {
      images: read.model?.input.includes("image") ?? false,
      modelChoice: this.#models.length > 0,
    };
    return read;
  }

  async #lookAtChoices(): Promise<void> {
    const [models, levels] = await Promise.all([
      this.#link.ask({ type: "get_available_models" }),
      // Some versions have no such request.
      this.#link.ask({ type: "get_available_thinking_levels" }).catch(() => ({})),
    ]);
    this.#models = modelNames(Models.parse(models ?? {}));
    this.#levels = Levels.parse(levels ?? {}).levels;
  }

  #hear(message: Record<string, unknown>): void {
    const running = this.#running;
    switch (message.type) {
      case "extension_ui_request":
        this.#hearExtension(UiRequest.safeParse(message).data);
        return;
      case "thinking_level_changed":
        this.#level = typeof message.level === "string" ? message.level : this.#level;
        return;
      case "agent_start":
        running?.started();
        // It was told to stop before it had begun.
        if (this.#cancelled) this.#link.tell({ type: "abort" });
        return;
      case "agent_settled":
        running?.settled();
        return;
      default:
        for (const update of running?.turn.take(message) ?? []) running?.listener.onUpdate(update);
    }
  }

  #hearExtension(request: UiRequest | undefined): void {
    if (!request) return;
    if (request.method === "setStatus" && request.statusKey === "hearth-gate") this.#gated = true;
    this.#dialogs.hear(request, this.#cancelled ? null : this.#running);
  }

  choice(category: ChoiceCategory) {
    const values = category === "model" ? this.#models : this.#levels;
    if (values.length === 0) return null;
    return { current: category === "model" ? this.model : this.#level, values };
  }

  async choose(category: ChoiceCategory, value: string): Promise<void> {
    if (category === "thought_level") {
      await this.#link.ask({ type: "set_thinking_level", level: value });
      this.#level = value;
      return;
    }
    const slash = value.indexOf("/");
    const [provider, modelId] = [value.slice(0, slash), value.slice(slash + 1)];
    await this.#link.ask({ type: "set_model", provider, modelId });
    await this.#look();
  }

  async prompt(blocks: readonly PromptBlock[], listener: TurnListener): Promise<TurnAnswer> {
    const turn = new PiTurn(this.#cwd);
    const begun = Promise.withResolvers<void>();
    const settled = Promise.withResolvers<void>();
    this.#cancelled = false;
    this.#running = { turn, listener, started: begun.resolve, settled: settled.resolve };
    try {
      await this.#link.send({ type: "prompt", ...messageOf(blocks) });
      void this.#settleUnbegun(begun.promise, settled.resolve);
      await settled.promise;
      if (!this.alive) throw ended();
      await this.#takeBack(turn);
      return this.#answer(turn);
    } finally {
      this.#dialogs.close();
      this.#running = null;
    }
  }

  /** A command of an extension is done with its answer: no run begins. */
  async #settleUnbegun(begun: Promise<void>, settle: () => void): Promise<void> {
    let began = false;
    void begun.then(() => {
      began = true;
    });
    while (!began && this.alive) {
      await new Promise((resolve) => setTimeout(resolve, BEGIN_MS));
      if (began) return;
      const state = await this.#link.ask({ type: "get_state" }).catch(() => null);
      if (state !== null && !began && !State.parse(state).isStreaming) return settle();
    }
  }

  #answer({ end }: PiTurn): TurnAnswer {
    if (this.#cancelled) return { reason: "cancelled", usage: null };
    if (end.reason === "error") throw piError(end.error);
    if (end.reason === "aborted") return { reason: "cancelled", usage: null };
    return { reason: end.reason === "length" ? "length" : "stop", usage: null };
  }

  async steer(blocks: readonly PromptBlock[], id: string): Promise<boolean> {
    const running = this.#running;
    if (!running || this.#cancelled) return false;
    const message = messageOf(blocks);
    running.turn.steer(id, message.message);
    const sent = this.#link.ask({ type: "steer", ...message });
    this.#steering = sent.catch(() => undefined);
    try {
      await sent;
      return true;
    } catch (error) {
      running.turn.dropSteer(id);
      throw error;
    }
  }

  /** What pi no longer took in must not come up in its next run: it is still ours. */
  async #takeBack(turn: PiTurn): Promise<void> {
    await this.#steering;
    if (turn.waitingSteers > 0) await this.#link.ask({ type: "clear_queue" });
  }

  /** A dialog that is open would keep pi from stopping; what waits in its queue would be answered nevertheless. */
  cancel(): void {
    this.#cancelled = true;
    this.#dialogs.close();
    this.#link.tell({ type: "clear_queue" });
    this.#link.tell({ type: "abort" });
  }

  async close(waitMs: number): Promise<void> {
    await this.#process.stop(waitMs);
    this.#link.end();
  }
}

function messageOf(blocks: readonly PromptBlock[]) {
  const texts = blocks.flatMap((block) => (block.type === "text" ? [block.text] : []));
  const images = blocks.flatMap((block) => (block.type === "image" ? [block] : []));
  return { message: texts.join("\n\n"), ...(images.length === 0 ? {} : { images }) };
}
