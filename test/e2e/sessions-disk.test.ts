// A data folder that cannot be written or fills up in the middle of a run (SPEC, A-100): told, and nothing lost silently.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { BIN, newPlace, type Place, runHearth } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { openCalls, pointedAt, sessionFile, sessionFiles, sessionLines, talk, textsOf } from "./scripted.ts";

const isRoot = process.getuid?.() === 0;
const canMount = mounts();
const bash = (command: string) => ({ toolCalls: [{ name: "bash", arguments: { command } }] });
const FULL = ["--permission-mode", "full"];

test("A-100: where the data folder is a file, the answer comes with a clear error about the session", async () => {
  const place = await placeToFill();
  await writeFile(place.env.HEARTH_HOME ?? "", "not a folder");
  const run = await talk([bash("echo works"), "done"], FULL, { place });
  expect(run).toMatchObject({ stdout: "done\n", exitCode: 0 });
  expect(run.stderr).toMatch(/The session cannot be saved to .*: its folder is not a folder\./);
  expect(run.stderr).toContain("--no-session");
  expect(run.stderr).not.toMatch(/\n\s+at /);
});

test("A-100: with --no-session nothing is stored and nothing is said about it", async () => {
  const place = await placeToFill();
  await writeFile(place.env.HEARTH_HOME ?? "", "not a folder");
  const run = await talk([bash("echo works"), "done"], [...FULL, "--no-session"], { place });
  expect(run).toMatchObject({ stdout: "done\n", stderr: "", exitCode: 0 });
  expect(await readFile(place.env.HEARTH_HOME ?? "", "utf8")).toBe("not a folder");
});

test.skipIf(isRoot)(
  "A-100: a data folder without write permission gives a clear error (not tried as root)",
  async () => {
    const place = await placeToFill();
    const home = place.env.HEARTH_HOME ?? "";
    await mkdir(home);
    await chmod(home, 0o500);
    onTestFinished(() => chmod(home, 0o700));
    const run = await talk(["done"], [], { place });
    expect(run).toMatchObject({ stdout: "done\n", stderr: expect.stringContaining("no permission") });
  },
);

test("A-100: a file that may not grow any more (ulimit -f) is told once; the run ends well and what is saved is whole", async () => {
  const place = await placeToFill();
  const answer = "a long answer ".repeat(4_000);
  await using stub = await withStub([bash("echo one"), answer, "done"]);
  const limited = ["-c", 'ulimit -f 48; exec "$0" "$@"', process.execPath, BIN];
  const run = await execa("bash", [...limited, ...FULL, "-p", "go", "--append-system-prompt", "x"], {
    cwd: place.cwd,
    // The program's own cache of compiled code is larger than that.
    env: { ...pointedAt(place, stub).env, NODE_DISABLE_COMPILE_CACHE: "1" },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  expect(run.exitCode).toBe(0);
  expect(run.stdout.trimEnd() === answer.trimEnd()).toBe(true);
  expect(run.stderr.match(/cannot be saved .*: the file has reached the size/g)).toHaveLength(1);
  expect((await sessionLines(await sessionFile(place))).map(({ type }) => type)).toContain("run_start");
  const resumed = await talk(["on"], ["--continue"], { place });
  expect(resumed).toMatchObject({ stdout: "on\n", exitCode: 0 });
  expect(openCalls(resumed.requests[0])).toEqual([]);
});

describe.runIf(canMount)("on a disk of 64 KB", () => {
  test("A-100: a disk that fills up in the middle of a run is told once; the run ends well and what is saved is whole", async () => {
    const { place, grow } = await smallDisk();
    const run = await talk([bash("seq 1 9000"), bash("seq 1 9001"), bash("echo last"), "done"], FULL, {
      place,
    });
    expect(run).toMatchObject({ stdout: "done\n", exitCode: 0 });
    expect(run.stderr.match(/cannot be saved .*: the disk is full/g)).toHaveLength(1);
    expect(run.requests).toHaveLength(4);
    // The end of the run did not fit any more; it is kept elsewhere, ready to be added.
    const [, kept = "", file = ""] =
      /hint: Once it can be written: cat (\S+) >> (\S+)\n/.exec(run.stderr) ?? [];
    expect(file).toBe(await sessionFile(place));
    expect(await readFile(kept, "utf8")).toContain('"run_end"');
    const saved = await sessionLines(await sessionFile(place));
    expect(saved.length).toBeGreaterThan(3);
    grow();
    const resumed = await talk(["on"], ["--continue"], { place });
    expect(resumed).toMatchObject({ stdout: "on\n", stderr: "", exitCode: 0 });
    expect(textsOf(resumed.requests[0], "user")).toEqual(["go", "go"]);
    expect(openCalls(resumed.requests[0])).toEqual([]);
  });

  test("A-100: when there is room again before the end, everything is in the file", async () => {
    const { place, grow } = await smallDisk();
    await using stub = await withStub([
      bash("seq 1 9000"),
      bash("seq 1 9001"),
      { text: "done", delayMs: 500 },
    ]);
    const running = runHearth(pointedAt(place, stub), ["-p", "go", ...FULL]);
    await stub.waitForRequests(3);
    grow();
    const run = await running;
    expect(run).toMatchObject({ stdout: "done\n", exitCode: 0 });
    expect(run.stderr).toContain("the disk is full");
    const types = (await sessionLines(await sessionFile(place))).map(({ type }) => type);
    expect(types.filter((type) => type === "message")).toHaveLength(6);
    expect(types).toContain("run_end");
    const resumed = await talk(["on"], ["--continue"], { place });
    expect(resumed.requests[0] && openCalls(resumed.requests[0])).toEqual([]);
    expect(textsOf(resumed.requests[0], "assistant")).toEqual(["done"]);
  });

  test("A-100: a disk that is full from the start leaves no half session behind", async () => {
    const { place, fill, grow } = await smallDisk();
    fill();
    const run = await talk(["done"], [], { place });
    expect(run).toMatchObject({
      stdout: "done\n",
      exitCode: 0,
      stderr: expect.stringContaining("the disk is full"),
    });
    expect(await sessionFiles(place)).toEqual([]);
    grow();
    expect(await talk([], ["--continue"], { place })).toMatchObject({ exitCode: 2 });
  });

  test("a file that does not fit on the disk any more stays as it was, and the model is told", async () => {
    const { place } = await smallDisk("cwd");
    const file = join(place.cwd, "a.txt");
    await writeFile(file, "old");
    const calls = [
      { name: "read", arguments: { path: "a.txt" } },
      { name: "write", arguments: { path: "a.txt", content: "x".repeat(100_000) } },
    ];
    const run = await talk([{ toolCalls: calls }, "done"], FULL, { place });
    expect(run.answers[1]).toMatchObject({
      isError: true,
      text: expect.stringMatching(/disk is full|ENOSPC/),
    });
    expect(run).toMatchObject({ stdout: "done\n", exitCode: 0 });
    expect(await readFile(file, "utf8")).toBe("old");
    expect(await readdir(place.cwd)).toEqual(["a.txt"]);
  });
});

test.skipIf(canMount)("the disk that fills up was not tried: this machine lets nobody mount a tmpfs", () => {
  expect(canMount).toBe(false);
});

/** What could not be saved is kept in its home and goes with it. */
async function placeToFill(): Promise<Place> {
  const place = await newPlace();
  return { ...place, env: { ...place.env, TMPDIR: place.home } };
}

/** A place whose data folder, or whose workspace, is a file system of 64 KB. */
async function smallDisk(
  which: "home" | "cwd" = "home",
): Promise<{ place: Place; fill: () => void; grow: () => void }> {
  const place = await placeToFill();
  const disk = which === "cwd" ? place.cwd : (place.env.HEARTH_HOME ?? "");
  await mkdir(disk, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]);
  onTestFinished(() => void execFileSync("umount", [disk]));
  return {
    place,
    fill: () => {
      execFileSync("sh", ["-c", 'head -c 100000 /dev/zero > "$0/filler" 2>/dev/null || true', disk]);
    },
    grow: () => {
      execFileSync("mount", ["-o", "remount,size=4m", disk]);
    },
  };
}

function mounts(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "hearth-mount-"));
  try {
    mkdirSync(join(folder, "disk"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", join(folder, "disk")], {
      stdio: "ignore",
    });
    execFileSync("umount", [join(folder, "disk")]);
    return true;
  } catch {
    return false; // Not root, or a container without the right: the suite says so below.
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
