// Checkpoints: the files of a workspace as they were at one moment. Types only; who makes them is in sandbox.
import * as z from "zod/mini";

/** `before` a run's first change, `after` a run, `safety` before files are taken back, `named` by the person. */
export const CheckpointKind = z.enum(["before", "after", "safety", "named"]);
export type CheckpointKind = z.infer<typeof CheckpointKind>;

/**
 * Of a `safety` checkpoint: what was done right after it. Files that differ between the checkpoints `from` and `to`
 * became as in `to`; `conversation`: it moved too, away from the entry of this checkpoint.
 */
export const CheckpointUndo = z.object({
  action: z.enum(["undo", "redo", "rewind"]),
  from: z.string(),
  to: z.string(),
  conversation: z.boolean(),
});
export type CheckpointUndo = z.infer<typeof CheckpointUndo>;

/** `commit` in the shadow repository; `files` differ from the checkpoint before it. */
export const checkpointFields = {
  commit: z.string(),
  kind: CheckpointKind,
  files: z.number(),
  name: z.optional(z.string()),
  runId: z.optional(z.string()),
  undo: z.optional(CheckpointUndo),
};

/** A file between two moments. Path relative to the workspace; line counts are null for what is no text. */
export type FileChange = {
  path: string;
  change: "added" | "changed" | "removed";
  added: number | null;
  removed: number | null;
};

/** `patch`: unified, git style, without the `diff --git` line; "" where it would be too long or is no text. */
export type FileDiff = FileChange & { patch: string };
