// What pickers do with sessions and runs: look into them, name them, delete them, move and fork anywhere in the tree.
import { existsSync, readFileSync } from "node:fs";
import { stat, utimes } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type TestStub, withStub } from "../support/stub.ts";
import { newPlace, openTestApp, type Place, requestTexts, type TestApp } from "./test-app.ts";

const ECHO = { replies: ["ok"], loop: true };
const MODEL = { model: "anthropic/claude-sonnet-5-5" };

async function withRuns(stub: TestStub, place: Place, ...prompts: string[]): Promise<TestApp> {
  const test = await openTestApp(place, { stub });
  for (const prompt of prompts) await test.run(prompt);
  return test;
}

const fileOf = ({ app }: TestApp): string => app.conversation.file ?? "";

/** Two branches after the first run: "two" with "three" behind it, and "other". */
async function withBranches(stub: TestStub): Promise<TestApp> {
  const test = await withRuns(stub, await newPlace(MODEL), "one", "two", "three");
  await test.enter("/rewind 1");
  await test.run("other");
  return test;
}

async function runId({ app }: TestApp, prompt: string): Promise<string> {
  return (await app.sessions.runs()).find((run) => run.prompt === prompt)?.id ?? "";
}

/** The prompts of the branch that is shown now. */
async function promptsOf({ app }: TestApp): Promise<string[]> {
  const events = await app.conversation.replay({ lastRuns: 50 });
  return events.flatMap((event) => (event.type === "run_start" ? [event.prompt] : []));
}

describe("the runs of a session", () => {
  it("are a tree with what each was about", async () => {
    await using stub = await withStub([
      { toolCalls: [{ name: "write", arguments: { path: "a.txt", content: "x" } }] },
      "written",
      ...Array.from({ length: 3 }, () => "ok"),
    ]);
    const test = await openTestApp(await newPlace({ ...MODEL, permissionMode: "full" }), { stub });
    for (const prompt of ["one", "two"]) await test.run(prompt);
    await test.enter("/rewind 1");
    await test.run("other");
    const runs = await test.app.sessions.runs();
    const [one, two, other] = runs;
    expect(runs.map(({ prompt, onBranch, isTip }) => [prompt, onBranch, isTip])).toEqual([
      ["one", true, false],
      ["two", false, false],
      ["other", true, true],
    ]);
    expect([one?.parent, two?.parent, other?.parent]).toEqual([null, one?.id, one?.id]);
    expect(one).toMatchObject({
      answer: "written",
      files: ["a.txt"],
      tools: 1,
      outcome: "completed",
      runtime: "native",
      label: "",
    });
    expect(two).toMatchObject({ answer: "ok", files: [], tools: 0 });
  });

  it("can be moved to on any branch, and back; the next request holds that branch alone", async () => {
    await using stub = await withStub(ECHO);
    const test = await withBranches(stub);
    const file = fileOf(test);
    await test.enter(`/rewind #${await runId(test, "two")}`);
    expect(await promptsOf(test)).toEqual(["one", "two"]);
    await test.enter(`/rewind #${await runId(test, "other")}`);
    expect(await promptsOf(test)).toEqual(["one", "other"]);
    await test.enter(`/rewind #${await runId(test, "three")}`);
    expect(await promptsOf(test)).toEqual(["one", "two", "three"]);
    await test.run("four");
    expect(requestTexts(stub).map(({ text }) => text)).toEqual([
      "one",
      "ok",
      "two",
      "ok",
      "three",
      "ok",
      "four",
    ]);
    expect(fileOf(test)).toBe(file);
    expect((await test.app.sessions.runs()).map(({ prompt }) => prompt)).toEqual([
      "one",
      "two",
      "three",
      "four",
      "other",
    ]);
  });

  it("a run in the middle of this branch is left at its end", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one", "two", "three");
    await test.enter(`/rewind #${await runId(test, "two")}`);
    expect(await promptsOf(test)).toEqual(["one", "two"]);
    await test.run("again");
    expect(requestTexts(stub).map(({ text }) => text)).toEqual(["one", "ok", "two", "ok", "again"]);
  });

  it("can be forked from, also on another branch; the original stays as it is", async () => {
    await using stub = await withStub(ECHO);
    const test = await withBranches(stub);
    const original = { file: fileOf(test), id: test.app.conversation.sessionId };
    const two = await runId(test, "two");
    await test.enter(`/fork #${two}`);
    expect(test.app.conversation.sessionId).not.toBe(original.id);
    expect(await promptsOf(test)).toEqual(["one", "two"]);
    expect(test.app.conversation.state().runs).toBe(2);
    await test.run("in the copy");
    expect(requestTexts(stub).map(({ text }) => text)).toEqual(["one", "ok", "two", "ok", "in the copy"]);
    await test.enter(`/resume ${original.file}`);
    expect(await promptsOf(test)).toEqual(["one", "other"]);
  });

  it("can be given names", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one", "two");
    await test.app.sessions.label(await runId(test, "one"), "before the refactor");
    await test.run("three");
    const labels = (await test.app.sessions.runs()).map(({ label }) => label);
    expect(labels).toEqual(["before the refactor", "", ""]);
  });

  it("that are left can be summed up for the branch that is gone on with", async () => {
    await using stub = await withStub({
      rules: [{ when: { contains: "Write a short summary" }, reply: { text: "Two was tried in vain." } }],
      replies: ["ok"],
      loop: true,
    });
    const test = await withRuns(stub, await newPlace(MODEL), "one", "two");
    const before = stub.requests.length;
    await test.enter("/rewind 1 summary what failed");
    expect(stub.requests).toHaveLength(before + 1);
    const asked = requestTexts(stub).map(({ text }) => text);
    expect(asked.slice(0, 2)).toEqual(["two", "ok"]);
    expect(asked[2]).toContain("in particular: what failed");
    await test.run("three");
    const texts = requestTexts(stub).map(({ text }) => text);
    expect(texts.slice(0, 2)).toEqual(["one", "ok"]);
    expect(texts.slice(2).join()).toMatch(/branch that was left:\s+Two was tried in vain\.[\s\S]*three/);
    expect(texts.join()).not.toMatch(/\btwo\b/);
    expect(await test.app.sessions.runs()).toHaveLength(3);
  });

  it("that are left are summed up without the model where it cannot be asked; without a wish nothing is", async () => {
    await using stub = await withStub({
      rules: [{ when: { contains: "Write a short summary" }, reply: { status: 400, text: "not now" } }],
      replies: ["ok"],
      loop: true,
    });
    const test = await withRuns(stub, await newPlace(MODEL), "one", "two");
    await test.enter("/rewind 1 summary");
    expect(test.notices().join()).toContain("is being summed up");
    await test.run("three");
    const texts = requestTexts(stub).map(({ text }) => text);
    expect(texts.join()).toContain("- The user: two");
    await test.enter("/rewind 1");
    await test.run("four");
    // The summary of before belongs to this branch; of the run that is left now there is none.
    expect(
      requestTexts(stub)
        .map(({ text }) => text)
        .join(),
    ).not.toContain("three");
  });

  it("can be named by /label, the newest or any", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one", "two");
    await test.enter("/label the newest");
    await test.enter(`/label #${await runId(test, "one")} the first one`);
    const labels = async () => (await test.app.sessions.runs()).map(({ label }) => label);
    expect(await labels()).toEqual(["the first one", "the newest"]);
    await test.enter(`/label #${await runId(test, "one")}`);
    expect(await labels()).toEqual(["", "the newest"]);
    await expect(test.enter("/label")).rejects.toMatchObject({ code: "command.usage" });
    await expect(test.enter("/label #nosuch x")).rejects.toMatchObject({ code: "session.no_run" });
  });

  it("go along with all branches where /clone copies the session; the original stays as it is", async () => {
    await using stub = await withStub(ECHO);
    const test = await withBranches(stub);
    const original = { file: fileOf(test), bytes: readFileSync(fileOf(test)) };
    const prompts = async () => (await test.app.sessions.runs()).map(({ prompt }) => prompt);
    const before = await prompts();
    await test.enter("/clone");
    expect(fileOf(test)).not.toBe(original.file);
    expect(await prompts()).toEqual(before);
    expect(await promptsOf(test)).toEqual(["one", "other"]);
    expect(test.app.conversation.state().usage.output).toBe(0);
    await test.enter(`/rewind #${await runId(test, "three")}`);
    await test.run("in the copy");
    expect(requestTexts(stub).map(({ text }) => text)).toEqual([
      ...["one", "ok", "two", "ok", "three", "ok"],
      "in the copy",
    ]);
    expect(readFileSync(original.file).subarray(0, original.bytes.length).equals(original.bytes)).toBe(true);
    expect(readFileSync(original.file, "utf8")).not.toContain("in the copy");
  });

  it.each(["/rewind #nosuch", "/fork #nosuch"])("%s is refused and changes nothing", async (line) => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one");
    const { sessionId } = test.app.conversation;
    await expect(test.enter(line)).rejects.toMatchObject({ code: "session.no_run" });
    await test.run("two");
    expect(test.app.conversation.sessionId).toBe(sessionId);
    expect(requestTexts(stub).map(({ text }) => text)).toEqual(["one", "ok", "two"]);
  });
});

describe("a saved session", () => {
  it("can be looked into: its first prompt, its newest answers, the files it changed", async () => {
    const write = (path: string) => ({ toolCalls: [{ name: "write", arguments: { path, content: "x" } }] });
    await using stub = await withStub([write("a.txt"), "first answer", write("b.txt"), "second answer"]);
    const test = await openTestApp(await newPlace({ ...MODEL, permissionMode: "full" }), { stub });
    await test.run("one");
    await test.run("two");
    expect(await test.app.sessions.peek(fileOf(test))).toEqual({
      cwd: test.app.cwd,
      model: "anthropic/claude-sonnet-5-5",
      firstPrompt: "one",
      lastPrompt: "two",
      answers: ["first answer", "second answer"],
      files: ["a.txt", "b.txt"],
    });
  });

  it("is found by what was said in it", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "tell me of herons");
    await test.enter("/new");
    await test.run("something else");
    const { signal } = new AbortController();
    const found = await test.app.sessions.search("HERONS", { all: false, signal });
    expect(found).toMatchObject([
      { kind: "prompt", firstPrompt: "tell me of herons", text: "tell me of herons" },
    ]);
    expect((await test.enter("/search herons")).ui).toEqual({
      kind: "picker",
      picker: "search",
      query: "herons",
    });
  });

  it("can be named without being opened, and is no newer for it", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one");
    const old = fileOf(test);
    await test.enter("/new");
    await test.run("two");
    const then = new Date("2026-01-02T03:04:05Z");
    await utimes(old, then, then);
    await test.app.sessions.rename("an old one", old);
    expect((await stat(old)).mtime).toEqual(then);
    expect(existsSync(`${old}.lock`)).toBe(false);
    const listed = await test.app.sessions.list({ all: false });
    expect(listed.map(({ name, firstPrompt }) => [name, firstPrompt])).toEqual([
      ["", "two"],
      ["an old one", "one"],
    ]);
    expect(test.app.conversation.state().name).toBe("");
  });

  it("that is open here is named as /name does it", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one");
    await test.app.sessions.rename("this one", fileOf(test));
    expect(test.app.conversation.state().name).toBe("this one");
    await test.run("two");
  });

  it("can be deleted, but not the one that is open here", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one");
    const old = fileOf(test);
    await expect(test.app.sessions.remove(old)).rejects.toMatchObject({ code: "session.locked" });
    expect(existsSync(old)).toBe(true);
    await test.enter("/new");
    await test.app.sessions.remove(old);
    expect(existsSync(old)).toBe(false);
  });
});
