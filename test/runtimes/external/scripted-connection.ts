// An AgentConnection in memory: the test says what the agent does at each prompt. For the parts around it, which know
// no protocol; the protocols themselves are tested over real processes.
import { AppError } from "../../../src/lib/app-error.ts";
import type {
  AgentConnection,
  AgentUpdate,
  ConnectOptions,
  PermissionRequest,
  PermissionVerdict,
  PromptBlock,
  TurnAnswer,
  TurnListener,
} from "../../../src/runtimes/external/connection.ts";
import { startExternalSession } from "../../../src/runtimes/external/external-session.ts";
import type { Runtime, RuntimeCapabilities } from "../../../src/runtimes/runtime.ts";

const CAPABILITIES: RuntimeCapabilities = {
  streaming: true,
  thinking: true,
  tools: true,
  approvals: true,
  steer: "next_prompt",
  pause: true,
  interrupt: true,
  resume: true,
  images: false,
  modelChoice: false,
  cost: true,
  modes: false,
};

/** The agent's side of one turn. */
type Stage = {
  blocks: readonly PromptBlock[];
  say: (text: string) => void;
  update: (update: AgentUpdate) => void;
  ask: (request: PermissionRequest) => Promise<PermissionVerdict>;
  /** The next steer that is handed in. */
  steered: () => Promise<{ id: string; blocks: readonly PromptBlock[] }>;
  /** Resolves when the turn is to be ended. */
  cancelled: Promise<void>;
};
type Play = (stage: Stage) => Promise<TurnAnswer>;

export const DONE: TurnAnswer = { reason: "stop", usage: null };

class ScriptedConnection implements AgentConnection {
  readonly sessionId: string;
  readonly resumed: boolean;
  readonly seeded: boolean;
  readonly model = "m";
  readonly capabilities: Partial<RuntimeCapabilities>;
  readonly options: ConnectOptions;
  readonly prompts: (readonly PromptBlock[])[] = [];
  alive = true;
  steer?: NonNullable<AgentConnection["steer"]>;
  #cancel = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<never>();
  readonly #plays: Play[];
  readonly #steers: { id: string; blocks: readonly PromptBlock[] }[] = [];
  #wake = Promise.withResolvers<void>();

  constructor(options: ConnectOptions, agent: ScriptedAgent) {
    this.options = options;
    this.#plays = agent.plays;
    this.#ended.promise.catch(() => undefined);
    this.seeded = agent.seeds;
    this.resumed = options.externalSessionId !== undefined && agent.resumes;
    this.sessionId = this.resumed
      ? (options.externalSessionId ?? "")
      : `session-${agent.connections.length + 1}`;
    this.capabilities = { steer: agent.steers ? "native" : "next_prompt", resume: true };
    if (agent.steers) this.steer = (blocks, id) => this.#take(blocks, id);
  }

  errorText(): string {
    return "";
  }

  choice(): null {
    return null;
  }

  async choose(): Promise<void> {
    throw new AppError("runtime.failed", "There is nothing to choose.");
  }

  async prompt(blocks: readonly PromptBlock[], listener: TurnListener): Promise<TurnAnswer> {
    this.prompts.push(blocks);
    this.#cancel = Promise.withResolvers<void>();
    const play = this.#plays.shift() ?? (() => Promise.resolve(DONE));
    const turn = play({
      blocks,
      say: (text) => listener.onUpdate({ type: "text", text }),
      update: listener.onUpdate,
      ask: (request) => listener.onPermission(request),
      steered: () => this.#nextSteer(),
      cancelled: this.#cancel.promise,
    });
    return Promise.race([turn, this.#ended.promise]);
  }

  cancel(): void {
    this.#cancel.resolve();
  }

  async close(): Promise<void> {
    this.alive = false;
    this.#ended.reject(new Error("It was ended."));
  }

  async #take(blocks: readonly PromptBlock[], id: string): Promise<boolean> {
    this.#steers.push({ id, blocks });
    this.#wake.resolve();
    return true;
  }

  async #nextSteer() {
    for (;;) {
      const steer = this.#steers.shift();
      if (steer) return steer;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers<void>();
    }
  }
}

type ScriptedAgent = {
  plays: Play[];
  steers: boolean;
  resumes: boolean;
  seeds: boolean;
  connections: ScriptedConnection[];
};

/** A runtime around such an agent, and its connections so far. */
export function scriptedAgent(
  plays: Play[],
  { steers = false, resumes = true, seeds = false, releaseSeconds = 60, limits = { maxSteps: 100 } } = {},
) {
  const agent: ScriptedAgent = { plays, steers, resumes, seeds, connections: [] };
  let ids = 0;
  const runtime: Runtime = {
    name: "agent",
    kind: "agent",
    capabilities: CAPABILITIES,
    check: () => Promise.resolve({ available: true }),
    start: (start) =>
      startExternalSession(
        {
          name: "agent",
          connect: async (options) => {
            const connection = new ScriptedConnection(options, agent);
            agent.connections.push(connection);
            return connection;
          },
          idleTimeoutSeconds: 20,
          releaseSeconds,
          limits,
          newId: () => `id-${++ids}`,
          now: Date.now,
        },
        CAPABILITIES,
        start,
      ),
  };
  return { runtime, agent };
}
