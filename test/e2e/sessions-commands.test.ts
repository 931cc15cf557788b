// `hearth sessions`: what each subcommand does, says and gives with --json.
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { pointedAt, sessionFile, sessionFiles } from "./scripted.ts";

/** A place with one session for each pair of prompt and answer. */
async function spoken(...talks: readonly [prompt: string, answer: string][]): Promise<Place> {
  const place = await newPlace();
  await using stub = await withStub(talks.map(([, answer]) => answer));
  for (const [prompt] of talks) await runHearth(pointedAt(place, stub), ["-p", prompt]);
  return place;
}

async function json(place: Place, ...args: string[]) {
  const { stdout, exitCode } = await runHearth(place, ["sessions", ...args, "--json"]);
  return { value: JSON.parse(stdout), exitCode };
}

const idOf = (path: string): string => /_(\w+)\.jsonl$/.exec(basename(path))?.[1] ?? "";

test("search finds what was said, best first, as lines and as JSON", async () => {
  const place = await spoken(
    ["tell me of birds", "the heron waits"],
    ["what is a heron?", "a bird"],
    ["nothing", "at all"],
  );
  const said = await runHearth(place, ["sessions", "search", "HERON"]);
  expect(said.exitCode).toBe(0);
  expect(said.stdout.match(/(prompt|answer): .*/g)).toEqual([
    "prompt: what is a heron?",
    "answer: the heron waits",
  ]);
  const found = await json(place, "search", "heron", "waits");
  expect(found.value).toMatchObject([
    { kind: "answer", text: "the heron waits", firstPrompt: "tell me of birds" },
  ]);
  expect((await json(place, "search", "--limit", "1", "heron")).value).toHaveLength(1);
  const none = await runHearth(place, ["sessions", "search", "nowhere"]);
  expect(none).toMatchObject({ stdout: "", exitCode: 0, stderr: expect.stringContaining("--all") });
  expect((await runHearth(place, ["sessions", "search", " "])).exitCode).toBe(2);
  expect((await runHearth(place, ["sessions", "search", "--limit", "0", "x"])).exitCode).toBe(2);
});

test("rename gives a name that the list and the search know; the conversation stays as it is", async () => {
  const place = await spoken(["hello", "hi"]);
  const file = await sessionFile(place);
  const before = await readFile(file, "utf8");
  const { value } = await json(place, "rename", idOf(file), "the", "first", "talk");
  expect(value).toEqual({ path: file, name: "the first talk" });
  expect((await readFile(file, "utf8")).startsWith(before)).toBe(true);
  expect((await json(place, "list")).value).toMatchObject([{ name: "the first talk" }]);
  expect((await json(place, "search", "first talk")).value).toMatchObject([{ kind: "name" }]);
  expect((await runHearth(place, ["sessions", "rename", idOf(file), " "])).exitCode).toBe(2);
});

test("verify tells damage with line numbers and exit code 1; repair makes a whole copy beside it", async () => {
  const place = await spoken(["hello", "hi"]);
  const file = await sessionFile(place);
  expect(await json(place, "verify", idOf(file))).toMatchObject({ exitCode: 0, value: [{ errors: 0 }] });
  const lines = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, lines.with(3, "noise").join("\n"));
  const damaged = await readFile(file);
  const verdict = await json(place, "verify", idOf(file));
  expect(verdict.exitCode).toBe(1);
  expect(verdict.value[0].problems[0]).toMatchObject({ line: 4, level: "error" });
  const said = await runHearth(place, ["sessions", "verify", file]);
  expect(said.stdout).toMatch(/damaged[\s\S]*line 4: error: The line is no entry\.[\s\S]*repair/);
  const { value } = await json(place, "repair", file);
  expect(await sessionFiles(place)).toHaveLength(2);
  expect(await json(place, "verify", value.id)).toMatchObject({ exitCode: 0 });
  expect((await readFile(file)).equals(damaged)).toBe(true);
  expect((await runHearth(place, ["sessions", "show", value.id])).stdout).toContain("hi");
});

test("path, rm and schema answer in JSON too", async () => {
  const place = await spoken(["hello", "hi"]);
  const file = await sessionFile(place);
  expect((await json(place, "path", idOf(file))).value).toEqual({ path: file });
  expect((await json(place, "schema")).value.$defs).toHaveProperty("run_start");
  expect((await json(place, "rm", idOf(file))).value).toEqual({ removed: [file] });
  expect(await sessionFiles(place)).toEqual([]);
});

test("a damaged file that a path leads to can be looked over; a reference that means nothing is exit code 2", async () => {
  const place = await newPlace();
  const file = `${place.cwd}/noise.jsonl`;
  await writeFile(file, "noise");
  expect(await json(place, "verify", file)).toMatchObject({ exitCode: 1, value: [{ id: null }] });
  for (const command of ["verify", "repair", "path", "rm", "show"]) {
    expect((await runHearth(place, ["sessions", command, "nosuch"])).exitCode).toBe(2);
  }
});
