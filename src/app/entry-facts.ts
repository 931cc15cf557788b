// What a saved answer tells at a glance: its text, and the files its calls changed. Pure.
import type { AssistantMessage } from "../protocol/message.ts";

/** Tools that change a file, ours and those of other agents. */
const CHANGES = /^(?:edit|write|multi_?edit|create|str_replace|apply_patch|patch)/i;
const PATH_ARGUMENTS = ["path", "file_path", "filePath"];
/** More are of no use in a list. */
const MOST_FILES = 20;

export function answerText({ content }: AssistantMessage): string {
  return content
    .flatMap((part) => (part.type === "text" ? [part.text.trim()] : []))
    .filter((text) => text !== "")
    .join("\n");
}

/** Adds the files that the answer's calls change, each once, in the order of the calls. */
export function addFiles(files: string[], { content }: AssistantMessage): void {
  for (const part of content) {
    if (part.type !== "tool_call" || !CHANGES.test(part.name)) continue;
    const path = PATH_ARGUMENTS.map((name) => part.arguments[name]).find(
      (value) => typeof value === "string",
    );
    if (typeof path === "string" && !files.includes(path) && files.length < MOST_FILES) files.push(path);
  }
}
