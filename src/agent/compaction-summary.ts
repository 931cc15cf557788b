// The text that stands in for removed messages: the model's summary or a mechanical one, with the files it worked on.
import type { Content } from "../protocol/content.ts";
import type { Message } from "../protocol/message.ts";
import { REQUEST_HEADING, SUMMARY_HEADING } from "./compaction.prompt.ts";
import type { CompactionPlan } from "./compaction-plan.ts";
import type { TouchedFiles } from "./touched-files.ts";

/** Characters of a request that are carried word for word. */
const REQUEST_CHARACTERS = 4_000;

/** The whole text of the system message that begins the compacted talk. */
export function summaryText(summary: string, plan: CompactionPlan, files: TouchedFiles): string {
  const request = plan.request ? clip(textOf(plan.request), REQUEST_CHARACTERS) : "";
  return [
    SUMMARY_HEADING,
    summary.trim(),
    ...(request ? [`${REQUEST_HEADING}\n${request}`] : []),
    ...fileBlock("files-read", files.read),
    ...fileBlock("files-modified", files.modified),
  ].join("\n\n");
}

/** The files that the summaries among these messages list. */
export function carriedFiles(messages: readonly Message[]): TouchedFiles {
  const summaries = messages.filter((message) => message.role === "system").map(textOf);
  return {
    read: summaries.flatMap((text) => listedFiles("files-read", text)),
    modified: summaries.flatMap((text) => listedFiles("files-modified", text)),
  };
}

/** A summary without a model: the requests in the user's words and the last answer to each, shortened. */
export function mechanicalSummary(messages: readonly Message[]): string {
  const lines: string[] = [];
  for (const [index, message] of messages.entries()) {
    const text = textOf(message).trim();
    if (message.role === "system")
      lines.push(clip(text.replace(SUMMARY_HEADING, "").trim(), REQUEST_CHARACTERS));
    if (message.role === "user" && message.source !== "notice") lines.push(`- The user: ${clip(text, 500)}`);
    const closesTurn = (messages[index + 1]?.role ?? "user") === "user";
    if (message.role === "assistant" && closesTurn && text) lines.push(`- The answer: ${clip(text, 500)}`);
  }
  return lines.join("\n");
}

/** A message's text parts in one. */
export function textOf(message: Message): string {
  const parts: readonly Content[] = message.content;
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

/** The beginning and the end of a text that is too long. */
export function clip(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const half = Math.floor(characters / 2);
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(-half)}`;
}

function fileBlock(tag: string, paths: readonly string[]): string[] {
  return paths.length === 0 ? [] : [`<${tag}>\n${paths.join("\n")}\n</${tag}>`];
}

function listedFiles(tag: string, text: string): string[] {
  const start = text.lastIndexOf(`<${tag}>\n`);
  const end = text.indexOf(`\n</${tag}>`, start);
  return start < 0 || end < 0 ? [] : text.slice(start + tag.length + 3, end).split("\n");
}
