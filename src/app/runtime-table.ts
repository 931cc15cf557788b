// The runtimes there are: native, and the external agents that the settings declare.
import { AppError } from "../lib/app-error.ts";
import { createStreamFn } from "../providers/stream.ts";
import { createNativeRuntime } from "../runtimes/native/native-runtime.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import type { AppParts } from "./app-parts.ts";
import { findAnyModel } from "./model-choice.ts";
import { NATIVE } from "./runtime-choice.ts";
import type { createSystemText } from "./system-text.ts";

export type RuntimeTableOptions = {
  parts: AppParts;
  workbench: Workbench;
  systemText: ReturnType<typeof createSystemText>;
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

function makeNative({ parts, workbench, systemText }: RuntimeTableOptions): Runtime {
  const { settings, interactive, local, now, newId } = parts;
  const {
    maxSteps = interactive ? STEPS.interactive : STEPS.oneShot,
    maxCost,
    compaction = {},
    retry = {},
  } = settings;
  const stream = createStreamFn({
    env: parts.env,
    ...(settings.providers === undefined ? {} : { custom: settings.providers }),
    ...(local === undefined ? {} : { local: { [local.model.vendor]: local.stream } }),
    retries: {
      ...(retry.attempts === undefined ? {} : { maxAttempts: retry.attempts }),
      ...(retry.baseDelayMs === undefined ? {} : { baseDelayMs: retry.baseDelayMs }),
    },
  });
  return createNativeRuntime({
    findModel: (reference) => findAnyModel(parts, reference),
    stream,
    openTools: workbench.openTools,
    systemText: async () => (await systemText()).text,
    limits: { maxSteps, ...(maxCost === undefined ? {} : { maxCost }) },
    compaction: {
      enabled: compaction.auto ?? true,
      reserveTokens: compaction.reserveTokens ?? 20_000,
      keepTokens: compaction.keepTokens ?? 20_000,
    },
    now,
    newId,
  });
}

function makeExternal(name: string, _options: RuntimeTableOptions): Runtime {
  throw new AppError("runtime.unknown", `The runtime "${name}" is not declared.`);
}
