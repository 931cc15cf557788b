// Bad input of every kind: one clear sentence, a hint, the right exit code, and nothing lost. Drives the built program.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { BIN, newPlace, type Place, runHearth } from "../support/hearth.ts";
import { sessionFiles, writeSettings } from "../support/program.ts";
import { withStub } from "../support/stub.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("flags", () => {
  test.each([
    [["-o", "xml"], "text, json, stream-json"],
    [["--input-format", "xml"], "text, stream-json"],
    [["--thinking", "banana"], "off, minimal, low, medium, high, max"],
    [["--permission-mode", "yolo"], "ask, accept-edits, plan, auto, full"],
    [["--max-steps", "0"], "whole number above 0"],
    [["--max-steps", "1.5"], "whole number above 0"],
    [["--max-cost", "-1"], "number above 0"],
    [["--max-cost", "much"], "number above 0"],
    [["--timeout", "soon"], "such as 90, 30s, 5m or 1h"],
    [["--model"], "argument missing"],
    [["--resume", "x", "--continue"], "cannot be used together"],
    [["--resume", "zzzz"], 'No session "zzzz"'],
    [["--continue"], "no saved session of this directory"],
    [["--fork"], "no saved session of this directory"],
    [["--runtime", "nosuch"], "Enabled: native"],
    [["--tools", "read,frob"], "no tool named frob"],
    [["--allow", "bash("], '"bash("'],
    [["--image", "missing.png"], "missing.png cannot be read"],
    [["--image", "notes.txt"], "PNG, JPEG, GIF and WebP"],
    [["--config", "missing.json"], "no such settings file"],
    [["-C", "/no/such/folder"], "/no/such/folder cannot be opened"],
    [["-C", "/etc/passwd"], "/etc/passwd is not a folder"],
    [["--add-dir", "/no/such/folder"], "/no/such/folder"],
    [["second prompt", "third"], "too many arguments"],
  ])("%j is refused with exit 2, and nothing is sent", async (args, message) => {
    await using stub = await withStub();
    const place = await newPlace(stub);
    const run = await runHearth(place, ["-p", "x", ...args]);
    expect(run).toMatchObject({ stdout: "", exitCode: 2 });
    expect(run.stderr).toMatch(/^hearth: /);
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain("hint: ");
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect(stub.requests).toHaveLength(0);
    expect(await sessionFiles(place)).toEqual([]);
  });

  test("A command that there is not is taken for a prompt only when it is one", async () => {
    const run = await runHearth(await newPlace(), ["sessions", "frob"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("hint: ");
  });

  test("A misspelt flag gets a suggestion", async () => {
    const run = await runHearth(await newPlace(), ["-p", "x", "--modle", "y"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("Did you mean --model?");
  });
});

describe("keys and models", () => {
  test("No key at all: exit 2 and the variables that would do", async () => {
    const place = await newPlace();
    const run = await runHearth(place, ["-p", "x"]);
    expect(run).toMatchObject({ stdout: "", exitCode: 2 });
    expect(run.stderr).toContain("ANTHROPIC_API_KEY");
    expect(run.stderr).toContain("hearth --demo");
  });

  test("No key for the model that was asked for: exit 1 and its variable", async () => {
    const run = await runHearth(await newPlace(), ["-p", "x", "-m", "openai/gpt-5"]);
    expect(run).toMatchObject({ stdout: "", exitCode: 1 });
    expect(run.stderr).toContain("OPENAI_API_KEY is not set");
  });

  test("An empty variable counts as not set", async () => {
    const place = await newPlace();
    const run = await runHearth(place, ["-p", "x", "-m", "openai/gpt-5"], { env: { OPENAI_API_KEY: "" } });
    expect(run.stderr).toContain("OPENAI_API_KEY is not set");
  });
});

describe("folders and disks", () => {
  /** A file system of so many bytes; null where none may be mounted. */
  async function smallDisk(bytes: number): Promise<string | null> {
    const folder = await temporaryFolder();
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder], { stdio: "ignore" });
    } catch {
      return null;
    }
    onTestFinished(() => void execFileSync("umount", ["-l", folder]));
    return folder;
  }

  const inHome = (place: Place, home: string): Place => ({
    ...place,
    env: { ...place.env, HEARTH_HOME: home },
  });

  test.each(["file", "folder under a file"])(
    "A-100: HEARTH_HOME that is a %s: the answer comes, and stderr says that nothing is saved",
    async (kind) => {
      await using stub = await withStub({ replies: ["hello"], loop: true });
      const place = await newPlace(stub);
      const file = join(place.home, "file");
      await writeFile(file, "mine");
      const home = kind === "file" ? file : join(file, "hearth");
      const run = await runHearth(inHome(place, home), ["-p", "x"]);
      expect(run).toMatchObject({ stdout: "hello\n", exitCode: 0 });
      expect(run.stderr).toContain("The session cannot be saved");
      expect(run.stderr).toContain("--no-session");
      const quiet = await runHearth(inHome(place, home), ["-p", "x", "--no-session"]);
      expect(quiet).toMatchObject({ stdout: "hello\n", stderr: "", exitCode: 0 });
      expect(await readFile(file, "utf8")).toBe("mine");
    },
  );

  test("A-100: a full disk (where one can be mounted): the answer comes, and stderr says that it is full", async () => {
    const disk = await smallDisk(16_384);
    if (disk === null) return;
    await writeFile(join(disk, "filler"), Buffer.alloc(32_768)).catch(() => undefined);
    await using stub = await withStub({ replies: ["hello"], loop: true });
    const place = await newPlace(stub);
    const run = await runHearth(inHome(place, disk), ["-p", "x"]);
    expect(run).toMatchObject({ stdout: "hello\n", exitCode: 0 });
    expect(run.stderr).toContain("the disk is full");
    const quiet = await runHearth(inHome(place, disk), ["-p", "x", "--no-session"]);
    expect(quiet).toMatchObject({ stdout: "hello\n", stderr: "", exitCode: 0 });
    const doctor = await runHearth(inHome(place, disk), ["doctor"]);
    expect(doctor.exitCode).toBe(1);
    expect(doctor.stdout).toContain("fail  data folder");
  });

  test.runIf(existsSync("/dev/full"))("A full disk behind stdout: exit 1 and one sentence", async () => {
    await using stub = await withStub({ replies: ["hello"], loop: true });
    const place = await newPlace(stub);
    for (const args of [["-p", "x"], ["--version"], ["models"]]) {
      const command = ["-c", '"$0" "$@" > /dev/full', process.execPath, BIN, ...args];
      const options = { cwd: place.cwd, env: place.env, extendEnv: false, reject: false } as const;
      const run = await execa("sh", command, { ...options, stdin: "ignore" });
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toMatch(/^hearth: standard output cannot be written: .*$/);
    }
  });

  test.runIf(process.getuid?.() !== 0)(
    "A folder that may not be read is named (not as root, who may)",
    async () => {
      const place = await newPlace();
      const folder = join(place.home, "closed");
      await mkdir(folder);
      await chmod(folder, 0);
      const run = await runHearth(place, ["-p", "x", "-C", folder]);
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain(folder);
    },
  );
});

describe("broken files", () => {
  test.each([
    ["text", "no session\n", 1, "is not a Hearth session"],
    ["nothing", "", 1, "is not a Hearth session"],
  ])("A session file that holds %s is refused and not touched", async (_, content, exitCode, message) => {
    await using stub = await withStub();
    const place = await newPlace(stub);
    const file = join(place.home, "broken.jsonl");
    await writeFile(file, content);
    const run = await runHearth(place, ["-p", "x", "--resume", file]);
    expect(run).toMatchObject({ stdout: "", exitCode });
    expect(run.stderr).toContain(message);
    expect(await readFile(file, "utf8")).toBe(content);
    expect(stub.requests).toHaveLength(0);
  });

  test("A-144: damaged preferences are told, defaults apply, and the file stays as it is", async () => {
    await using stub = await withStub(["hello"]);
    const place = await newPlace(stub);
    await writeSettings(place, {});
    const file = join(place.home, "hearth", "preferences.json");
    await writeFile(file, "{broken");
    const run = await runHearth(place, ["-p", "x"]);
    expect(run).toMatchObject({ stdout: "hello\n", exitCode: 0 });
    expect(run.stderr).toContain(`${file} is damaged`);
    expect(await readFile(file, "utf8")).toBe("{broken");
  });

  test("Control characters of a service's error reach stderr as text, not as commands", async () => {
    await using stub = await withStub([{ status: 400, text: "bad \u001b[2J\u001b]52;c;eA==\u0007 request" }]);
    const run = await runHearth(await newPlace(stub), ["-p", "x"]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("request");
    expect(run.stderr).not.toMatch(/[\u001b\u0007]/);
  });

  test("Binary and huge piped text is sent as it can be read, without a crash", async () => {
    await using stub = await withStub(["fine"]);
    const run = await runHearth(await newPlace(stub), ["-p", "look"], {
      input: "\u0000\u0001x\n".repeat(200_000),
    });
    expect(run).toMatchObject({ stdout: "fine\n", exitCode: 0 });
  });
});
