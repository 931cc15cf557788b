// Says once that the context window fills up, and again only after it was emptied in between.
import type { EventEnvelope } from "../protocol/event.ts";
import { NATIVE } from "../runtimes/runtime.ts";
import type { ModelChoice } from "./app.ts";
import type { LiveConversation } from "./conversation.ts";
import { formatTokens } from "./format.ts";

/** Share of the window from which on a person should know. */
const FULL = 0.75;

/** Gives a listener to the events of one conversation. */
export function createContextWarning(
  conversation: LiveConversation,
  models: Pick<ModelChoice, "current">,
): (envelope: EventEnvelope) => void {
  let isTold = false;
  return ({ event }) => {
    if (event.type === "compaction_end" || event.type === "results_dropped") isTold = false;
    if (isTold || event.type !== "message_end" || event.message.role !== "assistant") return;
    const { contextTokens, runtime } = conversation.state();
    const window = models.current()?.contextWindow ?? 0;
    if (runtime !== NATIVE || window === 0 || contextTokens < window * FULL) return;
    isTold = true;
    const share = Math.round((contextTokens / window) * 100);
    conversation.tell({
      level: "warning",
      code: "context.full",
      message: `The context window is ${share} % full: ${formatTokens(contextTokens)} of ${formatTokens(window)} tokens. /context shows what fills it, /compact makes room.`,
    });
  };
}
