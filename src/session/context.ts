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
  return { ...branch.state, history: [...compacted(mended, at), ...messages(mended.slice(at + 1))] };
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
