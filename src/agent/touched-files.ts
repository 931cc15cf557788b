// Which files a talk has read and modified, by its tool calls, so that a summary can carry them on.
import type { ToolCallContent } from "../protocol/content.ts";
import type { Message } from "../protocol/message.ts";
import type { Tool } from "../protocol/tool.ts";

export type TouchedFiles = { read: string[]; modified: string[] };

/** Files of calls that did not fail, as the model named them. A modified file is not listed as read. */
export function touchedFiles(messages: readonly Message[], tools: readonly Tool[]): TouchedFiles {
  const failed = new Set(
    messages.flatMap((message) =>
      message.role === "tool_result" && message.isError ? [message.toolCallId] : [],
    ),
  );
  const calls = messages
    .flatMap((message) => (message.role === "assistant" ? message.content : []))
    .filter((part) => part.type === "tool_call")
    .filter((call) => !failed.has(call.id));
  return mergeFiles(calls.map((call) => filesOf(call, tools)));
}

export function mergeFiles(parts: readonly TouchedFiles[]): TouchedFiles {
  const modified = new Set(parts.flatMap((part) => part.modified));
  const read = new Set(parts.flatMap((part) => part.read));
  return { read: [...read].filter((path) => !modified.has(path)), modified: [...modified] };
}

function filesOf(call: ToolCallContent, tools: readonly Tool[]): TouchedFiles {
  const tool = tools.find((candidate) => candidate.name === call.name);
  if (tool?.kind === "edit") return { read: [], modified: pathsOf(tool, call) };
  if (tool?.name === "read") return { read: pathsOf(tool, call), modified: [] };
  return { read: [], modified: [] };
}

/** As the model named them; none for arguments that the tool itself refuses. */
export function pathsOf(tool: Tool, call: ToolCallContent): string[] {
  try {
    return tool.paths?.(tool.parse(call.arguments)) ?? [];
  } catch {
    return [];
  }
}
