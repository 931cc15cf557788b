// Makes the files of a try where there is no overlay: a copy that shares blocks, a git worktree, or a plain copy.
import { chmod, constants, copyFile, lutimes, mkdir, readlink, rm, symlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import { errorCode, isErrorCode } from "../../lib/error-code.ts";
import { type FileNode, lookAt } from "./node.ts";
import { type GitPlace, listedPaths, runGit } from "./run-git.ts";
import { leavesOf } from "./walk.ts";

/** A plain copy takes no more than this. */
const COPY_LIMIT = { bytes: 1024 ** 3, files: 100_000 };

/** Copies every path (files, links, folders) with mode and time; sockets, pipes and what may not be read are left out. */
export async function copyPaths(
  paths: Iterable<string> | AsyncIterable<string>,
  { from, to, mode }: { from: string; to: string; mode: number },
): Promise<void> {
  const folders: [path: string, node: FileNode][] = [];
  await mkdir(to, { recursive: true });
  for await (const path of paths) {
    const node = lookAt(join(from, path));
    if (node.kind === "folder") folders.push([path, node]);
    try {
      await copyNode(join(from, path), join(to, path), { node, mode });
    } catch (error) {
      if (!isErrorCode(error, "EACCES")) throw error;
    }
  }
  // At the end, and the inner ones first: a folder may say that nothing is to be written in it.
  for (const [path, { mode: bits, mtimeMs }] of folders.reverse()) {
    await chmod(join(to, path), bits);
    await utimes(join(to, path), mtimeMs / 1000, mtimeMs / 1000);
  }
}

async function copyNode(
  from: string,
  to: string,
  { node, mode }: { node: FileNode; mode: number },
): Promise<void> {
  const seconds = node.mtimeMs / 1000;
  switch (node.kind) {
    case "none":
    case "other":
      return;
    case "folder":
      await mkdir(to, { recursive: true });
      return;
    case "link":
      await mkdir(dirname(to), { recursive: true });
      await symlink(await readlink(from), to);
      await lutimes(to, seconds, seconds);
      return;
    case "file":
      await mkdir(dirname(to), { recursive: true });
      await copyFile(from, to, mode);
      await utimes(to, seconds, seconds);
      await chmod(to, node.mode);
  }
}

/** Whether files of `covered` can be had in `folder` without copying their blocks. */
export async function canReflink(covered: string, folder: string): Promise<boolean> {
  const probe = join(folder, "reflink-probe");
  try {
    for await (const path of leavesOf(covered, "")) {
      const node = lookAt(join(covered, path));
      if (node.kind !== "file" || node.size === 0) continue;
      await copyFile(join(covered, path), probe, constants.COPYFILE_FICLONE_FORCE);
      return true;
    }
    return false;
  } catch (error) {
    // ENOTSUP, EXDEV, EINVAL, ENOSYS: each file system says it in its own way.
    if (errorCode(error) === undefined) throw error;
    return false;
  } finally {
    await rm(probe, { force: true });
  }
}

/** null when a plain copy is small enough, else why not. */
export async function copyProblem(covered: string): Promise<string | null> {
  let [bytes, files] = [0, 0];
  for await (const path of leavesOf(covered, "")) {
    files += 1;
    bytes += lookAt(join(covered, path)).size;
    if (files > COPY_LIMIT.files) return `the folder holds more than ${COPY_LIMIT.files} files`;
    if (bytes > COPY_LIMIT.bytes) return "the folder holds more than 1 GB";
  }
  return null;
}

/**
 * A detached worktree of the repository `covered`, with the files as they are now: what is not committed, and what git
 * does not know yet but would not ignore. The index is carried over. Gives the paths. Throws `try.worktree`.
 */
export async function makeWorktree(
  covered: string,
  files: string,
  git: Omit<GitPlace, "cwd">,
): Promise<string[]> {
  const real = { ...git, cwd: covered };
  const paths = await listedPaths(real);
  const made = await runGit(["worktree", "add", "--detach", "--no-checkout", files, "HEAD"], real);
  if (paths === null || made === null) {
    throw new AppError("try.worktree", "git could not make a worktree of this repository.", {
      hint: "Without any commit there is nothing to make one of.",
    });
  }
  await copyPaths(paths, { from: covered, to: files, mode: constants.COPYFILE_FICLONE });
  const [index, copy] = await Promise.all([indexFile(real), indexFile({ ...git, cwd: files })]);
  if (index !== null && copy !== null && lookAt(index).kind === "file") {
    await copyFile(index, copy);
    await runGit(["update-index", "-q", "--refresh"], { ...git, cwd: files });
  }
  return paths;
}

/** Takes a worktree off the repository's list; its files are removed by whoever keeps them. */
export async function forgetWorktree(
  covered: string,
  files: string,
  git: Omit<GitPlace, "cwd">,
): Promise<void> {
  await runGit(["worktree", "remove", "--force", "--force", files], { ...git, cwd: covered });
}

async function indexFile(place: GitPlace): Promise<string | null> {
  const output = await runGit(["rev-parse", "--path-format=absolute", "--git-path", "index"], place);
  return output?.trim() || null;
}
