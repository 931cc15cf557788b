// When a queued item will take effect, in the user's words. Pure; the words may hold names that an agent gave.
import type { QueueItem } from "../protocol/control.ts";
import { formatClock } from "./format.ts";
import type { SessionState } from "./state.ts";

const CONTINUE = "after /continue";
/** Texts of an earlier process, or of a runtime before, wait until the person says something. */
const HELD = "with your next prompt, or /continue";

/** `item` is one of `state.queue`. */
export function landingOf(item: QueueItem, state: SessionState, nowMs: number): string {
  switch (item.kind) {
    case "steer":
      if (pauses(state)) return CONTINUE;
      return state.run === null ? betweenRuns(state) : boundaryOf(state, nowMs);
    case "follow_up":
      return followUpLanding(item, state);
    case "pause":
      return isPaused(state) ? "until /continue" : boundaryOf(state, nowMs);
    case "exit":
      return pauses(state) && state.run !== null ? `${CONTINUE}, when all is done` : "when all is done";
  }
}

/** The next moment at which the run heeds what was said: "after bash, 0:12 running". */
export function boundaryOf(state: SessionState, nowMs: number): string {
  const [question] = state.approvals;
  if (question) return `after your answer to ${question.name}`;
  const [tool, ...others] = state.runningTools;
  if (tool) {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return `after ${tool.name}${more}, ${formatClock(nowMs - tool.startedMs)} running`;
  }
  switch (state.state) {
    case "streaming":
      return "after this answer";
    case "retrying":
      return "after the retry";
    case "compacting":
      return "after compacting";
    case "idle":
    case "running_tools":
    case "awaiting_approval":
    case "paused":
      return "before the next request";
  }
}

/** The first goes when the run would settle, each other after the one before it. */
function followUpLanding(item: QueueItem, state: SessionState): string {
  const at = state.queue.indexOf(item);
  const before = state.queue.findLastIndex(({ kind }, index) => kind === "follow_up" && index < at);
  if (before >= 0) return `after ${before + 1}`;
  if (state.run !== null) return "when this is done";
  return pauses(state) ? CONTINUE : betweenRuns(state);
}

function betweenRuns({ state, starting }: SessionState): string {
  if (starting !== "") return `once ${starting} has started`;
  return state === "compacting" ? "after compacting" : HELD;
}

function pauses({ state, queue }: SessionState): boolean {
  return state === "paused" || queue.some(({ kind }) => kind === "pause");
}

function isPaused(state: SessionState): boolean {
  return state.state === "paused" || state.run === null;
}
