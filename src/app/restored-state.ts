// What the state of a session is when it is opened again: what its file says, and what its newest answers imply.
import type { SessionBranch } from "../session/read.ts";
import { promptTokens } from "./prompt-tokens.ts";
import type { SessionState } from "./state.ts";

/** Model, thinking, mode and runtime are settled elsewhere (session-settings). */
export function restoredState({ state, entries }: SessionBranch): Partial<SessionState> {
  const plan = entries.findLast((entry) => entry.type === "plan");
  return {
    name: state.name ?? "",
    usage: state.usage,
    runs: state.runs,
    queue: state.queue,
    systemText: state.system ?? "",
    contextTokens: contextTokens(entries),
    answeredBy: lastAnswerer(entries),
    ...(plan ? { plan: plan.entries } : {}),
  };
}

function lastAnswerer(entries: SessionBranch["entries"]): string {
  for (const entry of entries.toReversed()) {
    if (entry.type === "message" && entry.message.role === "assistant") return entry.message.model;
  }
  return "";
}

function contextTokens(entries: SessionBranch["entries"]): number {
  for (const entry of entries.toReversed()) {
    if (entry.type === "compaction" || entry.type === "results_dropped") return entry.tokensAfter;
    if (entry.type !== "message" || entry.message.role !== "assistant") continue;
    const tokens = promptTokens(entry.message.usage);
    if (tokens > 0) return tokens;
  }
  return 0;
}
