// Request to the Messages API: ours to the wire's, pure. The same messages always come out the same, byte for byte.
import type Anthropic from "@anthropic-ai/sdk";
import type { InputContent } from "../../protocol/content.ts";
import type { AssistantMessage, Message, ToolResultMessage } from "../../protocol/message.ts";
import type { Model, ThinkingLevel } from "../../protocol/model.ts";
import type { ModelRequest, ToolSchema } from "../../protocol/stream.ts";
import { effortWord, nearestThinking } from "../effort.ts";
import { outputLimit } from "../output-limit.ts";
import { thinkingBudget } from "../thinking-budget.ts";
import { EMPTY_RESULT, OPENING } from "../transcript.prompt.ts";
import { prepareMessages, toolIdMapper } from "../transcript.ts";
import { isObject } from "../wire-fields.ts";

type Params = Anthropic.MessageCreateParamsStreaming;
type Block = Anthropic.ContentBlockParam;
type WireMessage = { role: "user" | "assistant"; content: Block[] };
type Effort = NonNullable<Anthropic.OutputConfig["effort"]>;

const CACHED = { cache_control: { type: "ephemeral" as const } };
/** https://platform.claude.com/docs/en/build-with-claude/extended-thinking: budget_tokens is at least 1,024. */
const LEAST_BUDGET = 1024;
/** Tokens kept for the answer when the budget would take all. */
const LEAST_ANSWER = 1024;

/** https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking */
const ADAPTIVE_IDS = /claude-(?:(?:opus|sonnet)-4-[6-9]\b|[a-z]+-[5-9]\b)/;

const toolId = toolIdMapper({ forbidden: /[^a-zA-Z0-9_-]/g, maxLength: 64 });

/** Thinking of our own making is sent back; everything else as prepareMessages leaves it. */
export function anthropicRequest(request: ModelRequest): Params {
  const { model, system, tools, messages } = request;
  return {
    model: model.id,
    ...answerParams(request),
    ...(system === "" ? {} : { system: [{ type: "text", text: system, ...CACHED }] }),
    ...(tools.length === 0
      ? {}
      : { tools: tools.map((tool, index) => wireTool(tool, index === tools.length - 1)) }),
    messages: withBreakpoints(wireMessages(prepareMessages(messages, model))),
    stream: true,
  };
}

type AnswerParams = Pick<Params, "max_tokens" | "thinking" | "output_config">;

/** How long the answer may be and how much of it may be thinking. */
function answerParams(request: ModelRequest): AnswerParams {
  const { model } = request;
  const level = nearestThinking(model, request.thinking);
  const plain = { max_tokens: outputLimit(request) };
  if (level === null) return plain;
  if (!isAdaptive(model)) return { ...plain, ...budgetParams(request, level) };
  if (level === "off") return { ...plain, thinking: { type: "disabled" } };
  const thinking = { type: "adaptive" as const, display: "summarized" as const };
  return { ...plain, thinking, output_config: { effort: effortOf(effortWord(model, level)) } };
}

/** Models that decide themselves how much to think and are told an effort; catalog and settings say it by `compat`. */
function isAdaptive(model: Model): boolean {
  return isObject(model.compat?.effort) || ADAPTIVE_IDS.test(model.id);
}

function effortOf(word: string | undefined): Effort {
  switch (word) {
    case "medium":
    case "high":
    case "xhigh":
    case "max":
      return word;
    default:
      return "low";
  }
}

function budgetParams(request: ModelRequest, level: ThinkingLevel): Partial<AnswerParams> {
  const wanted = thinkingBudget(level);
  const max_tokens = outputLimit(request, wanted);
  const budget_tokens = Math.min(wanted, max_tokens - LEAST_ANSWER);
  return budget_tokens < LEAST_BUDGET ? {} : { max_tokens, thinking: { type: "enabled", budget_tokens } };
}

/** One breakpoint behind the last tool covers all of them. */
function wireTool({ name, description, parameters }: ToolSchema, isLast: boolean): Anthropic.Tool {
  const input_schema = { ...parameters, type: "object" as const };
  return { name, description, input_schema, ...(isLast ? CACHED : {}) };
}

/** User and assistant in turn, the user first. */
function wireMessages(messages: readonly Message[]): WireMessage[] {
  const wire: WireMessage[] = [];
  for (const message of messages) {
    const next = wireMessage(message);
    const last = wire.at(-1);
    if (next.content.length === 0) continue;
    if (last?.role === next.role) last.content.push(...next.content);
    else wire.push(next);
  }
  if (wire[0]?.role === "assistant")
    wire.unshift({ role: "user", content: [{ type: "text", text: OPENING }] });
  return wire;
}

function wireMessage(message: Message): WireMessage {
  switch (message.role) {
    case "assistant":
      return { role: "assistant", content: assistantBlocks(message) };
    case "tool_result":
      return { role: "user", content: [toolResultBlock(message)] };
    case "system":
    case "user":
      return { role: "user", content: message.content.map(inputBlock) };
  }
}

function assistantBlocks({ content }: AssistantMessage): Block[] {
  const blocks: Block[] = [];
  for (const part of content) {
    if (part.type === "text") blocks.push({ type: "text", text: part.text });
    else if (part.type === "tool_call") {
      blocks.push({ type: "tool_use", id: toolId(part.id), name: part.name, input: part.arguments });
    } else if (part.signature !== undefined) {
      blocks.push(
        part.redacted
          ? { type: "redacted_thinking", data: part.signature }
          : { type: "thinking", thinking: part.text, signature: part.signature },
      );
    }
  }
  return blocks;
}

/** A result that is an error may hold text only. */
function toolResultBlock({
  toolCallId,
  content,
  isError,
}: ToolResultMessage): Anthropic.ToolResultBlockParam {
  const texts = content.filter((part) => part.type === "text");
  const kept: readonly InputContent[] = isError ? texts : content;
  return {
    type: "tool_result",
    tool_use_id: toolId(toolCallId),
    content: kept.length > 0 ? kept.map(inputBlock) : [{ type: "text", text: EMPTY_RESULT }],
    ...(isError ? { is_error: true } : {}),
  };
}

function inputBlock(part: InputContent): Anthropic.TextBlockParam | Anthropic.ImageBlockParam {
  if (part.type === "text") return { type: "text", text: part.text };
  return { type: "image", source: { type: "base64", media_type: imageType(part.mimeType), data: part.data } };
}

/** The service knows four types; of another it looks at the bytes and refuses them in its own words. */
function imageType(mimeType: string): Anthropic.Base64ImageSource["media_type"] {
  switch (mimeType) {
    case "image/jpeg":
    case "image/gif":
    case "image/webp":
      return mimeType;
    default:
      return "image/png";
  }
}

/**
 * Two breakpoints: behind the last user message, where the next request will read, and behind the one before,
 * which the last request wrote; the service looks back only 20 blocks from a breakpoint.
 * With system and tools that is four, the most it takes.
 */
function withBreakpoints(messages: readonly WireMessage[]): Params["messages"] {
  const users = messages.filter((message) => message.role === "user").slice(-2);
  return messages.map((message) => (users.includes(message) ? marked(message) : message));
}

function marked({ role, content }: WireMessage): Anthropic.MessageParam {
  return {
    role,
    content: content.map((block, index) =>
      index === content.length - 1 && block.type !== "thinking" && block.type !== "redacted_thinking"
        ? { ...block, ...CACHED }
        : block,
    ),
  };
}
