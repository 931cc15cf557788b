// Compaction: puts a summary in place of the older part of a talk. One model request; on any failure nothing changes.
import { AppError, toFailure } from "../lib/app-error.ts";
import type { EmitEvent } from "../protocol/event.ts";
import type { Failure } from "../protocol/failure.ts";
import type { AssistantMessage, Message } from "../protocol/message.ts";
import type { ModelRequest, StreamFn } from "../protocol/stream.ts";
import type { Usage } from "../protocol/usage.ts";
import type { CompactionSettings, RequestSettings } from "./agent-settings.ts";
import { compactionInstruction } from "./compaction.prompt.ts";
import { type CompactionPlan, type CompactionReason, planCompaction } from "./compaction-plan.ts";
import { carriedFiles, clip, mechanicalSummary, summaryText } from "./compaction-summary.ts";
import { modelRequest } from "./model-request.ts";
import { postNotice } from "./post.ts";
import type { RunControl } from "./run-control.ts";
import { textOf } from "./summary-blocks.ts";
import { estimateTokens, overheadTokens } from "./token-estimate.ts";
import { mergeFiles, touchedFiles } from "./touched-files.ts";
import { sum, type Transcript, type TranscriptEntry } from "./transcript.ts";

type CompactOptions = {
  reason: CompactionReason;
  /** What the person wants kept; the one word `mechanical` asks for a summary without the model. */
  hint?: string;
  transcript: Transcript;
  settings: RequestSettings;
  limits: CompactionSettings;
  stream: StreamFn;
  emit: EmitEvent;
  control: Pick<RunControl, "signal" | "setState" | "ask">;
  newId: () => string;
};

/** Characters of a tool result in the summary request after an overflow. */
const CLIPPED_RESULT = 2_000;
const MECHANICAL = "mechanical";

type Summary = { text: string; usage?: Usage };

/** Rejects only when the end event cannot be recorded. `nothing`: there was nothing to summarise. */
export async function compact(options: CompactOptions): Promise<"done" | "nothing" | "failed" | "aborted"> {
  const { reason, transcript, settings, limits, emit, control } = options;
  const { scale } = settings;
  const overhead = overheadTokens(settings.system, settings.tools, scale);
  const sizes = transcript.sizes(overhead, scale);
  const { contextWindow } = settings.model;
  const plan = planCompaction(transcript.entries, sizes, { reason, contextWindow, limits });
  if (!plan) {
    if (reason === "manual") {
      postNotice(emit, "info", { code: "compaction.nothing", message: "There is nothing to compact yet." });
    }
    return "nothing";
  }
  const tokensBefore = transcript.tokens(overhead, scale);
  control.setState("compacting");
  await emit({ type: "compaction_start", reason, tokensBefore });
  const summary = await summarize(plan, options);
  if ("code" in summary || control.signal.aborted) {
    return giveUp("code" in summary ? summary : null, tokensBefore, options);
  }
  const messages = plan.summarized.map((entry) => entry.message);
  const files = mergeFiles([carriedFiles(messages), touchedFiles(messages, settings.tools)]);
  const text = summaryText(summary.text, plan, files);
  const head: TranscriptEntry = {
    id: options.newId(),
    message: { role: "system", content: [{ type: "text", text }] },
  };
  const keptTokens = plan.kept.length === 0 ? 0 : sum(sizes.slice(-plan.kept.length));
  await emit({
    type: "compaction_end",
    summary: text,
    firstKeptId: plan.kept[0]?.id ?? null,
    tokensBefore,
    tokensAfter: overhead + estimateTokens(head.message, scale) + keptTokens,
    filesRead: files.read,
    filesModified: files.modified,
    ...(summary.usage ? { usage: summary.usage } : {}),
  });
  transcript.replace([head, ...plan.kept]);
  return "done";
}

async function giveUp(
  failure: Failure | null,
  tokens: number,
  { reason, emit, control }: CompactOptions,
): Promise<"failed" | "aborted"> {
  const aborted = control.signal.aborted;
  const error =
    aborted || !failure
      ? { code: "compaction.aborted", message: "The compaction was interrupted." }
      : failure;
  const nothing = { summary: null, firstKeptId: null, filesRead: [], filesModified: [] };
  await emit({ type: "compaction_end", ...nothing, tokensBefore: tokens, tokensAfter: tokens, error });
  if (!aborted && reason !== "overflow") {
    postNotice(emit, reason === "manual" ? "error" : "warning", {
      code: error.code,
      message: `The conversation could not be compacted: ${error.message}`,
      hint: `Nothing was changed. /compact ${MECHANICAL} makes a plain summary without the model.`,
    });
  }
  return aborted ? "aborted" : "failed";
}

/**
 * After an overflow even the summary request may be too long: then a summary without the model must do. Where the model
 * gives none for another reason the run could not go on either: then it is offered.
 */
async function summarize(plan: CompactionPlan, options: CompactOptions): Promise<Summary | Failure> {
  const { hint, reason } = options;
  const mechanical = () => ({ text: mechanicalSummary(plan.summarized.map((entry) => entry.message)) });
  if (hint?.trim() === MECHANICAL) return mechanical();
  const summary = await askForSummary(plan, options);
  if (!("code" in summary) || reason !== "overflow") return summary;
  const { usage, ...failure } = summary;
  const isTaken = failure.code === "provider.context_overflow" || (await takesMechanical(failure, options));
  return isTaken ? { ...mechanical(), ...(usage ? { usage } : {}) } : failure;
}

/** Asks the person; where nobody can be asked it is taken, and that is said. */
async function takesMechanical(
  failure: Failure,
  { limits, control, emit, newId }: CompactOptions,
): Promise<boolean> {
  if (control.signal.aborted) return false;
  const reason = `The conversation is too long for the model, and it could not summarise it: ${failure.message}`;
  if (!limits.asks) {
    postNotice(emit, "warning", {
      code: "compaction.mechanical",
      message: `${reason} A plain summary was made without it.`,
    });
    return true;
  }
  const request = {
    id: newId(),
    toolCallId: "",
    name: `/compact ${MECHANICAL}`,
    arguments: {},
    subject: "a plain summary without the model: your prompts, the last answers, files, open tasks",
    place: "this session",
    reason,
    warnings: [],
    editable: false,
  };
  const { outcome } = await control.ask(request, control.signal);
  return outcome.startsWith("allow");
}

async function askForSummary(
  plan: CompactionPlan,
  options: CompactOptions,
): Promise<Summary | (Failure & { usage?: Usage })> {
  const { stream, control } = options;
  const answer = await lastMessage(stream, summaryRequest(plan, options), control.signal);
  if (answer instanceof Error) return toFailure(answer);
  const { stopReason, usage, error } = answer;
  if (stopReason === "error" || stopReason === "aborted")
    return { ...(error ?? toFailure(new Error("The model's answer broke off."))), usage };
  const text = textOf(answer).trim();
  if (text) return { text, usage };
  return { code: "compaction.empty", message: "The model answered with an empty summary." };
}

/** The talk as it was sent before, byte for byte, then the instruction: so the vendors' prompt caches hit. */
function summaryRequest(
  { summarized }: CompactionPlan,
  { settings, hint, reason }: CompactOptions,
): ModelRequest {
  const talk = summarized.map(({ message }) => (reason === "overflow" ? clipResult(message) : message));
  const instruction: Message = {
    role: "user",
    content: [{ type: "text", text: compactionInstruction(hint?.trim()) }],
    source: "notice",
  };
  return modelRequest(settings, [...talk, instruction]);
}

function clipResult(message: Message): Message {
  if (message.role !== "tool_result") return message;
  const content = message.content.map((part) =>
    part.type === "text" ? { ...part, text: clip(part.text, CLIPPED_RESULT) } : part,
  );
  return { ...message, content };
}

async function lastMessage(
  stream: StreamFn,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<AssistantMessage | Error> {
  try {
    for await (const event of stream(request, { signal })) if (event.type === "end") return event.message;
    return new AppError("provider.empty_response", "The model's stream ended without an answer.");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
