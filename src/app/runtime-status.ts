// How a runtime is found: its program, version, login, and what does not hold with it.
import type { Settings } from "../config/settings.ts";
import { toFailure } from "../lib/app-error.ts";
import { agentLimits } from "../runtimes/agent-limits.ts";
import {
  type DeclaredAgent,
  declaredAgent,
  isAgentEnabled,
  loginAdvice,
} from "../runtimes/declared-agent.ts";
import { NATIVE, type Runtime, type RuntimeAvailability } from "../runtimes/runtime.ts";
import type { RuntimeStatus } from "./app.ts";

/** Looking for a program takes milliseconds, asking for its version some hundreds; longer nobody waits for a list. */
const CHECK_MS = 5_000;

export type StatusSources = {
  settings: Settings;
  /** The runtime of that name, ready to be checked. */
  runtime: (name: string) => Runtime;
};

/** Never rejects: what is wrong with one is its detail. */
export async function runtimeStatus(name: string, sources: StatusSources): Promise<RuntimeStatus> {
  const { settings, runtime } = sources;
  const agent = name === NATIVE ? null : declared(name, settings);
  const availability = await checkRuntime(() => runtime(name));
  const { available } = availability;
  const told = availability.available ? null : availability;
  const { version = "", login = null } = availability.available ? availability : {};
  return {
    name,
    kind: name === NATIVE ? NATIVE : (agent?.kind ?? "incomplete"),
    enabled: isEnabled(name, settings),
    declared: settings.runtimes?.[name] !== undefined,
    available,
    detail: availability.available ? (availability.detail ?? "") : availability.reason,
    hint: told === null ? "" : ((told.missing ? installAdvice(agent) : undefined) ?? told.hint ?? ""),
    version,
    login:
      login?.ok === false ? { ok: false, hint: login.hint ?? loginAdvice(name, settings.runtimes) } : login,
    limits: agent === null ? [] : agentLimits(agent.kind, settings.runtimes?.[name]?.kind ?? name),
    capabilities: capabilitiesOf(() => runtime(name)),
  };
}

/** Declared or known, and not switched off. */
export function isEnabled(name: string, settings: Settings): boolean {
  return name === NATIVE || isAgentEnabled(name, settings.runtimes);
}

/** null: it is incomplete, as the check says. */
function declared(name: string, { runtimes }: Settings): DeclaredAgent | null {
  try {
    return declaredAgent(name, runtimes);
  } catch {
    return null; // The check says why.
  }
}

/** Of a known agent whose own program is looked for; of another one only the person knows. */
function installAdvice(agent: DeclaredAgent | null): string | undefined {
  if (!agent?.known || agent.command !== agent.known.command) return undefined;
  return `Install it with \`${agent.known.install}\`.`;
}

function capabilitiesOf(runtime: () => Runtime): RuntimeStatus["capabilities"] {
  try {
    return runtime().capabilities;
  } catch {
    return null; // The check says why.
  }
}

type Found = Extract<RuntimeAvailability, { available: true }>;
/** `missing`: it was looked for, and is not there. */
type NotFound = Extract<RuntimeAvailability, { available: false }> & { missing: boolean };

/** One that cannot even be checked does not hide the others. */
async function checkRuntime(runtime: () => Runtime): Promise<Found | NotFound> {
  try {
    const checked = await runtime().check(AbortSignal.timeout(CHECK_MS));
    return checked.available ? checked : { ...checked, missing: true };
  } catch (error) {
    const { message, hint } = toFailure(error);
    return { available: false, reason: message, missing: false, ...(hint === undefined ? {} : { hint }) };
  }
}
