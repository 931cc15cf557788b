// AgentEvent: the one event vocabulary. Screen, one-shot output, session file and server all subscribe to it.
import * as z from "zod/mini";
import { ApprovalOutcome, ApprovalRequest, PermissionMode } from "./approval.ts";
import { checkpointFields } from "./checkpoint.ts";
import { InputContent } from "./content.ts";
import { QueueItem } from "./control.ts";
import { Failure } from "./failure.ts";
import { Message } from "./message.ts";
import { ThinkingLevel } from "./model.ts";
import { Usage } from "./usage.ts";

export const AgentState = z.enum([
  "idle",
  "streaming",
  "running_tools",
  "awaiting_approval",
  "paused",
  "compacting",
  "retrying",
]);
export type AgentState = z.infer<typeof AgentState>;

export const RunOutcome = z.enum(["completed", "failed", "interrupted", "limit"]);
export type RunOutcome = z.infer<typeof RunOutcome>;

/** A piece of a message under way. `index` is the content part. Deltas may be merged before delivery. */
export const MessageDelta = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), index: z.number(), text: z.string() }),
  z.object({ type: z.literal("thinking"), index: z.number(), text: z.string() }),
  z.object({ type: z.literal("tool_call"), index: z.number(), id: z.string(), name: z.string() }),
  z.object({ type: z.literal("tool_arguments"), index: z.number(), text: z.string() }),
]);
export type MessageDelta = z.infer<typeof MessageDelta>;

const plan = z.array(z.object({ text: z.string(), status: z.enum(["pending", "in_progress", "completed"]) }));

/** Where a call of a Subagent belongs (absent for the session's own). */
const parent = { parentToolCallId: z.optional(z.string()) };

/**
 * `message_reset` voids what came of a message so far (a retry replaces it). `message_end` carries the whole
 * message; user and tool_result messages come as `message_end` alone. `notice` is one sentence for the person.
 * `results_dropped`: from here on requests hold its notice in place of these results. A role or system text of "" is
 * none; the system text is what the person added to ours.
 */
export const AgentEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("run_start"), runId: z.string(), prompt: z.string(), runtime: z.string() }),
  z.object({
    type: z.literal("run_end"),
    runId: z.string(),
    outcome: RunOutcome,
    steps: z.number(),
    usage: Usage,
    durationMs: z.number(),
    error: z.optional(Failure),
  }),
  z.object({ type: z.literal("step_start"), step: z.number() }),
  z.object({ type: z.literal("step_end"), step: z.number() }),
  z.object({
    type: z.literal("message_start"),
    messageId: z.string(),
    role: z.literal("assistant"),
    /** Who speaks, where it is another than who began the run. */
    runtime: z.optional(z.string()),
    ...parent,
  }),
  z.object({ type: z.literal("message_update"), messageId: z.string(), delta: MessageDelta, ...parent }),
  z.object({ type: z.literal("message_reset"), messageId: z.string() }),
  z.object({ type: z.literal("message_end"), messageId: z.string(), message: Message, ...parent }),
  z.object({
    type: z.literal("tool_start"),
    toolCallId: z.string(),
    name: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    /** While it runs it can be moved to the background. */
    backgroundable: z.optional(z.boolean()),
    ...parent,
  }),
  z.object({ type: z.literal("tool_update"), toolCallId: z.string(), text: z.string(), ...parent }),
  z.object({
    type: z.literal("tool_end"),
    toolCallId: z.string(),
    name: z.string(),
    isError: z.boolean(),
    content: z.array(InputContent),
    details: z.optional(z.unknown()),
    ...parent,
  }),
  z.object({ type: z.literal("plan_update"), entries: plan }),
  z.object({ type: z.literal("approval_request"), request: ApprovalRequest }),
  z.object({
    type: z.literal("approval_resolved"),
    requestId: z.string(),
    toolCallId: z.string(),
    outcome: z.nullable(ApprovalOutcome),
    reason: z.optional(z.string()),
  }),
  z.object({ type: z.literal("queue_changed"), items: z.array(QueueItem) }),
  z.object({ type: z.literal("queue_returned"), items: z.array(QueueItem) }),
  z.object({
    type: z.literal("state_changed"),
    from: AgentState,
    to: AgentState,
    detail: z.optional(z.string()),
  }),
  z.object({
    type: z.literal("retry_start"),
    attempt: z.number(),
    maxAttempts: z.number(),
    delayMs: z.number(),
    error: Failure,
  }),
  z.object({
    type: z.literal("compaction_start"),
    reason: z.enum(["threshold", "overflow", "manual"]),
    tokensBefore: z.number(),
  }),
  z.object({
    type: z.literal("compaction_end"),
    summary: z.nullable(z.string()),
    firstKeptId: z.nullable(z.string()),
    tokensBefore: z.number(),
    tokensAfter: z.number(),
    filesRead: z.array(z.string()),
    filesModified: z.array(z.string()),
    usage: z.optional(Usage),
    error: z.optional(Failure),
  }),
  z.object({
    type: z.literal("results_dropped"),
    toolCallIds: z.array(z.string()),
    notice: z.string(),
    tokensBefore: z.number(),
    tokensAfter: z.number(),
  }),
  z.object({ type: z.literal("role_changed"), role: z.string() }),
  z.object({ type: z.literal("system_changed"), text: z.string() }),
  z.object({ type: z.literal("model_changed"), model: z.string(), thinking: ThinkingLevel }),
  z.object({ type: z.literal("mode_changed"), mode: PermissionMode }),
  z.object({
    type: z.literal("runtime_changed"),
    runtime: z.string(),
    /** The external agent's own session id, kept to resume it later. */
    externalSessionId: z.optional(z.string()),
    detail: z.optional(z.string()),
  }),
  z.object({
    type: z.literal("notice"),
    level: z.enum(["info", "warning", "error"]),
    message: z.string(),
    code: z.optional(z.string()),
    hint: z.optional(z.string()),
  }),
  /** `checkpointId`: of its entry in the session. */
  z.object({ type: z.literal("checkpoint"), checkpointId: z.string(), ...checkpointFields }),
  z.object({ type: z.literal("settled"), exit: z.optional(z.boolean()) }),
]);
export type AgentEvent = z.infer<typeof AgentEvent>;

/** An event outside the process: one JSON object a line in stream-json. `time` is ISO 8601. */
export const EventEnvelope = z.object({
  seq: z.number(),
  sessionId: z.string(),
  runId: z.nullable(z.string()),
  time: z.string(),
  event: AgentEvent,
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

/**
 * Where a runtime puts its events. Awaited for events that must be on disk before work goes on (a user's
 * message, the queue, tool results); the promise settles when the event is recorded and published.
 */
export type EmitEvent = (event: AgentEvent) => Promise<void>;
