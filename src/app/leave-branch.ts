// Moves a session to another place of its tree, with a summary of what is left.
import type { AgentEvent } from "../protocol/event.ts";
import type { Model } from "../protocol/model.ts";
import type { StreamFn } from "../protocol/stream.ts";
import { collectTree, findNode, pathTo } from "../session/tree.ts";
import type { LeaveWish } from "./app.ts";
import type { LiveConversation } from "./conversation.ts";

type Leaving = {
  conversation: LiveConversation;
  /** The entry that the branch goes back to; null: before the first. */
  target: string | null;
  model: Model | null;
  stream: StreamFn;
  newId: () => string;
};

/** A summary that takes longer is made without the model. */
const SUMMARY_MS = 120_000;

/** Records the move and, behind it, the summary. Throws what the recorder throws; the branch is as it was then. */
export async function leaveBranch(leaving: Leaving, wish: LeaveWish): Promise<void> {
  const { conversation, target } = leaving;
  const summary = await summaryEvents(leaving, wish);
  await conversation.recorder.moveLeaf(target);
  for (const event of summary) await conversation.recorder.record(event);
}

async function summaryEvents(
  { conversation, target, model, stream, newId }: Leaving,
  { summary: hint }: LeaveWish,
): Promise<AgentEvent[]> {
  const tree = await collectTree(conversation.store.entries());
  const kept = new Set(pathTo(target === null ? null : findNode(tree, target)).map(({ id }) => id));
  const history = conversation.history();
  const left = history
    .slice(history.findLastIndex(({ id }) => kept.has(id)) + 1)
    .map(({ message }) => message);
  if (!left.some(({ role }) => role === "assistant")) return [];
  await conversation.emit(note("The branch that is left is being summed up."));
  const { summarizeBranch } = await import("../runtimes/native/branch-summary.ts");
  const signal = AbortSignal.timeout(SUMMARY_MS);
  const { message, usage, failure } = await summarizeBranch({ messages: left, model, stream, hint, signal });
  const how = failure === null ? "" : ` The model did not: ${failure}. Requests and answers stand for it.`;
  const cost =
    usage === null
      ? ""
      : ` ${usage.input + usage.cacheRead + usage.cacheWrite} tokens in, ${usage.output} out.`;
  return [
    { type: "message_end", messageId: newId(), message },
    note(`The model knows a summary of the branch that was left.${how}${cost}`),
  ];
}

function note(message: string): Extract<AgentEvent, { type: "notice" }> {
  return { type: "notice", level: "info", code: "session.branch_summary", message };
}
