// What the next request holds and from where its size is known: what the service counted, or our estimate.
import { leavesTool } from "../context/role-tools.ts";
import type { Message } from "../protocol/message.ts";
import type { Calibration } from "../runtimes/native/calibration.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import type { App, ContextPart, ModelChoice } from "./app.ts";
import type { LiveConversation } from "./conversation.ts";
import { modelName } from "./model-finder.ts";
import { promptTokens } from "./prompt-tokens.ts";
import type { createSystemText } from "./system-text.ts";

export function createContextReport(options: {
  workbench: Workbench;
  systemText: ReturnType<typeof createSystemText>;
  calibration: Calibration;
  conversation: () => LiveConversation;
  models: ModelChoice;
}): App["context"] {
  const { workbench, systemText, calibration, conversation, models } = options;
  return async () => {
    const [{ contextParts }, { parts: system, tools: left }] = await Promise.all([
      import("../runtimes/native/context-parts.ts"),
      systemText(),
      calibration.load(),
    ]);
    const model = models.current();
    const { offered } = workbench.openTools()(conversation().state().mode);
    const tools = offered.filter(({ name }) => leavesTool(left, name));
    const history = conversation().history();
    const scale = model === null ? undefined : calibration.scaleOf(model);
    const input = { system, tools, ...(scale === undefined ? {} : { scale }) };
    const parts = contextParts({ ...input, history });
    const answered = countedAnswer(conversation());
    const answers = model === null ? 0 : calibration.answers(model);
    const known = { model: model === null ? "" : modelName(model), window: model?.contextWindow ?? 0 };
    if (answered === null)
      return { ...known, tokens: sumOf(parts), parts, source: { kind: "estimated", answers } };
    const covered = sumOf(contextParts({ ...input, history: history.slice(0, answered.index + 1) }));
    const later = sumOf(parts) - covered;
    const tokens = answered.tokens + later;
    return { ...known, tokens, parts: scaled(parts, tokens), source: { kind: "counted" } };
  };
}

/** The newest answer, where its service counted the prompt and nothing was taken out of the talk since. */
function countedAnswer(conversation: LiveConversation): { index: number; tokens: number } | null {
  const history = conversation.history();
  const { contextTokens } = conversation.state();
  const index = history.findLastIndex(({ message }) => isCounted(message));
  const message = history[index]?.message;
  if (message?.role !== "assistant" || promptTokens(message.usage) !== contextTokens) return null;
  return { index, tokens: contextTokens };
}

function isCounted(message: Message): boolean {
  return message.role === "assistant" && promptTokens(message.usage) > 0;
}

/** In whole tokens that add up to `total`: what rounding leaves over goes to the largest. */
function scaled(parts: readonly ContextPart[], total: number): ContextPart[] {
  const sum = Math.max(1, sumOf(parts));
  const result = parts.map((part) => ({ ...part, tokens: Math.round((part.tokens / sum) * total) }));
  const largest = result.toSorted((a, b) => b.tokens - a.tokens)[0];
  const over = total - sumOf(result);
  return result.map((part) => (part === largest ? { ...part, tokens: part.tokens + over } : part));
}

function sumOf(parts: readonly ContextPart[]): number {
  return parts.reduce((sum, { tokens }) => sum + tokens, 0);
}
