// The last resort: a program without a protocol, in a pseudo-terminal of ours. Prompts are typed in, its answer is read off
// its screen.
import { findProgram } from "../../lib/find-program.ts";
import { TEXT_ALONE } from "../capabilities.ts";
import { createExternalRuntime, type ExternalRuntimeOptions } from "../external/external-runtime.ts";
import type { Runtime } from "../runtime.ts";

/** `start` throws `runtime.start` when the program cannot be started or does not come to wait for input. */
export function createTerminalRuntime(options: ExternalRuntimeOptions): Runtime {
  return createExternalRuntime(options, {
    kind: "agent",
    capabilities: TEXT_ALONE,
    connector: async (program) => (await import("./connect.ts")).terminalConnector(program),
    inspect: ({ command, env }) =>
      Promise.resolve({
        available: true,
        detail: `${findProgram(command, env.PATH ?? "") ?? command}; only its screen is seen`,
      }),
  });
}
