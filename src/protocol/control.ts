// ControlMessage: everything a frontend can tell a running session. Also stream-json's input lines.
import * as z from "zod/mini";
import { ApprovalOutcome, PermissionMode } from "./approval.ts";
import { ImageContent } from "./content.ts";
import { ThinkingLevel } from "./model.ts";

const text = { text: z.string(), images: z.optional(z.array(ImageContent)), id: z.optional(z.string()) };

/** Items of the one queue that can wait. The other kinds (resume, interrupt) act at once. */
export const QueueKind = z.enum(["steer", "follow_up", "pause", "exit"]);
export type QueueKind = z.infer<typeof QueueKind>;

/** pending → delivered | cancelled (handed back to the input box, removed, or promoted away). */
const QueueItemState = z.enum(["pending", "delivered", "cancelled"]);

/** `time` is milliseconds since the epoch at which it was queued. */
export const QueueItem = z.object({
  id: z.string(),
  kind: QueueKind,
  text: z.string(),
  images: z.optional(z.array(ImageContent)),
  state: QueueItemState,
  time: z.number(),
});
export type QueueItem = z.infer<typeof QueueItem>;

/** Edits of the queue list. `move` counts positions from 0. `kind` turns a steer into a follow-up and back. */
export const QueueEdit = z.discriminatedUnion("action", [
  z.object({ action: z.literal("edit"), id: z.string(), text: z.string() }),
  z.object({ action: z.literal("kind"), id: z.string(), kind: z.enum(["steer", "follow_up"]) }),
  z.object({ action: z.literal("move"), id: z.string(), position: z.number() }),
  z.object({ action: z.literal("remove"), id: z.string() }),
  z.object({ action: z.literal("clear") }),
]);
export type QueueEdit = z.infer<typeof QueueEdit>;

/**
 * `prompt` while a run is active is treated as a follow-up; `steer` while idle as a prompt. `steer.now` cancels
 * the running tools and goes at once; with an empty text it promotes the pending steers. `background` lets a running
 * call go on in the background, every one that can where none is named.
 */
export const ControlMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("prompt"), ...text, thinking: z.optional(ThinkingLevel) }),
  z.object({ type: z.literal("steer"), ...text, now: z.optional(z.boolean()) }),
  z.object({ type: z.literal("follow_up"), ...text }),
  z.object({ type: z.literal("pause") }),
  z.object({ type: z.literal("resume") }),
  z.object({ type: z.literal("interrupt") }),
  z.object({
    type: z.literal("approve"),
    requestId: z.string(),
    outcome: ApprovalOutcome,
    reason: z.optional(z.string()),
    arguments: z.optional(z.record(z.string(), z.unknown())),
  }),
  z.object({ type: z.literal("set_model"), model: z.string() }),
  z.object({ type: z.literal("set_thinking"), thinking: ThinkingLevel }),
  z.object({ type: z.literal("set_mode"), mode: PermissionMode }),
  z.object({ type: z.literal("compact"), hint: z.optional(z.string()) }),
  z.object({ type: z.literal("queue"), edit: QueueEdit }),
  z.object({ type: z.literal("background"), toolCallId: z.optional(z.string()) }),
  z.object({ type: z.literal("exit"), now: z.optional(z.boolean()) }),
]);
export type ControlMessage = z.infer<typeof ControlMessage>;
