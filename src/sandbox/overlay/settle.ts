// Settles changes: applying takes them over into the workspace, discarding puts the workspace's own back into the try.
// What the person changed meanwhile is never overwritten. Atomic per file; a failure says exactly what was done.
import { join } from "node:path";
import { AppError, toFailure } from "../../lib/app-error.ts";
import type { Settlement, TryChange } from "../../protocol/try-change.ts";
import type { Base } from "./base.ts";
import type { BaseTexts } from "./base-texts.ts";
import { readText } from "./find-changes.ts";
import { dropHunk, type HunkChoice, takeHunk } from "./hunks.ts";
import { isSame, lookAt, stampOf } from "./node.ts";
import { type Placement, prepare, type Way } from "./place.ts";
import type { Trees } from "./touched.ts";

export type SettleOptions = { trees: Trees; base: Base; texts: BaseTexts };

/** Throws `try.apply` when it failed: before anything was done, or with what was done and what was not. */
export async function applyChanges(
  changes: readonly TryChange[],
  options: SettleOptions,
): Promise<Settlement> {
  const { tried, real } = options.trees;
  return settleAll(changes, { ...options, way: { from: tried, to: real }, mayOverwrite: false });
}

/** Conflicts too: the workspace's own is kept. Throws `try.discard` like applyChanges. */
export async function discardChanges(
  changes: readonly TryChange[],
  options: SettleOptions,
): Promise<Settlement> {
  const { tried, real } = options.trees;
  return settleAll(changes, { ...options, way: { from: real, to: tried }, mayOverwrite: true });
}

/** Throws `try.hunk` where the file has no such hunk any more, `try.conflict` where the workspace has another version. */
export async function applyHunk(change: TryChange, hunk: HunkChoice, options: SettleOptions): Promise<void> {
  const { tried, real } = options.trees;
  if (change.state === "conflict" || !isAsFound(change, options)) throw conflictError(change.path);
  const text = await hunkText(change, { hunk, options, take: takeHunk });
  const isThere = lookAt(join(real, change.path)).kind === "file";
  // The mode stays the workspace's own: that of the try is settled with the last of the file.
  const placement = await prepare(change.path, { from: isThere ? real : tried, to: real }, text);
  await commitOne(placement);
  await settled(change.path, options);
}

/** Throws `try.hunk` where the file has no such hunk any more. */
export async function discardHunk(
  change: TryChange,
  hunk: HunkChoice,
  options: SettleOptions,
): Promise<void> {
  const { tried } = options.trees;
  const text = await hunkText(change, { hunk, options, take: dropHunk });
  await commitOne(await prepare(change.path, { from: tried, to: tried }, text));
}

async function hunkText(
  { path, kind }: TryChange,
  { hunk, options, take }: { hunk: HunkChoice; options: SettleOptions; take: typeof takeHunk },
): Promise<string> {
  const { tried, real } = options.trees;
  const [before, after] = await Promise.all([readText(join(real, path)), readText(join(tried, path))]);
  const text =
    before === null || after === null || kind !== "changed" ? null : await take(before, after, hunk);
  if (text !== null) return text;
  throw new AppError("try.hunk", `${path} has no hunk ${hunk.number} like that now.`, {
    hint: "`/changes` lists what there is.",
  });
}

type AllOptions = SettleOptions & { way: Way; mayOverwrite: boolean };

async function settleAll(changes: readonly TryChange[], options: AllOptions): Promise<Settlement> {
  const verb = options.mayOverwrite ? "discard" : "apply";
  // What the side that is taken over does not have.
  const gone = options.mayOverwrite ? "added" : "deleted";
  const conflicts = options.mayOverwrite ? [] : changes.filter(({ state }) => state === "conflict");
  const wanted = inOrder(
    changes.filter((change) => !conflicts.includes(change)),
    gone,
  );
  const prepared = await prepareAll(wanted, { way: options.way, verb, gone });
  const done: TryChange[] = [];
  try {
    for (const { change, placement } of prepared) {
      if (!options.mayOverwrite && !isAsFound(change, options)) {
        conflicts.push({ ...change, state: "conflict" });
        continue;
      }
      await placement.commit();
      done.push(change);
      await settled(change.path, options);
    }
  } catch (error) {
    throw partly(error, { done, wanted, verb });
  } finally {
    await Promise.all(prepared.map(({ placement }) => placement.drop()));
  }
  return { done, conflicts };
}

type Prepared = { change: TryChange; placement: Placement };

/** Whatever can fail for want of room or of rights fails here, before anything is touched. */
async function prepareAll(
  changes: readonly TryChange[],
  { way, verb, gone }: { way: Way; verb: string; gone: TryChange["kind"] },
): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const change of changes) {
    try {
      refuseOther(change, { from: way.from, gone });
      prepared.push({ change, placement: await prepare(change.path, way) });
    } catch (cause) {
      await Promise.all(prepared.map(({ placement }) => placement.drop()));
      const message = `Nothing was done: ${change.path} failed: ${toFailure(cause).message}`;
      throw new AppError(`try.${verb}`, message, { cause });
    }
  }
  return prepared;
}

/** What is there now where nothing was found, or the other way round, is not what was chosen. */
function refuseOther(
  { path, kind }: TryChange,
  { from, gone }: { from: string; gone: TryChange["kind"] },
): void {
  const isGone = lookAt(join(from, path)).kind === "none";
  if (isGone !== (kind === gone)) throw new AppError("try.changed", "it was changed while it was looked at.");
}

/** What goes, innermost first, makes room for what comes, outermost first. */
function inOrder(changes: readonly TryChange[], gone: TryChange["kind"]): TryChange[] {
  const goes = ({ kind }: TryChange): boolean => kind === gone;
  const byPath = changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return [...byPath.filter(goes).reverse(), ...byPath.filter((change) => !goes(change))];
}

function isAsFound({ path, realStamp }: TryChange, { trees }: SettleOptions): boolean {
  return stampOf(lookAt(join(trees.real, path))) === realStamp;
}

/** Written down at once, so that a later change of the person's is seen as one. */
async function settled(path: string, { trees, base, texts }: SettleOptions): Promise<void> {
  const [real, tried] = [join(trees.real, path), join(trees.tried, path)];
  const isWhole = await isSame(real, tried);
  await base.settle(path, { real: lookAt(real), tried: isWhole ? lookAt(tried) : null });
  await texts.renew(path, trees.real);
}

async function commitOne(placement: Placement): Promise<void> {
  try {
    await placement.commit();
  } finally {
    await placement.drop();
  }
}

function partly(
  error: unknown,
  { done, wanted, verb }: { done: readonly TryChange[]; wanted: readonly TryChange[]; verb: string },
): AppError {
  const failed = wanted.find((change) => !done.includes(change));
  const names = done.map(({ path }) => path).join(", ");
  const words = verb === "apply" ? "applied" : "discarded";
  const message = `${done.length} of ${wanted.length} changes were ${words}${names === "" ? "" : ` (${names})`}; then ${failed?.path ?? "one"} failed: ${toFailure(error).message}`;
  return new AppError(`try.${verb}`, message, {
    cause: error,
    hint: "What was not done is as before: `/changes` lists it.",
  });
}

export function conflictError(path: string): AppError {
  return new AppError(
    "try.conflict",
    `${path} was changed in the workspace too; nothing of it was overwritten.`,
    {
      hint: `\`/changes\` shows both sides; \`/discard ${path}\` keeps the workspace's.`,
    },
  );
}
