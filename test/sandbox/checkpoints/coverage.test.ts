// What checkpoints cover and what they leave alone: ignored files, large ones, repositories inside, odd names.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git, nothing, testWorkspace } from "./test-workspace.ts";

describe("checkpoints", () => {
  it("leave out ignored files, large files and repositories inside, and name them (A-176)", async () => {
    const work = await testWorkspace({ limits: { fileBytes: 1_000 } });
    work.write(".gitignore", "ignored/\n*.log\n");
    work.write("ignored/x", "1\n");
    work.write("a.log", "1\n");
    work.write("sub/.gitignore", "here\n");
    work.write("sub/here", "1\n");
    work.write("large", "x".repeat(2_000));
    mkdirSync(join(work.root, "nested"));
    git(join(work.root, "nested"), "init", "--quiet");
    work.write("nested/n.txt", "1\n");
    work.write("kept", "1\n");
    const { commit } = await work.take("before");
    expect(work.uncovered()).toEqual(["large", "nested/"]);
    for (const path of ["ignored/x", "a.log", "sub/here", "large", "nested/n.txt", "kept"])
      work.write(path, "2\n");
    writeFileSync(join(work.root, "large"), "y".repeat(3_000));
    await work.restore({ to: commit }, nothing);
    expect(work.read("kept")).toBe("1\n");
    for (const path of ["ignored/x", "a.log", "sub/here", "nested/n.txt"])
      expect(work.read(path)).toBe("2\n");
    expect(work.read("large")).toBe("y".repeat(3_000));
  });

  it("let go of a file that becomes ignored or too large, and do not touch it any more", async () => {
    const work = await testWorkspace({ limits: { fileBytes: 1_000 } });
    work.write("a.log", "1\n");
    work.write("grows", "1\n");
    const { commit } = await work.take("before");
    work.write(".gitignore", "*.log\n");
    work.write("grows", "x".repeat(2_000));
    await work.take("after");
    expect(work.uncovered()).toEqual(["grows"]);
    work.write("a.log", "2\n");
    const shown = await work.preview({ to: commit });
    // Without the rule the file would be covered again; as long as it is ignored it stands in the way.
    expect(shown.blocked.map(({ path }) => path)).toEqual(["a.log", "grows"]);
    await expect(work.restore({ to: commit }, nothing)).rejects.toMatchObject({
      code: "checkpoints.blocked",
    });
    expect(work.read("a.log")).toBe("2\n");
    expect(work.read(".gitignore")).toBe("*.log\n");
  });

  it("obey the rules above a workspace that is a part of a repository, and keep to that part", async () => {
    const work = await testWorkspace();
    const top = join(work.folder, "repo");
    const root = join(top, "packages", "one");
    mkdirSync(root, { recursive: true });
    git(top, "init", "--quiet");
    writeFileSync(join(top, ".gitignore"), "node_modules\n");
    writeFileSync(join(top, "outside.txt"), "1\n");
    writeFileSync(join(top, ".git", "info", "exclude"), "private\n");
    const part = await testWorkspace({ folder: work.folder, root });
    part.write("node_modules/x", "1\n");
    part.write("private", "1\n");
    part.write("a", "1\n");
    const { commit } = await part.take("before");
    for (const path of ["node_modules/x", "private", "a"]) part.write(path, "2\n");
    writeFileSync(join(top, "outside.txt"), "2\n");
    expect((await part.diff(commit)).map(({ path }) => path)).toEqual(["a"]);
    await part.restore({ to: commit }, nothing);
    expect(part.read("a")).toBe("1\n");
    expect(part.read("private")).toBe("2\n");
    expect(execFileSync("cat", [join(top, "outside.txt")], { encoding: "utf8" })).toBe("2\n");
  });

  it("cover a workspace that a repository above it ignores as a whole", async () => {
    const { folder } = await testWorkspace();
    const top = join(folder, "dotfiles");
    const root = join(top, "project");
    mkdirSync(root, { recursive: true });
    git(top, "init", "--quiet");
    writeFileSync(join(top, ".gitignore"), "*\n");
    const work = await testWorkspace({ folder, root });
    work.write("a", "1\n");
    const { commit } = await work.take("before");
    work.write("a", "2\n");
    await work.restore({ to: commit }, nothing);
    expect(work.read("a")).toBe("1\n");
  });

  it("are not kept from their work by names that are no text, pipes and sockets", async () => {
    const work = await testWorkspace();
    const odd = Buffer.concat([Buffer.from(`${work.root}/`), Buffer.from([0x66, 0xff, 0xfe])]);
    writeFileSync(odd, "odd\n");
    execFileSync("/bin/sh", ["-c", `mkfifo "${join(work.root, "pipe")}"`]);
    work.write("a", "1\n");
    const { commit } = await work.take("before");
    expect(work.uncovered()).toEqual(["f\uFFFD\uFFFD"]);
    work.write("a", "2\n");
    await work.restore({ to: commit }, nothing);
    expect(work.read("a")).toBe("1\n");
    expect(readFileSync(odd, "utf8")).toBe("odd\n");
    expect(statSync(join(work.root, "pipe")).isFIFO()).toBe(true);
  });

  it("obey the person's own ignore file", async () => {
    const work = await testWorkspace();
    mkdirSync(join(work.home, ".config", "git"), { recursive: true });
    writeFileSync(join(work.home, ".config", "git", "ignore"), "*.swp\n");
    work.write("a.swp", "1\n");
    const { commit } = await work.take("before");
    work.write("a.swp", "2\n");
    expect(await work.diff(commit)).toEqual([]);
  });

  it("never cover our own data where it lies in the workspace", async () => {
    const [{ folder }, { home }] = [await testWorkspace(), await testWorkspace()];
    const work = await testWorkspace({ folder, root: folder, home });
    const { commit } = await work.take("before");
    work.write("data/session.jsonl", "x\n");
    expect(await work.diff(commit)).toEqual([]);
  });

  it("are refused for the home folder, for what holds it, and for too many files", async () => {
    const { folder } = await testWorkspace();
    for (const root of [join(folder, "home"), folder, "/"]) {
      const work = await testWorkspace({ folder, root });
      await expect(work.take("before")).rejects.toMatchObject({ code: "checkpoints.unavailable" });
    }
    const many = await testWorkspace({ limits: { files: 10 } });
    for (let file = 0; file < 12; file++) many.write(`f${file}`, "x");
    await expect(many.take("before")).rejects.toMatchObject({ code: "checkpoints.unavailable" });
    const much = await testWorkspace({ limits: { bytes: 10 } });
    much.write("a", "x".repeat(20));
    await expect(much.take("before")).rejects.toMatchObject({ code: "checkpoints.unavailable" });
  });

  it("say that git is missing", async () => {
    const work = await testWorkspace({ env: { PATH: "/nowhere" } });
    await expect(work.take("before")).rejects.toMatchObject({
      code: "checkpoints.unavailable",
      message: expect.stringContaining("git was not found"),
    });
  });
});
