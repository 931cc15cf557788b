// Entries of a session file beside protocol's: `state`, a snapshot that spares readers the way to the start,
// and `plan`. And the union of everything a line can hold.
import * as z from "zod/mini";
import { PermissionMode } from "../protocol/approval.ts";
import { QueueItem } from "../protocol/control.ts";
import { ThinkingLevel } from "../protocol/model.ts";
import type { SessionEntry, UnknownEntry } from "../protocol/session-entry.ts";
import { Usage } from "../protocol/usage.ts";

/**
 * What is true of a session as a whole at one point of its file, whichever branch it came from. `queue` holds
 * pending items only. `usage` sums all answers and compactions. `openRun` is the run that has no end yet.
 * `firstPrompt` is cut to 200 characters.
 */
export const StoredState = z.object({
  name: z.nullable(z.string()),
  model: z.nullable(z.string()),
  thinking: z.nullable(ThinkingLevel),
  mode: z.nullable(PermissionMode),
  /** Absent in files of older versions, as is `system`: what /system added. */
  role: z.optional(z.string()),
  system: z.optional(z.string()),
  runtime: z.nullable(z.string()),
  externalSessionId: z.nullable(z.string()),
  /** The newest session of each external agent whose talk is still part of the branch. Absent in older files. */
  externalSessions: z.optional(z.record(z.string(), z.string())),
  queue: z.array(QueueItem),
  paused: z.boolean(),
  firstPrompt: z.nullable(z.string()),
  /** Runs started so far, on every branch. */
  runs: z.number(),
  /** Names of the runtimes that ran, in order of their first run. */
  runtimes: z.array(z.string()),
  usage: Usage,
  openRun: z.nullable(z.object({ runId: z.string(), steps: z.number() })),
});
export type StoredState = z.infer<typeof StoredState>;

const base = { id: z.string(), parentId: z.nullable(z.string()), time: z.string() };

/** Written every few hundred entries, when a session is paused or goes on, and when it is closed. Not in the tree. */
export const StateEntry = z.object({ ...base, type: z.literal("state"), state: StoredState });
export type StateEntry = z.infer<typeof StateEntry>;

/** The plan as an agent last told it (`plan_update`). */
export const PlanEntry = z.object({
  ...base,
  type: z.literal("plan"),
  entries: z.array(z.object({ text: z.string(), status: z.enum(["pending", "in_progress", "completed"]) })),
});
export type PlanEntry = z.infer<typeof PlanEntry>;

/** An entry whose type this version knows. */
export type KnownEntry = SessionEntry | StateEntry | PlanEntry;

/** A line whose type this version does not know: its place in the tree, and all of it under `raw`. */
type ForeignEntry = {
  type: "unknown";
  id: string;
  parentId: string | null;
  time: string;
  raw: UnknownEntry;
};

/** What reading a line gives. */
export type StoredEntry = KnownEntry | ForeignEntry;

type WithoutPlace<Entry> = Entry extends KnownEntry
  ? Omit<Entry, "id" | "parentId" | "time"> & { id?: string }
  : never;

/** An entry before the store gives it its id (unless it has one), parent and time. */
export type EntryDraft = WithoutPlace<SessionEntry | PlanEntry>;
