// The tool calls of one answer: who runs beside whom, and that results come in call order, one for each call.
import type { ToolCallContent } from "../protocol/content.ts";
import type { ToolResultMessage } from "../protocol/message.ts";
import type { Tool } from "../protocol/tool.ts";
import { type FinishedCall, notRun, runToolCall, type ToolCallContext } from "./tool-call.ts";

export type ToolBatchOptions = ToolCallContext & {
  /** Keeps one result; called in call order, as early as that order allows. */
  record: (result: ToolResultMessage) => Promise<void>;
};

type ToolBatchResult = {
  results: ToolResultMessage[];
  /** A terminal tool succeeded: its result is the run's answer. */
  terminal: boolean;
};

/**
 * Read-only calls that stand side by side run in parallel; any other call runs alone, after all before it and
 * before all after it, so that no path has two mutations at a time and a read sees the writes before it.
 * Rejects only when `record` does.
 */
export async function runToolBatch(
  calls: readonly ToolCallContent[],
  options: ToolBatchOptions,
): Promise<ToolBatchResult> {
  const batch: ToolBatchResult = { results: [], terminal: false };
  for (const group of groups(calls, options.tools)) {
    const refusal = batch.terminal ? "not run, turn ended" : stopped(options);
    const finished = await Promise.all(group.map((call) => runToolCall(call, options, refusal)));
    await keep(finished, batch, options);
  }
  return batch;
}

/** Gives every call the same error result without running any. */
export async function refuseToolCalls(
  calls: readonly ToolCallContent[],
  reason: string,
  options: ToolBatchOptions,
): Promise<void> {
  for (const call of calls) await options.record((await runToolCall(call, options, reason)).result);
}

async function keep(
  finished: FinishedCall[],
  batch: ToolBatchResult,
  options: ToolBatchOptions,
): Promise<void> {
  for (const { result, terminal } of finished) {
    batch.results.push(result);
    batch.terminal ||= terminal;
    await options.record(result);
  }
}

function stopped({ control }: ToolBatchOptions): string | undefined {
  return control.signal.aborted || control.redirect().aborted ? notRun(control) : undefined;
}

function groups(calls: readonly ToolCallContent[], tools: readonly Tool[]): ToolCallContent[][] {
  const all: ToolCallContent[][] = [];
  let open: ToolCallContent[] | null = null;
  for (const call of calls) {
    if (!isParallel(call, tools)) {
      all.push([call]);
      open = null;
    } else if (open) {
      open.push(call);
    } else {
      open = [call];
      all.push(open);
    }
  }
  return all;
}

/** A call of an unknown tool runs nothing, so it may stand beside reads. */
function isParallel(call: ToolCallContent, tools: readonly Tool[]): boolean {
  const tool = tools.find((candidate) => candidate.name === call.name);
  return tool === undefined || (tool.readOnly && !tool.terminal);
}
