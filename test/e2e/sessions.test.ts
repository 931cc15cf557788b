// Saved sessions through the built program: what is written, resumed, forked, refused (SPEC, section 5).
import { appendFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { submit } from "../../src/app/submit.ts";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { driveApp } from "./app-driver.ts";
import {
  callTools,
  messagesOf,
  openCalls,
  type SessionLine,
  sessionFile,
  sessionFiles,
  sessionLines,
  talk,
  textsOf,
  toolAnswers,
} from "./scripted.ts";

test("A-066: a person's own shell line runs without a model call and is part of the next request", async () => {
  const place = await newPlace();
  await using stub = await withStub(["answer"]);
  const { app, events, run } = await driveApp(place, stub);
  await submit(app, { text: "!echo hi from the shell", as: "enter" }, () => undefined);
  expect(stub.requests).toHaveLength(0);
  expect(events).toMatchObject([
    {
      type: "message_end",
      message: { source: "shell", details: { output: "hi from the shell\n", exitCode: 0 } },
    },
  ]);
  await run("what did it print?");
  expect(textsOf(stub.requests[0], "user").join("\n")).toMatch(/hi from the shell[\s\S]*what did it print\?/);
});

test("A-088: a session file is private JSON lines with header, prompt, answer, tool call, result and usage", async () => {
  const place = await newPlace();
  await writeFile(join(place.cwd, "a.txt"), "text");
  await callTools(place, [{ name: "read", arguments: { path: "a.txt" } }]);
  const file = await sessionFile(place);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(file))).mode & 0o777).toBe(0o700);
  const [header, ...entries] = await sessionLines(file);
  expect(header).toMatchObject({ type: "session", version: 1, cwd: place.cwd });
  const messages = entries.flatMap((entry) => (entry.type === "message" ? [entry.message] : []));
  expect(messages).toMatchObject([
    { role: "user", content: [{ type: "text", text: "go" }] },
    {
      role: "assistant",
      content: [{ type: "tool_call", name: "read" }],
      usage: { input: expect.any(Number) },
    },
    { role: "tool_result", toolName: "read", isError: false },
    { role: "assistant", content: [{ type: "text", text: "done" }] },
  ]);
  expect(entries.map(({ type }) => type)).toEqual(expect.arrayContaining(["run_start", "run_end"]));
});

test("A-089: --continue sends the earlier messages in order and goes on in the same file", async () => {
  const place = await newPlace();
  await callTools(place, [{ name: "ls", arguments: {} }]);
  const file = await sessionFile(place);
  const before = await readFile(file, "utf8");
  const run = await talk(["you said go"], ["what did I say?", "--continue"], { place });
  expect(run.stdout).toBe("you said go\n");
  expect(messagesOf(run.requests[0]).map(({ role }) => role)).toEqual([
    "user",
    "assistant",
    "user",
    "assistant",
    "user",
  ]);
  expect(textsOf(run.requests[0], "user")).toEqual(["go", "go what did I say?"]);
  expect(openCalls(run.requests[0])).toEqual([]);
  expect(await sessionFile(place)).toBe(file);
  expect((await readFile(file, "utf8")).startsWith(before)).toBe(true);
});

test("A-090: sessions are listed newest first by directory, with --all everywhere; --resume needs to be told which", async () => {
  const place = await newPlace();
  const other = { ...place, cwd: join(place.cwd, "other") };
  await mkdir(other.cwd);
  await prompt(place, "first prompt");
  await prompt(other, "prompt elsewhere");
  await prompt(place, "second prompt");
  const here = (await runHearth(place, ["sessions", "list"])).stdout.trimEnd().split("\n");
  expect(here).toHaveLength(2);
  expect(here[0]).toMatch(/^\S+ +\d+ s +1 run +second prompt$/);
  expect(here[1]).toContain("first prompt");
  const all = await runHearth(place, ["sessions", "list", "--all"]);
  expect(all.stdout).toContain("prompt elsewhere");
  expect(all.stdout.trimEnd().split("\n")).toHaveLength(3);
  expect(await runHearth(place, ["-p", "x", "--resume"])).toMatchObject({ exitCode: 2, stdout: "" });
});

test("A-091: an unknown or ambiguous session is exit code 2, with candidates, and creates nothing", async () => {
  const place = await newPlace();
  await prompt(place, "first prompt");
  await prompt(place, "second prompt");
  const files = await sessionFiles(place);
  const ids = await Promise.all(files.map(async (file) => (await sessionLines(file))[0]?.id ?? ""));
  const common = commonBeginning(ids);
  expect(common).not.toBe("");
  const ambiguous = await talk([], ["--resume", common], { place });
  expect(ambiguous).toMatchObject({ exitCode: 2, stdout: "", requests: [] });
  for (const id of ids) expect(ambiguous.stderr).toContain(id);
  expect(ambiguous.stderr).toContain("second prompt");
  const unknown = await talk([], ["--resume", "nope"], { place });
  expect(unknown).toMatchObject({
    exitCode: 2,
    requests: [],
    stderr: expect.stringMatching(/No session "nope"/),
  });
  const none = await talk([], ["--continue"], { place: { ...place, cwd: place.home } });
  expect(none).toMatchObject({ exitCode: 2, requests: [] });
  expect(await sessionFiles(place)).toEqual(files);
});

test("A-092: a last line cut off by a crash is dropped with a notice and nothing else is lost", async () => {
  const place = await newPlace();
  await prompt(place, "first prompt");
  const file = await sessionFile(place);
  await appendFile(file, '{"type":"message","id":"torn","parentId":nu');
  const run = await talk(["ok"], ["--continue"], { place });
  expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/last line .* was cut off/) });
  expect(textsOf(run.requests[0], "user")[0]).toBe("first prompt");
  expect(await readFile(file, "utf8")).not.toContain("torn");
  const again = await talk(["ok"], ["--continue"], { place });
  expect(again.stderr).toBe("");
});

test("A-093: a damaged line inside is named by its number, passed over, and left as it is", async () => {
  const place = await newPlace();
  await prompt(place, "first prompt");
  await prompt(place, "second prompt", ["--continue"]);
  const file = await sessionFile(place);
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  const damaged = lines.findIndex((line) => line.includes('"role":"assistant"'));
  lines[damaged] = "\u0000garbage{{{";
  await writeFile(file, `${lines.join("\n")}\n`);
  const before = await readFile(file);
  const run = await talk(["ok"], ["--continue"], { place });
  expect(run.stderr).toContain(`Line ${damaged + 1} of the session cannot be read`);
  expect(run.exitCode).toBe(0);
  expect(textsOf(run.requests[0], "user").join("\n")).toMatch(/first prompt[\s\S]*second prompt[\s\S]*go/);
  expect((await readFile(file)).subarray(0, before.length)).toEqual(before);
});

test("A-094: a session of a newer format is refused with exit code 1 and not touched", async () => {
  const place = await newPlace();
  await prompt(place, "first prompt");
  const file = await sessionFile(place);
  await writeFile(file, (await readFile(file, "utf8")).replace('"version":1', '"version":99'));
  const before = await readFile(file);
  for (const flags of [["--continue"], ["--resume", file], ["--fork", file]]) {
    const run = await talk([], flags, { place });
    expect(run).toMatchObject({ exitCode: 1, requests: [], stderr: expect.stringContaining("99") });
  }
  expect(await readFile(file)).toEqual(before);
  expect(await sessionFiles(place)).toEqual([file]);
});

test("A-095: a tool call whose result was lost gets an error result in the next request", async () => {
  const place = await newPlace();
  await callTools(place, [{ name: "ls", arguments: {}, id: "call_lost" }]);
  const file = await sessionFile(place);
  await keepLines(file, (lines) => {
    const result = lines.findIndex((line) => isMessage(line, "tool_result"));
    return lines.slice(0, result);
  });
  const run = await talk(["ok"], ["--continue"], { place });
  expect(run).toMatchObject({ exitCode: 0, stdout: "ok\n" });
  expect(openCalls(run.requests[0])).toEqual([]);
  expect(run.answers).toMatchObject([{ isError: true, text: expect.stringContaining("No result") }]);
});

test("A-096: a result of a tool that is gone does not stop a session from being resumed", async () => {
  const place = await newPlace();
  await callTools(place, [{ name: "ls", arguments: {} }]);
  const file = await sessionFile(place);
  await writeFile(file, (await readFile(file, "utf8")).replaceAll('"ls"', '"gone_tool"'));
  const run = await talk(["ok"], ["--continue"], { place });
  expect(run).toMatchObject({ exitCode: 0, stdout: "ok\n" });
  expect(run.requests[0] && toolAnswers(run.requests[0])).toHaveLength(1);
});

test("A-098: --fork goes on in a copy with a new id and leaves the original as it was", async () => {
  const place = await newPlace();
  await prompt(place, "first prompt");
  await prompt(place, "second prompt", ["--continue"]);
  const original = await sessionFile(place);
  const before = await readFile(original);
  const [header] = await sessionLines(original);
  const run = await talk(["ok"], ["--fork", header?.id ?? "", "-o", "json"], { place });
  const { sessionId } = JSON.parse(run.stdout) as { sessionId: string };
  expect(sessionId).not.toBe(header?.id);
  expect(textsOf(run.requests[0], "user")).toEqual(["first prompt", "second prompt", "go"]);
  expect(await readFile(original)).toEqual(before);
  const copy = (await sessionFiles(place)).find((file) => file !== original) ?? "";
  expect((await sessionLines(copy))[0]).toMatchObject({ id: sessionId, parentSession: header?.id });
});

test("A-099: a session that another process has open is refused with its pid, and can be forked", async () => {
  const place = await newPlace();
  await using stub = await withStub();
  const first = await driveApp(place, stub);
  await first.run("first prompt");
  const file = first.app.conversation.file ?? "";
  const refused = await talk([], ["--resume", file], { place });
  expect(refused).toMatchObject({ exitCode: 1, requests: [] });
  expect(refused.stderr).toContain(`process ${process.pid}`);
  expect(refused.stderr).toMatch(/--fork/);
  const before = await readFile(file);
  const forked = await talk(["ok"], ["--fork", file], { place });
  expect(textsOf(forked.requests[0], "user")[0]).toBe("first prompt");
  expect(await readFile(file)).toEqual(before);
  expect((await runHearth(place, ["sessions", "show", file])).stdout).toContain("first prompt");
});

test("A-099: the lock of a process that is gone is taken over", async () => {
  const place = await newPlace();
  await prompt(place, "first prompt");
  const file = await sessionFile(place);
  await writeFile(`${file}.lock`, `${JSON.stringify({ pid: 4_194_000, host: hostname(), started: null })}\n`);
  const run = await talk(["ok"], ["--continue"], { place });
  expect(run).toMatchObject({ exitCode: 0, stdout: "ok\n" });
  await expect(stat(`${file}.lock`)).rejects.toThrow(/ENOENT/);
});

function prompt(place: Place, text: string, flags: readonly string[] = []) {
  return runPrompt(place, [text, ...flags]);
}

/** `-p` with a prompt of its own, answered "ok". */
async function runPrompt(place: Place, args: readonly string[]): Promise<void> {
  await using stub = await withStub(["ok"]);
  const env = { ANTHROPIC_BASE_URL: stub.url, ANTHROPIC_API_KEY: "stub-key" };
  const { exitCode, stderr } = await runHearth(place, ["-p", ...args], { env });
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
}

function commonBeginning([first = "", ...others]: readonly string[]): string {
  let length = first.length;
  while (!others.every((other) => other.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, length);
}

function isMessage(line: string, role: string): boolean {
  const entry = JSON.parse(line) as SessionLine & { message?: { role?: string } };
  return entry.type === "message" && entry.message?.role === role;
}

async function keepLines(file: string, keep: (lines: string[]) => string[]): Promise<void> {
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  await writeFile(file, `${keep(lines).join("\n")}\n`);
}

test("A-102: thoughts and calls of one model are taken by another vendor's: no signature goes along, ids are its own", async () => {
  const place = await newPlace();
  const thinks = {
    thinking: "I look first.",
    toolCalls: [{ name: "ls", arguments: { path: "." }, id: "toolu_01:odd|id+of/another=vendor" }],
  };
  const first = await talk([thinks, "looked"], ["--model", "anthropic/claude-sonnet-5-5:high"], { place });
  expect(first.exitCode).toBe(0);
  const [signature] =
    /(?<="signature":")[^"]+/.exec(JSON.stringify(await sessionLines(await sessionFile(place)))) ?? [];
  expect(signature).toMatch(/^\w{20}/);

  await using stub = await withStub(["taken"]);
  const env = { ...place.env, OPENAI_BASE_URL: `${stub.url}/v1`, OPENAI_API_KEY: "stub-key" };
  const flags = ["-p", "again", "--continue", "--model", "openai/gpt-6-sol"];
  const run = await runHearth({ ...place, env }, flags);
  expect(run).toMatchObject({ exitCode: 0, stdout: "taken\n" });
  const [request] = stub.requests;
  const body = JSON.stringify(request?.body);
  expect(body).toContain("looked");
  expect(body).not.toContain(signature);
  const ids = [...body.matchAll(/"call_id":"([^"]*)"/g)].map(([, id]) => id ?? "");
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  for (const id of ids) expect(id).toMatch(/^[\w-]{1,64}$/);
});
