// What a try would do to the workspace, and how it is settled. Types only.

/** `number` from 1 in the order of the file; `mark` tells whether it is still the same one; `lines` with their signs. */
export type TryHunk = { number: number; mark: string; header: string; lines: readonly string[] };

/** Lines are counted. */
export type TextDiff = { hunks: readonly TryHunk[]; added: number; removed: number };

/**
 * `group` gathers what nobody reads file by file: git's own folder, and what git ignores. `text` has hunks; `mode` is a
 * change of permission bits alone.
 */
export type TryChange = {
  /** Relative to the covered folder, `/` between parts. */
  path: string;
  kind: "added" | "changed" | "deleted";
  what: "text" | "binary" | "link" | "folder" | "mode";
  /** `conflict`: the workspace's own is no longer what the try began with. */
  state: "clean" | "conflict";
  group: "git" | "ignored" | null;
  hunks: readonly TryHunk[];
  added: number;
  removed: number;
  /** The workspace's own as it was when this was found; applying refuses where it is another. */
  realStamp: string;
};

/** All, what lies at or below a path, or one hunk of a file. `mark`: the hunk as it was shown. */
export type TryChoice =
  | { what: "all" }
  | { what: "path"; path: string }
  | { what: "hunk"; path: string; number: number; mark?: string };

/** What was done, and what was left alone because the workspace has another version of it. */
export type Settlement = { done: readonly TryChange[]; conflicts: readonly TryChange[] };

/**
 * Both sides of a conflict: what the session and what the person changed of the base. `base` false: that is not known
 * any more, and `ours` is the session's against the person's. null: no text, or too much of it.
 */
export type ConflictSides = { base: boolean; ours: TextDiff | null; theirs: TextDiff | null };
