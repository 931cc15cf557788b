// One run from the outside: its start, its prompt, its work and exactly one end, whatever the work does.
import { toFailure } from "../lib/app-error.ts";
import type { QueueItem } from "../protocol/control.ts";
import type { EmitEvent, RunOutcome } from "../protocol/event.ts";
import type { Failure } from "../protocol/failure.ts";
import type { ThinkingLevel } from "../protocol/model.ts";
import { post, postNotice } from "./post.ts";
import type { ActiveRun, RunControl } from "./run-control.ts";
import type { TranscriptEntry } from "./transcript.ts";

/** `prompt` is recorded already, under its queue item's id. `thinking` is for this run alone. */
export type RunInput = {
  runId: string;
  prompt: TranscriptEntry;
  thinking?: ThinkingLevel;
  control: RunControl;
  emit: EmitEvent;
};

export type RunResult = { outcome: RunOutcome; error?: Failure };

/** May throw: the run then failed. Returns soon after `control.signal` aborts. */
type RunFunction = (input: RunInput) => Promise<RunResult>;

export type RunItemOptions = {
  /** Name for run_start. */
  runtime: string;
  run: RunFunction;
  now: () => number;
  newId: () => string;
};

type RunJob = {
  item: QueueItem;
  thinking: ThinkingLevel | undefined;
  /** Records the item's text as a user message. */
  deliver: () => Promise<TranscriptEntry>;
};

/** Never throws. The run's signal is aborted once it is over, so that nothing of it lingers. */
export async function runItem(active: ActiveRun, job: RunJob, options: RunItemOptions): Promise<void> {
  const { runtime, now, newId } = options;
  const runId = newId();
  const started = now();
  post(active.emit, { type: "run_start", runId, prompt: job.item.text, runtime });
  const { outcome, error } = await attempt(active, { ...job, runId, run: options.run });
  active.interrupt();
  const end = { ...active.spent(), durationMs: now() - started, ...(error ? { error } : {}) };
  await active
    .emit({ type: "run_end", runId, outcome, ...end })
    .catch((failure: unknown) => postNotice(active.emit, "error", toFailure(failure)));
}

type Attempt = RunJob & { runId: string; run: RunFunction };

async function attempt(control: ActiveRun, { deliver, thinking, runId, run }: Attempt): Promise<RunResult> {
  try {
    const prompt = await deliver();
    const input = { runId, prompt, control, emit: control.emit };
    const result = await run(thinking ? { ...input, thinking } : input);
    return result.outcome === "failed" && control.signal.aborted ? { outcome: "interrupted" } : result;
  } catch (error) {
    if (control.signal.aborted) return { outcome: "interrupted" };
    return { outcome: "failed", error: toFailure(error) };
  }
}
