// A session as a file of pi's own, so that `pi --session FILE` goes on with it (tried with 0.87.1).
import type { InputContent } from "../../protocol/content.ts";
import type { AssistantMessage } from "../../protocol/message.ts";
import { callId, uuidOf } from "./foreign-ids.ts";
import type { Redaction } from "./redaction.ts";
import { type ExportBranch, type TalkPart, talkOf, talkTitle } from "./talk.ts";

/** The version of the file, not of the program. */
const VERSION = 3;

/** What pi calls the tools that it calls otherwise than we do. */
const TOOLS: Readonly<Record<string, string>> = { glob: "find" };

/** The id that pi will know the session by: another one when the session went on. */
export function piSessionId(branch: ExportBranch): string {
  return uuidOf("pi", branch.header.id, branch.entries.at(-1)?.id ?? "");
}

/** The folder under pi's `sessions` for a working directory. */
export function piProject(cwd: string): string {
  return `--${cwd.replace(/^[/\\]/, "").replace(/[/\\:]/g, "-")}--`;
}

/** `time`: ISO 8601. */
export function piFileName(time: string, id: string): string {
  return `${time.replaceAll(/[:.]/g, "-")}_${id}.jsonl`;
}

/** One line at a time, each with its line feed. */
export function exportPi(
  branch: ExportBranch,
  { redaction, cwd }: { redaction: Redaction; cwd: string },
): Generator<string> {
  const { time } = branch.header;
  return piSessionLines(talkOf(branch, redaction), { id: piSessionId(branch), cwd, time });
}

export type PiSession = {
  id: string;
  cwd: string;
  time: string;
  /** What pi is to go on with; absent: who answered last, where pi has it, or its own default. */
  model?: { provider: string; id: string };
  thinkingLevel?: string;
};

export function* piSessionLines(parts: readonly TalkPart[], session: PiSession): Generator<string> {
  const { id, cwd, time, model, thinkingLevel } = session;
  yield `${JSON.stringify({ type: "session", version: VERSION, id, timestamp: time, cwd })}\n`;
  let parentId: string | null = null;
  let count = 0;
  const entry = (timestamp: string, fields: Record<string, unknown>): string => {
    const own = uuidOf(id, `${++count}`).slice(0, 8);
    const line = `${JSON.stringify({ ...fields, id: own, parentId, timestamp })}\n`;
    parentId = own;
    return line;
  };
  // Who wrote it: pi shows the name, and leaves the rest alone.
  yield entry(time, { type: "custom", customType: "hearth", data: { writer: "hearth" } });
  yield entry(time, { type: "session_info", name: `Hearth: ${talkTitle(parts)}` });
  for (const part of parts) {
    const timestamp = Date.parse(part.time);
    yield entry(part.time, { type: "message", message: { ...messageOf(part), timestamp } });
  }
  if (model) yield entry(time, { type: "model_change", provider: model.provider, modelId: model.id });
  if (thinkingLevel !== undefined) yield entry(time, { type: "thinking_level_change", thinkingLevel });
}

function messageOf(part: TalkPart): Record<string, unknown> {
  switch (part.kind) {
    case "user":
      return { role: "user", content: part.content.map(inputPart) };
    case "assistant":
      return answer(part.message, part.content.flatMap(answerPart));
    case "result": {
      const { toolCallId, toolName, content, isError } = part.result;
      return {
        role: "toolResult",
        toolCallId: callId(toolCallId),
        toolName: TOOLS[toolName] ?? toolName,
        content: content.map(inputPart),
        isError,
      };
    }
  }
}

/**
 * pi leaves answers that failed or were stopped out of what its model is shown, so none is said to have been. It takes
 * the newest usage for the size of what its own model would read, so none is given.
 */
function answer({ model: name, stopReason }: AssistantMessage, content: readonly unknown[]) {
  const slash = name.indexOf("/");
  const calls = content.some((part) => (part as { type?: string }).type === "toolCall");
  const zero = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  return {
    role: "assistant",
    content,
    api: "hearth",
    provider: slash < 0 ? "hearth" : name.slice(0, slash),
    model: name.slice(slash + 1),
    usage: { ...zero, totalTokens: 0, cost: { ...zero, total: 0 } },
    stopReason: calls ? "toolUse" : stopReason === "length" ? "length" : "stop",
  };
}

/** Thinking stays behind: it belongs to the service that signed it. */
function answerPart(part: AssistantMessage["content"][number]): unknown[] {
  switch (part.type) {
    case "text":
      return part.text.trim() === "" ? [] : [{ type: "text", text: part.text }];
    case "tool_call":
      return [
        {
          type: "toolCall",
          id: callId(part.id),
          name: TOOLS[part.name] ?? part.name,
          arguments: part.arguments,
        },
      ];
    case "thinking":
      return [];
  }
}

function inputPart(part: InputContent): unknown {
  if (part.type === "text") return { type: "text", text: part.text };
  return { type: "image", mimeType: part.mimeType, data: part.data };
}
