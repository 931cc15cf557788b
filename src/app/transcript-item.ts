// TranscriptItem: one thing said or done, as every frontend lists it. Types only; rows are made from it elsewhere.
import type { ImageContent } from "../protocol/content.ts";
import type { RunOutcome } from "../protocol/event.ts";
import type { Failure } from "../protocol/failure.ts";
import type { PlanEntry, ToolDetails } from "../protocol/tool.ts";
import type { Usage } from "../protocol/usage.ts";

/** `waiting` for an answer to its approval request; `denied` by a rule, a hook or the person; `skipped` never ran. */
export type ToolStatus = "waiting" | "running" | "done" | "failed" | "denied" | "cancelled" | "skipped";

/** Texts are as they came, not sanitised. `id` is stable: the message's, the tool call's or the run's. */
export type TranscriptItem =
  | UserItem
  | AssistantItem
  | ThinkingItem
  | ToolItem
  | ShellItem
  | PlanItem
  | NoticeItem
  | ErrorItem
  | RunEndItem
  | RuntimeItem;

export type UserItem = {
  kind: "user";
  id: string;
  text: string;
  /** How many images went with it. */
  images: number;
  /** Names of the files and folders whose text went with it. */
  attached?: readonly string[];
  pictures?: readonly Picture[];
};

/** An image of a message or a result. `name` says what it is; `content` is absent where it will not be shown. */
export type Picture = { name: string; content?: ImageContent };

/** One text part of an answer: markdown. `speaker` names an external runtime; empty for our own agent. */
type AssistantItem = { kind: "assistant"; id: string; text: string; speaker: string };

/** `live` while it is still being thought; `startedMs` (since the epoch) gives it its time then. */
export type ThinkingItem = { kind: "thinking"; id: string; text: string; live: boolean; startedMs?: number };

export type ToolItem = {
  kind: "tool";
  id: string;
  name: string;
  arguments: Record<string, unknown>;
  status: ToolStatus;
  /** Live output while it runs, the result's text afterwards. */
  output: string;
  /** Milliseconds since the epoch; a running call shows the time since then. */
  startedMs: number;
  durationMs?: number;
  details?: ToolDetails;
  /** What the gate said, when it is worth a word: "allowed by rule", a denial's reason. */
  gate?: string;
  /** Images of the result. */
  pictures?: readonly Picture[];
  /** While it runs it can be moved to the background. */
  backgroundable?: boolean;
  /** Calls of a subagent stand indented under the call that started it. */
  parentToolCallId?: string;
};

/** A command of the person's own (`!command`). `exitCode` is absent while it runs, null when a signal ended it. */
export type ShellItem = {
  kind: "shell";
  id: string;
  command: string;
  output: string;
  exitCode?: number | null;
};

export type PlanItem = { kind: "plan"; id: string; entries: readonly PlanEntry[] };

export type NoticeItem = {
  kind: "notice";
  id: string;
  level: "info" | "warning" | "error";
  message: string;
  hint?: string;
};

export type ErrorItem = { kind: "error"; id: string; failure: Failure };

/** Stands after the last row of a run. */
export type RunEndItem = {
  kind: "run_end";
  id: string;
  outcome: RunOutcome;
  steps: number;
  durationMs: number;
  usage: Usage;
};

/** Another runtime takes over: `detail` says what it knows. */
export type RuntimeItem = { kind: "runtime"; id: string; runtime: string; detail: string };
