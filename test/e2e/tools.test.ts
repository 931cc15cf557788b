// Tools through the built program: what they do to the workspace and what the model is told (SPEC, section 3).
import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { newPlace, type Place } from "../support/hearth.ts";
import { callTools, type Talk, type ToolCall, talk, toolNames } from "./scripted.ts";
import { writeSettings } from "./tui-driver.ts";

const KB_50 = 50 * 1024;

test("A-177: a command that writes past its quota fails, the quota is named, and the session goes on", async () => {
  const place = await newPlace();
  await writeSettings(place, { bash: { quota: 10 } });
  const bash = (command: string) => ({ name: "bash", arguments: { command } });
  const write = "head -c 100000000 /dev/zero > big.bin";
  const { answers, exitCode } = await callTools(place, [
    bash(write),
    bash("wc -c < big.bin; echo fine > small"),
  ]);
  expect(exitCode).toBe(0);
  const [failed, next] = answers;
  expect(failed).toMatchObject({ isError: true });
  expect(failed?.text).toContain(
    "[Quota: no file that a command writes may have more than 10 MB (setting bash.quota).]",
  );
  expect(next).toMatchObject({ isError: false });
  expect(Number.parseInt(next?.text ?? "", 10)).toBe(10 * 1024 * 1024);
});

test("A-041: a long file is read in parts, with no gap and no overlap", async () => {
  const place = await newPlace();
  const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index + 1}`);
  await put(place, "long.txt", `${lines.join("\n")}\n`);
  const read = (offset?: number) => ({
    toolCalls: [
      { name: "read", arguments: { path: "long.txt", ...(offset === undefined ? {} : { offset }) } },
    ],
  });
  const { answers } = await talk([read(), read(2_001), read(4_001), "done"], [], { place });
  const shown = answers.map(({ text }) => text.split("\n").filter((line) => line.startsWith("line ")));
  expect(answers[0]?.text).toContain("Go on with offset=2001");
  expect(shown.map((part) => part.length)).toEqual([2_000, 2_000, 1_000]);
  expect(shown.flat()).toEqual(lines);
});

test("A-042: of one line of 200 KB the model gets the first 50 KB and is told that the rest is out of reach", async () => {
  const place = await newPlace();
  const line = "ä".repeat(100 * 1024);
  await put(place, "line.txt", line);
  const [answer] = (await callTools(place, [{ name: "read", arguments: { path: "line.txt" } }])).answers;
  const text = answer?.text.split("\n")[0] ?? "";
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(KB_50);
  expect(Buffer.byteLength(text)).toBeGreaterThan(KB_50 - 4);
  expect(line.startsWith(text)).toBe(true);
  expect(answer?.text).toMatch(/the rest of the line is not reachable by offset/);
});

test("A-043: an offset past the end is an error that says how many lines there are, and the run goes on", async () => {
  const place = await newPlace();
  await put(place, "three.txt", "1\n2\n3\n");
  const run = await callTools(place, [{ name: "read", arguments: { path: "three.txt", offset: 9 } }]);
  expect(run.answers[0]).toMatchObject({ isError: true, text: expect.stringContaining("3 lines") });
  expect(run.stdout).toBe("done\n");
});

test("A-044: an edit whose old text occurs twice fails with the number and changes nothing", async () => {
  const place = await newPlace();
  await put(place, "a.txt", "x x");
  const run = await readAndEdit(place, "a.txt", [{ old_text: "x", new_text: "y" }]);
  expect(run.answers[1]).toMatchObject({ isError: true, text: expect.stringMatching(/\b2\b/) });
  expect(await get(place, "a.txt")).toBe("x x");
});

test("A-045: new text goes into the file to the letter, dollar signs included", async () => {
  const place = await newPlace();
  await put(place, "a.txt", "old");
  await readAndEdit(place, "a.txt", [{ old_text: "old", new_text: "$& $1 $$" }]);
  expect(await get(place, "a.txt")).toBe("$& $1 $$");
});

test("A-046: an edit with an empty old text is an error at once and changes nothing", async () => {
  const place = await newPlace();
  await put(place, "a.txt", "text");
  const run = await readAndEdit(place, "a.txt", [{ old_text: "", new_text: "more" }]);
  expect(run.answers[1]?.isError).toBe(true);
  expect(run.durationMs).toBeLessThan(5_000);
  expect(await get(place, "a.txt")).toBe("text");
});

test("A-047: editing one line of a CRLF file with a byte order mark leaves every other byte as it was", async () => {
  const place = await newPlace();
  await put(place, "a.txt", "\ufeffone\r\ntwo\r\nthree\r\n");
  await readAndEdit(place, "a.txt", [{ old_text: "two", new_text: "2" }]);
  expect(await readFile(join(place.cwd, "a.txt"))).toEqual(Buffer.from("\ufeffone\r\n2\r\nthree\r\n"));
});

test("A-048: two edits of one file in a batch are both made, and their results come in call order", async () => {
  const place = await newPlace();
  await put(place, "a.txt", "one two");
  const edit = (id: string, old_text: string, new_text: string): ToolCall => ({
    id,
    name: "edit",
    arguments: { path: "a.txt", edits: [{ old_text, new_text }] },
  });
  const calls = [edit("call_a", "one", "1"), edit("call_b", "two", "2")];
  const { answers } = await callTools(place, [read("a.txt"), ...calls]);
  expect(await get(place, "a.txt")).toBe("1 2");
  expect(answers.slice(1)).toMatchObject([
    { id: "call_a", isError: false },
    { id: "call_b", isError: false },
  ]);
});

test("A-049: write makes the folders it needs and keeps the mode of a file it replaces", async () => {
  const place = await newPlace();
  await put(place, "run.sh", "old");
  await execa("chmod", ["750", join(place.cwd, "run.sh")]);
  await callTools(place, [
    { name: "write", arguments: { path: "new/deep/f.txt", content: "deep" } },
    read("run.sh"),
    { name: "write", arguments: { path: "run.sh", content: "new" } },
  ]);
  expect(await get(place, "new/deep/f.txt")).toBe("deep");
  expect(await get(place, "run.sh")).toBe("new");
  expect((await stat(join(place.cwd, "run.sh"))).mode & 0o777).toBe(0o750);
});

test("A-050: a command over its time is ended, the model gets what it printed and exit code 124", async () => {
  const place = await newPlace();
  const run = await callTools(place, [bash("echo start; sleep 60", { timeout: 1 })]);
  expect(run.durationMs).toBeLessThan(5_000);
  expect(run.answers[0]).toMatchObject({
    isError: true,
    text: expect.stringMatching(/start[\s\S]*Timed out.*124/),
  });
  expect(run.stdout).toBe("done\n");
});

test("A-051: of 10 MB of output the model gets the end in 50 KB and the name of a file with all of it", async () => {
  const place = await newPlace();
  const run = await callTools(place, [bash("seq 1 1500000; echo the end")]);
  const text = run.answers[0]?.text ?? "";
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(KB_50);
  expect(text.trimEnd().endsWith("the end")).toBe(true);
  const file = /All of it is in (\S+\.log)/.exec(text)?.[1] ?? "";
  const whole = await readFile(file, "utf8");
  expect(whole.length).toBeGreaterThan(10_000_000);
  expect(whole.startsWith("1\n2\n")).toBe(true);
});

test("A-052: a command that leaves a process with its output open returns when the shell does", async () => {
  const place = await newPlace();
  const run = await callTools(place, [bash("sleep 100 & echo started")]);
  expect(run.answers[0]).toMatchObject({ isError: false, text: expect.stringContaining("started") });
  expect(run.durationMs).toBeLessThan(5_000);
});

test("A-053: a command that reads standard input finds it empty", async () => {
  const place = await newPlace();
  const run = await callTools(place, [bash("cat; echo after")]);
  expect(run.answers[0]).toMatchObject({ isError: false, text: "after" });
  expect(run.durationMs).toBeLessThan(5_000);
});

test("A-054: grep takes patterns with a leading dash and alternatives, and finding nothing is no error", async () => {
  const place = await newPlace();
  await put(place, "a.txt", "use -foo\nan a here\nonly c\n");
  const grep = (pattern: string): ToolCall => ({ name: "grep", arguments: { pattern } });
  const { answers } = await callTools(place, [grep("-foo"), grep("an|use"), grep("nowhere")]);
  expect(answers[0]).toMatchObject({ isError: false, text: expect.stringContaining("use -foo") });
  expect(answers[1]?.text).toContain("use -foo");
  expect(answers[1]?.text).toContain("an a here");
  expect(answers[2]).toMatchObject({ isError: false, text: expect.stringMatching(/no matches/i) });
});

test("A-055: of 300 matches grep gives 100, says so, and cuts lines at 500 characters", async () => {
  const place = await newPlace();
  // One line of three is long: a hundred cut lines alone would reach the limit of 50 KB first.
  await put(place, "a.txt", `match 1\nmatch 2\nmatch ${"x".repeat(900)}\n`.repeat(100));
  const { answers } = await callTools(place, [{ name: "grep", arguments: { pattern: "match" } }]);
  const matches = answers[0]?.text.split("\n").filter((line) => line.includes("match ")) ?? [];
  expect(matches).toHaveLength(100);
  expect(answers[0]?.text).toContain("100 of 300");
  for (const line of matches) expect(line.replace(/^\S*?:?\d+:/, "").length).toBeLessThanOrEqual(520);
});

test("A-056: glob leaves out what .gitignore excludes and says when its list is cut", async () => {
  const place = await newPlace();
  await put(place, ".gitignore", "dist\n");
  await put(place, "dist/out.js", "");
  for (let index = 0; index < 12; index++) await put(place, `src/f${index}.js`, "");
  const glob = (limit?: number): ToolCall => ({
    name: "glob",
    arguments: { pattern: "**/*.js", ...(limit === undefined ? {} : { limit }) },
  });
  const { answers } = await callTools(place, [glob(), glob(5)]);
  expect(answers[0]?.text).toContain("src/f11.js");
  expect(answers[0]?.text).not.toContain("dist");
  expect(answers[1]?.text).toMatch(/5 of 12/);
});

test("A-057: links and paths out of the workspace are refused and nothing is made there", async () => {
  const place = await newPlace();
  await symlink("/etc", join(place.cwd, "out"));
  await symlink(join(place.home, "not-there-yet"), join(place.cwd, "dangling"));
  const { answers } = await callTools(place, [
    read("out/passwd"),
    { name: "write", arguments: { path: "../x", content: "x" } },
    { name: "write", arguments: { path: "dangling", content: "x" } },
    { name: "write", arguments: { path: "out/hearth-test", content: "x" } },
  ]);
  expect(answers).toHaveLength(4);
  for (const answer of answers) {
    expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(/outside the workspace/) });
  }
  for (const path of [join(place.cwd, "../x"), join(place.home, "not-there-yet"), "/etc/hearth-test"]) {
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  }
});

test("A-058: with --read-only nothing that changes things is offered or run, and reading works", async () => {
  const place = await newPlace();
  await put(place, "a.txt", "needle");
  const calls: ToolCall[] = [
    { name: "write", arguments: { path: "b.txt", content: "x" } },
    { name: "edit", arguments: { path: "a.txt", edits: [{ old_text: "needle", new_text: "x" }] } },
    bash("touch c.txt"),
    read("a.txt"),
    { name: "grep", arguments: { pattern: "needle" } },
  ];
  const run = await callTools(place, calls, ["--read-only", "--permission-mode", "full"]);
  const offered = toolNames(run.requests[0]);
  expect(offered).toEqual(expect.arrayContaining(["read", "grep", "glob", "ls"]));
  for (const name of ["write", "edit", "bash", "git_add", "git_commit"]) expect(offered).not.toContain(name);
  expect(run.answers.map(({ isError }) => isError)).toEqual([true, true, true, false, false]);
  expect(run.answers[0]?.text).toContain("--read-only");
  expect(await get(place, "a.txt")).toBe("needle");
  await expect(stat(join(place.cwd, "b.txt"))).rejects.toThrow(/ENOENT/);
  await expect(stat(join(place.cwd, "c.txt"))).rejects.toThrow(/ENOENT/);
});

test("A-059: commands see PATH and HOME, no provider's key and nothing that was not allowed", async () => {
  const place = await newPlace();
  const run = await talk([{ toolCalls: [bash("env")] }, "done"], ["--permission-mode", "full"], {
    place,
    env: { SECRET_X: "1" },
  });
  const names = (run.answers[0]?.text ?? "").split("\n").map((line) => line.split("=")[0]);
  expect(names).toEqual(expect.arrayContaining(["PATH", "HOME"]));
  expect(names).not.toContain("SECRET_X");
  expect(names.filter((name) => name?.includes("API_KEY"))).toEqual([]);
});

test("A-060: env.allow lets a variable through, but never a provider's key", async () => {
  const place = await newPlace();
  await settings(place, { env: { allow: ["SECRET_X", "ANTHROPIC_API_KEY"] } });
  const run = await talk([{ toolCalls: [bash("env")] }, "done"], ["--permission-mode", "full"], {
    place,
    env: { SECRET_X: "allowed" },
  });
  expect(run.answers[0]?.text).toContain("SECRET_X=allowed");
  expect(run.answers[0]?.text).not.toContain("API_KEY");
});

test("A-061: git status and diff report a changed and an untracked file and leave the index alone", async () => {
  const place = await newPlace();
  await repository(place, { "a.txt": "old\n" });
  await put(place, "a.txt", "new\n");
  await put(place, "b.txt", "untracked\n");
  const index = await readFile(join(place.cwd, ".git/index"));
  const { answers } = await callTools(place, [
    { name: "git_status", arguments: {} },
    { name: "git_diff", arguments: {} },
  ]);
  expect(answers[0]?.text).toContain("a.txt");
  expect(answers[0]?.text).toContain("b.txt");
  expect(answers[1]?.text).toContain("-old");
  expect(answers[1]?.text).toContain("+new");
  expect(await readFile(join(place.cwd, ".git/index"))).toEqual(index);
});

test("A-062: a commit needs approval; where nobody can give it, HEAD stays where it was", async () => {
  const place = await newPlace();
  await repository(place, { "a.txt": "old\n" });
  const head = await git(place, "rev-parse", "HEAD");
  await put(place, "a.txt", "new\n");
  await git(place, "add", "a.txt");
  const run = await callTools(place, [{ name: "git_commit", arguments: { message: "change" } }], []);
  expect(run.answers[0]).toMatchObject({ isError: true, text: expect.stringContaining("needs approval") });
  expect(await git(place, "rev-parse", "HEAD")).toBe(head);
});

test("A-063: a git ref that is an option is refused and has no effect", async () => {
  const place = await newPlace();
  await repository(place, { "a.txt": "old\n" });
  const target = join(place.home, "written-by-git");
  const { answers } = await callTools(place, [
    { name: "git_diff", arguments: { ref: `--output=${target}` } },
  ]);
  expect(answers[0]?.isError).toBe(true);
  await expect(stat(target)).rejects.toThrow(/ENOENT/);
});

test("A-064: a call of a tool that does not exist is an error for the model, and the run goes on", async () => {
  const run = await callTools(await newPlace(), [{ name: "frob", arguments: {} }]);
  expect(run.answers[0]).toMatchObject({ isError: true, text: expect.stringContaining("tool not found") });
  expect(run.stdout).toBe("done\n");
});

test.each([
  ["are no JSON", '{"path": "made.txt", "content": "x', /JSON/],
  ["lack a required field", { path: "made.txt" }, /`content`/],
  ["hold a wrong type", { path: ["made.txt"], content: "x" }, /`path`/],
])(
  "A-065: arguments that %s give an error that says what is wrong, and nothing runs",
  async (_, given, says) => {
    const place = await newPlace();
    const run = await callTools(place, [{ name: "write", arguments: given }]);
    expect(run.answers[0]).toMatchObject({ isError: true, text: expect.stringMatching(says) });
    await expect(stat(join(place.cwd, "made.txt"))).rejects.toThrow(/ENOENT/);
    expect(run.stdout).toBe("done\n");
  },
);

function read(path: string): ToolCall {
  return { name: "read", arguments: { path } };
}

function bash(command: string, more: Record<string, unknown> = {}): ToolCall {
  return { name: "bash", arguments: { command, ...more } };
}

/** A model reads a file before it edits it. */
function readAndEdit(place: Place, path: string, edits: readonly Record<string, unknown>[]): Promise<Talk> {
  return callTools(place, [read(path), { name: "edit", arguments: { path, edits: [...edits] } }]);
}

async function put(place: Place, path: string, content: string): Promise<void> {
  const file = join(place.cwd, path);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, content);
}

function get(place: Place, path: string): Promise<string> {
  return readFile(join(place.cwd, path), "utf8");
}

async function settings(place: Place, values: Record<string, unknown>): Promise<void> {
  const home = place.env.HEARTH_HOME ?? "";
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "settings.json"), JSON.stringify(values));
}

async function git(place: Place, ...args: string[]): Promise<string> {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  return (await execa("git", [...identity, ...args], { cwd: place.cwd })).stdout;
}

/** A first commit of these files. */
async function repository(place: Place, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) await put(place, path, content);
  await git(place, "add", ".");
  await git(place, "commit", "--quiet", "-m", "first");
}
