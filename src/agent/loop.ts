// The loop: one run, from a recorded prompt until the model asks for no more tools. Pure: model, tools, gate, person
// and disk are parameters. It never throws for a failing model or tool.
import { toFailure } from "../lib/app-error.ts";
import type { ToolCallContent } from "../protocol/content.ts";
import type { AssistantMessage, ToolResultMessage, UserMessage } from "../protocol/message.ts";
import type { StreamFn } from "../protocol/stream.ts";
import type { CompactionSettings, LoopLimits, RequestSettings } from "./agent-settings.ts";
import { AnswerStream } from "./answer-stream.ts";
import { compact } from "./compaction.ts";
import { type CompactionReason, compactionDue } from "./compaction-plan.ts";
import { dropSuperseded } from "./drop-results.ts";
import { BROKEN_ANSWER, CUT_BY_OUTPUT_LIMIT, EMPTY_ANSWER, repeatedCall } from "./loop.prompt.ts";
import { LoopGuard } from "./loop-guard.ts";
import { modelRequest } from "./model-request.ts";
import { post, postNotice } from "./post.ts";
import type { RunInput, RunResult } from "./run-item.ts";
import { limitReached } from "./run-limit.ts";
import { refuseToolCalls, runToolBatch, type ToolBatchOptions } from "./tool-batch.ts";
import { notRun } from "./tool-call.ts";
import type { Transcript } from "./transcript.ts";

type LoopOptions = Pick<RunInput, "prompt" | "control" | "emit"> & {
  /** Extended by what the run says; owned by the runtime session. */
  transcript: Transcript;
  settings: () => RequestSettings;
  stream: StreamFn;
  gate: ToolBatchOptions["gate"];
  limits: LoopLimits;
  compaction: CompactionSettings;
  /** What happened beside the talk since it was asked last (a background process ended), one text each. */
  takeNews: () => string[];
  newId: () => string;
  now: () => number;
  sleep: (milliseconds: number) => Promise<void>;
};

/** How often a call may bring the same result in a row before the model is told, and before the run ends. */
const REPEATS_TOLD = 3;
const REPEATS_ENDED = 5;

const INTERRUPTED: RunResult = { outcome: "interrupted" };
const COMPLETED: RunResult = { outcome: "completed" };

type Loop = LoopOptions & {
  guard: LoopGuard;
  /** What happens at most once in a run. */
  once: { overflow: boolean; compactionFailed: boolean; nudged: boolean };
};

/** Rejects only when an event that must be recorded cannot be. */
export async function runLoop(options: LoopOptions): Promise<RunResult> {
  const { transcript, newId } = options;
  transcript.closeOpenCalls(newId);
  transcript.append(options.prompt);
  const once = { overflow: false, compactionFailed: false, nudged: false };
  const loop: Loop = { ...options, guard: new LoopGuard(), once };
  for (;;) {
    const ended = (await beforeRequest(loop)) ?? (await step(loop));
    if (ended) return ended;
  }
}

/** The boundary: interrupt, limits, then everything the person wants to say; a pause holds it at any point. */
async function beforeRequest(loop: Loop): Promise<RunResult | null> {
  const { control, limits, transcript, guard } = loop;
  for (;;) {
    await control.waitWhilePaused();
    if (control.signal.aborted) return INTERRUPTED;
    const error = limitReached(control.spent(), limits);
    if (error) return { outcome: "limit", error };
    const steer = await control.takeSteer();
    if (!steer) break;
    transcript.append(steer);
    guard.reset();
  }
  for (const text of loop.takeNews()) await tell(text, loop, { shown: true });
  return null;
}

/** One model response and its tool results; null when the run goes on. */
async function step(loop: Loop): Promise<RunResult | null> {
  const { control, emit } = loop;
  const number = control.spent().steps + 1;
  post(emit, { type: "step_start", step: number });
  const message = await answer(loop);
  const result = await act(message, loop);
  post(emit, { type: "step_end", step: number });
  if (!control.signal.aborted && result?.outcome !== "failed") await compactWhenDue(loop);
  return result;
}

/** Asks the model; after an overflow compacts and asks once more. The answer is recorded when this resolves. */
async function answer(loop: Loop): Promise<AssistantMessage> {
  const { control, emit, stream, transcript, once } = loop;
  const messageId = loop.newId();
  const setState = control.setState.bind(control);
  const answers = new AnswerStream({ messageId, stream, emit, setState });
  const signal = AbortSignal.any([control.signal, control.redirect()]);
  const ask = () => answers.ask(modelRequest(loop.settings(), transcript.messages()), signal);
  let message = await ask();
  if (isOverflow(message, loop) && !once.overflow && loop.compaction.enabled) {
    once.overflow = true;
    answers.reset();
    const outcome = await compactNow("overflow", loop);
    await control.waitWhilePaused();
    if (outcome === "done" && !signal.aborted) message = await ask();
  }
  if (message.error?.code === "provider.context_overflow") {
    answers.reset();
    message = { ...message, content: [] };
  }
  transcript.append({ id: messageId, message });
  await answers.end(message);
  return message;
}

/** Some services cut the prompt silently: then only the usage says that it was longer than the window. */
function isOverflow({ stopReason, error, usage }: AssistantMessage, { settings, once }: Loop): boolean {
  if (error?.code === "provider.context_overflow") return true;
  if (once.overflow || (stopReason !== "stop" && stopReason !== "length")) return false;
  return usage.input + usage.cacheRead + usage.cacheWrite > settings().model.contextWindow;
}

/** Does what an answer asks for; null when the run goes on. */
async function act(message: AssistantMessage, loop: Loop): Promise<RunResult | null> {
  const { control } = loop;
  const calls = message.content.filter((part) => part.type === "tool_call");
  switch (message.stopReason) {
    case "error":
      await refuseToolCalls(calls, BROKEN_ANSWER, batchOptions(loop));
      return control.signal.aborted ? INTERRUPTED : { outcome: "failed", error: failureOf(message) };
    case "aborted": {
      const meant = control.signal.aborted || control.redirect().aborted;
      await refuseToolCalls(calls, meant ? notRun(control) : BROKEN_ANSWER, batchOptions(loop));
      if (control.signal.aborted) return INTERRUPTED;
      return meant ? null : { outcome: "failed", error: failureOf(message) };
    }
    case "length":
      if (calls.length === 0) return settle(message, loop);
      await refuseToolCalls(calls, CUT_BY_OUTPUT_LIMIT, batchOptions(loop));
      return null;
    case "stop":
    case "tool_use":
      return calls.length === 0 ? settle(message, loop) : runCalls(calls, loop);
  }
}

async function runCalls(calls: ToolCallContent[], loop: Loop): Promise<RunResult | null> {
  const { results, terminal } = await runToolBatch(calls, batchOptions(loop));
  if (terminal) return COMPLETED;
  if (loop.control.signal.aborted) return INTERRUPTED;
  const { count, name } = loop.guard.observe(calls, results);
  if (count >= REPEATS_ENDED) {
    const error = {
      code: "run.loop",
      message: `The model made the same ${name} call ${count} times in a row with the same result, so the run was ended.`,
      hint: "Tell it what to do differently.",
    };
    return { outcome: "failed", error };
  }
  if (count >= REPEATS_TOLD) await tell(repeatedCall(name, count), loop);
  return null;
}

/** An answer without calls: the run is done, unless the person said something or the model said nothing. */
async function settle(message: AssistantMessage, loop: Loop): Promise<RunResult | null> {
  const { control, emit, once } = loop;
  if (message.stopReason === "length") {
    postNotice(emit, "warning", {
      code: "run.output_limit",
      message: "The answer was cut by the output limit.",
    });
  }
  if (control.signal.aborted) return INTERRUPTED;
  if (control.hasSteers()) return null;
  if (message.content.some((part) => part.type === "text" && part.text.trim() !== "")) return COMPLETED;
  if (once.nudged) {
    postNotice(emit, "warning", {
      code: "run.empty_answer",
      message: "The model ended with an empty answer.",
    });
    return COMPLETED;
  }
  once.nudged = true;
  await tell(EMPTY_ANSWER, loop);
  return null;
}

/** Says something to the model in the talk itself, where the person sees it too, unless it was `shown` already. */
async function tell(
  text: string,
  { newId, transcript, emit }: Loop,
  details?: { shown: true },
): Promise<void> {
  const id = newId();
  const content = [{ type: "text" as const, text }];
  const message: UserMessage = { role: "user", content, source: "notice", ...(details ? { details } : {}) };
  transcript.append({ id, message });
  await emit({ type: "message_end", messageId: id, message });
}

function batchOptions(loop: Loop): ToolBatchOptions {
  const { gate, control, emit, now, sleep, newId, transcript } = loop;
  const record = async (message: ToolResultMessage) => {
    const id = newId();
    transcript.append({ id, message });
    await emit({ type: "message_end", messageId: id, message });
  };
  const { tools, withheld = [] } = loop.settings();
  return { tools: [...tools, ...withheld], gate, control, emit, now, sleep, record };
}

function failureOf(message: AssistantMessage) {
  return message.error ?? toFailure(new Error("The model's answer broke off."));
}

async function compactWhenDue(loop: Loop): Promise<void> {
  if (!loop.compaction.enabled || loop.once.compactionFailed) return;
  const { transcript, settings, compaction, emit } = loop;
  if (!compactionDue(transcript, settings(), compaction)) return;
  if (await dropSuperseded({ transcript, settings: settings(), limits: compaction, emit })) return;
  const outcome = await compactNow("threshold", loop);
  loop.once.compactionFailed = outcome !== "done";
}

async function compactNow(reason: CompactionReason, { control, compaction, settings, ...loop }: Loop) {
  await control.waitWhilePaused();
  if (control.signal.aborted) return "aborted";
  return compact({
    reason,
    transcript: loop.transcript,
    settings: settings(),
    limits: compaction,
    stream: loop.stream,
    emit: loop.emit,
    control,
    newId: loop.newId,
  });
}
