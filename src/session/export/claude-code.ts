// A session as Claude Code keeps its own, so that `claude --resume ID` goes on with it (tried with 2.1.328): one line a
// block of content, each naming the one before it.
import type { InputContent, OutputContent } from "../../protocol/content.ts";
import type { AssistantMessage, ToolResultMessage } from "../../protocol/message.ts";
import { claudeTool } from "./claude-tool.ts";
import { callId, uuidOf } from "./foreign-ids.ts";
import type { Redaction } from "./redaction.ts";
import { type ExportBranch, type TalkPart, talkOf } from "./talk.ts";

/** The version whose lines these are. */
const VERSION = "2.1.328";

/** The id that Claude Code will know the session by: another one when the session went on. */
export function claudeSessionId(branch: ExportBranch): string {
  return uuidOf("claude-code", branch.header.id, branch.entries.at(-1)?.id ?? "");
}

/** One line at a time, each with its line feed. */
export function exportClaudeCode(
  branch: ExportBranch,
  { redaction, cwd }: { redaction: Redaction; cwd: string },
): Generator<string> {
  const { name } = branch.state;
  const title = name ? { title: redaction.text(name) } : {};
  return claudeLines(talkOf(branch, redaction), { sessionId: claudeSessionId(branch), cwd, ...title });
}

/** A session of that id and name, each line with its line feed. */
export function* claudeLines(
  talk: readonly TalkPart[],
  { sessionId, cwd, title }: { sessionId: string; cwd: string; title?: string },
): Generator<string> {
  let parentUuid: string | null = null;
  for (const part of talk) {
    for (const [index, line] of linesOf(part).entries()) {
      const uuid: string = uuidOf(sessionId, part.id, `${index}`);
      const place = {
        parentUuid,
        isSidechain: false,
        userType: "external",
        cwd,
        sessionId,
        version: VERSION,
      };
      yield `${JSON.stringify({ ...place, gitBranch: "", ...line, uuid, timestamp: part.time })}\n`;
      parentUuid = uuid;
    }
  }
  if (title) yield `${JSON.stringify({ type: "custom-title", customTitle: title, sessionId })}\n`;
}

type Line = { type: "user" | "assistant"; message: Record<string, unknown> };

function linesOf(part: TalkPart): Line[] {
  switch (part.kind) {
    case "user":
      return [{ type: "user", message: { role: "user", content: userContent(part.content) } }];
    case "result":
      return [{ type: "user", message: { role: "user", content: [resultBlock(part.result)] } }];
    case "assistant":
      return answerLines(part.id, part.message);
  }
}

function userContent(content: readonly InputContent[]): unknown {
  const [first] = content;
  return content.length === 1 && first?.type === "text" ? first.text : content.map(inputBlock);
}

function inputBlock(part: InputContent): unknown {
  if (part.type === "text") return { type: "text", text: part.text };
  return { type: "image", source: { type: "base64", media_type: part.mimeType, data: part.data } };
}

function resultBlock({ toolCallId, content, isError }: ToolResultMessage): unknown {
  const [first] = content;
  const said = content.length === 1 && first?.type === "text" ? first.text : content.map(inputBlock);
  return { tool_use_id: callId(toolCallId), type: "tool_result", content: said, is_error: isError };
}

function answerLines(id: string, message: AssistantMessage): Line[] {
  const blocks = message.content.flatMap((part) => outputBlock(part, message));
  const base = { id: `msg_${id.replace(/[^A-Za-z0-9]/g, "")}`, type: "message", role: "assistant" };
  const model = message.model.replace(/^[^/]*\//, "") || "unknown";
  const rest = { model, stop_reason: stopReason(message), stop_sequence: null, usage: usageOf(message) };
  return blocks.map((block) => ({ type: "assistant", message: { ...base, ...rest, content: [block] } }));
}

/** Thinking goes along only with the signature that the service gave it: it refuses any other. */
function outputBlock(part: OutputContent, message: AssistantMessage): unknown[] {
  switch (part.type) {
    case "text":
      return part.text.trim() === "" ? [] : [{ type: "text", text: part.text }];
    case "tool_call":
      return [{ type: "tool_use", id: callId(part.id), ...claudeTool(part.name, part.arguments) }];
    case "thinking": {
      const isOwn = message.api === "anthropic-messages" || message.runtime === "claude-code";
      if (part.signature === undefined || !isOwn) return [];
      return part.redacted
        ? [{ type: "redacted_thinking", data: part.signature }]
        : [{ type: "thinking", thinking: part.text, signature: part.signature }];
    }
  }
}

function stopReason({ stopReason: reason }: AssistantMessage): string {
  if (reason === "tool_use") return "tool_use";
  return reason === "length" ? "max_tokens" : "end_turn";
}

function usageOf({ usage }: AssistantMessage) {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite,
  };
}
