// The runtime of OpenAI Codex over `codex app-server`, the protocol of its own editors.
import { EVERYTHING } from "../capabilities.ts";
import {
  createExternalRuntime,
  type ExternalProtocol,
  type ExternalRuntimeOptions,
} from "../external/external-runtime.ts";
import type { Runtime } from "../runtime.ts";
import type { CodexLimits } from "./limits.ts";

const PROTOCOL: Omit<ExternalProtocol, "connector"> = {
  kind: "agent",
  capabilities: { ...EVERYTHING, cost: false },
  inspect: async (program, signal) => (await import("./check.ts")).checkCodex(program, signal),
};

/** `start` throws `runtime.start` or `runtime.auth`; nothing happened then. `limits`: over the usual ones. */
export function createCodexRuntime(
  options: ExternalRuntimeOptions,
  limits: Partial<CodexLimits> = {},
): Runtime {
  return createExternalRuntime(options, {
    ...PROTOCOL,
    connector: async (program) => (await import("./connect.ts")).codexConnector(program, limits),
  });
}
