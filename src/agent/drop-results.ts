// Before a talk is summarised: results that later calls superseded leave the requests, and with luck that is enough.
// It costs no request and loses nothing, but it changes the middle of the talk, so that the vendor's prompt cache is
// void from there on. Therefore all of it at once, only where a compaction would be due, which voids the cache as well,
// and only where it puts the next compaction off for a while. The session file keeps the results.
import type { EmitEvent } from "../protocol/event.ts";
import type { CompactionSettings, RequestSettings } from "./agent-settings.ts";
import { compactionLimit } from "./compaction-plan.ts";
import { DROPPED_RESULT } from "./dropped-results.prompt.ts";
import { supersededCalls } from "./superseded.ts";
import { overheadTokens } from "./token-estimate.ts";
import { sum, type Transcript } from "./transcript.ts";

/** Share of the window that has to be free again below the limit. */
const WORTH_IT = 0.1;
/** Estimated tokens of the notice in place of a result. */
const NOTICE_TOKENS = Math.ceil(DROPPED_RESULT.length / 4);
/** A result of fewer tokens stays. */
const SMALL = 4 * NOTICE_TOKENS;

type DropOptions = {
  transcript: Transcript;
  settings: RequestSettings;
  limits: CompactionSettings;
  emit: EmitEvent;
};

/** False: nothing was changed, since it would not have been enough. Rejects when the event cannot be recorded. */
export async function dropSuperseded({ transcript, settings, limits, emit }: DropOptions): Promise<boolean> {
  const { model, system, tools, withheld = [], scale } = settings;
  const overhead = overheadTokens(system, tools, scale);
  const sizes = transcript.sizes(overhead, scale);
  const superseded = new Set(supersededCalls(transcript.entries, [...tools, ...withheld]));
  const dropped = transcript.entries.flatMap(({ message }, index) =>
    message.role === "tool_result" && superseded.has(message.toolCallId) && (sizes[index] ?? 0) > SMALL
      ? [{ id: message.toolCallId, saved: (sizes[index] ?? 0) - NOTICE_TOKENS }]
      : [],
  );
  const saved = sum(dropped.map((one) => one.saved));
  const tokensBefore = transcript.tokens(overhead, scale);
  const wanted = compactionLimit(model.contextWindow, limits) - model.contextWindow * WORTH_IT;
  if (saved === 0 || tokensBefore - saved > wanted) return false;
  const toolCallIds = dropped.map(({ id }) => id);
  const tokensAfter = tokensBefore - saved;
  await emit({ type: "results_dropped", toolCallIds, notice: DROPPED_RESULT, tokensBefore, tokensAfter });
  transcript.dropResults(new Set(toolCallIds), DROPPED_RESULT, saved);
  return true;
}
