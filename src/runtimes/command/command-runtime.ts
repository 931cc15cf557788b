// A runtime for any program that answers a prompt on its standard output: an answerer.
import { findCommand } from "../external/external-runtime.ts";
import type { Runtime, RuntimeCapabilities } from "../runtime.ts";
import type { CommandOptions } from "./command-session.ts";

const CAPABILITIES: RuntimeCapabilities = {
  streaming: true,
  thinking: false,
  tools: false,
  approvals: false,
  steer: "next_prompt",
  pause: true,
  interrupt: true,
  resume: false,
  images: false,
  modelChoice: false,
  cost: false,
  modes: false,
};

/** Starting it runs nothing: the program is started by each turn, whose failure tells what was wrong. */
export function createCommandRuntime(options: CommandOptions): Runtime {
  return {
    name: options.name,
    kind: "answerer",
    capabilities: CAPABILITIES,
    check: async () => findCommand(options, options.name),
    start: async (start) => {
      const { startCommandSession } = await import("./command-session.ts");
      return startCommandSession(options, CAPABILITIES, start);
    },
  };
}
