// What stands in the way of restoring files: nothing may be overwritten that no checkpoint holds. Looks only.
import { constants } from "node:fs";
import { access, lstat, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "../../lib/error-code.ts";
import { isNothing, type RawChange } from "./tree-diff.ts";

export type Obstacle = { path: string; why: string };

const NOT_COVERED = "something is there that no checkpoint covers";
const NO_FOLDER = "its folder is not one that may be written";
const NESTED = "it lies in a repository of its own";

/** `changes` from the files as they are now to those that are wanted; `prefix` is where the workspace begins. */
export async function findObstacles(
  worktree: string,
  prefix: string,
  changes: readonly RawChange[],
): Promise<Obstacle[]> {
  const looker = new Looker(worktree, prefix, changes);
  const found: Obstacle[] = [];
  for (const { path, from } of changes) {
    const why = await looker.obstacle(path, isNothing(from));
    if (why !== null) found.push({ path, why });
  }
  return found;
}

class Looker {
  readonly #worktree: string;
  readonly #prefix: string;
  /** Covered now, and gone when it is done. */
  readonly #leaving: ReadonlySet<string>;
  readonly #folders = new Map<string, Promise<string | null>>();

  constructor(worktree: string, prefix: string, changes: readonly RawChange[]) {
    this.#worktree = worktree;
    this.#prefix = prefix;
    this.#leaving = new Set(changes.flatMap(({ path, to }) => (isNothing(to) ? [path] : [])));
  }

  async obstacle(path: string, isNew: boolean): Promise<string | null> {
    const folder = await this.#folder(dirname(path));
    if (folder !== null || !isNew) return folder;
    const stat = await look(join(this.#worktree, path));
    if (stat === null) return null;
    if (!stat.isDirectory()) return NOT_COVERED;
    return (await this.#isEmptied(path)) ? null : NOT_COVERED;
  }

  /** Why nothing can be written in this folder; it may be missing still. */
  #folder(path: string): Promise<string | null> {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const looked = this.#lookAtFolder(path);
    this.#folders.set(path, looked);
    return looked;
  }

  async #lookAtFolder(path: string): Promise<string | null> {
    const isTop = path === "." || `${path}/` === this.#prefix;
    const above = isTop ? null : await this.#folder(dirname(path));
    if (above !== null) return above;
    const folder = join(this.#worktree, path);
    const stat = await look(folder);
    if (stat === null || this.#leaving.has(path)) return null;
    if (!stat.isDirectory()) return NOT_COVERED;
    if (!isTop && (await look(join(folder, ".git"))) !== null) return NESTED;
    return access(folder, constants.W_OK | constants.X_OK).then(
      () => null,
      () => NO_FOLDER,
    );
  }

  /** Whether everything in a folder goes away by itself. */
  async #isEmptied(path: string): Promise<boolean> {
    const entries = await readdir(join(this.#worktree, path), { withFileTypes: true });
    for (const entry of entries) {
      const inside = `${path}/${entry.name}`;
      const goes = entry.isDirectory() ? await this.#isEmptied(inside) : this.#leaving.has(inside);
      if (!goes) return false;
    }
    return true;
  }
}

/** null where nothing is; what cannot be looked at is told by the folder's own check. */
async function look(file: string) {
  try {
    return await lstat(file);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "")) return null;
    throw error;
  }
}
