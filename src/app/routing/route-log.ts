// What a turn that was routed came to: its line in the audit log. Pure but for the clock.
import type { RouteReason, RouteRecord } from "../../protocol/audit.ts";
import type { Usage } from "../../protocol/usage.ts";
import type { RunInput, RunResult, TakeTurn } from "../../runtimes/runtime.ts";

/** Why somebody gets a turn; see RouteRecord. */
export type Route = { runtime: string; reason: RouteReason; from?: string; detail?: string };

/** A turn that was taken. `usage` is its own part of its run's. */
export type TakenTurn = { result: RunResult; usage: Usage; durationMs: number };

/** Never rejects: what `take` throws is a failure, unless the run was interrupted. */
export async function timeTurn(
  input: RunInput,
  take: TakeTurn,
  { now, failureOf }: { now: () => number; failureOf: (error: unknown) => RunResult },
): Promise<TakenTurn> {
  const started = now();
  const before = input.control.spent().usage;
  const result = await take(input).catch((error: unknown): RunResult => {
    return input.control.signal.aborted ? { outcome: "interrupted" } : failureOf(error);
  });
  const interrupted = result.outcome === "failed" && input.control.signal.aborted;
  return {
    result: interrupted ? { outcome: "interrupted" } : result,
    usage: usageSince(before, input.control.spent().usage),
    durationMs: now() - started,
  };
}

export function routeRecord(
  place: { sessionId: string; runId: string },
  route: Route,
  { result, usage, durationMs, fallback }: TakenTurn & { fallback?: string },
): RouteRecord {
  const { input, output, cacheRead, cacheWrite, reasoning, cost } = usage;
  const { code, message } = result.error ?? {};
  return {
    kind: "route",
    ...place,
    ...route,
    outcome: result.outcome,
    ...(code === undefined || message === undefined ? {} : { error: { code, message } }),
    ...(fallback === undefined ? {} : { fallback }),
    durationMs,
    tokens: { input, output, cacheRead, cacheWrite, reasoning },
    cost,
  };
}

function usageSince(before: Usage, after: Usage): Usage {
  return {
    input: after.input - before.input,
    output: after.output - before.output,
    cacheRead: after.cacheRead - before.cacheRead,
    cacheWrite: after.cacheWrite - before.cacheWrite,
    reasoning: after.reasoning - before.reasoning,
    cost: after.cost === null ? null : after.cost - (before.cost ?? 0),
  };
}
