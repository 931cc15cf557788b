// Gathers what nobody reads file by file: git's own folder, which is taken over whole or not at all, and what git ignores.
import type { TryChange } from "../../protocol/try-change.ts";
import { type GitPlace, ignoredPaths } from "./run-git.ts";

/** Written by git beside what it does: of no account when nothing else of git's changed. */
const SIDE_FILES = /^\.git\/(index|ORIG_HEAD|FETCH_HEAD|COMMIT_EDITMSG|gc\.log|.*\.lock)$/;

/** Named by their content, so that two of a name are the same. */
const OBJECTS = /^\.git\/objects\//;

export async function groupChanges(changes: readonly TryChange[], git: GitPlace): Promise<TryChange[]> {
  const isGit = ({ path }: TryChange): boolean => path === ".git" || path.startsWith(".git/");
  const others = changes.filter((change) => !isGit(change));
  const ignored = await ignoredPaths(
    others.map(({ path }) => path),
    git,
  );
  const grouped = others.map(
    (change): TryChange => (ignored.has(change.path) ? alone(change, "ignored") : change),
  );
  return [...grouped, ...gitChanges(changes.filter(isGit))].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** A conflict in one of them is a conflict of all: half a repository is none. */
function gitChanges(changes: readonly TryChange[]): TryChange[] {
  if (changes.every(({ path }) => SIDE_FILES.test(path))) return [];
  const isConflict = changes.some(({ path, state }) => state === "conflict" && !OBJECTS.test(path));
  const state = isConflict ? "conflict" : "clean";
  return changes
    .filter(({ path }) => !path.endsWith(".lock"))
    .map((change) => ({ ...alone(change, "git"), state }));
}

function alone(change: TryChange, group: "git" | "ignored"): TryChange {
  return { ...change, group, hunks: [] };
}
