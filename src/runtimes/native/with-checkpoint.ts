// A tool that may change files waits for the checkpoint before its run's first change.
import type { Tool } from "../../protocol/tool.ts";

/** The same tool; its `execute` awaits `beforeChange` first, unless it changes nothing outside the conversation. */
export function withCheckpoint(tool: Tool, beforeChange: () => Promise<void>): Tool {
  if (tool.readOnly) return tool;
  return {
    ...tool,
    execute: async (args, options) => {
      await beforeChange();
      options.signal.throwIfAborted();
      return tool.execute(args, options);
    },
  };
}
