// Parts of Google's Generative Language API, in which Gemini CLI keeps its talk, as ours.
import type { InputContent } from "../../protocol/content.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type { Usage } from "../../protocol/usage.ts";
import { countIn, type Fields, fieldsIn, fieldsOf, inner, objectsIn, textIn } from "./fields.ts";
import { diffDetails, text } from "./foreign-parts.ts";

/** A text, a part, or a list of both; calls and their results are not in it. */
export function geminiInput(content: unknown): InputContent[] {
  if (typeof content === "string") return content === "" ? [] : [text(content)];
  if (Array.isArray(content)) return content.flatMap(geminiInput);
  const part = fieldsOf(content);
  if (part === null || part.thought === true) return [];
  const blob = inner(part, "inlineData");
  const [data, mimeType] = [textIn(blob, "data"), textIn(blob, "mimeType")];
  if (data !== "" && mimeType.startsWith("image/")) return [{ type: "image", mimeType, data }];
  if (data !== "") return [text(`(${mimeType || "data"}, not imported)`)];
  const uri = textIn(inner(part, "fileData"), "fileUri");
  if (uri !== "") return [text(`(file: ${uri})`)];
  return textIn(part, "text") === "" ? [] : [text(textIn(part, "text"))];
}

/** The `functionResponse`s of a content. */
export function responses(content: unknown): Fields[] {
  const parts = Array.isArray(content) ? content : [content];
  return fieldsIn(parts.map((part) => fieldsOf(part)?.functionResponse));
}

/** What a call answered: a text, a `functionResponse`, or a list of parts. */
export function resultContent(result: unknown): InputContent[] {
  if (Array.isArray(result)) return result.flatMap(resultContent);
  const response = fieldsOf(fieldsOf(result)?.functionResponse);
  if (!response) return geminiInput(result);
  const said = inner(response, "response");
  const words = textIn(said, "output") || textIn(said, "error") || textIn(said, "content");
  const plain = words !== "" || Object.keys(said).length === 0 ? words : JSON.stringify(said);
  const media = objectsIn(response, "parts").flatMap(geminiInput);
  return [...(plain === "" ? [] : [text(plain)]), ...media];
}

/** What was thought: of the file's own list, or of the parts that the API marks so. */
export function thoughtText(message: Fields): string {
  const listed = objectsIn(message, "thoughts").map((thought) =>
    [textIn(thought, "subject") && `**${textIn(thought, "subject")}**`, textIn(thought, "description")]
      .filter((part) => part !== "")
      .join("\n"),
  );
  const marked = objectsIn(message, "content").flatMap((part) =>
    part.thought === true ? [textIn(part, "text")] : [],
  );
  return [...listed, ...marked].filter((part) => part !== "").join("\n\n");
}

/** The input counts what came from the cache too; the output does not count thoughts. */
export function geminiUsage(tokens: Fields): Usage {
  const cacheRead = countIn(tokens, "cached");
  const reasoning = countIn(tokens, "thoughts");
  return {
    input: Math.max(0, countIn(tokens, "input") + countIn(tokens, "tool") - cacheRead),
    output: countIn(tokens, "output") + reasoning,
    cacheRead,
    cacheWrite: 0,
    reasoning,
    cost: null,
  };
}

/** The diff that a change of a file was shown as. */
export function callDetails(call: Fields): ToolDetails | undefined {
  const display = inner(call, "resultDisplay");
  const patch = textIn(display, "fileDiff");
  if (patch === "") return undefined;
  const start = patch.search(/^@@ /m);
  return start < 0 ? undefined : diffDetails(textIn(display, "fileName"), patch.slice(start).trimEnd());
}

/** The folder that the session's context names; null when it names none. */
export function workspaceOf(context: string): string | null {
  return (
    /Workspace Directories:\*\*\s*\n\s*- (\S[^\n]*)/.exec(context)?.[1]?.trim() ??
    /I'm currently working in the directory: (\S[^\n]*)/.exec(context)?.[1]?.trim() ??
    null
  );
}
