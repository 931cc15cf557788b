// Content of Anthropic's Messages API, in which Claude Code keeps its talk, as ours.
import type { InputContent, OutputContent } from "../../protocol/content.ts";
import type { StopReason } from "../../protocol/message.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type { Usage } from "../../protocol/usage.ts";
import { countIn, type Fields, fieldsOf, inner, listIn, objectsIn, textIn } from "./fields.ts";
import { diffDetails, exitDetails, text, toolCall } from "./foreign-parts.ts";

/** What a message of the user or a tool result holds; nested results are not in it. */
export function claudeInput(message: Fields): { content: InputContent[] } {
  const { content } = message;
  if (typeof content === "string") return { content: content === "" ? [] : [text(content)] };
  return { content: objectsIn(message, "content").flatMap(inputPart) };
}

function inputPart(block: Fields): InputContent[] {
  switch (block.type) {
    case "text":
      return textIn(block, "text") === "" ? [] : [text(textIn(block, "text"))];
    case "image": {
      const source = inner(block, "source");
      const data = textIn(source, "data");
      if (data === "") return [text(`(image: ${textIn(source, "url") || "kept elsewhere"})`)];
      return [{ type: "image", mimeType: textIn(source, "media_type") || "image/png", data }];
    }
    case "document": {
      const source = inner(block, "source");
      const kind = textIn(source, "media_type") || "document";
      return [text(source.type === "text" ? textIn(source, "data") : `(${kind}, not imported)`)];
    }
    case "tool_result":
      return [];
    case "tool_reference":
      return [text(textIn(block, "tool_name"))];
    default:
      return [text(JSON.stringify(block))];
  }
}

/** What an answer holds. `unknown` names kinds of blocks that are left out. */
export function claudeOutput(message: Fields): { parts: OutputContent[]; unknown: string[] } {
  const { content } = message;
  if (typeof content === "string") return { parts: [{ type: "text", text: content }], unknown: [] };
  const parts = objectsIn(message, "content").map(outputPart);
  return {
    parts: parts.flatMap((part) => (typeof part === "string" ? [] : part)),
    unknown: parts.flatMap((part) => (typeof part === "string" ? [part] : [])),
  };
}

function outputPart(block: Fields): OutputContent[] | string {
  switch (block.type) {
    case "text":
      return [{ type: "text", text: textIn(block, "text") }];
    case "thinking": {
      const signature = textIn(block, "signature");
      return [
        { type: "thinking", text: textIn(block, "thinking"), ...(signature === "" ? {} : { signature }) },
      ];
    }
    case "redacted_thinking":
      return [{ type: "thinking", text: "", redacted: true, signature: textIn(block, "data") }];
    case "tool_use":
      return [toolCall(textIn(block, "id"), textIn(block, "name"), block.input)];
    default:
      return `content block ${textIn(block, "type")}`;
  }
}

/** null: what the content tells. */
export function claudeStopReason(reason: string): StopReason | null {
  if (reason === "max_tokens" || reason === "model_context_window_exceeded") return "length";
  return reason === "end_turn" || reason === "stop_sequence" ? "stop" : null;
}

/** Tokens as the API counts them; dollars where an old version wrote them. */
export function claudeUsage(usage: Fields, line: Fields): Usage {
  return {
    input: countIn(usage, "input_tokens"),
    output: countIn(usage, "output_tokens"),
    cacheRead: countIn(usage, "cache_read_input_tokens"),
    cacheWrite: countIn(usage, "cache_creation_input_tokens"),
    reasoning: countIn(inner(usage, "output_tokens_details"), "thinking_tokens"),
    cost: typeof line.costUSD === "number" ? line.costUSD : null,
  };
}

/** What the screen shows of a finished call: the diff of a change, the exit code of a command. */
export function claudeDetails(line: Fields, content: readonly InputContent[]): ToolDetails | undefined {
  const result = fieldsOf(line.toolUseResult) ?? inner(line, "tool_use_result");
  const hunks = objectsIn(result, "structuredPatch");
  if (hunks.length > 0) return diffDetails(textIn(result, "filePath"), hunks.map(hunkText).join("\n"));
  const first = content[0];
  const exit = first?.type === "text" ? /^Exit code (\d{1,3})\b/.exec(first.text)?.[1] : undefined;
  return exit === undefined ? undefined : exitDetails(Number(exit));
}

function hunkText(hunk: Fields): string {
  const at = (start: string, count: string) => `${countIn(hunk, start)},${countIn(hunk, count)}`;
  const lines = listIn(hunk, "lines").filter((line) => typeof line === "string");
  return [`@@ -${at("oldStart", "oldLines")} +${at("newStart", "newLines")} @@`, ...lines].join("\n");
}
