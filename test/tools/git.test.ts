import { access, chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shown, temporaryWorkspace } from "./temporary-workspace.ts";

async function repository(env: Record<string, string> = {}) {
  const made = await temporaryWorkspace(env);
  await made.git("init", "-q", "-b", "main");
  await made.git("config", "user.name", "Test");
  await made.git("config", "user.email", "test@example.com");
  await made.put("a.txt", "one\n");
  await made.git("add", ".");
  await made.git("commit", "-q", "-m", "first");
  return { ...made, index: () => readFile(join(made.root, ".git/index")) };
}

test("A-061: a modified and an untracked file are reported, and the index is unchanged", async () => {
  const { call, put, index } = await repository();
  const before = await index();
  await put("a.txt", "two\n");
  await put("grün.txt", "new\n");
  expect(shown(await call("git_status", {}))).toBe("## main\n M a.txt\n?? grün.txt");
  expect(shown(await call("git_diff", {}))).toMatch(/^diff --git a\/a\.txt b\/a\.txt\n[\s\S]*-one\n\+two$/);
  expect(await index()).toEqual(before);
});

test("staged changes, a ref and paths narrow the diff", async () => {
  const { call, put } = await repository();
  await put("a.txt", "two\n");
  await put("b.txt", "b\n");
  expect(shown(await call("git_add", { paths: ["a.txt", "b.txt"] }))).toBe("Staged now:\nM\ta.txt\nA\tb.txt");
  expect(shown(await call("git_diff", {}))).toBe("no differences");
  expect(shown(await call("git_diff", { staged: true, paths: ["b.txt"] }))).not.toContain("a.txt");
  expect(shown(await call("git_diff", { ref: "HEAD" }))).toContain("+two");
});

test("a commit is made with the message as given, and log and show tell of it", async () => {
  const { call, put } = await repository();
  await put("a.txt", "two\n");
  await call("git_add", { path: "a.txt" });
  const output = shown(await call("git_commit", { message: "--amend $(touch x)\n\nbody" }));
  expect(output).toMatch(/^\[main [0-9a-f]+\] --amend \$\(touch x\)/);
  expect(shown(await call("git_log", { limit: 1 }))).toMatch(
    /^[0-9a-f]+ \d{4}-\d\d-\d\d Test \(HEAD -> main\) --amend/,
  );
  expect(shown(await call("git_log", {})).split("\n")).toHaveLength(2);
  expect(shown(await call("git_show", {}))).toContain("+two");
  expect(shown(await call("git_show", { ref: "HEAD~1:a.txt" }))).toBe("one");
});

test("A-063: a ref that is an option is refused and no file is made", async () => {
  const { call, base } = await repository();
  const target = join(base, "made-by-git");
  for (const name of ["git_diff", "git_log", "git_show"]) {
    const failing = call(name, { ref: `--output=${target}` });
    await expect(failing).rejects.toMatchObject({ code: "tool.arguments" });
  }
  await expect(access(target)).rejects.toThrow();
});

test("paths are taken to the letter and stay inside the workspace", async () => {
  const { call, put } = await repository();
  await put("b.txt", "b\n");
  await expect(call("git_add", { paths: ["../x"] })).rejects.toMatchObject({ code: "workspace.outside" });
  await expect(call("git_add", { paths: [":(top)*"] })).rejects.toMatchObject({ code: "git.failed" });
  await expect(call("git_add", { paths: ["--force"] })).rejects.toMatchObject({ code: "git.failed" });
  expect(shown(await call("git_add", { paths: ["."] }))).toContain("A\tb.txt");
});

test("programs that a repository's configuration names are not run by looking at it", async () => {
  const { call, put, git, root, base } = await repository({ PAGER: "false", EDITOR: "false" });
  const trap = join(root, "trap.sh");
  await put("trap.sh", `#!/bin/sh\ntouch ${join(base, "sprung")}\n`);
  await chmod(trap, 0o755);
  await put(".gitattributes", "*.txt diff=trap\n");
  for (const key of [
    "diff.external",
    "diff.trap.textconv",
    "diff.trap.command",
    "core.fsmonitor",
    "core.pager",
  ]) {
    await git("config", key, trap);
  }
  await put("a.txt", "two\n");
  await call("git_status", {});
  await call("git_diff", {});
  await call("git_show", {});
  await call("git_log", {});
  await expect(access(join(base, "sprung"))).rejects.toThrow();
});

test("git's own words come back when it fails", async () => {
  const { call } = await temporaryWorkspace();
  await expect(call("git_status", {})).rejects.toThrow("not a git repository");
  const { call: inRepository } = await repository();
  await expect(inRepository("git_show", { ref: "nosuch" })).rejects.toMatchObject({ code: "git.failed" });
  await expect(inRepository("git_commit", { message: "nothing" })).rejects.toMatchObject({
    code: "git.failed",
  });
});

test("a long diff is cut with a notice", async () => {
  const { call, put } = await repository();
  await put("a.txt", "changed line\n".repeat(5000));
  const output = shown(await call("git_diff", {}));
  expect(output).toMatch(/\[Cut\. Narrow it with paths/);
  expect(Buffer.byteLength(output)).toBeLessThan(51 * 1024);
});
