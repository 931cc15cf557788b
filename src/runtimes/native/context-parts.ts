// What the next native request holds, part by part, with estimated tokens; for /context.
import { estimateTokens, overheadTokens } from "../../agent/token-estimate.ts";
import type { Message } from "../../protocol/message.ts";
import type { Tool } from "../../protocol/tool.ts";
import type { HistoryEntry } from "../runtime.ts";

export type ContextInput = {
  system: readonly { name: string; text: string }[];
  tools: readonly Tool[];
  history: readonly HistoryEntry[];
};

/** Parts in the order of the request; empty ones are left out. */
export function contextParts({ system, tools, history }: ContextInput): { name: string; tokens: number }[] {
  const roles = [
    ["summary", "system"],
    ["your messages", "user"],
    ["answers", "assistant"],
    ["tool results", "tool_result"],
  ] as const;
  const parts = [
    ...system.map(({ name, text }) => ({ name, tokens: overheadTokens(text, []) })),
    { name: `${tools.length} tools`, tokens: overheadTokens("", tools) },
    ...roles.map(([name, role]) => ({ name, tokens: tokensOf(history, role) })),
  ];
  return parts.filter((part) => part.tokens > 0);
}

function tokensOf(history: readonly HistoryEntry[], role: Message["role"]): number {
  return history.reduce((sum, { message }) => sum + (message.role === role ? estimateTokens(message) : 0), 0);
}
