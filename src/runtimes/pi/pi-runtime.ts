// A runtime for pi over its RPC mode: JSON lines on the standard streams of its program.
import { EVERYTHING } from "../capabilities.ts";
import { createExternalRuntime, type ExternalRuntimeOptions } from "../external/external-runtime.ts";
import type { Runtime, RuntimeCapabilities } from "../runtime.ts";

const CAPABILITIES: RuntimeCapabilities = { ...EVERYTHING, images: false, modes: false };

/** `start` throws `runtime.start` when the program cannot be started, `runtime.auth` when it has no model to ask. */
export function createPiRuntime(options: ExternalRuntimeOptions): Runtime {
  return createExternalRuntime(options, {
    kind: "agent",
    capabilities: CAPABILITIES,
    connector: async (program) => (await import("./connect.ts")).piConnector(program),
    inspect: async (program, signal) => (await import("./check.ts")).checkPi(program, signal),
  });
}
