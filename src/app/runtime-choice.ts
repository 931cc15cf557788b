// Which agent takes the turns: the settings' choice, or one that the user forced and that survives a restart.
import type { Preferences } from "../config/preferences.ts";
import type { Settings } from "../config/settings.ts";
import type { StateFile } from "../config/state-file.ts";
import { AppError, toFailure } from "../lib/app-error.ts";
import { agentNames, declaredAgent, isAgentEnabled } from "../runtimes/declared-agent.ts";
import { NATIVE, type Runtime, type RuntimeAvailability } from "../runtimes/runtime.ts";
import type { RuntimeChoice, RuntimeStatus } from "./app.ts";
import type { LiveConversation } from "./conversation.ts";

/** Looking for a program takes milliseconds; longer than this nobody waits for a list. */
const CHECK_MS = 5_000;

export type RuntimeSources = {
  settings: Settings;
  preferences: StateFile<Preferences>;
  conversation: () => LiveConversation;
  /** The runtime of that name, ready to start or to be checked. */
  runtime: (name: string) => Runtime;
};

/**
 * The runtime that takes the first turn. Throws `runtime.unknown` where a flag or the settings name none that is
 * enabled; for one that was forced earlier there is a warning.
 */
export function firstRuntime(
  settings: Settings,
  flag: string | undefined,
  forced: string | undefined,
): { runtime: string; warning?: string } {
  if (flag !== undefined) {
    checkEnabled(flag, settings);
    return { runtime: flag };
  }
  if (forced === undefined) return { runtime: configured(settings) };
  if (isEnabled(forced, settings)) return { runtime: forced };
  const runtime = configured(settings);
  return {
    runtime,
    warning: `The runtime you forced, ${forced}, is not enabled here: ${runtime} takes the turns.`,
  };
}

export function createRuntimeChoice(sources: RuntimeSources): RuntimeChoice {
  const { settings, preferences, conversation } = sources;
  const force = async (name: string, { keep } = { keep: true }): Promise<void> => {
    await conversation().switchRuntime(name, "it has the conversation so far");
    if (keep) await preferences.update((value) => ({ ...value, runtime: name }));
  };
  return {
    status: async () => {
      const forced = (await preferences.read()).value.runtime;
      const names = [NATIVE, ...agentNames(settings.runtimes)];
      const runtimes = await Promise.all(names.map((name) => describe(name, sources)));
      return {
        mode: forced === undefined ? "config-default" : "forced",
        effective: conversation().state().runtime,
        runtimes,
      };
    },
    activate: (name, options) => {
      checkEnabled(name, settings);
      return force(name, options);
    },
    deactivate: async (name) => {
      const active = conversation().state().runtime;
      if (name !== undefined && name !== active) {
        throw new AppError("runtime.inactive", `${name} is not active; ${active} is.`, {
          hint: "`/runtime status`",
        });
      }
      await force(NATIVE);
    },
    followSettings: async () => {
      const reason = settings.runtime === undefined ? null : "config";
      await conversation().switchRuntime(configured(settings), "the settings decide", reason);
      await preferences.update(({ runtime: _forced, ...rest }) => rest);
    },
  };
}

async function describe(name: string, { settings, runtime }: RuntimeSources): Promise<RuntimeStatus> {
  const capabilities = capabilitiesOf(() => runtime(name));
  if (name === NATIVE)
    return { name, kind: "native", enabled: true, available: true, detail: "", capabilities };
  const availability = await checkRuntime(() => runtime(name));
  return {
    name,
    kind: kindOf(name, settings),
    enabled: isEnabled(name, settings),
    available: availability.available,
    detail: availability.available ? (availability.detail ?? "") : availability.reason,
    capabilities,
  };
}

function kindOf(name: string, { runtimes }: Settings): string {
  try {
    return declaredAgent(name, runtimes).kind;
  } catch {
    return "incomplete"; // The check says why.
  }
}

function capabilitiesOf(runtime: () => Runtime): RuntimeStatus["capabilities"] {
  try {
    return runtime().capabilities;
  } catch {
    return null; // The check says why.
  }
}

/** One that cannot even be checked does not hide the others. */
async function checkRuntime(runtime: () => Runtime): Promise<RuntimeAvailability> {
  try {
    return await runtime().check(AbortSignal.timeout(CHECK_MS));
  } catch (error) {
    return { available: false, reason: toFailure(error).message };
  }
}

function configured(settings: Settings): string {
  const name = settings.runtime ?? NATIVE;
  checkEnabled(name, settings);
  return name;
}

/** Declared, and not switched off. */
export function isEnabled(name: string, settings: Settings): boolean {
  return name === NATIVE || isAgentEnabled(name, settings.runtimes);
}

function checkEnabled(name: string, settings: Settings): void {
  if (isEnabled(name, settings)) return;
  const names = agentNames(settings.runtimes);
  const enabled = [NATIVE, ...names].filter((each) => isEnabled(each, settings));
  const known = names.includes(name);
  throw new AppError("runtime.unknown", `The runtime "${name}" is ${known ? "disabled" : "not declared"}.`, {
    hint: `Enabled: ${enabled.join(", ")}. Others are declared in the settings under runtimes.`,
  });
}
