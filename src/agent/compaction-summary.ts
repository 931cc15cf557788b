// The text that stands in for removed messages: the model's summary or a mechanical one, with the files it worked on.
import type { Message } from "../protocol/message.ts";
import { REQUEST_HEADING, SUMMARY_HEADING } from "./compaction.prompt.ts";
import type { CompactionPlan } from "./compaction-plan.ts";
import { OPEN_TASKS, openTasks, tellsTasks } from "./open-tasks.ts";
import { listedLines, taggedBlock, textOf } from "./summary-blocks.ts";
import type { TouchedFiles } from "./touched-files.ts";

/** Characters of a request that are carried word for word; of an earlier summary; of what was said in between. */
const REQUEST_CHARACTERS = 4_000;
const SUMMARY_CHARACTERS = 12_000;
const SAID_CHARACTERS = 1_000;
/** What an earlier summary listed is listed anew. */
const LISTS = /<(open-tasks|files-read|files-modified)>\n[\s\S]*?\n<\/\1>/g;

/** The whole text of the system message that begins the compacted talk. */
export function summaryText(summary: string, plan: CompactionPlan, files: TouchedFiles): string {
  const [summarized, kept] = [plan.summarized, plan.kept].map((entries) =>
    entries.map(({ message }) => message),
  );
  // A newer list among what is kept says it better.
  const tasks = tellsTasks(kept ?? []) ? [] : openTasks(summarized ?? []);
  const request = plan.request ? clip(textOf(plan.request), REQUEST_CHARACTERS) : "";
  return [
    SUMMARY_HEADING,
    summary.trim(),
    ...(request ? [`${REQUEST_HEADING}\n${request}`] : []),
    ...taggedBlock(OPEN_TASKS, tasks),
    ...taggedBlock("files-read", files.read),
    ...taggedBlock("files-modified", files.modified),
  ].join("\n\n");
}

/** The files that the summaries among these messages list. */
export function carriedFiles(messages: readonly Message[]): TouchedFiles {
  const summaries = messages.filter((message) => message.role === "system").map(textOf);
  return {
    read: summaries.flatMap((text) => listedLines("files-read", text)),
    modified: summaries.flatMap((text) => listedLines("files-modified", text)),
  };
}

/** A summary without a model: the requests in the user's words and the last answer to each, shortened. */
export function mechanicalSummary(messages: readonly Message[]): string {
  const lines: string[] = [];
  for (const [index, message] of messages.entries()) {
    const text = textOf(message).trim();
    if (message.role === "system")
      lines.push(clip(text.replace(SUMMARY_HEADING, "").replace(LISTS, "").trim(), SUMMARY_CHARACTERS));
    if (message.role === "user" && message.source !== "notice")
      lines.push(`- The user: ${clip(text, SAID_CHARACTERS)}`);
    const closesTurn = (messages[index + 1]?.role ?? "user") === "user";
    if (message.role === "assistant" && closesTurn && text)
      lines.push(`- The answer: ${clip(text, SAID_CHARACTERS)}`);
  }
  return lines.join("\n");
}

/** The beginning and the end of a text that is too long. */
export function clip(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const half = Math.floor(characters / 2);
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(-half)}`;
}
