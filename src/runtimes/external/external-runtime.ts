// A Runtime around a program that is spoken to over its standard streams, whatever its protocol is.
import type { LoopLimits } from "../../agent/agent-settings.ts";
import { findProgram } from "../../lib/find-program.ts";
import type { McpServer } from "../../protocol/mcp.ts";
import { knownAgent } from "../known-agents.ts";
import type { Runtime, RuntimeAvailability, RuntimeCapabilities } from "../runtime.ts";
import type { Connect } from "./connection.ts";
import type { AgentProgram } from "./start-agent.ts";
import { leaveTrace } from "./traces.ts";

export type ExternalRuntimeOptions = AgentProgram & {
  /** As the person calls it; it names the agent in events and messages. */
  name: string;
  /** Seconds without a sign of life after which a turn is ended. */
  idleTimeoutSeconds: number;
  /** Seconds without a turn after which its program is let go until the next prompt. */
  releaseSeconds: number;
  /** Of one run; absent: the agent's own alone. */
  limits?: Partial<LoopLimits>;
  /** Servers that its sessions are given, where the protocol has such a thing. */
  mcpServers?: readonly McpServer[];
  /** What this program is known to tell of itself once it runs. */
  expects?: Partial<RuntimeCapabilities>;
  /** Where it is kept that programs run; absent: nowhere. */
  tracesDir?: string;
  newId: () => string;
  now: () => number;
};

/** What one protocol brings. `connector` loads what is needed to speak it. */
export type ExternalProtocol = {
  kind: Runtime["kind"];
  capabilities: RuntimeCapabilities;
  connector: (program: AgentProgram) => Promise<Connect>;
  /** What a look at the found program adds: its version, its login. Absent: only whether it is there. */
  inspect?: (program: AgentProgram, signal: AbortSignal) => Promise<RuntimeAvailability>;
};

/** `start` throws `runtime.start` when the program cannot be started or opens no session; nothing happened then. */
export function createExternalRuntime(options: ExternalRuntimeOptions, protocol: ExternalProtocol): Runtime {
  const { name, command, args, env } = options;
  const { kind, connector, inspect } = protocol;
  const capabilities = { ...protocol.capabilities, ...options.expects };
  const program = { command, args, env };
  return {
    name,
    kind,
    capabilities,
    check: async (signal) => {
      const found = findCommand(program, name);
      return found.available && inspect ? await inspect(program, signal) : found;
    },
    start: async (start) => {
      if (options.tracesDir !== undefined) leaveTrace(options.tracesDir);
      const { startExternalSession } = await import("./external-session.ts");
      const limits = { maxSteps: Number.POSITIVE_INFINITY, ...options.limits };
      const connect = await connector(program);
      return startExternalSession({ ...options, limits, connect }, capabilities, start);
    },
  };
}

/** Whether the program is there. Starts nothing. */
export function findCommand({ command, env }: AgentProgram, name: string): RuntimeAvailability {
  const found = findProgram(command, env.PATH ?? "");
  if (found !== null) return { available: true, detail: found };
  const install = knownAgent(name)?.install;
  return {
    available: false,
    reason: `${command} was not found on the PATH`,
    hint: `Install it${install === undefined ? "" : ` (\`${install}\`)`}, or give its full path in the settings: runtimes.${name}.command.`,
  };
}
