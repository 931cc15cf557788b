// Which tool results say nothing any more, since a later call shows the same anew. Pure: changes nothing.
import { normalize } from "node:path";
import type { ToolCallContent } from "../protocol/content.ts";
import type { ToolResultMessage } from "../protocol/message.ts";
import type { Tool } from "../protocol/tool.ts";
import { DROPPED_RESULT } from "./dropped-results.prompt.ts";
import { pathsOf } from "./touched-files.ts";
import type { TranscriptEntry } from "./transcript.ts";

/** Lines of a file that a read showed, as the read tool tells in its details; `toEnd`: up to the file's last. */
type Lines = { first: number; last: number; toEnd: boolean };
type Extent = { path: string; lines: Lines };

/**
 * Ids of the calls whose results a later call that did not fail supersedes: a read of lines that were read again or
 * whose file was written whole, and anything asked of a read-only tool in the same words. An edit alone supersedes
 * nothing, since it shows only what it changed.
 */
export function supersededCalls(entries: readonly TranscriptEntry[], tools: readonly Tool[]): string[] {
  const calls = callsById(entries);
  const later = { asked: new Set<string>(), extents: [] as Extent[] };
  const found: string[] = [];
  for (const { message } of entries.toReversed()) {
    if (message.role !== "tool_result" || message.isError || isDropped(message)) continue;
    const call = calls.get(message.toolCallId);
    const tool = tools.find(({ name }) => name === message.toolName);
    if (!call || !tool) continue;
    const shown = extentsOf(tool, call, message);
    const key = `${tool.name} ${JSON.stringify(call.arguments)}`;
    if (tool.readOnly && (later.asked.has(key) || isCovered(shown, later.extents))) found.push(call.id);
    later.asked.add(key);
    later.extents.push(...shown);
  }
  return found.reverse();
}

function callsById(entries: readonly TranscriptEntry[]): Map<string, ToolCallContent> {
  const parts = entries.flatMap(({ message }) => (message.role === "assistant" ? message.content : []));
  return new Map(parts.flatMap((part) => (part.type === "tool_call" ? [[part.id, part]] : [])));
}

function isDropped({ content }: ToolResultMessage): boolean {
  return content.length === 1 && content[0]?.type === "text" && content[0].text === DROPPED_RESULT;
}

/** What of which files the model was shown by the call, or wrote itself. */
function extentsOf(tool: Tool, call: ToolCallContent, { details }: ToolResultMessage): Extent[] {
  const lines = tool.name === "write" ? { first: 1, last: 1, toEnd: true } : readLines(details);
  if (lines === null) return [];
  return pathsOf(tool, call).map((path) => ({ path: normalize(path), lines }));
}

function isCovered(shown: readonly Extent[], later: readonly Extent[]): boolean {
  return shown.length > 0 && shown.every((one) => later.some((other) => covers(other, one)));
}

function covers(other: Extent, one: Extent): boolean {
  if (other.path !== one.path || other.lines.first > one.lines.first) return false;
  return other.lines.toEnd || (!one.lines.toEnd && other.lines.last >= one.lines.last);
}

function readLines(details: unknown): Lines | null {
  if (typeof details !== "object" || details === null || !("lines" in details)) return null;
  const { lines } = details;
  if (typeof lines !== "object" || lines === null) return null;
  if (!("first" in lines && "last" in lines && "toEnd" in lines)) return null;
  const { first, last, toEnd } = lines;
  if (typeof first !== "number" || typeof last !== "number" || typeof toEnd !== "boolean") return null;
  return { first, last, toEnd };
}
