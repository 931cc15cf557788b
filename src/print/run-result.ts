// RunResult: what one-shot mode knows of the run when it is over; the object of --output-format json.
import type { App } from "../app/app.ts";
import { formatCost, formatTokens } from "../app/format.ts";
import { answeringModel } from "../app/state.ts";
import type { EventEnvelope, RunOutcome } from "../protocol/event.ts";
import type { Failure } from "../protocol/failure.ts";
import type { Usage } from "../protocol/usage.ts";

/**
 * `usage` without the money, which stands beside it as `cost` (US dollars, null when no price is known). What is
 * null beside it was not there yet when the start failed.
 */
export type RunResult = {
  result: string;
  outcome: RunOutcome;
  sessionId: string | null;
  runId: string | null;
  model: string | null;
  runtime: string | null;
  steps: number;
  usage: Omit<Usage, "cost">;
  cost: number | null;
  durationMs: number;
  error: Failure | null;
};

export type RunResultBuilder = {
  add: (envelope: EventEnvelope) => void;
  /** It was interrupted before there was a run. */
  interrupted: () => void;
  read: () => RunResult;
  /** "sonnet-5, 1 step, 2.1k in (1.8k cached), 84 out, $0.004, 3.2 s" */
  summary: () => string;
};

const NOTHING_RAN: RunResult = {
  result: "",
  outcome: "failed",
  sessionId: null,
  runId: null,
  model: null,
  runtime: null,
  steps: 0,
  usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 },
  cost: null,
  durationMs: 0,
  error: null,
};

/** The result where the start failed. */
export function failedResult(error: Failure): RunResult {
  return { ...NOTHING_RAN, error };
}

/** Collects the newest run of `app`'s conversation from its events. */
export function createRunResult(app: App): RunResultBuilder {
  const { sessionId } = app.conversation;
  const result: RunResult = { ...NOTHING_RAN, sessionId, runtime: app.conversation.state().runtime };
  const add = ({ event }: EventEnvelope): void => {
    switch (event.type) {
      case "run_start":
        result.runId = event.runId;
        result.runtime = event.runtime;
        break;
      case "message_start":
        result.runtime = event.runtime ?? result.runtime;
        break;
      case "message_end":
        if (event.message.role !== "assistant") break;
        result.model = event.message.model;
        result.result = event.message.content
          .flatMap((part) => (part.type === "text" ? [part.text] : []))
          .join("");
        break;
      case "run_end":
        Object.assign(result, {
          outcome: event.outcome,
          steps: event.steps,
          durationMs: event.durationMs,
          error: event.error ?? null,
          usage: tokensOf(event.usage),
          cost: event.usage.cost,
        });
        break;
    }
  };
  const interrupted = (): void => {
    result.outcome = "interrupted";
  };
  const read = (): RunResult => ({
    ...result,
    model: result.model ?? (answeringModel(app.conversation.state()) || null),
  });
  return { add, interrupted, read, summary: () => formatSummary(read()) };
}

function tokensOf({ input, output, cacheRead, cacheWrite, reasoning }: Usage): Omit<Usage, "cost"> {
  return { input, output, cacheRead, cacheWrite, reasoning };
}

function formatSummary({ model, steps, usage, cost, durationMs }: RunResult): string {
  const read = usage.input + usage.cacheRead + usage.cacheWrite;
  const cached = usage.cacheRead > 0 ? ` (${formatTokens(usage.cacheRead)} cached)` : "";
  const parts = [
    model?.split("/").at(-1) ?? "",
    `${steps} ${steps === 1 ? "step" : "steps"}`,
    `${formatTokens(read)} in${cached}`,
    `${formatTokens(usage.output)} out`,
    formatCost(cost),
    `${(durationMs / 1_000).toFixed(1)} s`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
