// CheckpointChoice: what a person can do with checkpoints. Contracts only; create-checkpoint-choice makes one.
import type { FileDiff } from "../../protocol/checkpoint.ts";

/** A run of the branch by its number (0: before the first), a run of any branch by its entry, or a named snapshot. */
export type RewindTarget = { run: number } | { runEntry: string } | { snapshot: string };

/** `undo` takes the newest run back, `redo` brings back what undo or rewind took. */
export type RollbackAction = { kind: "rewind"; to: RewindTarget } | { kind: "undo" } | { kind: "redo" };

export type RollbackPart = "both" | "files" | "conversation";

/** What an action would do. Nothing was changed yet. */
export type RollbackPreview = {
  action: RollbackAction;
  /** Where it leads, for a title: "the end of run 2". */
  where: string;
  changes: FileDiff[];
  /** Files among them that the person, or somebody else, changed since the newest checkpoint. */
  foreign: string[];
  /** What stands in the way of the files. */
  blocked: { path: string; why: string }[];
  /** Why the files cannot change; "" when they can, or need not. */
  filesStay: string;
  /** Why the conversation cannot; "" when it can. */
  conversationStays: string;
  /** Repositories inside and files too large: they are never touched. */
  uncovered: readonly string[];
};

/**
 * What was done: `say` is one line for where the conversation was replaced and is shown anew, `text` stands in it.
 * `draft` is the prompt that was taken back.
 */
export type RollbackResult = { text?: string; say?: string; draft?: string };

export type Snapshot = {
  /** `start`, `turn-0001`, `safety-1`, or its name: what /diff and /rewind take. */
  id: string;
  /** null where the time is not known, for a start without any change. */
  timeMs: number | null;
  /** The prompt of its run, or what it was made for. */
  title: string;
  /** Files that its run changed; null for other kinds. */
  files: number | null;
  /** null: there is none, so its files cannot be brought back. */
  commit: string | null;
};

/** Throws AppError `checkpoints.*`, `session.no_run`, `rollback.*`; nothing has changed then, or the sentence says what. */
export interface CheckpointChoice {
  /** Of this branch, oldest first, then those with names. */
  list(): Promise<Snapshot[]>;
  /** Keeps the files as they are now under a name. */
  name(name: string): Promise<void>;
  /** What changed since a snapshot or a run; absent: since the session began. `where` names it. */
  diff(since?: string): Promise<{ where: string; files: FileDiff[] }>;
  preview(action: RollbackAction): Promise<RollbackPreview>;
  apply(action: RollbackAction, part: RollbackPart): Promise<RollbackResult>;
}
