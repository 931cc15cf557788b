// Items of OpenAI's Responses API, in which Codex keeps its talk, as ours.
import type { InputContent, OutputContent } from "../../protocol/content.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type { Usage } from "../../protocol/usage.ts";
import {
  countIn,
  dataUrlImage,
  type Fields,
  fieldsOf,
  inner,
  objectsIn,
  parsedFields,
  textIn,
} from "./fields.ts";
import { diffDetails, text, toolCall } from "./foreign-parts.ts";

/** Texts that the program puts before the model in the person's name, by how they begin. */
const CONTEXT = [
  "<environment_context>",
  "<user_instructions>",
  "<permissions instructions>",
  "<turn_aborted>",
  "<model_switch>",
  "<subagent_notification>",
  "<skill>",
  "<INSTRUCTIONS>",
  "<user_action>",
  "# AGENTS.md instructions",
];

/** Whether a message of the user is the person's. New versions say what each part is. */
export function isPrompt(item: Fields, content: readonly InputContent[]): boolean {
  const kinds = inner(item, "internal_chat_message_metadata_passthrough").content_item_kinds;
  if (
    Array.isArray(kinds) &&
    kinds.length > 0 &&
    kinds.every((kind) => typeof kind === "string" && kind !== "unknown")
  ) {
    return kinds.some((kind) => String(kind).startsWith("user."));
  }
  const first = content[0];
  if (first === undefined) return false;
  return first.type !== "text" || !CONTEXT.some((begin) => first.text.trimStart().startsWith(begin));
}

export function codexInput(item: Fields): InputContent[] {
  if (typeof item.content === "string") return [text(item.content)];
  return objectsIn(item, "content").flatMap(inputPart);
}

function inputPart(part: Fields): InputContent[] {
  switch (part.type) {
    case "input_text":
    case "output_text":
    case "text":
      return textIn(part, "text") === "" ? [] : [text(textIn(part, "text"))];
    case "refusal":
      return [text(textIn(part, "refusal"))];
    case "input_image": {
      const url = textIn(part, "image_url");
      return [dataUrlImage(url) ?? text(`(image: ${url.slice(0, 200)})`)];
    }
    default:
      return [text(`(${textIn(part, "type") || "part"}, not imported)`)];
  }
}

/** What an item adds to an answer; null: it is no part of one. */
export function codexAnswerPart(item: Fields): OutputContent[] | null {
  const id = textIn(item, "call_id") || textIn(item, "id");
  switch (item.type) {
    case "reasoning": {
      const thought = reasoningText(item);
      return thought === "" ? [] : [{ type: "thinking", text: thought }];
    }
    case "function_call":
      return [toolCall(id, textIn(item, "name"), item.arguments)];
    case "custom_tool_call":
      return [toolCall(id, textIn(item, "name"), { input: textIn(item, "input") })];
    case "local_shell_call":
      return [toolCall(id, "local_shell", inner(item, "action"))];
    case "web_search_call":
      return [toolCall(id || "web_search", "web_search", inner(item, "action"))];
    case "image_generation_call":
      return [toolCall(id || "image", "image_generation", { prompt: textIn(item, "revised_prompt") })];
    default:
      return null;
  }
}

function reasoningText(item: Fields): string {
  const texts = (name: string) => objectsIn(item, name).map((part) => textIn(part, "text"));
  const summary = texts("summary").filter((part) => part !== "");
  return (summary.length > 0 ? summary : texts("content")).join("\n\n");
}

/** The output of a call: a text, a text that is JSON with its metadata, a list of parts, or an object of those. */
export function codexResult(item: Fields): {
  content: InputContent[];
  exitCode: number | null;
  isError: boolean;
} {
  const { output } = item;
  const framed = fieldsOf(output);
  const failed = framed?.success === false || item.status === "failed";
  const body = framed ? framed.content : output;
  if (Array.isArray(body)) {
    const content = objectsIn({ body }, "body").flatMap(inputPart);
    return { content, exitCode: null, isError: failed };
  }
  const words = typeof body === "string" ? body : "";
  const parsed = words.startsWith("{") ? parsedFields(words) : null;
  const plain = parsed && typeof parsed.output === "string" ? parsed.output : words;
  const exitCode = parsed ? numberOrNull(inner(parsed, "metadata").exit_code) : exitCodeIn(words);
  return {
    content: plain === "" ? [] : [text(plain)],
    exitCode,
    isError: failed || (exitCode !== null && exitCode !== 0) || /\baborted by user\s*$/.test(words),
  };
}

function exitCodeIn(words: string): number | null {
  const match = /^(?:Process exited with code|Exit code:) (-?\d{1,10})$/m.exec(words.slice(0, 2000));
  return match ? Number(match[1]) : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** `input_tokens` counts what came from the cache too. */
export function codexUsage(usage: Fields): Usage {
  const cacheRead = countIn(usage, "cached_input_tokens");
  const cacheWrite = countIn(usage, "cache_write_input_tokens");
  return {
    input: Math.max(0, countIn(usage, "input_tokens") - cacheRead - cacheWrite),
    output: countIn(usage, "output_tokens"),
    cacheRead,
    cacheWrite,
    reasoning: countIn(usage, "reasoning_output_tokens"),
    cost: null,
  };
}

/** The diff of a patch; null when it changed no text. Several files are one text under the first one's name. */
export function codexPatch(changes: Fields): ToolDetails | null {
  const patches = Object.entries(changes).flatMap(([path, change]) => {
    const patch = changePatch(fieldsOf(change) ?? {});
    return patch === "" ? [] : [{ path, patch }];
  });
  const [first, ...rest] = patches;
  if (first === undefined) return null;
  const others = rest.map(({ path, patch }) => `--- a/${path}\n+++ b/${path}\n${patch}`);
  return diffDetails(first.path, [first.patch.trimEnd(), ...others].join("\n"));
}

function changePatch(change: Fields): string {
  const named = textIn(change, "unified_diff") || textIn(inner(change, "update"), "unified_diff");
  if (named !== "") return named;
  const added = textIn(change, "content") || textIn(inner(change, "add"), "content");
  if (added === "" || change.type === "delete") return "";
  const lines = added.replace(/\n$/, "").split("\n");
  return `@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join("\n")}`;
}
