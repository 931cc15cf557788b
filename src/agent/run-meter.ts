// What a run has spent so far, read off its own events, so that it is right for every runtime and every end.
import type { AgentEvent } from "../protocol/event.ts";
import type { Usage } from "../protocol/usage.ts";

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };

/** Steps begun and tokens used; answers of subagents and compactions count, their steps do not. */
export type Spent = { readonly steps: number; readonly usage: Usage };

/** The sum of two usages; the cost is null only when neither is known. */
function addUsage(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    reasoning: a.reasoning + b.reasoning,
    cost: a.cost === null && b.cost === null ? null : (a.cost ?? 0) + (b.cost ?? 0),
  };
}

/** What was spent once this event has happened. */
export function spend(spent: Spent, event: AgentEvent): Spent {
  if (event.type === "step_start") return { ...spent, steps: spent.steps + 1 };
  const usage = usageOf(event);
  return usage ? { ...spent, usage: addUsage(spent.usage, usage) } : spent;
}

function usageOf(event: AgentEvent): Usage | undefined {
  if (event.type === "compaction_end") return event.usage;
  if (event.type === "message_end" && event.message.role === "assistant") return event.message.usage;
  return undefined;
}
