// What every frontend shows of a session besides its transcript: a pure reducer over events.
import type { ApprovalRequest, PermissionMode } from "../protocol/approval.ts";
import type { QueueItem } from "../protocol/control.ts";
import type { AgentEvent, AgentState } from "../protocol/event.ts";
import type { AssistantMessage } from "../protocol/message.ts";
import type { ThinkingLevel } from "../protocol/model.ts";
import type { PlanEntry } from "../protocol/tool.ts";
import type { Usage } from "../protocol/usage.ts";
import { addUsage, NO_USAGE } from "../protocol/usage-sum.ts";
import { NATIVE } from "../runtimes/runtime.ts";
import { promptTokens } from "./prompt-tokens.ts";

/**
 * `startedMs` as given to reduce; `steps` counts model responses of the run; `runtime`: who is at work in it, where
 * that is another than the session's.
 */
type ActiveRun = { runId: string; startedMs: number; steps: number; runtime?: string };

/** A command of the person's own under way, with what it wrote so far. */
export type RunningShell = { id: string; command: string; startedMs: number; output: string };

/** `backgroundable`: it can be moved to the background. */
type RunningTool = { toolCallId: string; name: string; startedMs: number; backgroundable?: boolean };

export type SessionState = {
  state: AgentState;
  /** When the current state began, milliseconds since the epoch. */
  stateSinceMs: number;
  /** What a paused or retrying state waits for, in words. */
  detail: string;
  run: ActiveRun | null;
  /** The external runtime that is being started, "" while none is. */
  starting: string;
  /** `!command`s under way, in start order. */
  shells: readonly RunningShell[];
  /** Names of the tools that run now, in start order. */
  runningTools: readonly RunningTool[];
  /** Pending items only, in the order they will be delivered. */
  queue: readonly QueueItem[];
  /** Open questions, oldest first. */
  approvals: readonly ApprovalRequest[];
  /** Our own choice, VENDOR/ID, which an external runtime does not follow. */
  model: string;
  /** Whose answer came last: VENDOR/ID, or NAME/MODEL of an external runtime; "" before the first. */
  answeredBy: string;
  thinking: ThinkingLevel;
  mode: PermissionMode;
  /** Who was chosen; `run.runtime` may be another for a turn. */
  runtime: string;
  /** Name of the role in force, "" for none. */
  role: string;
  /** What the person added to the system text. */
  systemText: string;
  name: string;
  plan: readonly PlanEntry[];
  /** Sum over the session. `cost` is null until a priced answer came. */
  usage: Usage;
  /** Tokens of the newest prompt and its answer: what the next request holds at least. */
  contextTokens: number;
  /** Runs that ended in this session. */
  runs: number;
};

export function initialState(known: Partial<SessionState>): SessionState {
  return {
    state: "idle",
    stateSinceMs: 0,
    detail: "",
    run: null,
    starting: "",
    shells: [],
    runningTools: [],
    queue: [],
    approvals: [],
    model: "",
    answeredBy: "",
    thinking: "off",
    mode: "ask",
    runtime: "native",
    role: "",
    systemText: "",
    name: "",
    plan: [],
    usage: NO_USAGE,
    contextTokens: 0,
    runs: 0,
    ...known,
  };
}

/** Something is under way that an interrupt ends: a run, a compaction, a start, a shell line. */
export function isAtWork(state: SessionState): boolean {
  return willSettle(state) || state.shells.length > 0;
}

/** Something is under way after which the runtime says that it has settled; held by a pause or not. */
export function willSettle({ run, state, starting }: SessionState): boolean {
  return run !== null || state === "compacting" || starting !== "";
}

/** The model that answers: of an external runtime its own, "" until it told of one. */
export function answeringModel({ runtime, model, answeredBy }: SessionState): string {
  if (runtime === NATIVE) return model;
  return answeredBy.startsWith(`${runtime}/`) ? answeredBy : "";
}

/** The state after `event`; the same object when nothing changed. `nowMs` stamps what has a duration. */
export function reduceState(state: SessionState, event: AgentEvent, nowMs: number): SessionState {
  switch (event.type) {
    case "run_start":
      return { ...state, run: { runId: event.runId, startedMs: nowMs, steps: 0 }, runtime: event.runtime };
    case "run_end":
      return { ...state, run: null, runs: state.runs + 1, runningTools: [], approvals: [] };
    case "step_start":
      return state.run ? { ...state, run: { ...state.run, steps: event.step } } : state;
    case "message_end":
      if (event.message.role !== "assistant") return state;
      return addAnswer(state, event.message, event.parentToolCallId === undefined);
    case "tool_start":
    case "tool_end":
    case "plan_update":
      return reduceTools(state, event, nowMs);
    case "approval_request":
      return { ...state, approvals: [...state.approvals, event.request] };
    case "approval_resolved":
      return { ...state, approvals: state.approvals.filter((request) => request.id !== event.requestId) };
    case "queue_changed":
      return { ...state, queue: event.items.filter((item) => item.state === "pending") };
    case "state_changed":
      return { ...state, state: event.to, stateSinceMs: nowMs, detail: event.detail ?? "" };
    case "compaction_end":
      return reduceCompaction(state, event);
    case "model_changed":
      return { ...state, model: event.model, thinking: event.thinking };
    case "mode_changed":
      return { ...state, mode: event.mode };
    case "runtime_changed":
      return { ...state, runtime: event.runtime };
    case "role_changed":
      return { ...state, role: event.role };
    case "system_changed":
      return { ...state, systemText: event.text };
    case "results_dropped":
      return { ...state, contextTokens: event.tokensAfter };
    case "message_start":
      if (!state.run || event.runtime === undefined) return state;
      return { ...state, run: { ...state.run, runtime: event.runtime } };
    case "step_end":
    case "message_update":
    case "message_reset":
    case "tool_update":
    case "queue_returned":
    case "retry_start":
    case "compaction_start":
    case "notice":
    case "checkpoint":
    case "settled":
      return state;
  }
}

/** An answer of a subagent costs too, but does not fill this session's context. */
function addAnswer(state: SessionState, { usage, model }: AssistantMessage, isOwn: boolean): SessionState {
  const tokens = isOwn ? promptTokens(usage) : 0;
  return {
    ...state,
    usage: addUsage(state.usage, usage),
    answeredBy: isOwn ? model : state.answeredBy,
    contextTokens: tokens > 0 ? tokens : state.contextTokens,
  };
}

function reduceTools(
  state: SessionState,
  event: Extract<AgentEvent, { type: "tool_start" | "tool_end" | "plan_update" }>,
  nowMs: number,
): SessionState {
  switch (event.type) {
    case "tool_start": {
      const { toolCallId, name, backgroundable = false } = event;
      const started = { toolCallId, name, startedMs: nowMs, ...(backgroundable ? { backgroundable } : {}) };
      return { ...state, runningTools: [...state.runningTools, started] };
    }
    case "tool_end":
      return {
        ...state,
        runningTools: state.runningTools.filter((tool) => tool.toolCallId !== event.toolCallId),
      };
    case "plan_update":
      return { ...state, plan: event.entries };
  }
}

function reduceCompaction(
  state: SessionState,
  event: Extract<AgentEvent, { type: "compaction_end" }>,
): SessionState {
  const usage = event.usage ? addUsage(state.usage, event.usage) : state.usage;
  return { ...state, usage, contextTokens: event.summary === null ? state.contextTokens : event.tokensAfter };
}
