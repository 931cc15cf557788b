// A runtime for Claude Code, and for programs that speak its stream-json with control requests.
import { EVERYTHING } from "../capabilities.ts";
import type { ExternalRuntimeOptions } from "../external/external-runtime.ts";
import { createExternalRuntime } from "../external/external-runtime.ts";
import type { Runtime } from "../runtime.ts";

/**
 * `start` throws `runtime.start` when the program cannot be started or opens no session, `runtime.auth` when nobody is
 * logged in; nothing happened then.
 */
export function createClaudeCodeRuntime(options: ExternalRuntimeOptions): Runtime {
  return createExternalRuntime(options, {
    kind: "agent",
    capabilities: EVERYTHING,
    connector: async (program) => (await import("./start.ts")).claudeConnector(program),
    inspect: async (program, signal) => (await import("./check.ts")).checkClaude(program, signal),
  });
}
