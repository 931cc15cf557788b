// Sums up a branch that is being left, for the one that is gone on with. One request to the model, without tools.
import { mechanicalSummary } from "../../agent/compaction-summary.ts";
import { textOf } from "../../agent/summary-blocks.ts";
import type { Message, SystemMessage } from "../../protocol/message.ts";
import type { Model } from "../../protocol/model.ts";
import type { StreamFn } from "../../protocol/stream.ts";
import type { Usage } from "../../protocol/usage.ts";
import { BRANCH_HEADING, branchInstruction } from "./branch-summary.prompt.ts";

type BranchSummaryOptions = {
  /** What is left, oldest first; every call has its result. */
  messages: readonly Message[];
  /** null: there is none to ask. */
  model: Model | null;
  stream: StreamFn;
  /** What the person wants kept; "" for nothing in particular. */
  hint: string;
  signal: AbortSignal;
};

/** `usage` is null where no model wrote it. `failure`: why the model did not. */
export type BranchSummary = { message: SystemMessage; usage: Usage | null; failure: string | null };

/** Where the model cannot be asked, the requests and last answers stand for it word for word. Does not throw. */
export async function summarizeBranch(options: BranchSummaryOptions): Promise<BranchSummary> {
  const answer = options.model === null ? "there is no model" : await ask(options, options.model);
  if (typeof answer !== "string") return answer;
  return { message: framed(mechanicalSummary(options.messages)), usage: null, failure: answer };
}

/** The summary, or why there is none. */
async function ask(
  { messages, stream, hint, signal }: BranchSummaryOptions,
  model: Model,
): Promise<BranchSummary | string> {
  const instruction: Message = {
    role: "user",
    content: [{ type: "text", text: branchInstruction(hint) }],
    source: "notice",
  };
  const request = {
    model,
    system: "",
    tools: [],
    thinking: "off",
    messages: [...messages, instruction],
  } as const;
  for await (const event of stream(request, { signal })) {
    if (event.type !== "end") continue;
    const { error, stopReason, usage } = event.message;
    const text = textOf(event.message).trim();
    if (stopReason === "error" || stopReason === "aborted") return error?.message ?? "its answer broke off";
    return text === "" ? "its answer was empty" : { message: framed(text), usage, failure: null };
  }
  return "its answer never came";
}

function framed(text: string): SystemMessage {
  return { role: "system", content: [{ type: "text", text: `${BRANCH_HEADING}\n\n${text}` }] };
}
