// What goes over the socket of a terminal session: one JSON object a line, both ways. The first one says what the connection
// is for and in which version.
import * as z from "zod/mini";
import { Failure } from "../../protocol/failure.ts";
import { ACTIVITIES } from "../activity/activity.ts";

/** Changed when an older program could no longer read a frame as it is meant. */
export const VERSION = 1;

export const LIMITS = { columns: { least: 2, most: 1000 }, rows: { least: 1, most: 500 } } as const;

const columns = z.number().check(z.int(), z.minimum(LIMITS.columns.least), z.maximum(LIMITS.columns.most));
const rows = z.number().check(z.int(), z.minimum(LIMITS.rows.least), z.maximum(LIMITS.rows.most));
const size = { columns, rows };

/** What can be asked of a host beside looking on. `ansi`: with colours and cursor, to be written to a terminal. */
export const Ask = z.discriminatedUnion("type", [
  z.object({ type: z.literal("status") }),
  z.object({ type: z.literal("send"), text: z.string(), keys: z.array(z.string()), enter: z.boolean() }),
  z.object({ type: z.literal("pause") }),
  z.object({ type: z.literal("resume") }),
  z.object({ type: z.literal("resize"), ...size }),
  z.object({ type: z.literal("snapshot"), scrollback: z.boolean(), ansi: z.boolean() }),
  z.object({ type: z.literal("detach"), client: z.nullable(z.string()) }),
  z.object({ type: z.literal("end"), force: z.boolean() }),
  z.object({ type: z.literal("wait"), state: z.enum(ACTIVITIES), timeoutMs: z.nullable(z.number()) }),
]);
export type Ask = z.infer<typeof Ask>;

/** From a client. `attach` or `ask` comes first; `attach` is followed by the others. */
export const ClientFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("attach"), version: z.number(), pid: z.number(), ...size }),
  z.object({ type: z.literal("ask"), version: z.number(), ask: Ask }),
  z.object({ type: z.literal("input"), text: z.string() }),
  z.object({ type: z.literal("size"), ...size }),
  z.object({ type: z.literal("detach") }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

const ClientInfo = z.object({ id: z.string(), pid: z.number(), ...size, sinceMs: z.number() });

/** `quietMs`: since the program wrote or was written to. */
export const Status = z.object({
  state: z.enum(ACTIVITIES),
  paused: z.boolean(),
  quietMs: z.number(),
  clients: z.array(ClientInfo),
  ...size,
});
export type Status = z.infer<typeof Status>;

const end = { exitCode: z.nullable(z.number()), signal: z.nullable(z.string()) };

/** `lines` are rows without colours; `ansi` is what draws the same on an empty terminal of that size. */
export const Snapshot = z.object({
  ...size,
  cursor: z.object({ x: z.number(), y: z.number(), hidden: z.boolean() }),
  lines: z.array(z.string()),
  ansi: z.optional(z.string()),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** Answers to an Ask. Which one comes is decided by its type. */
export const Answer = z.object({
  status: z.optional(Status),
  snapshot: z.optional(Snapshot),
  end: z.optional(z.object(end)),
  state: z.optional(z.enum(ACTIVITIES)),
  detached: z.optional(z.number()),
});
export type Answer = z.infer<typeof Answer>;

/**
 * From the host. `screen` is the whole state: at the start with the scrollback, later (`skipped`) where the client was too
 * far behind to be sent all output. What follows builds on it.
 */
export const HostFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("screen"), ...size, data: z.string(), skipped: z.boolean() }),
  z.object({ type: z.literal("output"), data: z.string() }),
  z.object({ type: z.literal("resize"), ...size }),
  z.object({ type: z.literal("status"), id: z.string(), paused: z.boolean(), clients: z.number() }),
  z.object({ type: z.literal("refused"), failure: Failure }),
  z.object({ type: z.literal("detached") }),
  z.object({ type: z.literal("ended"), ...end }),
  z.object({ type: z.literal("answer"), answer: Answer }),
  z.object({ type: z.literal("failed"), failure: Failure }),
]);
export type HostFrame = z.infer<typeof HostFrame>;

/** What a terminal says of itself, brought within the limits. */
export function withinLimits(wished: { columns: number; rows: number }): { columns: number; rows: number } {
  return { columns: clamp(wished.columns, LIMITS.columns), rows: clamp(wished.rows, LIMITS.rows) };
}

function clamp(value: number, { least, most }: { least: number; most: number }): number {
  return Math.min(most, Math.max(least, Math.trunc(value) || least));
}
