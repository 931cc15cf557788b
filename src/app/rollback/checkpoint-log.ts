// What a session's file says about checkpoints: of which run, and what /redo would bring back. Pure but for reading.
import type { CheckpointKind, CheckpointUndo } from "../../protocol/checkpoint.ts";
import type { StoredEntry } from "../../session/state-entry.ts";
import { collectTree, pathTo, type SessionTree, type TreeNode } from "../../session/tree.ts";

/** `id` of its entry. `files` as in the event. */
export type LoggedCheckpoint = {
  id: string;
  commit: string;
  kind: CheckpointKind;
  files: number;
  timeMs: number;
  name?: string | undefined;
  runId?: string | undefined;
  undo?: CheckpointUndo | undefined;
};

export type CheckpointLog = {
  tree: SessionTree;
  /** In the order they were made, of every branch. */
  all: LoggedCheckpoint[];
  /** What was taken back and not brought back since, nor followed by a run; the newest last. */
  undone: (LoggedCheckpoint & { undo: CheckpointUndo })[];
  /** runId of a run by the entry it begins with. */
  runIds: Map<string, string>;
};

export async function readCheckpointLog(
  batches: AsyncIterable<readonly StoredEntry[]>,
): Promise<CheckpointLog> {
  const log: Omit<CheckpointLog, "tree"> = { all: [], undone: [], runIds: new Map() };
  return { ...log, tree: await collectTree(gathering(batches, log)) };
}

async function* gathering(
  batches: AsyncIterable<readonly StoredEntry[]>,
  log: Omit<CheckpointLog, "tree">,
): AsyncGenerator<readonly StoredEntry[]> {
  for await (const batch of batches) {
    for (const entry of batch) addEntry(log, entry);
    yield batch;
  }
}

function addEntry(log: Omit<CheckpointLog, "tree">, entry: StoredEntry): void {
  if (entry.type === "run_start") {
    log.runIds.set(entry.id, entry.runId);
    // What follows is another way: there is no going forward any more.
    log.undone.length = 0;
  }
  if (entry.type !== "checkpoint") return;
  const { type: _type, parentId: _parentId, time, ...rest } = entry;
  const checkpoint: LoggedCheckpoint = { ...rest, timeMs: Date.parse(time) };
  log.all.push(checkpoint);
  const { undo } = checkpoint;
  if (undo?.action === "redo") log.undone.pop();
  else if (undo) log.undone.push({ ...checkpoint, undo });
}

/** The runs of the branch, oldest first. */
export function branchRuns({ tree }: CheckpointLog): TreeNode[] {
  return pathTo(tree.tip).filter(({ type }) => type === "run_start");
}

export function checkpointOf(
  log: CheckpointLog,
  run: TreeNode,
  kind: "before" | "after",
): LoggedCheckpoint | null {
  const runId = log.runIds.get(run.id);
  if (runId === undefined) return null;
  return log.all.find((checkpoint) => checkpoint.runId === runId && checkpoint.kind === kind) ?? null;
}

/**
 * The files as they were when `run` had ended. A run that changed nothing has no checkpoint of its own: what the next
 * run found is what it left, else what the run before it left. null: nobody knows, or there never was any change.
 */
export function filesAfter(log: CheckpointLog, run: TreeNode): LoggedCheckpoint | null {
  const own = checkpointOf(log, run, "after");
  if (own) return own;
  const next = firstBefore(log, runsFollowing(log, run));
  if (next || checkpointOf(log, run, "before")) return next;
  const earlier = pathTo(run.parent).filter(({ type }) => type === "run_start");
  const last = earlier.findLast((one) => checkpointOf(log, one, "before") !== null);
  return last ? checkpointOf(log, last, "after") : null;
}

/** The files as they were before anything of the branch, or of the whole session, changed them. */
export function filesAtStart(log: CheckpointLog): LoggedCheckpoint | null {
  return firstBefore(log, branchRuns(log)) ?? log.all.find(({ kind }) => kind === "before") ?? null;
}

function firstBefore(log: CheckpointLog, runs: readonly TreeNode[]): LoggedCheckpoint | null {
  for (const run of runs) {
    const before = checkpointOf(log, run, "before");
    if (before) return before;
  }
  return null;
}

/** Along the branch of now where it lies on it, else along the newest branch. */
function runsFollowing(log: CheckpointLog, run: TreeNode): TreeNode[] {
  const branch = pathTo(log.tree.tip);
  const at = branch.indexOf(run);
  if (at >= 0) return branch.slice(at + 1).filter(({ type }) => type === "run_start");
  const runs: TreeNode[] = [];
  for (let node = run.children.at(-1); node !== undefined; node = node.children.at(-1)) {
    if (node.type === "run_start") runs.push(node);
  }
  return runs;
}
