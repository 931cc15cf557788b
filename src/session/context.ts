// What a runtime needs to go on with a branch: the messages a model is shown, and the settings in force. Pure.
import type { Message, SystemMessage } from "../protocol/message.ts";
import { mendBranch } from "./mend.ts";
import type { StoredEntry, StoredState } from "./state-entry.ts";

/** `id` is the entry's, by which a compaction names what it keeps. */
type HistoryMessage = { id: string; message: Message };

export type SessionContext = StoredState & {
  /** Oldest first. Every tool call has its result. */
  history: HistoryMessage[];
};

/** The context of a branch as `readBranch` gives it. */
export function sessionContext(branch: {
  entries: readonly StoredEntry[];
  state: StoredState;
}): SessionContext {
  const mended = mendBranch(branch.entries);
  const at = mended.findLastIndex((entry) => entry.type === "compaction");
  const history = [...compacted(mended, at), ...messages(mended.slice(at + 1))];
  const dropped = mended.filter((entry) => entry.type === "results_dropped");
  return { ...branch.state, history: dropped.reduce(withoutResults, history) };
}

/** The same messages with the notice in place of the results that were dropped; calls keep their results. */
export function withoutResults<Entry extends { message: Message }>(
  history: readonly Entry[],
  { toolCallIds, notice }: { toolCallIds: readonly string[]; notice: string },
): Entry[] {
  return history.map((entry) => {
    const { message } = entry;
    if (message.role !== "tool_result" || !toolCallIds.includes(message.toolCallId)) return entry;
    return { ...entry, message: { ...message, content: [{ type: "text", text: notice }] } };
  });
}

/** The newest compaction's summary in place of everything before its first kept entry. */
function compacted(entries: readonly StoredEntry[], at: number): HistoryMessage[] {
  const compaction = entries[at];
  if (compaction?.type !== "compaction") return [];
  const kept = entries.slice(0, at).findIndex((entry) => entry.id === compaction.firstKeptId);
  const summary: SystemMessage = { role: "system", content: [{ type: "text", text: compaction.summary }] };
  return [{ id: compaction.id, message: summary }, ...messages(kept < 0 ? [] : entries.slice(kept, at))];
}

function messages(entries: readonly StoredEntry[]): HistoryMessage[] {
  return entries.flatMap((entry) =>
    entry.type === "message" ? [{ id: entry.id, message: entry.message }] : [],
  );
}
