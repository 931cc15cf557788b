// A branch as a markdown document for people: prompts, answers, a line for each tool call.
import type { ToolCallContent } from "../../protocol/content.ts";
import type { Message, ToolResultMessage } from "../../protocol/message.ts";
import { mendBranch } from "../mend.ts";
import type { StoredEntry } from "../state-entry.ts";
import { callSubject, oneLine } from "./call-subject.ts";
import { REDACTED, type Redaction } from "./redaction.ts";
import type { ExportBranch } from "./talk.ts";

const TITLE_LENGTH = 80;

/** The whole document. `entries` from the root, oldest first. Thinking is left out. */
export function exportMarkdown(branch: ExportBranch, redaction: Redaction = REDACTED): string {
  const entries = mendBranch(branch.entries);
  const results = new Map(
    entries.flatMap((entry) =>
      entry.type === "message" && entry.message.role === "tool_result"
        ? [[entry.message.toolCallId, entry.message] as const]
        : [],
    ),
  );
  const blocks = [heading(branch), ...entries.flatMap((entry) => blocksOf(entry, results))];
  return redaction.text(`${blocks.join("\n\n")}\n`);
}

function heading({ header, state }: ExportBranch): string {
  const title = oneLine(state.name ?? state.firstPrompt ?? "Session", TITLE_LENGTH);
  const facts = [header.time.slice(0, 10), header.cwd, state.model, ...state.runtimes].filter(Boolean);
  return `# ${title}\n\n${facts.join(" · ")}`;
}

function blocksOf(entry: StoredEntry, results: ReadonlyMap<string, ToolResultMessage>): string[] {
  if (entry.type === "message") return messageBlocks(entry.message, results);
  if (entry.type === "compaction")
    return ["---", `*The talk so far was summed up:*\n\n${quote(entry.summary)}`];
  if (entry.type === "runtime") return [`*${entry.runtime} takes over*`];
  if (entry.type === "run_end" && entry.outcome !== "completed") {
    return [`*The run ended: ${entry.outcome}${entry.error ? `. ${entry.error.message}` : ""}*`];
  }
  return [];
}

function messageBlocks(message: Message, results: ReadonlyMap<string, ToolResultMessage>): string[] {
  switch (message.role) {
    case "user":
      return ["## You", ...partTexts(message)];
    case "assistant":
      return ["## Agent", ...partTexts(message), ...toolBlocks(message, results)];
    case "system":
      return partTexts(message).map(quote);
    case "tool_result":
      return [];
  }
}

function partTexts(message: Message): string[] {
  return message.content.flatMap((part) => {
    if (part.type === "image") return [`*(image, ${part.mimeType})*`];
    return part.type === "text" && part.text.trim() !== "" ? [part.text.trim()] : [];
  });
}

function toolBlocks(message: Message, results: ReadonlyMap<string, ToolResultMessage>): string[] {
  if (message.role !== "assistant") return [];
  const calls = message.content.filter((part) => part.type === "tool_call");
  const lines = calls.map((call) => toolLine(call, results.get(call.id)));
  const patches = calls.flatMap((call) => patchOf(results.get(call.id)) ?? []);
  return [...(lines.length > 0 ? [lines.join("\n")] : []), ...patches.map((patch) => fenced("diff", patch))];
}

function toolLine(call: ToolCallContent, result: ToolResultMessage | undefined): string {
  const subject = callSubject(call);
  const about = subject === "" ? "" : ` ${codeSpan(subject)}`;
  const summary = detail(result, "summary");
  const end = typeof summary === "string" ? summary : result?.isError ? "failed" : "done";
  return `- **${call.name}**${about} (${end})`;
}

function patchOf(result: ToolResultMessage | undefined): string | null {
  const diff = detail(result, "diff");
  if (typeof diff !== "object" || diff === null || !("patch" in diff)) return null;
  return typeof diff.patch === "string" ? diff.patch : null;
}

/** Details of external agents have any shape. */
function detail(result: ToolResultMessage | undefined, name: string): unknown {
  const { details } = result ?? {};
  return typeof details === "object" && details !== null
    ? new Map(Object.entries(details)).get(name)
    : undefined;
}

function fenced(language: string, text: string): string {
  const fence = "`".repeat(longestRun(text) < 3 ? 3 : longestRun(text) + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

function codeSpan(text: string): string {
  const ticks = "`".repeat(longestRun(text) + 1);
  return ticks.length === 1 ? `\`${text}\`` : `${ticks} ${text} ${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}

function quote(text: string): string {
  return text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}
