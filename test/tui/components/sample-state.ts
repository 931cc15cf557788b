// A session in the midst of work, for what is drawn beside the transcript.
import { initialState, type SessionState } from "../../../src/app/state.ts";
import type { ApprovalRequest } from "../../../src/protocol/approval.ts";
import type { QueueItem } from "../../../src/protocol/control.ts";

export const NOW_MS = 1_000_000;

export function workingState(change: Partial<SessionState> = {}): SessionState {
  return initialState({
    state: "running_tools",
    run: { runId: "r1", startedMs: NOW_MS - 41_000, steps: 3 },
    runningTools: [{ toolCallId: "c1", name: "bash", startedMs: NOW_MS - 12_000 }],
    model: "anthropic/claude-sonnet-4-5",
    contextTokens: 46_000,
    ...change,
  });
}

export function queueItem(id: string, kind: QueueItem["kind"], text: string): QueueItem {
  return { id, kind, text, state: "pending", time: NOW_MS - 5_000 };
}

export function approvalRequest(change: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: "a1",
    toolCallId: "c1",
    name: "bash",
    arguments: { command: "rm -rf build && npm run build" },
    subject: "rm -rf build && npm run build",
    place: "workspace, no network",
    reason: "rule: ask (default for commands)",
    warnings: ["rm -rf build   deletes 214 files that git ignores"],
    alwaysRule: "bash(npm run build)",
    ...change,
  };
}

/** One of each kind that waits. */
export const QUEUE = [
  queueItem("q1", "steer", "also cover a file with no final newline"),
  queueItem(
    "q2",
    "follow_up",
    "then update the changelog\nand the readme, which is a longer text than the others",
  ),
  queueItem("q3", "pause", ""),
  queueItem("q4", "exit", ""),
];
