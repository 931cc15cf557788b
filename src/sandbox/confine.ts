// Confinement of paths: where a path really leads once all symlinks are followed, and whether that is inside.
import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { isErrorCode } from "../lib/error-code.ts";
import { expandHome, isWithin } from "../lib/paths.ts";

/** As many links in a row as Linux follows (path_resolution(7)). */
const MAX_LINKS = 40;

export type Confinement = {
  /** Absolute, symlinks resolved. Relative paths start here. */
  root: string;
  /** Further folders that are allowed, symlinks resolved. */
  others: readonly string[];
  /** What `~` stands for. */
  home: string;
};

/** The absolute real path; throws `workspace.outside` for what is neither below root nor below the others. */
export async function confine(path: string, { root, others, home }: Confinement): Promise<string> {
  if (path.includes("\0")) throw new AppError("workspace.path", "A path cannot hold a NUL character.");
  const real = realPathOf(resolve(root, expandHome(path, home)), MAX_LINKS);
  if (isWithin(root, real) || others.some((folder) => isWithin(folder, real))) return real;
  throw new AppError("workspace.outside", `${path} is outside the workspace.`, {
    hint: `Only files below ${[root, ...others].join(", ")} can be used.`,
  });
}

/**
 * Like realpath, for paths whose end does not exist yet as well: a dangling link counts as its target. At once, for
 * every call asks several times: the answer takes microseconds, waiting for a thread to get it ten times that.
 */
function realPathOf(path: string, linksLeft: number): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (isErrorCode(error, "ELOOP") || linksLeft === 0) {
      throw new AppError("workspace.path", `${path} is a symlink that leads back to itself.`, {
        cause: error,
      });
    }
    if (!isErrorCode(error, "ENOENT", "ENOTDIR")) throw error;
  }
  if (dirname(path) === path) return path;
  const parent = realPathOf(dirname(path), linksLeft);
  const leaf = join(parent, basename(path));
  const target = linkTarget(leaf);
  return target === null ? leaf : realPathOf(resolve(parent, target), linksLeft - 1);
}

/** Where a symlink points, null for what is none or not there. */
function linkTarget(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}
