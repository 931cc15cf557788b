// Try mode with the built program: what the session does stays apart, is listed, taken over, dropped, kept.
import { readdirSync, readFileSync } from "node:fs";
import { lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { acpAgent } from "../support/acp-agent.ts";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { sessionFiles, startProgram, writeSettings } from "../support/program.ts";
import { withStub } from "../support/stub.ts";
import { pointedAt, talk } from "./scripted.ts";

const FULL = ["--permission-mode", "full"];
const bash = (command: string) => ({ toolCalls: [{ name: "bash", arguments: { command } }] });

/** `overlay` only where this kernel lets us; the others always. */
const WAYS = ["auto", "worktree", "copy"] as const;

async function project(way: (typeof WAYS)[number]): Promise<Place> {
  const place = await newPlace();
  await writeSettings(place, { tryWith: way });
  const at = (path: string): string => join(place.cwd, path);
  await mkdir(at("src"));
  await writeFile(at("a.txt"), "one\ntwo\nthree\n");
  await writeFile(at("gone.txt"), "here\n");
  await writeFile(at("src/run.sh"), "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(at("src/long.txt"), Array.from({ length: 60 }, (_, index) => `line ${index}\n`).join(""));
  await symlink("a.txt", at("link"));
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: place.cwd });
  await git("add", "-A");
  await git("commit", "-qm", "start");
  await writeFile(at("notes.txt"), "not committed\n");
  return place;
}

const WORK =
  "echo new > src/new.txt; echo four >> a.txt; rm gone.txt; ln -sfn src link; chmod 644 src/run.sh; " +
  "sed -i 's/line 1$/LINE 1/; s/line 50/LINE 50/' src/long.txt; printf '\\000\\001' > b.bin; cat notes.txt";

const workIn = (place: Place, command = WORK, flags: readonly string[] = []) =>
  talk([bash(command), "done"], ["--try", ...FULL, ...flags], { place });

const text = (place: Place, path: string) => readFile(join(place.cwd, path), "utf8");

describe.each(WAYS)("a try (%s)", (way) => {
  test("leaves the workspace alone, tells what changed, and apply takes all of it over", async () => {
    const place = await project(way);
    const run = await workIn(place);
    expect(run.exitCode).toBe(0);
    expect(run.answers[0]?.text).toContain("not committed");
    expect(await text(place, "a.txt")).toBe("one\ntwo\nthree\n");
    expect(await text(place, "gone.txt")).toBe("here\n");
    expect((await execa("git", ["status", "--short"], { cwd: place.cwd })).stdout).toBe("?? notes.txt");
    expect(run.stderr).toContain("7 changes wait in the try");
    expect(run.stderr).toContain("M a.txt  +1");
    const listed = await runHearth(place, ["changes"]);
    expect(listed.stdout.trimEnd().split("\n").toSorted()).toEqual([
      "A b.bin  no text",
      "A src/new.txt  +1",
      "D gone.txt  -1",
      "M a.txt  +1",
      "M link  link",
      "M src/long.txt  +2 -2",
      "M src/run.sh  mode",
    ]);
    const applied = await runHearth(place, ["apply"]);
    expect(applied).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("Applied 7 changes.") });
    expect(await text(place, "a.txt")).toBe("one\ntwo\nthree\nfour\n");
    expect(await readlink(join(place.cwd, "link"))).toBe("src");
    expect((await lstat(join(place.cwd, "src/run.sh"))).mode & 0o777).toBe(0o644);
    expect(await readFile(join(place.cwd, "b.bin"))).toEqual(Buffer.from([0, 1]));
    await expect(lstat(join(place.cwd, "gone.txt"))).rejects.toThrow("ENOENT");
    expect((await runHearth(place, ["changes"])).exitCode).toBe(2);
    expect(await leftovers(place)).toEqual([]);
    expect((await execa("git", ["worktree", "list"], { cwd: place.cwd })).stdout.split("\n")).toHaveLength(1);
  });

  test("applies one file and one hunk, and discards another", async () => {
    const place = await project(way);
    await workIn(place);
    expect((await runHearth(place, ["apply", "--file", "src/long.txt", "--hunk", "2"])).exitCode).toBe(0);
    expect(await text(place, "src/long.txt")).toContain("line 1\n");
    expect(await text(place, "src/long.txt")).toContain("LINE 50\n");
    expect((await runHearth(place, ["apply", "--file", "a.txt"])).exitCode).toBe(0);
    expect((await runHearth(place, ["discard"])).stderr).toContain("Nobody can be asked");
    expect((await runHearth(place, ["discard", "--file", "src", "--yes"])).exitCode).toBe(0);
    const { stdout } = await runHearth(place, ["changes"]);
    expect(stdout.trimEnd().split("\n").toSorted()).toEqual([
      "A b.bin  no text",
      "D gone.txt  -1",
      "M link  link",
    ]);
    expect((await runHearth(place, ["discard", "--yes"])).exitCode).toBe(0);
    expect(await text(place, "gone.txt")).toBe("here\n");
    expect(await leftovers(place)).toEqual([]);
  });

  test("shows what the person changed too as a conflict, and never overwrites it", async () => {
    const place = await project(way);
    await workIn(place);
    await writeFile(join(place.cwd, "a.txt"), "mine\n");
    await writeFile(join(place.cwd, "src/new.txt"), "mine too\n");
    const { stdout } = await runHearth(place, ["changes"]);
    expect(stdout).toContain("C a.txt");
    expect(stdout).toContain("C src/new.txt");
    const applied = await runHearth(place, ["apply"]);
    expect(applied.exitCode).toBe(1);
    expect(applied.stderr).toContain("left alone: a.txt, src/new.txt");
    expect(await text(place, "a.txt")).toBe("mine\n");
    expect(await text(place, "src/new.txt")).toBe("mine too\n");
    await expect(lstat(join(place.cwd, "gone.txt"))).rejects.toThrow("ENOENT");
    const alone = await runHearth(place, ["apply", "--file", "a.txt"]);
    expect(alone.stderr).toContain("a.txt was changed in the workspace too");
  });

  test("goes on when its session is resumed, and goes with it when that is removed", async () => {
    const place = await project(way);
    await workIn(place);
    const again = await talk([bash("cat a.txt; echo five >> a.txt"), "done"], ["--continue", ...FULL], {
      place,
    });
    expect(again.answers.at(-1)?.text).toContain("four");
    expect((await runHearth(place, ["changes", "--diff"])).stdout).toContain("+five");
    expect(await text(place, "a.txt")).toBe("one\ntwo\nthree\n");
    const [file = ""] = await sessionFiles(place);
    const id = /_([^_]+)\.jsonl$/.exec(file)?.[1] ?? "";
    expect((await runHearth(place, ["sessions", "rm", id])).exitCode).toBe(0);
    expect(await leftovers(place)).toEqual([]);
    expect((await execa("git", ["worktree", "list"], { cwd: place.cwd })).stdout.split("\n")).toHaveLength(1);
  });

  test("killed outright it leaves nothing running or mounted, and the next start goes on", async () => {
    const place = await project(way);
    await using stub = await withStub([bash("echo begun > a.txt; sleep 300"), "done"]);
    const program = startProgram(pointedAt(place, stub), ["-p", "go", "--try", "-o", "stream-json", ...FULL]);
    program.endInput();
    await program.line((line) => line.includes('"tool_start"'));
    await expect.poll(() => sleepers(place)).toHaveLength(1);
    const other = await runHearth(place, ["apply"]);
    expect(other).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`in use by process ${program.pid}`),
    });
    program.kill("SIGKILL");
    await program.exited;
    await expect.poll(() => sleepers(place)).toEqual([]);
    expect(mountsBelow(place)).toEqual([]);
    expect(await text(place, "a.txt")).toBe("one\ntwo\nthree\n");
    await expect.poll(async () => (await runHearth(place, ["changes"])).stdout).toContain("M a.txt");
    const again = await talk([bash("cat a.txt"), "done"], ["--continue", ...FULL], { place });
    expect(again.answers.at(-1)?.text).toContain("begun");
  });
});

test.each(WAYS)("an external agent works in the try too (%s)", async (way) => {
  const place = await project(way);
  const agent = acpAgent(place.home, { turns: [[{ do: "say", text: "from outside" }]] });
  const begin = 'echo "$HEARTH_TRY" > agent.txt; exec "$@"';
  const runtimes = { outside: { command: "sh", args: ["-c", begin, "sh", agent.command, ...agent.args] } };
  await writeSettings(place, { tryWith: way, runtimes });
  const run = await talk([], ["--try", "--runtime", "outside"], { place });
  expect(run.stdout).toBe("from outside\n");
  const [{ params } = { params: {} }] = agent.told("session/new");
  if (way === "auto") expect(params).toMatchObject({ cwd: place.cwd });
  else expect(params).toMatchObject({ cwd: expect.stringMatching(/tries\/.*\/files\/work$/) });
  await expect(lstat(join(place.cwd, "agent.txt"))).rejects.toThrow("ENOENT");
  expect((await runHearth(place, ["changes", "--diff"])).stdout).toContain(
    "A agent.txt  +1\n@@ -0,0 +1,1 @@\n+\n",
  );
});

test.each(WAYS)("a rule that names a file by its whole path holds in the try too (%s)", async (way) => {
  const place = await project(way);
  const deny = `read(${join(place.cwd, "notes.txt")})`;
  await writeSettings(place, { tryWith: way, deny: [deny] });
  const read = { toolCalls: [{ name: "read", arguments: { path: "notes.txt" } }] };
  const run = await talk([read, "done"], ["--try", ...FULL], { place });
  expect(run.answers[0]).toMatchObject({ isError: true, text: expect.not.stringContaining("not committed") });
});

test("in a folder of a repository the whole repository is covered", async () => {
  const place = await project("auto");
  const inner = { ...place, cwd: join(place.cwd, "src") };
  await workIn(inner, "echo more >> ../a.txt; echo more >> long.txt");
  expect(await text(place, "a.txt")).toBe("one\ntwo\nthree\n");
  expect((await runHearth(inner, ["changes"])).stdout).toBe("M a.txt  +1\nM src/long.txt  +1\n");
  expect((await runHearth(inner, ["apply", "--file", "long.txt"])).stderr).toContain("Applied src/long.txt.");
  expect((await runHearth(inner, ["apply", "--file", "../a.txt"])).stderr).toContain("Applied a.txt.");
});

test("where no overlay can be had the next way is taken, and why is said", async () => {
  const place = await project("auto");
  const tools = join(place.home, "bin");
  await mkdir(tools);
  for (const name of ["git", "sh", "bash", "cat"]) {
    await symlink((await execa("which", [name])).stdout, join(tools, name));
  }
  const poor = { ...place, env: { ...place.env, PATH: tools } };
  const run = await workIn(poor, "echo more >> a.txt");
  expect(run.stderr).toMatch(
    /Try, in a (git worktree|copy that shares its blocks) \(no overlay: unshare is not installed/,
  );
  expect((await runHearth(poor, ["changes"])).stdout).toBe("M a.txt  +1\n");
});

test("a session that changed nothing leaves nothing behind", async () => {
  const place = await project("auto");
  const run = await talk(["done"], ["--try"], { place });
  expect(run.stderr).not.toContain("wait in the try");
  expect((await runHearth(place, ["changes"])).stderr).toContain("There is no try with changes");
});

test("a commit in an overlay is taken over as a whole", async ({ skip }) => {
  const place = await project("auto");
  if (!(await runHearth(place, ["doctor"])).stdout.includes("try: overlay")) skip("no overlay here");
  const commit =
    "echo four >> a.txt; git -c user.name=t -c user.email=t@t commit -qam fourth; mkdir out; echo x > out/x";
  await writeFile(join(place.cwd, ".gitignore"), "out\n");
  await workIn(place, commit);
  expect((await execa("git", ["log", "--oneline"], { cwd: place.cwd })).stdout.split("\n")).toHaveLength(1);
  expect((await runHearth(place, ["apply"])).exitCode).toBe(0);
  expect((await execa("git", ["log", "--format=%s"], { cwd: place.cwd })).stdout).toBe("fourth\nstart");
  expect((await execa("git", ["status", "--short"], { cwd: place.cwd })).stdout).toBe(
    "?? .gitignore\n?? notes.txt",
  );
  expect((await execa("git", ["fsck"], { cwd: place.cwd })).exitCode).toBe(0);
  expect(await text(place, "out/x")).toBe("x\n");
});

test.each([
  [["--try", "--no-session"], "cannot be used together"],
  [["--try", "--demo"], "cannot be used together"],
])("%j is refused", async (flags, words) => {
  const place = await newPlace();
  const run = await runHearth(place, ["-p", "go", ...flags]);
  expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(words) });
});

test("a session of the directory itself cannot become a try, and a folder with Hearth's data cannot be covered", async () => {
  const place = await project("auto");
  await talk(["done"], [], { place });
  const wrong = await talk(["done"], ["--try", "--continue"], { place });
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--fork") });
  const around = { ...place, cwd: join(place.home, "hearth") };
  expect((await talk(["done"], ["--try"], { place: around })).stderr).toContain("holds Hearth's own data");
  await rm(join(place.home, "hearth", "tries"), { recursive: true, force: true });
});

/** What is left of tries: an overlay's own empty folders go with the next start. */
async function leftovers(place: Place): Promise<string[]> {
  await talk(["done"], ["--try"], { place });
  const dir = join(place.home, "hearth", "tries");
  const names = readdirSync(dir).filter((name) => !name.endsWith(".lock"));
  return names.flatMap((name) =>
    readdirSync(join(dir, name)).filter((part) => !["real", "upper", "work"].includes(part)),
  );
}

function sleepers({ cwd, home }: Place): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      const isOurs = environment.includes(home) || environment.includes(cwd);
      return isOurs && readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("sleep\0");
    } catch {
      return false;
    }
  });
}

function mountsBelow({ home, cwd }: Place): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => line.includes(home) || line.includes(cwd));
}
