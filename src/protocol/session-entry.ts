// SessionEntry: one line of a session file. The header comes first; every other line is an entry of the tree.
import * as z from "zod/mini";
import { PermissionMode } from "./approval.ts";
import { checkpointFields } from "./checkpoint.ts";
import { QueueItem } from "./control.ts";
import { MessageDelta, RunOutcome } from "./event.ts";
import { Failure } from "./failure.ts";
import { Message } from "./message.ts";
import { ThinkingLevel } from "./model.ts";
import { Usage } from "./usage.ts";

export const SESSION_VERSION = 1;

/**
 * Of a session that another program wrote: which, the file (with `#` and its id where that holds several), the SHA-256 of
 * what was read, its own id and folder, when it was imported, and how many bytes of entries that gave.
 */
const SessionOrigin = z.object({
  agent: z.string(),
  source: z.string(),
  sha256: z.string(),
  sessionId: z.optional(z.string()),
  cwd: z.optional(z.string()),
  time: z.string(),
  bytes: z.number(),
});

/** First line of the file. `time` is ISO 8601. */
export const SessionHeader = z.object({
  type: z.literal("session"),
  version: z.number(),
  id: z.string(),
  time: z.string(),
  cwd: z.string(),
  /** Session this one was forked from, or whose tool call made it (a subagent). */
  parentSession: z.optional(z.string()),
  origin: z.optional(SessionOrigin),
  /** The try it works in, by its id; absent: it works in the directory itself. */
  try: z.optional(z.string()),
  /** Program and version that wrote it. */
  writer: z.string(),
});
export type SessionHeader = z.infer<typeof SessionHeader>;

const base = { id: z.string(), parentId: z.nullable(z.string()), time: z.string() };

/**
 * `partial` keeps an answer under way: the deltas since the last partial of that message (at least once a
 * second); void once a `message` entry with that id follows. `leaf` moves the branch: the next entry's parent
 * is `targetId` (null: before the first). `run` marks ends. Entries of an unknown type are kept untouched.
 */
export const SessionEntry = z.discriminatedUnion("type", [
  z.object({ ...base, type: z.literal("message"), message: Message }),
  z.object({
    ...base,
    type: z.literal("partial"),
    messageId: z.string(),
    deltas: z.array(MessageDelta),
    reset: z.optional(z.boolean()),
  }),
  z.object({
    ...base,
    type: z.literal("run_start"),
    runId: z.string(),
    prompt: z.string(),
    runtime: z.string(),
  }),
  z.object({
    ...base,
    type: z.literal("run_end"),
    runId: z.string(),
    outcome: RunOutcome,
    steps: z.number(),
    usage: Usage,
    durationMs: z.number(),
    error: z.optional(Failure),
  }),
  z.object({ ...base, type: z.literal("queue"), items: z.array(QueueItem) }),
  z.object({ ...base, type: z.literal("leaf"), targetId: z.nullable(z.string()) }),
  z.object({
    ...base,
    type: z.literal("compaction"),
    summary: z.string(),
    firstKeptId: z.nullable(z.string()),
    tokensBefore: z.number(),
    tokensAfter: z.number(),
    filesRead: z.array(z.string()),
    filesModified: z.array(z.string()),
    usage: z.optional(Usage),
  }),
  z.object({ ...base, type: z.literal("model"), model: z.string(), thinking: ThinkingLevel }),
  z.object({ ...base, type: z.literal("mode"), mode: PermissionMode }),
  z.object({
    ...base,
    type: z.literal("runtime"),
    runtime: z.string(),
    externalSessionId: z.optional(z.string()),
  }),
  z.object({
    ...base,
    type: z.literal("results_dropped"),
    toolCallIds: z.array(z.string()),
    notice: z.string(),
    tokensBefore: z.number(),
    tokensAfter: z.number(),
  }),
  z.object({ ...base, type: z.literal("role"), role: z.string() }),
  z.object({ ...base, type: z.literal("system"), text: z.string() }),
  z.object({ ...base, type: z.literal("name"), name: z.string() }),
  z.object({ ...base, type: z.literal("label"), targetId: z.string(), label: z.string() }),
  z.object({
    ...base,
    type: z.literal("notice"),
    level: z.enum(["info", "warning", "error"]),
    message: z.string(),
    code: z.optional(z.string()),
    hint: z.optional(z.string()),
  }),
  z.object({ ...base, type: z.literal("checkpoint"), ...checkpointFields }),
  z.object({
    ...base,
    type: z.literal("approval"),
    toolCallId: z.string(),
    outcome: z.nullable(z.string()),
    reason: z.optional(z.string()),
  }),
]);
export type SessionEntry = z.infer<typeof SessionEntry>;

/** An entry whose type this version does not know; kept in the tree, shown to no model. */
export type UnknownEntry = {
  type: string;
  id: string;
  parentId: string | null;
  time: string;
  [key: string]: unknown;
};
