// RouteRecord: a line of the audit log that says who took a turn, and how that went. The other lines are the gate's
// (GateRecord); a line that is not of kind "route" is one of those. Every line has a `time` (ISO 8601) beside this.
import * as z from "zod/mini";
import { RunOutcome } from "./event.ts";

/**
 * Why a runtime got a turn: the settings say so, the person forced it, a flag, the saved session had it; or another one
 * (`from`) has no tools for it, or failed before it changed anything.
 */
export const RouteReason = z.enum(["config", "forced", "flag", "session", "needs_tools", "fallback"]);
export type RouteReason = z.infer<typeof RouteReason>;

/**
 * `detail`: what in the prompt needs tools, or how the runtime before failed. `fallback`: who took the turn over after
 * this one failed. `cost` in US dollars, null where no price is known; `tokens` as in Usage.
 */
export const RouteRecord = z.object({
  kind: z.literal("route"),
  sessionId: z.string(),
  runId: z.string(),
  runtime: z.string(),
  reason: RouteReason,
  from: z.optional(z.string()),
  detail: z.optional(z.string()),
  outcome: RunOutcome,
  error: z.optional(z.object({ code: z.string(), message: z.string() })),
  fallback: z.optional(z.string()),
  durationMs: z.number(),
  tokens: z.object({
    input: z.number(),
    output: z.number(),
    cacheRead: z.number(),
    cacheWrite: z.number(),
    reasoning: z.number(),
  }),
  cost: z.nullable(z.number()),
});
export type RouteRecord = z.infer<typeof RouteRecord>;
