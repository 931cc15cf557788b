import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, it } from "vitest";
import { gitBranch } from "../../src/app/git-branch.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("the branch of a directory", () => {
  let folder: string;
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: folder });
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  const repository = async () => {
    await git("init", "--quiet", "--initial-branch=feature/x");
    await git("commit", "--quiet", "--allow-empty", "-m", "one");
  };

  it("is that of the repository around it, before and after the first commit", async () => {
    await git("init", "--quiet", "--initial-branch=main");
    expect(await gitBranch(folder)).toBe("main");
    await mkdir(join(folder, "a/b"), { recursive: true });
    expect(await gitBranch(join(folder, "a/b"))).toBe("main");
  });

  it("keeps slashes in its name", async () => {
    await repository();
    expect(await gitBranch(folder)).toBe("feature/x");
  });

  it("is the beginning of the commit when detached", async () => {
    await repository();
    await git("checkout", "--quiet", "--detach");
    const { stdout } = await git("rev-parse", "HEAD");
    expect(await gitBranch(folder)).toBe(stdout.slice(0, 8));
  });

  it("is the worktree's own in a worktree", async () => {
    await repository();
    await git("worktree", "add", "--quiet", "-b", "side", "tree");
    expect(await gitBranch(join(folder, "tree"))).toBe("side");
  });

  it("is empty outside a repository, and where .git is not readable as one", async () => {
    expect(await gitBranch(folder)).toBe("");
    await writeFile(join(folder, ".git"), "gitdir: nowhere");
    expect(await gitBranch(folder)).toBe("");
  });
});
