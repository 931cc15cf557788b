// Message: one turn of talk in our own shape. The only other shape is the wire's, inside providers.
import * as z from "zod/mini";
import { InputContent, OutputContent } from "./content.ts";
import { Failure } from "./failure.ts";
import { WireApi } from "./model.ts";
import { Usage } from "./usage.ts";

export const StopReason = z.enum(["stop", "length", "tool_use", "error", "aborted"]);
export type StopReason = z.infer<typeof StopReason>;

/** Text that the program, not the person, puts before the model inside the talk (a summary, a notice). */
export const SystemMessage = z.object({ role: z.literal("system"), content: z.array(InputContent) });
export type SystemMessage = z.infer<typeof SystemMessage>;

export const UserMessage = z.object({
  role: z.literal("user"),
  content: z.array(InputContent),
  /** How it came in, where that is not a plain prompt. `shell`: output of a `!command`. */
  source: z.optional(z.enum(["prompt", "steer", "follow_up", "shell", "notice"])),
  /** For the screen alone; of `shell`: {command, output, exitCode, and of what goes on:
   * background, backgroundLog}; of `notice`: {shown} where another one said it. */
  details: z.optional(z.unknown()),
});
export type UserMessage = z.infer<typeof UserMessage>;

/** `model` is VENDOR/ID as in Model; `api` the wire API that made the signatures (absent: an external runtime). */
export const AssistantMessage = z.object({
  role: z.literal("assistant"),
  content: z.array(OutputContent),
  stopReason: StopReason,
  usage: Usage,
  model: z.string(),
  api: z.optional(WireApi),
  /** Name of the runtime that answered, where it is not native. */
  runtime: z.optional(z.string()),
  /** Why, when stopReason is error or aborted. */
  error: z.optional(Failure),
});
export type AssistantMessage = z.infer<typeof AssistantMessage>;

/** `content` is what the model reads, `details` what only the screen shows (see ToolDetails). */
export const ToolResultMessage = z.object({
  role: z.literal("tool_result"),
  toolCallId: z.string(),
  toolName: z.string(),
  content: z.array(InputContent),
  isError: z.boolean(),
  details: z.optional(z.unknown()),
});
export type ToolResultMessage = z.infer<typeof ToolResultMessage>;

export const Message = z.discriminatedUnion("role", [
  SystemMessage,
  UserMessage,
  AssistantMessage,
  ToolResultMessage,
]);
export type Message = z.infer<typeof Message>;
