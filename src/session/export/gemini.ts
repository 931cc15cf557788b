// A talk as a session file of Gemini CLI's own, which it loads by the session's id (tried with 0.61.0).
import { createHash } from "node:crypto";
import type { InputContent } from "../../protocol/content.ts";
import type { ToolResultMessage } from "../../protocol/message.ts";
import { callId, uuidOf } from "./foreign-ids.ts";
import { resultsOf, type TalkPart } from "./talk.ts";

/** What Gemini CLI calls our tools. */
const TOOLS: Readonly<Record<string, string>> = {
  bash: "run_shell_command",
  read: "read_file",
  edit: "replace",
  write: "write_file",
  grep: "search_file_content",
  ls: "list_directory",
};

/** `time`: ISO 8601. Gemini CLI looks for the first part of the id in the name. */
export function geminiFileName(time: string, id: string): string {
  return `session-${time.slice(0, 16).replaceAll(":", "-")}-${id.slice(0, 8)}.jsonl`;
}

/** One line at a time, each with its line feed. */
export function* geminiSessionLines(
  parts: readonly TalkPart[],
  { id, cwd, time }: { id: string; cwd: string; time: string },
): Generator<string> {
  const projectHash = createHash("sha256").update(cwd).digest("hex");
  yield line({ sessionId: id, projectHash, startTime: time, lastUpdated: time, kind: "main" });
  const results = resultsOf(parts);
  for (const [at, part] of parts.entries()) {
    const own = { id: uuidOf(id, `${at}`), timestamp: part.time };
    if (part.kind === "user") yield line({ ...own, type: "user", content: part.content.map(inputPart) });
    if (part.kind === "assistant") yield line({ ...own, type: "gemini", ...answer(part, results) });
  }
}

/** Its reader ends lines at more than line feeds. */
function line(value: unknown): string {
  return `${JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")}\n`;
}

/** Thinking stays behind: it belongs to the service that signed it. */
function answer(
  { content, time }: Extract<TalkPart, { kind: "assistant" }>,
  results: ReadonlyMap<string, ToolResultMessage>,
) {
  const text = content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  const toolCalls = content.flatMap((part) => {
    if (part.type !== "tool_call") return [];
    const [id, name] = [callId(part.id), TOOLS[part.name] ?? part.name];
    const result = results.get(part.id);
    const output = textOf(result?.content ?? [{ type: "text", text: "(no result)" }]);
    const isError = result === undefined || result.isError;
    const response = isError ? { error: output } : { output };
    const said = [{ functionResponse: { id, name, response } }];
    const status = isError ? "error" : "success";
    return [{ id, name, args: part.arguments, result: said, status, timestamp: time }];
  });
  return { content: text, ...(toolCalls.length === 0 ? {} : { toolCalls }) };
}

function textOf(content: readonly InputContent[]): string {
  return content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n");
}

function inputPart(part: InputContent): unknown {
  if (part.type === "text") return { text: part.text };
  return { inlineData: { mimeType: part.mimeType, data: part.data } };
}
