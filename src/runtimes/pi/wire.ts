// What pi says in its RPC mode (0.87), read as leniently as it changes: what is not known or not well formed is left out.
// Pure.
import * as z from "zod/mini";
import { fieldOf } from "../../lib/field-of.ts";
import type { Usage } from "../../protocol/usage.ts";

const words = z.catch(z.string(), "");
const count = z.catch(z.number().check(z.nonnegative()), 0);
const list = z.catch(z.array(z.unknown()), []);
const fields = z.catch(z.record(z.string(), z.unknown()), {});

/** `input` is what no cache had; `output` includes `reasoning`. */
const PiUsage = z.object({
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite: count,
  reasoning: count,
  cost: z.catch(z.object({ total: z.number() }), { total: 0 }),
});

export function readUsage(value: unknown): Usage {
  const { cost, ...tokens } = z.catch(PiUsage, PiUsage.parse({})).parse(value);
  return { ...tokens, cost: cost.total };
}

const ToolCall = z.object({ type: z.literal("toolCall"), id: z.string(), name: words, arguments: fields });
type PiToolCall = z.infer<typeof ToolCall>;

const Text = z.object({ type: z.literal("text"), text: z.string() });
const Thinking = z.object({ type: z.literal("thinking"), thinking: z.string() });

export const PiMessage = z.object({
  role: words,
  content: z.catch(z.union([z.string(), z.array(z.unknown())]), []),
  stopReason: words,
  errorMessage: words,
  usage: z.optional(z.unknown()),
});
export type PiMessage = z.infer<typeof PiMessage>;

/** A part of an answer; `index` is its place in the message. */
export type PiPart =
  | { type: "text" | "thinking"; index: number; text: string }
  | { type: "call"; index: number; call: PiToolCall };

export function partsOf({ content }: PiMessage): PiPart[] {
  if (typeof content === "string") return [{ type: "text", index: 0, text: content }];
  return content.flatMap((value, index): PiPart[] => {
    const call = ToolCall.safeParse(value).data;
    if (call) return [{ type: "call", index, call }];
    const text = Text.safeParse(value).data?.text;
    if (text !== undefined) return [{ type: "text", index, text }];
    const thinking = Thinking.safeParse(value).data?.thinking;
    return thinking === undefined ? [] : [{ type: "thinking", index, text: thinking }];
  });
}

/** The words of a message or of a tool's result. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part) => Text.safeParse(part).data?.text ?? (fieldOf(part, "type") === "image" ? "[image]" : ""))
    .filter((text) => text !== "")
    .join("\n");
}

/** A piece of an answer that streams. */
export const Delta = z.object({
  type: words,
  contentIndex: count,
  delta: words,
  id: words,
  toolName: words,
});

export const ToolExecution = z.object({
  toolCallId: z.string(),
  toolName: words,
  args: fields,
  partialResult: z.optional(z.unknown()),
  result: z.optional(z.unknown()),
  isError: z.catch(z.boolean(), false),
});

export const Retry = z.object({ attempt: count, maxAttempts: count, delayMs: count, errorMessage: words });

export const Response = z.object({
  id: z.string(),
  success: z.catch(z.boolean(), false),
  error: words,
  data: z.optional(z.unknown()),
});

/** A dialog or a word of an extension. */
export const UiRequest = z.object({
  id: z.string(),
  method: words,
  title: words,
  message: words,
  placeholder: words,
  options: z.catch(z.array(z.string()), []),
  notifyType: words,
  statusKey: words,
});
export type UiRequest = z.infer<typeof UiRequest>;

/** What our own extension asks about. */
export const AskedCall = z.object({ toolCallId: z.string(), toolName: words, input: fields });
export type AskedCall = z.infer<typeof AskedCall>;

const Model = z.object({ provider: z.string(), id: z.string(), input: list });

export const State = z.object({
  model: z.catch(z.optional(Model), undefined),
  thinkingLevel: words,
  isStreaming: z.catch(z.boolean(), false),
  sessionId: words,
  messageCount: count,
});
export type State = z.infer<typeof State>;

export const Models = z.object({ models: list });
export const Levels = z.object({ levels: z.catch(z.array(z.string()), []) });

/** PROVIDER/ID of each that can be read. */
export function modelNames({ models }: z.infer<typeof Models>): string[] {
  return models.flatMap((value) => {
    const model = Model.safeParse(value).data;
    return model ? [modelName(model)] : [];
  });
}

export function modelName({ provider, id }: { provider: string; id: string }): string {
  return `${provider}/${id}`;
}
