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
  // The clock of file systems is some milliseconds behind.
  await sleep(20);
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

  it("end a git that takes too long when they are closed", async () => {
    const { folder } = await testWorkspace();
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const slow = `#!/bin/sh\ncase "$*" in *ls-files*) sleep 300;; esac\nexec ${execFileSync("/bin/sh", ["-c", "command -v git"], { encoding: "utf8" }).trim()} "$@"\n`;
    writeFileSync(join(bin, "git"), slow, { mode: 0o755 });
    const PATH = `${bin}:${process.env.PATH ?? ""}`;
    const work = await testWorkspace({ folder, env: { PATH, HOME: join(folder, "home") } });
    work.write("a", "1\n");
    const taken = work.take("before").catch((error: unknown) => error);
    await expect
      .poll(() => existsSync(work.dir) && readdirSync(work.dir).some((name) => name.endsWith(".git")), {
        timeout: 10_000,
      })
      .toBe(true);
    await work.close();
    expect(await taken).toMatchObject({ code: "checkpoints.git" });
    expect(work.damage).toEqual([]);
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
