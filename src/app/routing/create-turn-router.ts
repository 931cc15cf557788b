// The router of a conversation's turns, out of what the conversation has.
import type { EmitEvent } from "../../protocol/event.ts";
import type { HistoryEntry, RuntimeStart } from "../../runtimes/runtime.ts";
import type { ConversationOptions } from "../conversation-options.ts";
import type { SessionState } from "../state.ts";
import { TurnRouter } from "./turn-router.ts";

type Routed = {
  state: () => SessionState;
  history: () => readonly HistoryEntry[];
  startOf: (history: readonly HistoryEntry[]) => RuntimeStart;
  isUnchanged: () => Promise<boolean | null>;
  emit: EmitEvent;
};

export function createTurnRouter(
  { store, runtime, strict, login, audit, now, routeReason }: Omit<ConversationOptions, "branch">,
  { state, history, startOf, isUnchanged, emit }: Routed,
): TurnRouter {
  const options = {
    sessionId: store.header.id,
    runtime,
    strict,
    login,
    history,
    hasOpenTasks: () => state().plan.some(({ status }) => status !== "completed"),
    nativeStart: startOf,
    isUnchanged,
    emit,
    audit,
    now,
  };
  return new TurnRouter(options, routeReason);
}
