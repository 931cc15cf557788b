// The branch of a working directory, read from .git without starting a program.
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Branch name, the beginning of the commit when detached, or "" outside a repository. */
export async function gitBranch(cwd: string): Promise<string> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const head = await readHead(join(folder, ".git"));
    if (head !== null) return head;
    if (dirname(folder) === folder) return "";
  }
}

/** `.git` is a folder, or in worktrees and submodules a file that names one. */
async function readHead(git: string): Promise<string | null> {
  try {
    const isFolder = (await stat(git)).isDirectory();
    const pointer = isFolder ? "" : (await readFile(git, "utf8")).replace(/^gitdir:\s*/, "").trim();
    const folder = isFolder ? git : resolve(dirname(git), pointer);
    const head = (await readFile(join(folder, "HEAD"), "utf8")).trim();
    return head.startsWith("ref: ") ? head.replace(/^ref: refs\/heads\//, "") : head.slice(0, 8);
  } catch {
    // No .git here, or none that can be read: look further up.
    return null;
  }
}
