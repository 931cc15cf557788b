// Compares what the session may have changed with the workspace: what differs is a change, clean or in conflict.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TextDiff, TryChange } from "../../protocol/try-change.ts";
import type { Base } from "./base.ts";
import { type BaseTexts, keptMode } from "./base-texts.ts";
import { diffTexts, MAX_TEXT_BYTES, textOf } from "./hunks.ts";
import { type FileNode, isSame, lookAt, sameBytes, stampOf } from "./node.ts";
import { isEmptyFolder, type Touched, type Trees } from "./touched.ts";
import { foldersAbove, leavesOf } from "./walk.ts";

export type FindOptions = {
  trees: Trees;
  base: Base;
  texts: BaseTexts;
  /** Told of what only the workspace's side changed since it was settled: the try shows an older state of it. */
  onStale?: (path: string) => void;
};

type Pair = { path: string; tried: FileNode; real: FileNode };

/** Everything of `touched` that differs; sorted by path. `group` is null everywhere still. */
export async function findChanges(
  touched: AsyncIterable<Touched>,
  options: FindOptions,
): Promise<TryChange[]> {
  const { trees } = options;
  const paths = new Map<string, boolean>();
  for await (const { path, isSure } of touched) paths.set(path, isSure);
  const changes: TryChange[] = [];
  for (const path of [...paths.keys()].toSorted()) {
    const [tried, real] = [lookAt(join(trees.tried, path)), lookAt(join(trees.real, path))];
    const change = await compare({ path, tried, real }, options);
    if (change) changes.push(paths.get(path) === false ? { ...change, state: "conflict" } : change);
  }
  return Promise.all(changes.map((change) => withFolderBelow(change, changes, trees)));
}

/** A folder gives way to a file only where all that is in it goes too: what the person put there stays. */
async function withFolderBelow(
  change: TryChange,
  changes: readonly TryChange[],
  { tried, real }: Trees,
): Promise<TryChange> {
  const { path } = change;
  if (change.what !== "folder" || lookAt(join(tried, path)).kind === "folder") return change;
  const goes = new Set(
    changes.flatMap(({ path, kind, state }) => (kind === "deleted" && state === "clean" ? [path] : [])),
  );
  for await (const leaf of leavesOf(real, path)) {
    if (leaf !== path && !goes.has(leaf)) return { ...change, state: "conflict" };
  }
  return change;
}

async function compare(pair: Pair, options: FindOptions): Promise<TryChange | null> {
  const { path, tried, real } = pair;
  const { trees, base } = options;
  if (tried.kind === "other" || real.kind === "other") return null;
  if (tried.kind === "folder" || real.kind === "folder") {
    if (!(await countsAsFolder(pair, trees))) return null;
  }
  if (await isSame(join(trees.tried, path), join(trees.real, path))) return null;
  const isClean = base.isUnchanged(path, real) && (await hasOwnFolders(path, options));
  if (!isClean && (await isTheirsAlone(pair, options))) {
    options.onStale?.(path);
    return null;
  }
  return {
    path,
    kind: real.kind === "none" ? "added" : tried.kind === "none" ? "deleted" : "changed",
    state: isClean ? "clean" : "conflict",
    group: null,
    realStamp: stampOf(real),
    ...(await contentOf(pair, trees)),
  };
}

/** Whether the folders above are still folders of the workspace, unless it was the session that made them ones. */
async function hasOwnFolders(path: string, { trees, base }: FindOptions): Promise<boolean> {
  for (const folder of foldersAbove(path)) {
    const node = lookAt(join(trees.real, folder));
    if (node.kind === "none") return true;
    if (node.kind !== "folder" && !base.isUnchanged(folder, node)) return false;
  }
  return true;
}

/** A folder is a change where its mode is, or where nothing in it says the same: an empty one. */
async function countsAsFolder({ path, tried, real }: Pair, trees: Trees): Promise<boolean> {
  if (tried.kind === "folder" && real.kind === "folder") return true;
  if (tried.kind === "folder") return real.kind !== "none" || isEmptyFolder(join(trees.tried, path));
  return tried.kind !== "none" || isEmptyFolder(join(trees.real, path));
}

/** The session left it as it was: the difference is the person's. */
async function isTheirsAlone({ path, tried }: Pair, { base, texts, trees }: FindOptions): Promise<boolean> {
  if (base.isSettled(path, tried)) return true;
  const kept = texts.fileOf(path);
  const known = tried.kind === "file" ? lookAt(kept) : null;
  return (
    known?.kind === "file" &&
    known.mode === keptMode(tried.mode) &&
    (await sameBytes(kept, join(trees.tried, path)))
  );
}

type Content = Pick<TryChange, "what" | "hunks" | "added" | "removed">;

async function contentOf({ path, tried, real }: Pair, trees: Trees): Promise<Content> {
  const none = { hunks: [], added: 0, removed: 0 };
  const kinds = [tried.kind, real.kind];
  if (kinds.includes("folder")) return { what: tried.kind === real.kind ? "mode" : "folder", ...none };
  if (kinds.includes("link")) return { what: "link", ...none };
  const files = [join(trees.real, path), join(trees.tried, path)] as const;
  const isModeAlone = tried.kind === real.kind && tried.size === real.size && (await sameBytes(...files));
  if (isModeAlone) return { what: "mode", ...none };
  const diff = await diffFiles(...files);
  return diff === null ? { what: "binary", ...none } : { what: "text", ...diff };
}

/** null where one of them is no text, or they cannot be compared in time. A missing one is empty. */
export async function diffFiles(before: string, after: string): Promise<TextDiff | null> {
  const [old, now] = await Promise.all([readText(before), readText(after)]);
  return old === null || now === null ? null : diffTexts(old, now);
}

/** "" where nothing is, null for what is no text. */
export async function readText(path: string): Promise<string | null> {
  const node = lookAt(path);
  if (node.kind === "none") return "";
  if (node.kind !== "file" || node.size > MAX_TEXT_BYTES) return null;
  return textOf(await readFile(path));
}
