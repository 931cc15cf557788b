// Makes a branch whole that a crash left open: answers cut off become messages, calls without result get one.

import type { OutputContent, ToolCallContent } from "../protocol/content.ts";
import type { MessageDelta } from "../protocol/event.ts";
import type { AssistantMessage, Message, ToolResultMessage } from "../protocol/message.ts";
import { NO_USAGE } from "../protocol/usage-sum.ts";
import { LOST_RESULT } from "./lost-result.prompt.ts";
import type { StoredEntry } from "./state-entry.ts";

type MessageEntry = Extract<StoredEntry, { type: "message" }>;
type PartialEntry = Extract<StoredEntry, { type: "partial" }>;

/**
 * The same branch without `partial` entries: those without their message become an aborted answer, which keeps
 * text and thinking and drops tool calls, since none was run. A call that has no result before the talk goes on
 * gets an error result, with an id made from the call's so that it is the same each time.
 */
export function mendBranch(entries: readonly StoredEntry[]): StoredEntry[] {
  return addLostResults(joinPartials(entries));
}

function joinPartials(entries: readonly StoredEntry[]): StoredEntry[] {
  const finished = new Set(entries.flatMap((entry) => (entry.type === "message" ? [entry.id] : [])));
  const lost = new Map<string, PartialEntry[]>();
  for (const entry of entries) {
    if (entry.type !== "partial" || finished.has(entry.messageId)) continue;
    const before = entry.reset ? [] : (lost.get(entry.messageId) ?? []);
    lost.set(entry.messageId, [...before, entry]);
  }
  let model = "";
  return entries.flatMap((entry): StoredEntry[] => {
    if (entry.type === "model") model = entry.model;
    if (entry.type === "message" && entry.message.role === "assistant") model = entry.message.model;
    if (entry.type !== "partial") return [entry];
    const parts = lost.get(entry.messageId);
    if (parts?.at(-1) !== entry) return [];
    const content = joinDeltas(parts.flatMap((part) => part.deltas));
    return content.length === 0 ? [] : [abortedMessage(entry, { content, model })];
  });
}

function abortedMessage(
  last: PartialEntry,
  answer: { content: OutputContent[]; model: string },
): MessageEntry {
  const message: AssistantMessage = { role: "assistant", ...answer, stopReason: "aborted", usage: NO_USAGE };
  return { type: "message", id: last.messageId, parentId: last.parentId, time: last.time, message };
}

/** Texts and thoughts by their index; empty ones and tool calls are left out. */
function joinDeltas(deltas: readonly MessageDelta[]): OutputContent[] {
  const parts = new Map<number, { type: "text" | "thinking"; pieces: string[] }>();
  for (const delta of deltas) {
    if (delta.type !== "text" && delta.type !== "thinking") continue;
    const part = parts.get(delta.index) ?? { type: delta.type, pieces: [] };
    part.pieces.push(delta.text);
    parts.set(delta.index, part);
  }
  return [...parts]
    .toSorted(([a], [b]) => a - b)
    .map(([, part]) => ({ type: part.type, text: part.pieces.join("") }))
    .filter((part) => part.text !== "");
}

function addLostResults(entries: readonly StoredEntry[]): StoredEntry[] {
  const mended: StoredEntry[] = [];
  let open = new Map<string, ToolCallContent>();
  let last: StoredEntry | undefined;
  const close = () => {
    if (last) for (const call of open.values()) mended.push(lostResult(call, last));
    open = new Map();
  };
  for (const entry of entries) {
    if (endsBatch(entry)) close();
    mended.push(entry);
    if (entry.type !== "message") continue;
    last = entry;
    if (entry.message.role === "tool_result") open.delete(entry.message.toolCallId);
    else for (const call of callsOf(entry.message)) open.set(call.id, call);
  }
  close();
  return mended;
}

function endsBatch(entry: StoredEntry): boolean {
  if (entry.type === "message") return entry.message.role !== "tool_result";
  return entry.type === "run_start" || entry.type === "run_end" || entry.type === "compaction";
}

function callsOf(message: Message): ToolCallContent[] {
  return message.role === "assistant" ? message.content.filter((part) => part.type === "tool_call") : [];
}

function lostResult(call: ToolCallContent, after: StoredEntry): MessageEntry {
  const message: ToolResultMessage = {
    role: "tool_result",
    toolCallId: call.id,
    toolName: call.name,
    content: [{ type: "text", text: LOST_RESULT }],
    isError: true,
  };
  return { type: "message", id: `${after.id}-${call.id}`, parentId: after.id, time: after.time, message };
}
