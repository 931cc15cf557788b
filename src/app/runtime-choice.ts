// Which agent takes the turns: the settings' choice, or one that the user forced and that survives a restart.
import type { Preferences } from "../config/preferences.ts";
import type { Settings } from "../config/settings.ts";
import type { StateFile } from "../config/state-file.ts";
import { AppError } from "../lib/app-error.ts";
import { agentNames } from "../runtimes/declared-agent.ts";
import { NATIVE } from "../runtimes/runtime.ts";
import type { RuntimeChoice, RuntimeStatus } from "./app.ts";
import type { LiveConversation } from "./conversation.ts";
import { isEnabled, runtimeStatus, type StatusSources } from "./runtime-status.ts";

type RuntimeSources = StatusSources & {
  now: () => number;
  preferences: StateFile<Preferences>;
  conversation: () => LiveConversation;
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

/** Lists ask at each key; programs come and go more seldom. */
const FRESH_MS = 3_000;

export function createRuntimeChoice(sources: RuntimeSources): RuntimeChoice {
  const { settings, preferences, conversation, now } = sources;
  let looked: { atMs: number; found: Promise<RuntimeStatus[]> } | null = null;
  const look = (): Promise<RuntimeStatus[]> => {
    if (looked === null || now() - looked.atMs > FRESH_MS) {
      const names = [NATIVE, ...agentNames(settings.runtimes)];
      const found = Promise.all(names.map((name) => runtimeStatus(name, sources)));
      looked = { atMs: now(), found };
    }
    return looked.found;
  };
  const force = async (name: string, { keep } = { keep: true }): Promise<void> => {
    await conversation().switchRuntime(name, "it has the conversation so far");
    if (keep) await preferences.update((value) => ({ ...value, runtime: name }));
  };
  return {
    status: async () => {
      const forced = (await preferences.read()).value.runtime;
      const runtimes = await look();
      return {
        mode: forced === undefined ? "config-default" : "forced",
        effective: conversation().state().runtime,
        health: conversation().health(),
        runtimes,
      };
    },
    activate: async (name, options) => {
      checkEnabled(name, settings);
      const status = await runtimeStatus(name, sources);
      if (!status.available) {
        const { detail, hint } = status;
        throw new AppError(
          "runtime.missing",
          `${name} cannot take the turns: ${detail.replace(/\.$/, "")}.`,
          {
            hint: hint === "" ? "`/runtime status` shows who can." : hint,
          },
        );
      }
      await force(name, options);
      return status;
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

function configured(settings: Settings): string {
  const name = settings.runtime ?? NATIVE;
  checkEnabled(name, settings);
  return name;
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
