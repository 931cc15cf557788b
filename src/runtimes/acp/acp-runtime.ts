// A runtime for any agent that speaks the Agent Client Protocol (v1) over the standard streams of its program.
import { findProgram } from "../../lib/find-program.ts";
import type { Runtime, RuntimeAvailability, RuntimeCapabilities } from "../runtime.ts";
import type { AcpRuntimeOptions } from "./acp-options.ts";

/** Before the agent told what it can do: what the protocol itself gives. */
const CAPABILITIES: RuntimeCapabilities = {
  streaming: true,
  thinking: true,
  tools: true,
  approvals: true,
  steer: "next_prompt",
  pause: true,
  interrupt: true,
  resume: false,
  images: false,
  modelChoice: false,
  cost: false,
};

/** `start` throws `runtime.start` when the program cannot be started or opens no session; nothing happened then. */
export function createAcpRuntime(options: AcpRuntimeOptions): Runtime {
  return {
    name: options.name,
    kind: "agent",
    capabilities: CAPABILITIES,
    check: () => Promise.resolve(findCommand(options)),
    start: async (start) => {
      const { startAcpSession } = await import("./acp-session.ts");
      return startAcpSession(options, CAPABILITIES, start);
    },
  };
}

function findCommand({ command, env }: AcpRuntimeOptions): RuntimeAvailability {
  const found = findProgram(command, env.PATH ?? "");
  if (found !== null) return { available: true, detail: found };
  return {
    available: false,
    reason: `${command} was not found on the PATH`,
    hint: "Install it, or give its full path in the settings under runtimes.",
  };
}
