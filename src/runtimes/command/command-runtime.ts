// A runtime for any program that answers a prompt on its standard output: an answerer.
import { TEXT_ALONE } from "../capabilities.ts";
import { findCommand } from "../external/external-runtime.ts";
import type { Runtime } from "../runtime.ts";
import type { CommandOptions } from "./command-session.ts";

/** Starting it runs nothing: the program is started by each turn, whose failure tells what was wrong. */
export function createCommandRuntime(options: CommandOptions): Runtime {
  return {
    name: options.name,
    kind: "answerer",
    capabilities: TEXT_ALONE,
    check: async () => findCommand(options, options.name),
    start: async (start) => {
      const { startCommandSession } = await import("./command-session.ts");
      return startCommandSession(options, TEXT_ALONE, start);
    },
  };
}
