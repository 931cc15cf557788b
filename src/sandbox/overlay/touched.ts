// Which paths the session may have changed: the upper layer of an overlay, or what is no longer as it was copied.
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode } from "../../lib/error-code.ts";
import type { Base } from "./base.ts";
import { lookAt } from "./node.ts";
import { entriesOf, leavesOf } from "./walk.ts";

/** `isSure` false: the overlay does not show it, and it may be only that it has not seen it come back. */
export type Touched = { path: string; isSure: boolean };

/** `tried`: the files as the session sees them, `real`: the workspace's own. */
export type Trees = { tried: string; real: string };

/** Of an overlay: everything in its upper layer, and what it hides of the lower one. */
export async function* touchedInOverlay(layers: Layers, base: Base): AsyncGenerator<Touched> {
  yield* walkUpper(layers, base, { folder: "", isStill: base.isStill(lookAt(layers.real)) });
}

export type Layers = Trees & { upper: string };

/** `isStill`: nobody but the session made or took anything in the folder or moved it since the try began. */
type Walked = { folder: string; isStill: boolean };

async function* walkUpper(layers: Layers, base: Base, walked: Walked): AsyncGenerator<Touched> {
  yield* hiddenIn(layers, base, walked);
  for (const { name } of (await entriesOf(join(layers.upper, walked.folder))) ?? []) {
    const path = below(walked.folder, name);
    const seen = lookAt(join(layers.tried, path)).kind;
    const under = lookAt(join(layers.real, path));
    if (seen === "folder" && under.kind === "folder") {
      yield { path, isSure: true };
      yield* walkUpper(layers, base, { folder: path, isStill: walked.isStill && base.isStill(under) });
    } else if (seen !== "none") {
      if (under.kind === "folder") yield* sure(leavesOf(layers.real, path, { folders: true }));
      yield* sure(leavesOf(layers.tried, path, { folders: true }));
    }
  }
}

/**
 * What the lower folder has and the overlay does not show. Its whiteout is proof; a folder made anew in the upper layer
 * hides without one, and there an overlay that has not seen what was made below it looks the same.
 */
async function* hiddenIn(layers: Layers, base: Base, { folder, isStill }: Walked): AsyncGenerator<Touched> {
  const { tried, real, upper } = layers;
  for (const { name } of (await entriesOf(join(real, folder))) ?? []) {
    const path = below(folder, name);
    if (lookAt(join(tried, path)).kind !== "none") continue;
    const isProven = await isWhiteout(join(upper, path));
    if (!isProven && !base.held(path)) continue;
    for await (const leaf of leavesOf(real, path, { folders: true })) {
      yield { path: leaf, isSure: isProven || isStill };
    }
  }
}

async function* sure(paths: AsyncIterable<string>): AsyncGenerator<Touched> {
  for await (const path of paths) yield { path, isSure: true };
}

/** Of a copy: what is there and was not copied so, and what was copied and is gone. `paths`: those that count alone. */
export async function* touchedInCopy(
  trees: Trees,
  base: Base,
  { copiedMs, paths }: { copiedMs: number; paths?: readonly string[] },
): AsyncGenerator<Touched> {
  const seen = new Set<string>();
  // Git lists what it knew also where it is gone.
  for await (const path of paths ?? leavesOf(trees.tried, "", { folders: true })) {
    const node = lookAt(join(trees.tried, path));
    if (node.kind === "none") continue;
    seen.add(path);
    if (!base.isCopied(path, node, copiedMs)) yield { path, isSure: true };
  }
  for (const path of base.copied()) {
    if (!seen.has(path) && lookAt(join(trees.tried, path)).kind === "none") {
      yield { path, isSure: true };
    }
  }
}

/** Overlayfs marks what it hides by a character device 0:0 in its upper layer (kernel, filesystems/overlayfs). */
async function isWhiteout(path: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    return found.isCharacterDevice() && found.rdev === 0;
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}

function below(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Whether nothing is in a folder; false for what is none. */
export async function isEmptyFolder(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length === 0;
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
