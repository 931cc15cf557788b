// Takes the workspace from the files as they are now to those of a checkpoint, path by path as asked. Git does the
// writing: it looks at every file first and refuses the whole when one is not as the kept index says.
import { chmod, lstat } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode } from "../../lib/error-code.ts";
import type { FileDiff } from "../../protocol/checkpoint.ts";
import { type CommitContent, withIndexCopy } from "./keep.ts";
import { type KeptState, usualMode, writeKeptState } from "./kept-state.ts";
import { findObstacles, type Obstacle } from "./obstacles.ts";
import { type ShadowGit, zeroSeparated } from "./shadow-git.ts";
import { isNothing, type RawChange, rawChanges, treeDiff } from "./tree-diff.ts";

export type RestorePlan = {
  /** The tree that is wanted. */
  tree: string;
  modes: KeptState["modes"];
  /** From the tree of now. */
  raw: RawChange[];
  /** Paths of which only the permissions change. */
  modeOnly: string[];
  blocked: Obstacle[];
};

/** `now`: the kept state, brought up to date. `between`: limits it to the files that differ there. */
export async function planRestore(
  git: ShadowGit,
  prefix: string,
  {
    now,
    between,
    to,
  }: { now: KeptState; between: readonly [CommitContent, CommitContent] | null; to: CommitContent },
): Promise<RestorePlan> {
  const all = await rawChanges(git, now.tree, to.tree);
  const [one, other] = between ?? [now, to];
  const limit = between && new Set((await rawChanges(git, one.tree, other.tree)).map(({ path }) => path));
  const modePaths = changedModes(one.modes, other.modes);
  const raw = limit ? all.filter(({ path }) => limit.has(path)) : all;
  const tree = raw.length === all.length ? to.tree : await treeWith(git, now.tree, raw);
  const modes = mergedModes(now.modes, to.modes, [...raw.map(({ path }) => path), ...modePaths]);
  const written = new Set(raw.map(({ path }) => path));
  const modeOnly = modePaths.filter((path) => !written.has(path) && modes[path] !== now.modes[path]);
  return { tree, modes, raw, modeOnly, blocked: await findObstacles(git.worktree, prefix, raw) };
}

/** The changes for a person to read. */
export async function describePlan(git: ShadowGit, now: KeptState, plan: RestorePlan): Promise<FileDiff[]> {
  const files = await treeDiff(git, { from: now.tree, to: plan.tree });
  const modes = plan.modeOnly.map(
    (path): FileDiff => ({ path, change: "changed", added: 0, removed: 0, patch: "" }),
  );
  return [...files, ...modes];
}

/** Gives the paths that could not be restored. Throws `checkpoints.git` when git refused and changed nothing. */
export async function applyPlan(git: ShadowGit, now: KeptState, plan: RestorePlan): Promise<string[]> {
  const left = await withIndexCopy(git, async (index, adopt) => {
    await git.run(["read-tree", "-m", "-u", now.tree, plan.tree], { index });
    const listed = await git.run(["ls-files", "-z", "--modified", "--deleted"], { index });
    await adopt();
    return new Set(zeroSeparated(listed));
  });
  await restoreModes(git.worktree, plan);
  await writeKeptState(git.gitDir, { ...now, tree: plan.tree, modes: plan.modes });
  return plan.raw.map(({ path }) => path).filter((path) => left.has(path));
}

/** Git writes every file as a new one: whoever could not read it before must not be able to now. */
async function restoreModes(worktree: string, { raw, modes, modeOnly }: RestorePlan): Promise<void> {
  for (const { path, to } of raw) {
    const bits = modes[path];
    if (to.mode.startsWith("100") && bits !== undefined) await changeMode(join(worktree, path), () => bits);
  }
  for (const path of modeOnly) {
    await changeMode(join(worktree, path), (now) => modes[path] ?? usualMode((now & 0o100) !== 0));
  }
}

/** A file that went away meanwhile needs none. */
async function changeMode(file: string, bits: (now: number) => number): Promise<void> {
  try {
    await chmod(file, bits((await lstat(file)).mode));
  } catch (error) {
    if (!isErrorCode(error, "ENOENT", "ENOTDIR")) throw error;
  }
}

/** The tree with some paths as on the other side of `changes`. */
async function treeWith(git: ShadowGit, tree: string, changes: readonly RawChange[]): Promise<string> {
  if (changes.length === 0) return tree;
  return withIndexCopy(git, async (index) => {
    const lines = changes.map(({ path, to }) =>
      isNothing(to) ? `0 ${"0".repeat(to.object.length)}\t${path}` : `${to.mode} ${to.object}\t${path}`,
    );
    const removals = lines.filter((line) => line.startsWith("0 "));
    const ordered = [...removals, ...lines.filter((line) => !line.startsWith("0 "))];
    await git.run(["update-index", "-z", "--index-info"], { index, stdin: `${ordered.join("\0")}\0` });
    return (await git.run(["write-tree"], { index })).trim();
  });
}

function changedModes(from: KeptState["modes"], to: KeptState["modes"]): string[] {
  const paths = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...paths].filter((path) => from[path] !== to[path]);
}

function mergedModes(
  now: KeptState["modes"],
  to: KeptState["modes"],
  paths: readonly string[],
): KeptState["modes"] {
  const merged = { ...now };
  for (const path of paths) {
    const bits = to[path];
    if (bits === undefined) delete merged[path];
    else merged[path] = bits;
  }
  return Object.fromEntries(Object.entries(merged).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
