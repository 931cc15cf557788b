// What is true of a whole session after one more entry: a pure reducer, used by the writer and by readers.
import type { Message } from "../protocol/message.ts";
import { addUsage, NO_USAGE } from "../protocol/usage-sum.ts";
import type { StoredEntry, StoredState } from "./state-entry.ts";

const FIRST_PROMPT_LENGTH = 200;

export const NEW_SESSION: StoredState = {
  name: null,
  model: null,
  thinking: null,
  mode: null,
  runtime: null,
  externalSessionId: null,
  queue: [],
  paused: false,
  firstPrompt: null,
  runs: 0,
  runtimes: [],
  usage: NO_USAGE,
  openRun: null,
};

/** The state after `entry`; the same object when the entry changes nothing. */
export function applyEntry(state: StoredState, entry: StoredEntry): StoredState {
  switch (entry.type) {
    case "state":
      return entry.state;
    case "message":
      return applyMessage(withoutDelivered(state, entry.id), entry.message);
    case "run_start":
      return {
        ...state,
        runs: state.runs + 1,
        runtimes: state.runtimes.includes(entry.runtime)
          ? state.runtimes
          : [...state.runtimes, entry.runtime],
        firstPrompt: state.firstPrompt ?? entry.prompt.slice(0, FIRST_PROMPT_LENGTH),
        openRun: { runId: entry.runId, steps: 0 },
      };
    case "run_end":
      return { ...state, openRun: null };
    case "compaction":
      return entry.usage ? { ...state, usage: addUsage(state.usage, entry.usage) } : state;
    case "queue":
      return { ...state, queue: entry.items.filter((item) => item.state === "pending") };
    case "model":
      return { ...state, model: entry.model, thinking: entry.thinking };
    case "mode":
      return { ...state, mode: entry.mode };
    case "runtime":
      return withRuntime(state, entry);
    case "role":
      return { ...state, role: entry.role };
    case "system":
      return { ...state, system: entry.text };
    case "name":
      return { ...state, name: entry.name };
    case "leaf":
      // The external agents' own histories no longer match the branch.
      return { ...state, externalSessionId: null, externalSessions: {} };
    case "partial":
    case "results_dropped":
    case "label":
    case "notice":
    case "approval":
    case "checkpoint":
    case "plan":
    case "unknown":
      return state;
  }
}

function withRuntime(
  state: StoredState,
  { runtime, externalSessionId }: Extract<StoredEntry, { type: "runtime" }>,
): StoredState {
  const known = state.externalSessions ?? {};
  return {
    ...state,
    runtime,
    externalSessionId: externalSessionId ?? null,
    externalSessions: externalSessionId === undefined ? known : { ...known, [runtime]: externalSessionId },
  };
}

/** A queued text is recorded under its own id: a crash before the queue said so must not deliver it twice. */
function withoutDelivered(state: StoredState, id: string): StoredState {
  if (!state.queue.some((item) => item.id === id)) return state;
  return { ...state, queue: state.queue.filter((item) => item.id !== id) };
}

function applyMessage(state: StoredState, message: Message): StoredState {
  if (message.role !== "assistant") return state;
  const openRun = state.openRun && { ...state.openRun, steps: state.openRun.steps + 1 };
  return { ...state, openRun, usage: addUsage(state.usage, message.usage) };
}
