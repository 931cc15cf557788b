// A conversation over small whole runtimes that answer with their own names, and the words of its tests.
import { createControlLoop } from "../../src/agent/control-loop.ts";
import { createConversation, type LiveConversation } from "../../src/app/conversation.ts";
import { AppError } from "../../src/lib/app-error.ts";
import type { RouteRecord } from "../../src/protocol/audit.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import { fauxModel } from "../../src/providers/faux.ts";
import { routed } from "../../src/runtimes/routed.ts";
import type {
  RunInput,
  RunResult,
  Runtime,
  RuntimeCapabilities,
  RuntimeStart,
  TakeTurn,
} from "../../src/runtimes/runtime.ts";
import type { Workbench } from "../../src/runtimes/workbench.ts";
import { createSession, openSession } from "../../src/session/store.ts";
import { answer, storeContext } from "../support/session-entries.ts";

const CAPABILITIES: RuntimeCapabilities = {
  streaming: true,
  thinking: false,
  tools: false,
  approvals: false,
  steer: "native",
  pause: true,
  interrupt: true,
  resume: false,
  images: false,
  modelChoice: true,
  modes: false,
  cost: false,
};

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

/** A small whole runtime: answers each prompt with its own name; `hold` keeps a run open until it resolves. */
class EchoRuntime implements Runtime {
  kind: Runtime["kind"] = "agent";
  readonly capabilities = CAPABILITIES;
  readonly starts: RuntimeStart[] = [];
  readonly name: string;
  hold: Promise<void> = Promise.resolve();
  failure: Error | null = null;
  /** Its start lasts until it is given up. */
  stuck = false;
  /** What goes wrong in its next turns, one each. */
  readonly faults: ((input: RunInput, start: RuntimeStart) => Promise<RunResult>)[] = [];
  /** Turns that it took in the sessions of others. */
  readonly turns: RuntimeStart[] = [];
  /** The id of its own session, told at each start. */
  externalSessionId: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  check = () => Promise.resolve({ available: true as const });

  start = async (start: RuntimeStart) => {
    if (this.failure) throw this.failure;
    this.starts.push(start);
    if (this.stuck) {
      await aborted(start.signal);
      throw new AppError("runtime.start", "It was given up.");
    }
    const { externalSessionId } = this;
    if (externalSessionId !== undefined) {
      await start.emit({ type: "runtime_changed", runtime: this.name, externalSessionId });
    }
    const ids = storeContext(`${this.name}${this.starts.length}-`);
    const loop = createControlLoop({
      runtime: this.name,
      emit: start.emit,
      now: ids.clock,
      newId: ids.newId,
      queue: start.queue,
      paused: start.paused,
      applySetting: (message) =>
        message.type === "set_mode"
          ? start.emit({ type: "mode_changed", mode: message.mode })
          : start.emit({ type: "notice", level: "info", message: message.type }),
      run: routed(start, (input) => {
        const fault = this.faults.shift();
        return fault ? fault(input, start) : this.#answer(input, ids.newId());
      }),
    });
    return {
      capabilities: CAPABILITIES,
      send: loop.send,
      health: () => ({ alive: true }),
      close: () => loop.close(),
    };
  };

  openTurn = async (start: RuntimeStart): Promise<TakeTurn> => {
    if (this.failure) throw this.failure;
    this.turns.push(start);
    const { newId } = storeContext(`${this.name}-turn${this.turns.length}-`);
    return (input) => this.#answer(input, newId());
  };

  async #answer({ control, emit }: RunInput, messageId: string): Promise<RunResult> {
    await Promise.race([this.hold, aborted(control.signal)]);
    const message = { ...answer(`from ${this.name}`), runtime: this.name };
    await emit({ type: "message_start", messageId, role: "assistant" });
    await emit({ type: "message_end", messageId, message });
    return { outcome: control.signal.aborted ? "interrupted" : "completed" };
  }
}

type Setting = {
  dir?: string;
  path?: string;
  keepsPause?: boolean;
  strict?: boolean;
  checkpoints?: Workbench["checkpoints"];
};

export async function openConversation({
  dir,
  path,
  keepsPause = true,
  strict = false,
  checkpoints = null,
}: Setting = {}) {
  const context = storeContext(path === undefined ? "e" : "f");
  const opened = path
    ? await openSession(path, context)
    : { store: createSession({ ...context, dir: dir ?? null, cwd: "/w" }), branch: null };
  const one = new EchoRuntime("one");
  const two = new EchoRuntime("two");
  const native = new EchoRuntime("native");
  const routes: RouteRecord[] = [];
  const shell = { lines: [] as string[], release: Promise.resolve() };
  const conversation = createConversation({
    ...opened,
    cwd: "/w",
    settings: { model: "faux/demo", thinking: "off", mode: "ask", runtime: "one" },
    keepsPause,
    strict: () => strict,
    routeReason: "forced",
    login: (name) => `To log in: run ${name}.`,
    audit: async (record) => void routes.push(record),
    runtime: (name) => [one, two, native].find((runtime) => runtime.name === name) ?? native,
    findModel: () => Promise.resolve({ model: fauxModel }),
    checkpoints,
    gate: { witness: async () => null, check: () => Promise.reject(new Error("no calls here")) },
    runShell: async (command, { onOutput, signal }) => {
      shell.lines.push(command);
      onOutput("out\n");
      await Promise.race([shell.release, aborted(signal)]);
      return { output: "out\n", exitCode: signal.aborted ? null : 0 };
    },
    now: context.clock,
    newId: context.newId,
  });
  const events: AgentEvent[] = [];
  conversation.subscribe(({ event }) => events.push(event));
  return { conversation, one, two, native, events, shell, routes };
}

export const prompt = (text: string) => ({ type: "prompt", text }) as const;

export function settled(conversation: LiveConversation): Promise<void> {
  return new Promise((resolve) => {
    const leave = conversation.subscribe(({ event }) => {
      if (event.type !== "settled") return;
      leave();
      resolve();
    });
  });
}

export async function ask(conversation: LiveConversation, text: string): Promise<void> {
  const end = settled(conversation);
  await conversation.send(prompt(text));
  await end;
}

export function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}
