// Parts of messages that every foreign format makes the same way.
import type { InputContent, OutputContent, ToolCallContent } from "../../protocol/content.ts";
import type { AssistantMessage, Message, StopReason } from "../../protocol/message.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type { Usage } from "../../protocol/usage.ts";
import { NO_USAGE } from "../../protocol/usage-sum.ts";
import { fieldsOf, parsedFields } from "./fields.ts";
import type { ForeignAgent } from "./import-item.ts";

export function text(value: string): InputContent {
  return { type: "text", text: value };
}

/** The call of a tool, under the name that the agent gave it. `args` is an object, or JSON as text. */
export function toolCall(id: string, name: string, args: unknown): ToolCallContent {
  const call = { type: "tool_call", id, name: name || "tool" } as const;
  if (typeof args !== "string") return { ...call, arguments: { ...fieldsOf(args) } };
  const parsed = parsedFields(args);
  if (parsed) return { ...call, arguments: { ...parsed } };
  return args.trim() === "" ? { ...call, arguments: {} } : { ...call, arguments: {}, invalidArguments: args };
}

export type ForeignResult = {
  id: string;
  name: string;
  content: InputContent[];
  isError: boolean;
  details?: ToolDetails | undefined;
};

/** A result without content says so: a provider refuses an empty one. */
export function toolResult({ id, name, content, isError, details }: ForeignResult): Message {
  return {
    role: "tool_result",
    toolCallId: id,
    toolName: name || "tool",
    content: content.length > 0 ? content : [text("(no output)")],
    isError,
    ...(details === undefined ? {} : { details }),
  };
}

export type ForeignAnswer = {
  agent: ForeignAgent;
  content: OutputContent[];
  model: string;
  usage?: Usage | undefined;
  stopReason?: StopReason | undefined;
  /** Why, where it failed. */
  error?: string | undefined;
};

/** An answer. Without a stop reason it is what its content tells. */
export function answerOf({
  agent,
  content,
  model,
  usage,
  stopReason,
  error,
}: ForeignAnswer): AssistantMessage {
  const calls = content.some((part) => part.type === "tool_call");
  return {
    role: "assistant",
    content,
    stopReason: stopReason ?? (calls ? "tool_use" : "stop"),
    usage: usage ?? NO_USAGE,
    model,
    runtime: agent,
    ...(error === undefined ? {} : { error: { code: "import.answer", message: error } }),
  };
}

/** VENDOR/ID; the vendor alone never stands. */
export function modelName(vendor: string, id: string): string {
  if (id === "") return "";
  return vendor === "" ? id : `${vendor}/${id}`;
}

/** What the person ran by hand, as Hearth's own `!command` stands in a conversation. */
export function shellLine(command: string, output: string, exitCode: number | null): Message {
  const end = exitCode === null ? "exit code not known" : `exit code ${exitCode}`;
  return {
    role: "user",
    content: [text(`I ran \`${command}\` (${end}):\n\n${output}`)],
    source: "shell",
    details: { command, output, exitCode: exitCode ?? 0 },
  };
}

/** What the program, not the person, put into the talk. */
export function notice(content: InputContent[]): Message {
  return { role: "user", content, source: "notice" };
}

/** The details of a change: a unified diff with its counts. `patch` may lack its two file lines. */
export function diffDetails(path: string, patch: string): ToolDetails {
  const lines = patch.split("\n");
  const count = (mark: string) =>
    lines.filter((line) => line.startsWith(mark) && !line.startsWith(mark.repeat(3))).length;
  const [added, removed] = [count("+"), count("-")];
  const named = patch.startsWith("---") ? patch : `--- a/${path}\n+++ b/${path}\n${patch}`;
  return { diff: { path, patch: named.endsWith("\n") ? named : `${named}\n`, added, removed } };
}

/** The details of a command that ended; undefined where it is not known how. */
export function exitDetails(exitCode: number | null): ToolDetails | undefined {
  if (exitCode === null) return undefined;
  return { exitCode, summary: `exit ${exitCode}` };
}
