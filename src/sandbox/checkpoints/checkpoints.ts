// Checkpoints: the files of one workspace kept as commits of a shadow repository. Contracts only; see open-checkpoints.
import type { CheckpointKind, FileChange, FileDiff } from "../../protocol/checkpoint.ts";

/** `files` differ from the checkpoint before it; 0: they are as they were, and it is the same commit. */
export type Checkpoint = { commit: string; files: number };

export type NamedCheckpoint = { name: string; commit: string; timeMs: number };

/** The files become as in `to`. */
export type RestoreRequest = {
  to: string;
  /** Only those that differ between these two; absent: all. */
  between?: readonly [string, string];
  /** The files as they were known last: what differs from it was changed by somebody else since. */
  known?: string;
};

export type RestorePreview = {
  /** From now to then. */
  changes: FileDiff[];
  /** Paths among them that were changed since `known`. */
  foreign: string[];
  /** What stands in the way: nothing is restored while there is any. */
  blocked: { path: string; why: string }[];
};

/** `left`: paths that could not be restored although nothing seemed to stand in the way. */
type RestoreResult = { changes: FileChange[]; left: string[] };

/**
 * Every method throws AppError `checkpoints.*`: `unavailable` where this workspace is not covered at all, `busy` while
 * another process is at it, `unknown` for a commit that is gone, `blocked`, `failed`. They run one after another.
 */
export interface Checkpoints {
  /** Keeps the files as they are now. `name` only with kind named; one that was there is replaced. */
  take(kind: CheckpointKind, name?: string): Promise<Checkpoint>;
  /** What changed between two checkpoints, or since one. Sorted by path. */
  diff(from: string, to?: string): Promise<FileDiff[]>;
  preview(request: RestoreRequest): Promise<RestorePreview>;
  /** `onSafety` gets the checkpoint of the files as they are now, and is awaited before anything is changed. */
  restore(request: RestoreRequest, onSafety: (safety: Checkpoint) => Promise<void>): Promise<RestoreResult>;
  /** Those with names, oldest first. */
  named(): Promise<NamedCheckpoint[]>;
  /** Folders with a repository of their own and files that are too large, as of the newest checkpoint. */
  uncovered(): readonly string[];
  /** Why this workspace is not covered, as far as that was found out; "" when it is. */
  refusal(): string;
  /** Waits a moment for what is under way, then ends it. */
  close(): Promise<void>;
}
