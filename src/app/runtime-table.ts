// The runtimes there are: native, and the external agents that the settings declare.
import type { Model } from "../protocol/model.ts";
import type { StreamFn } from "../protocol/stream.ts";
import { createStreamFn } from "../providers/stream.ts";
import { createAcpRuntime } from "../runtimes/acp/acp-runtime.ts";
import { createClaudeCodeRuntime } from "../runtimes/claude-code/claude-code-runtime.ts";
import { createCodexRuntime } from "../runtimes/codex/codex-runtime.ts";
import { createCommandRuntime } from "../runtimes/command/command-runtime.ts";
import { declaredAgent } from "../runtimes/declared-agent.ts";
import type { ExternalRuntimeOptions } from "../runtimes/external/external-runtime.ts";
import type { AgentKind } from "../runtimes/known-agents.ts";
import type { Calibration } from "../runtimes/native/calibration.ts";
import { createNativeRuntime } from "../runtimes/native/native-runtime.ts";
import { createPiRuntime } from "../runtimes/pi/pi-runtime.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import { NATIVE } from "../runtimes/runtime.ts";
import { createTerminalRuntime } from "../runtimes/terminal/terminal-runtime.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import type { AppParts } from "./app-parts.ts";
import type { ModelFinder } from "./model-finder.ts";
import type { createSystemText } from "./system-text.ts";

export type RuntimeTableOptions = {
  parts: AppParts;
  workbench: Workbench;
  finder: ModelFinder;
  /** Models asked in order when the chosen one cannot be reached. */
  fallback: readonly Model[];
  systemText: ReturnType<typeof createSystemText>;
  calibration: Calibration;
};

/** Model responses in a run: a person can say "go on", a pipe cannot. */
const STEPS = { interactive: 100, oneShot: 50 };

/** Each runtime is made at its first use. Throws `runtime.unknown`. */
export function createRuntimeTable(options: RuntimeTableOptions): (name: string) => Runtime {
  const made = new Map<string, Runtime>();
  return (name) => {
    const runtime = made.get(name) ?? makeRuntime(name, options);
    made.set(name, runtime);
    return runtime;
  };
}

function makeRuntime(name: string, options: RuntimeTableOptions): Runtime {
  return name === NATIVE ? makeNative(options) : makeExternal(name, options);
}

/** How models are reached: with the person's keys and providers, retries, and fallback models. */
export function modelStream({ parts, fallback }: Pick<RuntimeTableOptions, "parts" | "fallback">): StreamFn {
  const { settings, local } = parts;
  const { retry = {} } = settings;
  return createStreamFn({
    env: parts.env,
    ...(settings.providers === undefined ? {} : { custom: settings.providers }),
    fallback,
    ...(local === undefined ? {} : { local: { [local.model.vendor]: local.stream } }),
    retries: {
      ...(retry.attempts === undefined ? {} : { maxAttempts: retry.attempts }),
      ...(retry.baseDelayMs === undefined ? {} : { baseDelayMs: retry.baseDelayMs }),
    },
  });
}

function makeNative({ parts, workbench, finder, fallback, ...options }: RuntimeTableOptions): Runtime {
  const { settings, interactive, now, newId } = parts;
  const { maxSteps = interactive ? STEPS.interactive : STEPS.oneShot, maxCost, compaction = {} } = settings;
  return createNativeRuntime({
    findModel: finder.find,
    stream: modelStream({ parts, fallback }),
    openTools: workbench.openTools,
    connectTools: workbench.connectTools,
    takeNews: workbench.takeNews,
    lostNews: workbench.lostNews,
    instructions: options.systemText,
    calibration: options.calibration,
    limits: { maxSteps, ...(maxCost === undefined ? {} : { maxCost }) },
    compaction: {
      asks: interactive,
      enabled: compaction.auto ?? true,
      reserveTokens: compaction.reserveTokens ?? 20_000,
      keepTokens: compaction.keepTokens ?? 20_000,
    },
    now,
    newId,
  });
}

/** Seconds without a sign of life: agents think long, but tell that they do. */
const IDLE_TIMEOUT_SECONDS = 600;
/** Seconds for a turn of a program that says nothing of what it does. */
const TIMEOUT_SECONDS = 600;
/** Seconds after which a program that nobody talks to is let go. */
const RELEASE_SECONDS = 900;

type MadeOptions = ExternalRuntimeOptions & { timeoutSeconds: number; history: boolean };

const KINDS: Readonly<Record<AgentKind, (options: MadeOptions) => Runtime>> = {
  acp: createAcpRuntime,
  "claude-code": createClaudeCodeRuntime,
  codex: createCodexRuntime,
  pi: createPiRuntime,
  command: createCommandRuntime,
  terminal: createTerminalRuntime,
};

/** The agent gets the usual variables, what its settings add, and those it may see beside them; never our keys. */
function makeExternal(name: string, { parts, workbench }: RuntimeTableOptions): Runtime {
  const { runtimes, maxSteps, maxCost } = parts.settings;
  const agent = declaredAgent(name, runtimes);
  const passed = agent.passEnv.flatMap((variable) => {
    const value = parts.ownEnv[variable];
    return value === undefined ? [] : [[variable, value] as const];
  });
  const { idleTimeout, releaseAfter, timeout, history } = runtimes?.[name] ?? {};
  return KINDS[agent.kind]({
    name,
    command: agent.command,
    args: agent.args,
    env: { ...workbench.childEnv, ...Object.fromEntries(passed), ...agent.env },
    idleTimeoutSeconds: idleTimeout ?? IDLE_TIMEOUT_SECONDS,
    releaseSeconds: releaseAfter ?? RELEASE_SECONDS,
    limits: {
      ...(maxSteps === undefined ? {} : { maxSteps }),
      ...(maxCost === undefined ? {} : { maxCost }),
    },
    ...(agent.known?.expects === undefined ? {} : { expects: agent.known.expects }),
    mcpServers: parts.mcpServers ?? [],
    ...(parts.session.kind === "none" ? {} : { tracesDir: parts.paths.agentsDir }),
    timeoutSeconds: timeout ?? TIMEOUT_SECONDS,
    history: history ?? true,
    newId: parts.newId,
    now: parts.now,
  });
}
