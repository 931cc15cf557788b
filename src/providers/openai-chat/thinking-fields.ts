// ThinkingFields: how each service is asked to think, or not to.
import type { Model, ThinkingLevel } from "../../protocol/model.ts";
import { effortWord, nearestThinking } from "../effort.ts";
import type { ChatCompat } from "./compat.ts";

/** Fields of the request; empty for a model that cannot think or needs none for this level. */
export function thinkingFields(
  model: Model,
  wished: ThinkingLevel,
  compat: ChatCompat,
): Record<string, unknown> {
  const level = nearestThinking(model, wished);
  if (level === null) return {};
  const enabled = level !== "off";
  const effort = effortWord(model, level);
  const effortField =
    effort === undefined || compat.supportsReasoningEffort === false ? {} : { reasoning_effort: effort };
  switch (compat.thinkingFormat ?? "openai") {
    case "openai":
      return effortField;
    case "openrouter":
      return { reasoning: effort === undefined ? { enabled } : { effort } };
    case "deepseek":
      return { thinking: { type: enabled ? "enabled" : "disabled" }, ...(enabled ? effortField : {}) };
    case "zai":
      return { thinking: enabled ? { type: "enabled", clear_thinking: false } : { type: "disabled" } };
    case "qwen":
      return { enable_thinking: enabled };
    case "together":
      return { reasoning: { enabled } };
    case "chat-template":
      return { chat_template_kwargs: { enable_thinking: enabled } };
  }
}
