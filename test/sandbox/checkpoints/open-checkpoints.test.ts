import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { contents, git, nothing, testWorkspace } from "./test-workspace.ts";

/** Git, as most builds of it are, tells times that a change leaves in a file only by the second. */
async function nextSecond(): Promise<void> {
  const now = Math.floor(Date.now() / 1_000);
  while (Math.floor(Date.now() / 1_000) === now) await sleep(10);
}

describe("checkpoints of a workspace", () => {
  it("bring every file back: changed, added, removed, with modes, links and odd names (A-173)", async () => {
    const work = await testWorkspace();
    work.write("a.txt", "one\n");
    work.write("dir/b.bin", Buffer.from([0, 1, 2, 255, 13, 10]));
    work.write("dir/run.sh", "#!/bin/sh\n");
    work.write("secret.env", "KEY=1\n");
    work.write('odd "näme"\twith\nnewline', "odd\n");
    work.write("back\\slash", "b\n");
    work.write("crlf.txt", "one\r\ntwo\n");
    work.write(".gitattributes", "* text=auto eol=crlf ident\n*.bin filter=lfs\n");
    work.write("ident.txt", "$Id$\n");
    chmodSync(join(work.root, "dir/run.sh"), 0o755);
    chmodSync(join(work.root, "secret.env"), 0o600);
    symlinkSync("a.txt", join(work.root, "link"));
    symlinkSync("nowhere", join(work.root, "dangling"));
    const before = contents(work.root);
    const { commit } = await work.take("before");

    work.write("a.txt", "two\n");
    work.write("new/deep/file.txt", "new\n");
    rmSync(join(work.root, "dir"), { recursive: true });
    work.write("dir", "a file now\n");
    for (const path of ["link", "secret.env", 'odd "näme"\twith\nnewline']) unlinkSync(join(work.root, path));
    mkdirSync(join(work.root, "link"));
    work.write("link/inside", "x\n");
    chmodSync(join(work.root, "crlf.txt"), 0o755);
    const after = contents(work.root);
    const safeties: string[] = [];
    const { changes, left } = await work.restore({ to: commit }, async (safety) => {
      safeties.push(safety.commit);
    });
    expect(left).toEqual([]);
    expect(contents(work.root)).toEqual(before);
    expect(existsSync(join(work.root, "new"))).toBe(false);
    expect(changes.map(({ path }) => path)).toContain("secret.env");

    await work.restore({ to: safeties[0] ?? "" }, nothing);
    expect(contents(work.root)).toEqual(after);
  });

  it("keep permissions that only changed, and nobody reads a restored secret", async () => {
    const work = await testWorkspace();
    work.write("key", "k\n");
    chmodSync(join(work.root, "key"), 0o600);
    const { commit } = await work.take("before");
    await nextSecond();
    chmodSync(join(work.root, "key"), 0o644);
    const open = await work.take("after");
    expect(open.commit).not.toBe(commit);
    await work.restore({ to: commit }, nothing);
    expect(statSync(join(work.root, "key")).mode & 0o777).toBe(0o600);
    work.write("key", "other\n");
    await work.restore({ to: commit }, nothing);
    expect(statSync(join(work.root, "key")).mode & 0o777).toBe(0o600);
    unlinkSync(join(work.root, "key"));
    await work.restore({ to: commit }, nothing);
    expect(statSync(join(work.root, "key")).mode & 0o777).toBe(0o600);
    await work.restore({ to: open.commit }, nothing);
    expect(statSync(join(work.root, "key")).mode & 0o777).toBe(0o644);
  });

  it("are the same commit while nothing changed, and count what did", async () => {
    const work = await testWorkspace();
    work.write("a", "1\n");
    const one = await work.take("before");
    expect(await work.take("after")).toEqual({ commit: one.commit, files: 0 });
    work.write("a", "2\n");
    work.write("b", "1\n");
    const two = await work.take("after");
    expect(two).toMatchObject({ files: 2 });
    expect(two.commit).not.toBe(one.commit);
    // Touched, not changed.
    utimesSync(join(work.root, "a"), 1, 1);
    expect(await work.take("before")).toEqual({ commit: two.commit, files: 0 });
  });

  it("notice a change of the same size in the same moment", async () => {
    const work = await testWorkspace();
    const commits = new Set<string>();
    for (let round = 0; round < 20; round++) {
      work.write("a", `${10 + round}`);
      commits.add((await work.take("after")).commit);
    }
    expect(commits.size).toBe(20);
  });

  it("work in an empty workspace", async () => {
    const work = await testWorkspace();
    const { commit } = await work.take("before");
    work.write("a", "1\n");
    await work.restore({ to: commit }, nothing);
    expect(contents(work.root)).toEqual({});
  });

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

  it("restore only the files that differ between two of them, and tell which were changed by others since", async () => {
    const work = await testWorkspace();
    for (const path of ["run", "both", "mine"]) work.write(path, "0\n");
    const before = await work.take("before");
    work.write("run", "1\n");
    work.write("both", "1\n");
    work.write("added", "1\n");
    const after = await work.take("after");
    work.write("both", "hand\n");
    work.write("mine", "hand\n");
    const between = [after.commit, before.commit] as const;
    const request = { between, to: before.commit, known: after.commit };
    const shown = await work.preview(request);
    expect(shown.changes.map(({ path, change }) => `${change} ${path}`)).toEqual([
      "removed added",
      "changed both",
      "changed run",
    ]);
    expect(shown.foreign).toEqual(["both"]);
    expect(shown.changes[1]?.patch).toContain("-hand\n+0\n");
    await work.restore(request, nothing);
    expect(contents(work.root)).toMatchObject({ run: "644 0\n", both: "644 0\n", mine: "644 hand\n" });
    expect(existsSync(join(work.root, "added"))).toBe(false);
  });

  it("refuse as a whole when something uncovered stands in the way", async () => {
    const work = await testWorkspace();
    work.write("dir/a", "1\n");
    work.write("other", "1\n");
    const { commit } = await work.take("before");
    rmSync(join(work.root, "dir"), { recursive: true });
    work.write("other", "2\n");
    const outside = join(work.folder, "outside");
    mkdirSync(outside);
    work.write(".gitignore", "dir\n");
    symlinkSync(outside, join(work.root, "dir"));
    await expect(work.restore({ to: commit }, nothing)).rejects.toMatchObject({
      code: "checkpoints.blocked",
      message: expect.stringContaining("dir/a"),
    });
    expect(work.read("other")).toBe("2\n");
    expect(readdirSync(outside)).toEqual([]);
  });

  it("refuse to write into a repository that began inside since", async () => {
    const work = await testWorkspace();
    work.write("sub/a", "1\n");
    const { commit } = await work.take("before");
    work.write("sub/a", "2\n");
    git(join(work.root, "sub"), "init", "--quiet");
    await expect(work.restore({ to: commit }, nothing)).rejects.toMatchObject({
      code: "checkpoints.blocked",
    });
    expect(work.read("sub/a")).toBe("2\n");
  });

  it("keep the newest 50 and all that have a name", async () => {
    const work = await testWorkspace();
    let named = "";
    const commits: string[] = [];
    for (let round = 0; round < 56; round++) {
      work.write("a", `${round}\n`);
      const { commit } = await work.take(
        round === 1 ? "named" : "after",
        round === 1 ? "my point" : undefined,
      );
      commits.push(commit);
      if (round === 1) named = commit;
    }
    expect(await work.named()).toMatchObject([{ name: "my point", commit: named }]);
    const [shadow = ""] = readdirSync(work.dir).filter((name) => name.endsWith(".git"));
    expect(readdirSync(join(work.dir, shadow, "refs/checkpoints"))).toHaveLength(50);
    const bare = { cwd: join(work.dir, shadow), encoding: "utf8" as const };
    execFileSync("git", ["prune", "--expire=now"], bare);
    await expect(work.restore({ to: commits[0] ?? "" }, nothing)).rejects.toMatchObject({
      code: "checkpoints.unknown",
    });
    await work.restore({ to: named }, nothing);
    expect(work.read("a")).toBe("1\n");
    await work.restore({ to: commits[20] ?? "" }, nothing);
    expect(work.read("a")).toBe("20\n");
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

  it("begin anew when the shadow repository is damaged, and set the damaged one aside", async () => {
    const damages: ((shadow: string) => void)[] = [
      (shadow) => truncateSync(join(shadow, "HEAD"), 0),
      (shadow) => writeFileSync(join(shadow, "config"), "[core\nnonsense"),
      (shadow) => rmSync(join(shadow, "objects"), { recursive: true }),
      (shadow) => rmSync(join(shadow, "HEAD")),
    ];
    for (const [index, damage] of damages.entries()) {
      const work = await testWorkspace();
      work.write("a", "1\n");
      await work.take("before");
      const [shadow = ""] = readdirSync(work.dir).filter((name) => name.endsWith(".git"));
      damage(join(work.dir, shadow));
      work.write("a", "2\n");
      const { commit } = await work.take("after");
      expect(work.damage, `damage ${index}`).toHaveLength(1);
      expect(readdirSync(work.dir).some((name) => name.includes(".damaged-"))).toBe(true);
      work.write("a", "3\n");
      await work.restore({ to: commit }, nothing);
      expect(work.read("a")).toBe("2\n");
    }
  });

  it("heal what is only an index or a left lock", async () => {
    const work = await testWorkspace();
    work.write("a", "1\n");
    await work.take("before");
    const [shadow = ""] = readdirSync(work.dir).filter((name) => name.endsWith(".git"));
    const place = join(work.dir, shadow);
    writeFileSync(join(place, "index"), "garbage");
    writeFileSync(join(place, "hearth.json"), "garbage");
    writeFileSync(join(place, "packed-refs.lock"), "");
    work.write("a", "2\n");
    const { commit } = await work.take("after");
    expect(work.damage).toEqual([]);
    work.write("a", "3\n");
    await work.restore({ to: commit }, nothing);
    expect(work.read("a")).toBe("2\n");
  });

  it("take turns with another process", async () => {
    const one = await testWorkspace();
    const two = await testWorkspace({ folder: one.folder });
    one.write("a", "1\n");
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, index) => {
        one.write(`f${index}`, "1\n");
        return (index % 2 === 0 ? one : two).take("after");
      }),
    );
    expect(new Set(taken.map(({ commit }) => commit)).size).toBeGreaterThan(0);
    const { commit } = await two.take("after");
    rmSync(join(one.root, "a"));
    await one.restore({ to: commit }, nothing);
    expect(one.read("a")).toBe("1\n");
  });

  it("follow a workspace that moved away and came back", async () => {
    const work = await testWorkspace();
    work.write("a", "1\n");
    const { commit } = await work.take("before");
    renameSync(work.root, `${work.root}-moved`);
    mkdirSync(work.root);
    expect((await work.diff(commit)).map(({ change }) => change)).toEqual(["removed"]);
    await work.restore({ to: commit }, nothing);
    expect(work.read("a")).toBe("1\n");
  });
});
