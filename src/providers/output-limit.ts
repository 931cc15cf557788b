// OutputLimit: how many tokens an answer may take. An estimate of the prompt, good enough not to ask for the window twice.
import type { Content } from "../protocol/content.ts";
import type { ModelRequest } from "../protocol/stream.ts";

/** English and code, rounded down; a prompt of other scripts is longer and the service says so. */
const CHARACTERS_PER_TOKEN = 4;
/** About what a screenshot takes: https://platform.claude.com/docs/en/build-with-claude/vision */
const TOKENS_PER_IMAGE = 1_600;
/** A window that looks full still gets this much: the estimate may be wrong, the service is not. */
const LEAST = 4_096;

/**
 * Tokens: the model's limit, or what was asked for and `thinkingBudget` on top of it, or what the window has
 * left, whichever is least.
 */
export function outputLimit(request: ModelRequest, thinkingBudget = 0): number {
  const { model, maxOutputTokens } = request;
  const wanted = maxOutputTokens === undefined ? model.maxOutput : maxOutputTokens + thinkingBudget;
  const left = Math.max(LEAST, model.contextWindow - promptTokens(request));
  return Math.min(wanted, model.maxOutput, left);
}

function promptTokens({ system, tools, messages }: ModelRequest): number {
  let tokens = (system.length + JSON.stringify(tools).length) / CHARACTERS_PER_TOKEN;
  for (const message of messages) for (const part of message.content) tokens += partTokens(part);
  return Math.ceil(tokens);
}

function partTokens(part: Content): number {
  if (part.type === "image") return TOKENS_PER_IMAGE;
  const text = part.type === "tool_call" ? JSON.stringify(part.arguments) : part.text;
  return text.length / CHARACTERS_PER_TOKEN;
}
