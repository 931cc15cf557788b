// Session files that are damaged, strange or fought over: refused in one sentence or resumed, never made worse.
import { mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import {
  callTools,
  openCalls,
  pointedAt,
  sessionFile,
  sessionFiles,
  sessionLines,
  strayResults,
  talk,
  textsOf,
} from "./scripted.ts";

const MB_50 = 50 * 1024 * 1024;

type Damage = (lines: string[]) => string;

/** What can still be read is sent, and the file grows behind what it held. */
const READABLE: readonly (readonly [string, Damage])[] = [
  ["the header alone", ([header]) => `${header}\n`],
  ["a header without a line feed", ([header]) => header ?? ""],
  ["every second line gone", (lines) => joined(lines.filter((_, index) => index === 0 || index % 2 === 1))],
  ["every line but the header twice", ([header, ...rest]) => joined([header ?? "", ...rest, ...rest])],
  ["the lines in reverse order", ([header, ...rest]) => joined([header ?? "", ...rest.toReversed()])],
  [
    "parents that make a ring",
    (lines) =>
      joined(lines.map((line) => line.replace('"parentId":null', `"parentId":"${idOf(lines.at(-1))}"`))),
  ],
  [
    "one id for all entries",
    (lines) => joined(lines.map((line) => line.replace(/"(id|parentId)":"[^"]+"/g, '"$1":"same"'))),
  ],
  [
    "each line cut in half",
    ([header, ...rest]) => joined([header ?? "", ...rest.map((line) => line.slice(0, line.length / 2))]),
  ],
  ["blank lines and carriage returns", (lines) => `${lines.join("\r\n\r\n\n")}\r\n`],
  ["no line feed at the end", (lines) => lines.join("\n")],
  ["zero bytes at the end, as after a power cut", (lines) => `${joined(lines)}${"\0".repeat(4096)}`],
  [
    "an entry of 50 MB that was cut off",
    (lines) => `${joined(lines)}{"type":"message","id":"${"x".repeat(MB_50)}`,
  ],
];

test.each(READABLE)(
  "a session with %s is resumed with a valid request",
  { timeout: 60_000 },
  async (_, damage) => {
    const place = await newPlace();
    const { file, content } = await damagedSession(place, damage);
    const run = await talk(["ok"], ["--continue"], { place });
    expect(run).toMatchObject({ stdout: "ok\n", exitCode: 0 });
    expect(run.stderr).not.toMatch(/\n\s+at |internal/);
    expect([openCalls(run.requests[0]), strayResults(run.requests[0])]).toEqual([[], []]);
    expect(textsOf(run.requests[0], "user").at(-1)).toBe("go");
    const after = await readFile(file);
    const kept = Buffer.from(content).subarray(0, content.lastIndexOf("\n") + 1);
    expect(after.subarray(0, kept.length).equals(kept)).toBe(true);
    const again = await talk(["ok"], ["--continue"], { place });
    expect(again.exitCode).toBe(0);
    expect(textsOf(again.requests[0], "user").slice(-2)).toEqual(["go", "go"]);
  },
);

test.each([
  ["random bytes", () => Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 256))],
  ["a header that is no JSON", () => Buffer.from('{"type":"session","vers\n{"type":"message"}\n')],
  ["another program's JSON", () => Buffer.from('{"hello":"world"}\n')],
  ["one line of 50 MB", () => Buffer.alloc(MB_50, "x")],
])("a file of %s is refused in one sentence and not touched", async (_, content) => {
  const place = await newPlace();
  const { file } = await damagedSession(place, joined);
  const bytes = content();
  await writeFile(file, bytes);
  for (const flags of [["--continue"], ["--resume", file], ["--fork", file]]) {
    const run = await talk([], flags, { place });
    expect(run).toMatchObject({ exitCode: 1, stdout: "", requests: [] });
    expect(run.stderr).toMatch(/^hearth: \S+ is not a Hearth session: [^\n]+\nhint: [^\n]+\n$/);
  }
  expect((await readFile(file)).equals(bytes)).toBe(true);
  expect(await sessionFiles(place)).toEqual([file]);
  expect(await runHearth(place, ["sessions", "list", "--all"])).toMatchObject({ exitCode: 0 });
});

test("an empty file does not count as the newest session", async () => {
  const place = await newPlace();
  const { file } = await damagedSession(place, joined);
  await writeFile(join(dirname(file), "29990101T000000_empty.jsonl"), "");
  const run = await talk(["ok"], ["--continue"], { place });
  expect(run.exitCode).toBe(0);
  expect(textsOf(run.requests[0], "user")[0]).toBe("go");
});

test("folders and dead links with the names of sessions are passed over", async () => {
  const place = await newPlace();
  const { file } = await damagedSession(place, joined);
  await mkdir(join(dirname(file), "29990101T000000_folder.jsonl"));
  await symlink("/nowhere", join(dirname(file), "29990102T000000_link.jsonl"));
  await symlink("/nowhere", join(dirname(dirname(file)), "dead"));
  expect((await runHearth(place, ["sessions", "list", "--all"])).stdout.trim().split("\n")).toHaveLength(1);
  const run = await talk([], ["--resume", join(dirname(file), "29990101T000000_folder.jsonl")], { place });
  expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("not a Hearth session") });
  expect(await talk(["ok"], ["--continue"], { place })).toMatchObject({ exitCode: 0 });
});

test("sessions behind symbolic links are found, listed and gone on with", async () => {
  const place = await newPlace();
  const { file } = await damagedSession(place, joined);
  const moved = join(place.home, "elsewhere");
  await rename(dirname(file), moved);
  await symlink(moved, dirname(file));
  const id = (await sessionLines(file))[0]?.id ?? "";
  expect((await runHearth(place, ["sessions", "list", "--all"])).stdout).toContain(id);
  for (const flags of [["--continue"], ["--resume", id]]) {
    expect(await talk(["ok"], flags, { place })).toMatchObject({ exitCode: 0, stdout: "ok\n" });
  }
  expect((await sessionLines(file)).filter(({ type }) => type === "run_start")).toHaveLength(3);
});

test("of processes that resume one session at once, one has it and the others are told its pid", async () => {
  const place = await newPlace();
  const { file } = await damagedSession(place, joined);
  await using stub = await withStub({ replies: [{ text: "ok", delayMs: 1_500 }], loop: true });
  const start = () => runHearth(pointedAt(place, stub), ["-p", "race", "--resume", file]);
  const runs = await Promise.all([start(), start(), start()]);
  expect(runs.map(({ exitCode }) => exitCode).toSorted()).toEqual([0, 1, 1]);
  for (const { stderr } of runs.filter(({ exitCode }) => exitCode === 1)) {
    expect(stderr).toMatch(/in use by process \d+/);
  }
  const prompts = (await sessionLines(file)).filter(({ type }) => type === "run_start");
  expect(prompts.map(({ prompt }) => prompt)).toEqual(["go", "race"]);
});

test("processes that start new sessions at once get a file each", async () => {
  const place = await newPlace();
  await using stub = await withStub({ replies: ["ok"], loop: true });
  const start = () => runHearth(pointedAt(place, stub), ["-p", "new"]);
  const runs = await Promise.all([start(), start(), start()]);
  expect(runs.map(({ stderr, exitCode }) => [stderr, exitCode])).toEqual(Array(3).fill(["", 0]));
  expect(await sessionFiles(place)).toHaveLength(3);
});

test.each([
  ["blanks and quotes", `it's "a" name`],
  ["a line feed", "two\nlines"],
  ["other scripts and an emoji", "проект 日本 🔥"],
  ["nothing but dots and dashes", "--..--"],
  ["200 characters", "long".repeat(50)],
  ["shell words", "$(touch x); rm -rf *"],
])("a directory whose name has %s keeps its own sessions", async (_, name) => {
  const origin = await newPlace();
  const place = { ...origin, cwd: join(origin.cwd, name) };
  await mkdir(place.cwd);
  await callTools(place, [{ name: "ls", arguments: {} }]);
  const run = await talk(["ok"], ["--continue"], { place });
  expect(run).toMatchObject({ stdout: "ok\n", stderr: "", exitCode: 0 });
  expect(textsOf(run.requests[0], "user")).toEqual(["go", "go"]);
  const file = await sessionFile(place);
  expect(dirname(dirname(file))).toBe(join(place.env.HEARTH_HOME ?? "", "sessions"));
  expect((await runHearth(place, ["sessions", "list", "--all"])).stdout.trimEnd().split("\n")).toHaveLength(
    1,
  );
});

/** A finished session of one run with a tool call, changed by `damage`. */
async function damagedSession(place: Place, damage: Damage): Promise<{ file: string; content: string }> {
  await callTools(place, [{ name: "ls", arguments: {} }]);
  const file = await sessionFile(place);
  const content = damage((await readFile(file, "utf8")).trimEnd().split("\n"));
  await writeFile(file, content);
  return { file, content };
}

function joined(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

function idOf(line: string | undefined): string {
  return (JSON.parse(line ?? "{}") as { id: string }).id;
}
