// An item of the transcript in words, for who listens: no sign carries a meaning of its own. Pure.
import { formatCost } from "../../app/format.ts";
import type { RunEndItem, ToolItem, ToolStatus, TranscriptItem } from "../../app/transcript-item.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import type { ApprovalRequest } from "../../protocol/approval.ts";
import type { RunOutcome } from "../../protocol/event.ts";
import type { PlanEntry } from "../../protocol/tool.ts";
import { parsePatch } from "../diff/parse-patch.ts";
import { toolSubject, toolSummary } from "../transcript/tool-subject.ts";
import { SpokenMarkdown } from "./spoken-markdown.ts";

/** Lines of a failed tool's output, and of a change that is asked about. */
const OUTPUT_LINES = 8;
const PATCH_LINES = 40;

function attachedLines({ attached = [], images }: Extract<TranscriptItem, { kind: "user" }>): string {
  const files = attached.map((name) => `\nAttached: ${name}`).join("");
  return images > 0 ? `${files}\nImages: ${images}` : files;
}

/** Sanitised lines; none for what needs no words. */
export function sayItem(item: TranscriptItem): string[] {
  switch (item.kind) {
    case "user":
      return linesOf(`You: ${item.text}${attachedLines(item)}`);
    case "assistant":
      return sayAnswer(item.text, item.speaker);
    case "thinking":
      return [];
    case "tool":
      return sayTool(item);
    case "shell": {
      const end = item.exitCode === null ? "ended by a signal" : `exit ${item.exitCode ?? "not known"}`;
      return [`Command ${oneLine(item.command)}: ${end}.`, ...linesOf(item.output.trimEnd())];
    }
    case "plan":
      return sayPlan(item.entries);
    case "notice": {
      const level = { info: "", warning: "Warning: ", error: "Error: " }[item.level];
      return linesOf(`${level}${item.message}${item.hint ? ` ${item.hint}` : ""}`);
    }
    case "error":
      return linesOf(
        `Error ${item.failure.code}: ${item.failure.message} ${item.failure.hint ?? ""}`.trimEnd(),
      );
    case "run_end":
      return [sayRunEnd(item)];
    case "runtime":
      return [oneLine(`${item.runtime} takes over. ${item.detail}`)];
  }
}

/** What wants to run, and what to type. */
export function sayQuestion(request: ApprovalRequest): string[] {
  const { name, place, subject, patch, warnings, reason, alwaysRule } = request;
  const always = alwaysRule === undefined ? "" : ` a for always ${oneLine(alwaysRule)},`;
  return [
    oneLine(`Question: ${name} wants to run, ${place}:`),
    ...linesOf(subject),
    ...(patch === undefined ? [] : sayPatch(patch)),
    ...warnings.map((warning) => oneLine(`Warning: ${warning}`)),
    oneLine(`Reason: ${reason}`),
    `Type y for once,${always} or n and a reason for no, then Enter.`,
  ];
}

/** "Tool bash, npm test: done, exit 0, 1.2 seconds." */
export function toolName(item: ToolItem): string {
  const subject = oneLine(toolSubject(item));
  return `Tool ${oneLine(item.name)}${subject === "" ? "" : `, ${subject}`}`;
}

/** Milliseconds: "1.2 seconds", "1 minute 5 seconds". */
export function sayTime(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} seconds`;
  const minutes = Math.floor(seconds / 60);
  return `${count(minutes, "minute")} ${count(Math.floor(seconds % 60), "second")}`;
}

function sayAnswer(text: string, speaker: string): string[] {
  const markdown = new SpokenMarkdown();
  const lines = [...markdown.push(sanitizeText(text)), ...markdown.end()];
  return lines.length === 0 ? [] : [`${speaker === "" ? "Hearth" : oneLine(speaker)} says:`, ...lines];
}

const STATUS: Readonly<Record<ToolStatus, string>> = {
  waiting: "waits for your answer",
  running: "running",
  done: "done",
  failed: "failed",
  denied: "not allowed",
  cancelled: "cancelled",
  skipped: "skipped",
};

function sayTool(item: ToolItem): string[] {
  const { details, durationMs, status, gate } = item;
  const result = details?.diff
    ? `${count(details.diff.added, "line")} added, ${details.diff.removed} removed`
    : typeof details?.exitCode === "number"
      ? `exit ${details.exitCode}`
      : toolSummary(item);
  const parts = [STATUS[status], result, durationMs === undefined ? "" : sayTime(durationMs)];
  const said = [...new Set(parts.filter((part) => part !== ""))].join(", ");
  const why = status === "denied" && gate ? linesOf(gate) : [];
  const output = status === "failed" ? sayOutput(item.output) : [];
  const plan = details?.plan && status === "done" ? sayPlan(details.plan) : [];
  return [`${toolName(item)}: ${said}.`, ...why, ...plan, ...output];
}

/** The end of it says most. */
function sayOutput(output: string): string[] {
  const lines = linesOf(output.trimEnd()).filter((line) => line.trim() !== "");
  const hidden = lines.length - OUTPUT_LINES;
  return [
    ...(hidden > 0 ? [`Output, ${count(hidden, "line")} left out:`] : lines.length > 0 ? ["Output:"] : []),
    ...lines.slice(-OUTPUT_LINES),
  ];
}

function sayPatch(patch: string): string[] {
  const lines = parsePatch(patch).flatMap((line) => {
    if (line.kind !== "add" && line.kind !== "remove") return [];
    return [`${line.kind === "add" ? "Added" : "Removed"}, line ${line.number}: ${oneLine(line.text)}`];
  });
  const hidden = lines.length - PATCH_LINES;
  return [...lines.slice(0, PATCH_LINES), ...(hidden > 0 ? [`and ${count(hidden, "line")} more`] : [])];
}

function sayPlan(entries: readonly PlanEntry[]): string[] {
  const words = { pending: "Later", in_progress: "Now", completed: "Done" } as const;
  return ["Plan:", ...entries.map(({ status, text }) => `${words[status]}: ${oneLine(text)}`)];
}

const OUTCOME: Readonly<Record<RunOutcome, string>> = {
  completed: "Done",
  failed: "Failed",
  interrupted: "Interrupted",
  limit: "Stopped at a limit",
};

function sayRunEnd({ outcome, steps, durationMs, usage }: RunEndItem): string {
  const cost = formatCost(usage.cost);
  return `${OUTCOME[outcome]}: ${count(steps, "step")}, ${sayTime(durationMs)}${cost === "" ? "" : `, ${cost}`}.`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function linesOf(text: string): string[] {
  const clean = sanitizeText(text);
  return clean === "" ? [] : clean.split("\n").map((line) => line.trimEnd());
}

function oneLine(text: string): string {
  return sanitizeText(text).replaceAll(/\s+/g, " ").trim();
}
