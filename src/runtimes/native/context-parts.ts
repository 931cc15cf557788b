// What the next native request holds, part by part, with estimated tokens; for /context.
import { estimateTokens, overheadTokens, PLAIN_SCALE, type TokenScale } from "../../agent/token-estimate.ts";
import { splitMentions } from "../../context/mention-block.ts";
import type { Content } from "../../protocol/content.ts";
import type { Message } from "../../protocol/message.ts";
import type { Tool } from "../../protocol/tool.ts";
import type { HistoryEntry } from "../runtime.ts";

export type ContextInput = {
  system: readonly { name: string; text: string }[];
  tools: readonly Tool[];
  history: readonly HistoryEntry[];
  scale?: TokenScale;
};

type Part = { name: string; group: "system" | "tools" | "messages"; tokens: number };

/** Parts in the order of the request; empty ones are left out. */
export function contextParts({ system, tools, history, scale = PLAIN_SCALE }: ContextInput): Part[] {
  const parts: Part[] = [
    ...system.map(({ name, text }) => ({
      name,
      group: "system" as const,
      tokens: overheadTokens(text, [], scale),
    })),
    { name: toolsName(tools), group: "tools", tokens: overheadTokens("", tools, scale) },
    ...messageParts(
      history.map(({ message }) => message),
      scale,
    ),
  ];
  return parts.filter((part) => part.tokens > 0);
}

function toolsName({ length }: readonly Tool[]): string {
  return length === 1 ? "1 tool" : `${length} tools`;
}

const MESSAGE_NAMES = [
  "summary",
  "your prompts",
  "mentioned files",
  "images",
  "your shell lines",
  "notices",
  "answers",
  "thinking",
  "tool calls",
] as const;
type MessageName = (typeof MESSAGE_NAMES)[number] | `results of ${string}`;

function messageParts(messages: readonly Message[], scale: TokenScale): Part[] {
  const sums = new Map<MessageName, number>(MESSAGE_NAMES.map((name) => [name, 0]));
  for (const message of messages) {
    for (const { name, tokens } of piecesOf(message, scale)) sums.set(name, (sums.get(name) ?? 0) + tokens);
  }
  return [...sums].map(([name, tokens]) => ({ name, group: "messages" as const, tokens }));
}

/** What a message is made of; its framing counts with the first piece. */
function piecesOf(message: Message, scale: TokenScale): { name: MessageName; tokens: number }[] {
  const pieces = message.content.flatMap((part) => namedParts(part, message));
  const sized = pieces.map(({ name, part }) => ({ name, tokens: partTokens(part, scale) }));
  const rest = estimateTokens(message, scale) - sized.reduce((sum, { tokens }) => sum + tokens, 0);
  return sized.map((piece, index) => (index === 0 ? { ...piece, tokens: piece.tokens + rest } : piece));
}

function partTokens(part: Content, scale: TokenScale): number {
  const framing = estimateTokens({ role: "system", content: [] }, scale);
  const whole: Message =
    part.type === "text" || part.type === "image"
      ? { role: "system", content: [part] }
      : { role: "assistant", content: [part], stopReason: "stop", usage: NO_TOKENS, model: "" };
  return estimateTokens(whole, scale) - framing;
}

const NO_TOKENS = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };

function namedParts(part: Content, message: Message): { name: MessageName; part: Content }[] {
  switch (part.type) {
    case "image":
      return [{ name: "images", part }];
    case "thinking":
      return [{ name: "thinking", part }];
    case "tool_call":
      return [{ name: "tool calls", part }];
    case "text":
      return textParts(part.text, message);
  }
}

function textParts(text: string, message: Message): { name: MessageName; part: Content }[] {
  const one = (name: MessageName) => [{ name, part: { type: "text" as const, text } }];
  switch (message.role) {
    case "system":
      return one("summary");
    case "assistant":
      return one("answers");
    case "tool_result":
      return one(`results of ${message.toolName}`);
    case "user": {
      if (message.source === "shell") return one("your shell lines");
      if (message.source === "notice") return one("notices");
      const { prompt, mentioned } = splitMentions(text);
      return [
        { name: "your prompts", part: { type: "text", text: prompt } },
        ...(mentioned === ""
          ? []
          : [{ name: "mentioned files" as const, part: { type: "text" as const, text: mentioned } }]),
      ];
    }
  }
}
