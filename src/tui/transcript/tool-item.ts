// What a tool call's item becomes with each event about it. Pure.

import type { ToolItem, ToolStatus } from "../../app/transcript-item.ts";
import { collapseProgress } from "../../lib/progress-lines.ts";
import type { InputContent } from "../../protocol/content.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import { picturesOf } from "../images/picture.ts";

type ToolStart = Extract<AgentEvent, { type: "tool_start" }>;
type ToolEnd = Extract<AgentEvent, { type: "tool_end" }>;

/** Characters of a running tool's output that are kept: only its newest rows are shown. */
const LIVE_OUTPUT_LENGTH = 8_192;
/** Characters in which lines that were drawn over are looked for at a time. */
const COLLAPSED_LENGTH = 4 * LIVE_OUTPUT_LENGTH;

export function startedTool(event: Omit<ToolStart, "type">, nowMs: number): ToolItem {
  return {
    kind: "tool",
    id: event.toolCallId,
    name: event.name,
    arguments: event.arguments,
    status: "running",
    output: "",
    startedMs: nowMs,
    ...(event.backgroundable ? { backgroundable: true } : {}),
    ...(event.parentToolCallId === undefined ? {} : { parentToolCallId: event.parentToolCallId }),
  };
}

export function extendedTool(item: ToolItem, text: string): ToolItem {
  const output = (item.output + text).slice(-COLLAPSED_LENGTH);
  return { ...item, output: collapseProgress(output).slice(-LIVE_OUTPUT_LENGTH) };
}

export function endedTool(item: ToolItem, event: ToolEnd): ToolItem {
  const details = readDetails(event.details);
  const output = textOf(event.content);
  const pictures = picturesOf(event.content);
  const status = event.isError ? errorStatus(details, output) : "done";
  return {
    ...item,
    status,
    output,
    ...(pictures.length === 0 ? {} : { pictures }),
    ...(details === undefined ? {} : { details }),
    ...(details?.durationMs === undefined ? {} : { durationMs: details.durationMs }),
    ...(status === "denied" ? { gate: denialWords(details, output) } : {}),
  };
}

/** For the person: the rule or the words, not what the model was told to do about it. */
function denialWords(details: ToolDetails | undefined, output: string): string {
  if (details?.reason === undefined) return output;
  return details.flags?.length
    ? `${details.reason}; ${details.flags.join(" or ")} would allow it`
    : details.reason;
}

/** True for the details of a call that changed a file. */
export function hasDiff(details: unknown): boolean {
  return readDetails(details)?.diff !== undefined;
}

/** The loop's own words for calls that were cut short or never ran. */
function errorStatus(details: ToolDetails | undefined, output: string): ToolStatus {
  if (details?.denial !== undefined) return "denied";
  if (/^(?:skipped: |not run[,:])/.test(output)) return "skipped";
  return /cancelled(?: by user|: the user redirected)/.test(output.slice(-200)) ? "cancelled" : "failed";
}

/** Our tools and adapters make ToolDetails; a session file of another version may hold anything. */
function readDetails(details: unknown): ToolDetails | undefined {
  return typeof details === "object" && details !== null ? { ...details } : undefined;
}

function textOf(content: readonly InputContent[]): string {
  return content.flatMap((part) => (part.type === "text" ? [part.text] : ["[image]"])).join("\n");
}
