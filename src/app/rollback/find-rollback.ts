// What an undo, a redo or a rewind means in a session: which files, and where the conversation goes. Pure.
import { AppError } from "../../lib/app-error.ts";
import { pathTo, rewindTarget, type TreeNode } from "../../session/tree.ts";
import { runEnd } from "../run-tree.ts";
import type { RewindTarget, RollbackAction } from "./checkpoint-choice.ts";
import { branchRuns, type CheckpointLog, checkpointOf, filesAfter, filesAtStart } from "./checkpoint-log.ts";

export type Rollback = {
  where: string;
  /** null: no file has to change. */
  files: { to: string; between?: readonly [string, string]; known?: string } | null;
  /** Why no file changes; "" where there is nothing to say. */
  filesStay: string;
  /** The entry that the next one follows, null at the root; absent: the conversation stays. */
  leaf?: string | null;
  /** The prompt that is taken back. */
  draft?: string;
};

const NO_CHANGE = "no change of theirs was kept";
const UNKNOWN = "there is no checkpoint of the files as they were there";

/** `named`: commits by the names of the person's. Throws `session.no_run`, `rollback.nothing`, `checkpoints.unknown`. */
export function findRollback(
  log: CheckpointLog,
  action: RollbackAction,
  named: ReadonlyMap<string, string>,
): Rollback {
  switch (action.kind) {
    case "undo":
      return findUndo(log);
    case "redo":
      return findRedo(log);
    case "rewind":
      return findRewind(log, action.to, named);
  }
}

function findUndo(log: CheckpointLog): Rollback {
  const runs = branchRuns(log);
  const run = runs.at(-1);
  if (!run) {
    throw new AppError("rollback.nothing", "There is nothing to undo: this conversation has no runs.", {
      hint: "`/redo` brings back what was taken back; `/tree` shows the runs of all branches.",
    });
  }
  const before = checkpointOf(log, run, "before");
  const after = checkpointOf(log, run, "after");
  const leaf = rewindTarget(log.tree, runs.length - 1);
  const place = { where: `before run ${runs.length}`, leaf, draft: run.text };
  if (!before) return { ...place, files: null, filesStay: NO_CHANGE };
  // It was cut off before its end was kept: all that is different now may be its work.
  const files = after
    ? { to: before.commit, between: [after.commit, before.commit] as const, known: after.commit }
    : { to: before.commit };
  return { ...place, files, filesStay: "" };
}

function findRedo(log: CheckpointLog): Rollback {
  const safety = log.undone.at(-1);
  if (!safety) {
    throw new AppError("rollback.nothing", "There is nothing to redo.", {
      hint: "/redo brings back what /undo or /rewind took, until the next prompt; `/tree` shows all runs.",
    });
  }
  const { undo, commit } = safety;
  return {
    where: `before the ${undo.action}`,
    files: { to: commit, between: [undo.from, undo.to], known: undo.to },
    filesStay: "",
    ...(undo.conversation ? { leaf: safety.id } : {}),
  };
}

function findRewind(log: CheckpointLog, to: RewindTarget, named: ReadonlyMap<string, string>): Rollback {
  const known = log.all.at(-1)?.commit;
  const filesFrom = (commit: string | undefined) =>
    commit === undefined
      ? { files: null, filesStay: log.all.length === 0 ? NO_CHANGE : UNKNOWN }
      : { files: { to: commit, ...(known === undefined ? {} : { known }) }, filesStay: "" };
  if ("snapshot" in to) {
    const commit = snapshotCommit(log, to.snapshot, named);
    return { where: `snapshot ${to.snapshot}`, ...filesFrom(commit) };
  }
  if ("runEntry" in to) {
    const { run, end } = findRun(log, to.runEntry);
    return { where: whereOf(log, run), leaf: end.id, ...filesFrom(filesAfter(log, run)?.commit) };
  }
  const leaf = rewindTarget(log.tree, to.run);
  const run = branchRuns(log)[to.run - 1];
  const files = run ? filesAfter(log, run) : filesAtStart(log);
  const where = run ? `the end of run ${to.run}` : "the start";
  return { where, leaf, ...filesFrom(files?.commit) };
}

function findRun(log: CheckpointLog, id: string): { run: TreeNode; end: TreeNode } {
  const end = runEnd(log.tree, id);
  const run = end && pathTo(end).find((node) => node.id === id);
  if (run) return { run, end };
  throw new AppError("session.no_run", "This session has no such run.", { hint: "`/tree` shows the runs." });
}

function whereOf(log: CheckpointLog, run: TreeNode): string {
  const at = branchRuns(log).indexOf(run);
  return at < 0 ? "that run" : `the end of run ${at + 1}`;
}

/** The commit of a snapshot by what the list calls it, or by the number of its run. Throws `checkpoints.unknown`. */
export function snapshotCommit(
  log: CheckpointLog,
  id: string,
  named: ReadonlyMap<string, string>,
): string | undefined {
  const commit = named.get(id);
  if (commit !== undefined) return commit;
  const number = /^(?:turn-)?(\d{1,6})$/.exec(id)?.[1];
  if (id === "start" || (number !== undefined && Number(number) === 0)) return filesAtStart(log)?.commit;
  const run = number === undefined ? undefined : branchRuns(log)[Number(number) - 1];
  if (run) return filesAfter(log, run)?.commit;
  const safety = /^safety-(\d{1,6})$/.exec(id)?.[1];
  const found = safety === undefined ? undefined : safeties(log)[Number(safety) - 1];
  if (found) return found.commit;
  throw new AppError("checkpoints.unknown", `There is no snapshot "${id}".`, {
    hint: "`/snapshots` lists them.",
  });
}

export function safeties({ all }: CheckpointLog): CheckpointLog["all"] {
  return all.filter(({ kind }) => kind === "safety");
}
