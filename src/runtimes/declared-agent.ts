// An external agent as the settings declare it, with what is known of it by name filled in. Pure.
import { AppError } from "../lib/app-error.ts";
import { rowOf } from "../lib/field-of.ts";
import { type AgentKind, KNOWN_AGENTS, type KnownAgent, knownAgent } from "./known-agents.ts";

/** As in the settings, under runtimes.NAME. */
type AgentSettings = {
  kind?: AgentKind | "gemini" | "opencode" | undefined;
  command?: string | undefined;
  args?: readonly string[] | undefined;
  env?: Readonly<Record<string, string>> | undefined;
  passEnv?: readonly string[] | undefined;
  enabled?: boolean | undefined;
};

export type DeclaredAgent = {
  name: string;
  kind: AgentKind;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Variables of our environment that it may see beside the usual ones. */
  passEnv: readonly string[];
  known: KnownAgent | null;
};

type Declarations = Readonly<Record<string, AgentSettings>> | undefined;

/** Every agent that can be named: the known ones first, then those that only the settings know. */
export function agentNames(declarations: Declarations): string[] {
  return [...new Set([...Object.keys(KNOWN_AGENTS), ...Object.keys(declarations ?? {})])];
}

/** Known or declared, and not switched off. */
export function isAgentEnabled(name: string, declarations: Declarations): boolean {
  const declared = rowOf(declarations ?? {}, name);
  return declared === undefined ? knownAgent(name) !== null : declared.enabled !== false;
}

/** Throws `runtime.unknown` for a name that nobody knows, `settings.invalid` where the command is missing. */
export function declaredAgent(name: string, declarations: Declarations): DeclaredAgent {
  const declared = rowOf(declarations ?? {}, name);
  const known = knownAgent(declared?.kind ?? name);
  if (declared === undefined && known === null) {
    throw new AppError("runtime.unknown", `The runtime "${name}" is not declared.`, {
      hint: "Declare it in the settings under runtimes.",
    });
  }
  const { kind, command = known?.command, env, passEnv = [] } = declared ?? {};
  if (command === undefined) {
    throw new AppError("settings.invalid", `runtimes.${name} has no command.`, {
      hint: "Name the program that starts the agent.",
    });
  }
  return {
    name,
    kind: kindOf(kind) ?? known?.kind ?? "acp",
    command,
    args: declared?.args ?? known?.args ?? [],
    env: { ...known?.env, ...env },
    passEnv: [...(known?.ownVariables ?? []), ...passEnv],
    known,
  };
}

/** How one logs in to the agent; "" where that is not known. */
export function loginAdvice(name: string, declarations: Declarations): string {
  const login = knownAgent(rowOf(declarations ?? {}, name)?.kind ?? name)?.login;
  return login === undefined ? "" : `To log in: ${login}.`;
}

/** Gemini and opencode are kinds of their own in the settings alone: both speak ACP. */
function kindOf(kind: AgentSettings["kind"]): AgentKind | undefined {
  return kind === "gemini" || kind === "opencode" ? "acp" : kind;
}
