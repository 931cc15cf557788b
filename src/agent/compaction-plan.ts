// When a talk is too long, and where to cut it. Pure: asks no model, changes nothing.
import type { UserMessage } from "../protocol/message.ts";
import type { CompactionSettings, RequestSettings } from "./agent-settings.ts";
import { overheadTokens } from "./token-estimate.ts";
import { sum, type Transcript, type TranscriptEntry } from "./transcript.ts";

/** threshold: after a step, the next prompt would be long; overflow: the service refused it; manual: /compact. */
export type CompactionReason = "threshold" | "overflow" | "manual";

export type CompactionPlan = {
  /** What the summary replaces, an earlier summary first. */
  summarized: TranscriptEntry[];
  /** The newest messages, kept word for word; they stand after the summary. */
  kept: TranscriptEntry[];
  /** The request under way when the cut falls inside a turn: its own message is among `summarized`. */
  request: UserMessage | null;
};

/** A window under 80,000 tokens keeps a quarter of itself free. */
function reserveOf(contextWindow: number, { reserveTokens }: CompactionSettings): number {
  return Math.min(reserveTokens, Math.floor(contextWindow / 4));
}

/** Tokens above which a prompt leaves less than the reserve. */
export function compactionLimit(contextWindow: number, limits: CompactionSettings): number {
  return contextWindow - reserveOf(contextWindow, limits);
}

/** Whether the next prompt would leave less than the reserve. */
export function compactionDue(
  transcript: Transcript,
  { model, system, tools, scale }: RequestSettings,
  limits: CompactionSettings,
): boolean {
  const tokens = transcript.tokens(overheadTokens(system, tools, scale), scale);
  return tokens > compactionLimit(model.contextWindow, limits);
}

type CutOptions = { reason: CompactionReason; contextWindow: number; limits: CompactionSettings };

/**
 * Cuts before a user message or an answer, so never between a call and its result, and keeps at most
 * `keepTokens` (less for small windows) but at least the newest unit. null: nothing to summarise.
 * `sizes` are the tokens of each entry.
 */
export function planCompaction(
  entries: readonly TranscriptEntry[],
  sizes: readonly number[],
  { reason, contextWindow, limits }: CutOptions,
): CompactionPlan | null {
  if (entries.length === 0) return null;
  const keep = Math.min(limits.keepTokens, compactionLimit(contextWindow, limits) / 2);
  const first = entries[0]?.message.role === "system" ? 1 : 0;
  const newest = newestUnit(entries);
  const fitting = entries.findIndex((entry, index) => isCutPoint(entry) && sum(sizes.slice(index)) <= keep);
  const cut = fitting < 0 ? newest : Math.min(fitting, newest);
  switch (reason) {
    case "threshold":
      return cut > first ? planAt(cut, entries) : null;
    case "manual":
      return planAt(cut > first ? cut : entries.length, entries);
    case "overflow":
      return planOverflow({ entries, first, newest, cut, tooLong: sum(sizes.slice(newest)) > keep });
  }
}

type Overflow = {
  entries: readonly TranscriptEntry[];
  first: number;
  newest: number;
  cut: number;
  /** The newest unit alone is more than may be kept. */
  tooLong: boolean;
};

/** The service has the last word on length: where our sizes find nothing to cut, only the newest unit is kept. */
function planOverflow({ entries, first, newest, cut, tooLong }: Overflow): CompactionPlan {
  if (tooLong && entries[newest]?.message.role === "assistant") return planAt(entries.length, entries);
  if (cut > first) return planAt(cut, entries);
  if (newest > first) return planAt(newest, entries);
  return { ...planAt(newest, entries), summarized: [...entries] };
}

function planAt(cut: number, entries: readonly TranscriptEntry[]): CompactionPlan {
  const summarized = entries.slice(0, cut);
  const kept = entries.slice(cut);
  const insideTurn = (kept[0] ?? summarized.at(-1))?.message.role !== "user" && !endsTurn(summarized.at(-1));
  return { summarized, kept, request: insideTurn ? lastRequest(summarized) : null };
}

/** Where the last answer with its results, or the last run of user messages, begins. */
function newestUnit(entries: readonly TranscriptEntry[]): number {
  let index = entries.length - 1;
  if (entries[index]?.message.role === "user") {
    while (entries[index - 1]?.message.role === "user") index -= 1;
    return index;
  }
  while (index > 0 && entries[index]?.message.role === "tool_result") index -= 1;
  return index;
}

function isCutPoint({ message }: TranscriptEntry): boolean {
  return message.role === "user" || message.role === "assistant";
}

/** True for an answer that asks for nothing more. */
function endsTurn(entry: TranscriptEntry | undefined): boolean {
  return (
    entry?.message.role === "assistant" && !entry.message.content.some((part) => part.type === "tool_call")
  );
}

function lastRequest(entries: readonly TranscriptEntry[]): UserMessage | null {
  for (const { message } of entries.toReversed()) {
    if (message.role === "user" && message.source !== "notice" && message.source !== "shell") return message;
  }
  return null;
}
