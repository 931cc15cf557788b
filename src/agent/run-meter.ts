// What a run has spent so far, read off its own events, so that it is right for every runtime and every end.
import type { AgentEvent } from "../protocol/event.ts";
import type { Usage } from "../protocol/usage.ts";
import { addUsage } from "../protocol/usage-sum.ts";

/** Steps begun and tokens used; answers of subagents and compactions count, their steps do not. */
export type Spent = { readonly steps: number; readonly usage: Usage };

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
