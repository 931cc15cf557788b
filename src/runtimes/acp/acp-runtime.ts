// A runtime for any agent that speaks the Agent Client Protocol (v1) over the standard streams of its program.
import { EVERYTHING } from "../capabilities.ts";
import type { ExternalRuntimeOptions } from "../external/external-runtime.ts";
import { createExternalRuntime } from "../external/external-runtime.ts";
import type { Runtime, RuntimeCapabilities } from "../runtime.ts";

/** Before the agent told what it can do: what the protocol itself gives. */
const CAPABILITIES: RuntimeCapabilities = {
  ...EVERYTHING,
  steer: "next_prompt",
  resume: false,
  images: false,
  modelChoice: false,
  cost: false,
  modes: false,
};

/** `start` throws `runtime.start` when the program cannot be started or opens no session; nothing happened then. */
export function createAcpRuntime(options: ExternalRuntimeOptions): Runtime {
  return createExternalRuntime(options, {
    kind: "agent",
    capabilities: CAPABILITIES,
    connector: async (program) => (await import("./connect.ts")).acpConnector(program),
    inspect: async (program, signal) => (await import("./check.ts")).checkAcp(program, signal),
  });
}
