// What an agent is told of a conversation that others had before it: short, faithful, in the order it happened.
import type { OutputContent } from "../../protocol/content.ts";
import type { Message } from "../../protocol/message.ts";
import type { PlanEntry } from "../../protocol/tool.ts";

/** Characters of the whole digest, about 8,000 tokens; of one text in it; of the words on one call. */
const LONGEST_DIGEST = 32_000;
const LONGEST_TEXT = 4_000;
const LONGEST_CALL = 160;

const INTRODUCTION = `This conversation began with another agent in the same working directory. What follows is a digest of it, oldest first; the person's new message comes after it. Files may have changed since: look before you rely on them.`;

/** Empty when there is nothing to tell. `plan`: the newest list of tasks. */
export function handoverText(messages: readonly Message[], plan: readonly PlanEntry[]): string {
  const failed = new Set(
    messages.flatMap((message) =>
      message.role === "tool_result" && message.isError ? [message.toolCallId] : [],
    ),
  );
  const said = messages.map((message) => messageText(message, failed)).filter((text) => text !== "");
  if (said.length === 0) return "";
  const sections = [INTRODUCTION, ...fitting(said), filesText(messages, failed), tasksText(plan)];
  const text = sections.filter((section) => section !== "").join("\n\n");
  return `<conversation-so-far>\n${text}\n</conversation-so-far>`;
}

function messageText(message: Message, failed: ReadonlySet<string>): string {
  switch (message.role) {
    case "system":
      return `Summary of what came before:\n${clip(texts(message.content), LONGEST_DIGEST / 2)}`;
    case "user":
      return `Person:\n${clip(texts(message.content), LONGEST_TEXT)}`;
    case "assistant": {
      const lines = message.content.map((part) => partText(part, failed)).filter((line) => line !== "");
      return lines.length === 0 ? "" : `Agent:\n${lines.join("\n")}`;
    }
    case "tool_result":
      return "";
  }
}

function partText(part: OutputContent, failed: ReadonlySet<string>): string {
  switch (part.type) {
    case "text":
      return clip(part.text.trim(), LONGEST_TEXT);
    case "thinking":
      return "";
    case "tool_call":
      return `- ${part.name} ${subject(part.arguments)}${failed.has(part.id) ? " (failed)" : ""}`;
  }
}

/** The path or command of a call, or all its arguments, in one line. */
function subject(args: Record<string, unknown>): string {
  const named = ["command", "path", "pattern", "query", "url"].map((name) => args[name]);
  const words = named.find((value) => typeof value === "string") ?? JSON.stringify(args);
  return clip(String(words).replaceAll(/\s+/g, " "), LONGEST_CALL);
}

function texts(content: readonly { type: string; text?: string }[]): string {
  return content.map((part) => (part.type === "text" ? (part.text ?? "") : `[${part.type}]`)).join("\n");
}

/** The first message, since it says what all of it is for, and as many of the newest as there is room for. */
function fitting(said: readonly string[]): string[] {
  const [first = "", ...rest] = said;
  const kept: string[] = [];
  let room = LONGEST_DIGEST - first.length;
  for (const text of rest.toReversed()) {
    room -= text.length;
    if (room < 0) break;
    kept.unshift(text);
  }
  const left = rest.length - kept.length;
  return [first, ...(left > 0 ? [`[${left} messages left out]`] : []), ...kept];
}

function filesText(messages: readonly Message[], failed: ReadonlySet<string>): string {
  const calls = messages
    .flatMap((message) => (message.role === "assistant" ? message.content : []))
    .filter((part) => part.type === "tool_call" && !failed.has(part.id));
  const files = (names: readonly string[]) => [
    ...new Set(
      calls.flatMap((part) =>
        part.type === "tool_call" && names.includes(part.name) && typeof part.arguments.path === "string"
          ? [part.arguments.path]
          : [],
      ),
    ),
  ];
  const changed = files(["edit", "write"]);
  const read = files(["read"]).filter((path) => !changed.includes(path));
  const lines = [
    ...(changed.length > 0 ? [`Files changed: ${changed.join(", ")}`] : []),
    ...(read.length > 0 ? [`Files read: ${read.join(", ")}`] : []),
  ];
  return clip(lines.join("\n"), LONGEST_TEXT);
}

function tasksText(plan: readonly PlanEntry[]): string {
  const open = plan.filter((entry) => entry.status !== "completed");
  return open.length === 0 ? "" : `Open tasks:\n${open.map(({ text }) => `- ${text}`).join("\n")}`;
}

function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)} […]` : text;
}
