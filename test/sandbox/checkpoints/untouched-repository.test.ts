// Whatever checkpoints do, the person's own repository stays as it is: bytes, permissions, times.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { contents, git, nothing, testWorkspace } from "./test-workspace.ts";

/** Hooks that would leave a trace, a pack, a stash, settings that change files, an index with staged changes. */
function busyRepository(folder: string): string {
  const root = join(folder, "repo");
  mkdirSync(join(root, "src"), { recursive: true });
  git(root, "init", "--quiet", "--initial-branch=main");
  for (const name of [
    "pre-commit",
    "post-checkout",
    "post-index-change",
    "reference-transaction",
    "post-commit",
  ]) {
    const hook = `#!/bin/sh\necho ${name} >> "${folder}/hooks-ran"\n`;
    writeFileSync(join(root, ".git", "hooks", name), hook, { mode: 0o755 });
  }
  writeFileSync(join(root, "src", "a.txt"), "one\r\ntwo\n");
  writeFileSync(join(root, ".gitattributes"), "* text=auto eol=crlf\n");
  git(root, "add", "-A");
  git(root, "commit", "--quiet", "-m", "one");
  git(root, "repack", "-ad", "--quiet");
  git(root, "config", "core.autocrlf", "true");
  git(root, "config", "core.fsmonitor", `echo fsmonitor >> "${folder}/hooks-ran"; false`);
  git(root, "config", "core.untrackedCache", "true");
  git(root, "config", "filter.bad.clean", `echo filter >> "${folder}/hooks-ran"; cat`);
  writeFileSync(join(root, ".gitattributes"), "* text=auto eol=crlf filter=bad\n");
  writeFileSync(join(root, "stashed.txt"), "s\n");
  git(root, "stash", "--quiet", "--include-untracked");
  writeFileSync(join(root, ".gitattributes"), "* text=auto eol=crlf filter=bad\n");
  writeFileSync(join(root, "staged.txt"), "staged\n");
  git(root, "add", "staged.txt");
  writeFileSync(join(root, "staged.txt"), "changed after\n");
  rmSync(join(folder, "hooks-ran"), { force: true });
  return root;
}

const ran = (folder: string): string => {
  try {
    return readFileSync(join(folder, "hooks-ran"), "utf8");
  } catch {
    return "";
  }
};

/** Everything there is to do, on the workspace at `root`. */
async function doEverything(folder: string, root: string): Promise<void> {
  const work = await testWorkspace({ folder, root });
  const first = await work.take("before");
  work.write("src/a.txt", "changed\n");
  work.write("src/new.txt", "new\n");
  await work.take("named", "mine");
  await work.diff(first.commit);
  await work.preview({ to: first.commit });
  let safety = "";
  await work.restore({ to: first.commit }, async ({ commit }) => {
    safety = commit;
  });
  await work.restore({ to: safety }, nothing);
  await work.restore({ to: first.commit, between: [safety, first.commit] }, nothing);
  await work.named();
  await work.close();
}

it("a repository with hooks, filters, a stash and a staged change", async () => {
  const folder = await temporaryFolder();
  const root = busyRepository(folder);
  const before = { git: contents(join(root, ".git"), { times: true }), files: contents(root) };
  await doEverything(folder, root);
  expect(contents(join(root, ".git"), { times: true })).toEqual(before.git);
  expect(contents(root)).toEqual(before.files);
  expect(ran(folder)).toBe("");
});

it("a worktree of a repository, and the repository", async () => {
  const folder = await temporaryFolder();
  const main = busyRepository(folder);
  const root = join(folder, "tree");
  git(main, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", root, "HEAD");
  rmSync(join(folder, "hooks-ran"), { force: true });
  const before = { main: contents(main, { times: true }), pointer: readFileSync(join(root, ".git"), "utf8") };
  await doEverything(folder, root);
  expect(contents(main, { times: true })).toEqual(before.main);
  expect(readFileSync(join(root, ".git"), "utf8")).toBe(before.pointer);
  expect(ran(folder)).toBe("");
});

it("a repository with a submodule: neither is touched, and the submodule is named as not covered", async () => {
  const folder = await temporaryFolder();
  const inner = join(folder, "inner");
  mkdirSync(inner);
  git(inner, "init", "--quiet", "--initial-branch=main");
  writeFileSync(join(inner, "i.txt"), "i\n");
  git(inner, "add", "-A");
  git(inner, "commit", "--quiet", "-m", "one");
  const root = busyRepository(folder);
  git(root, "-c", "core.hooksPath=/dev/null", "submodule", "--quiet", "add", inner, "sub");
  rmSync(join(folder, "hooks-ran"), { force: true });
  const state = () => ({
    git: contents(join(root, ".git"), { times: true }),
    sub: contents(join(root, "sub"), { times: true }),
  });
  const before = state();
  await doEverything(folder, root);
  expect(state()).toEqual(before);
  expect(ran(folder)).toBe("");
  const work = await testWorkspace({ folder, root });
  const { commit } = await work.take("before");
  expect(work.uncovered()).toEqual(["sub/"]);
  // In the submodule itself it is a workspace as any other.
  const inside = await testWorkspace({ folder: await temporaryFolder(), root: join(root, "sub") });
  const point = await inside.take("before");
  inside.write("i.txt", "changed\n");
  await inside.restore({ to: point.commit }, nothing);
  expect(state()).toMatchObject({ git: before.git });
  expect(inside.read("i.txt")).toBe("i\n");
  expect(await work.diff(commit)).toEqual([]);
});
