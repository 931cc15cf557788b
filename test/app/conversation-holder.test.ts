import { existsSync } from "node:fs";
import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sessionContext } from "../../src/session/context.ts";
import { readBranch } from "../../src/session/read.ts";
import { type TestStub, withStub } from "../support/stub.ts";
import { newPlace, openTestApp, type Place, requestModels, requestTexts, type TestApp } from "./test-app.ts";

const ECHO = { replies: ["ok"], loop: true };
const MODEL = { model: "anthropic/claude-sonnet-5-5" };

async function withRuns(stub: TestStub, place: Place, ...prompts: string[]): Promise<TestApp> {
  const test = await openTestApp(place, { stub });
  for (const prompt of prompts) await test.run(prompt);
  return test;
}

const reasonsOf = (test: TestApp) => {
  const reasons: string[] = [];
  test.app.onConversation((reason) => reasons.push(reason));
  return reasons;
};

describe("/new", () => {
  it("starts an empty session with the settings of now and gives the old one's lock back", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one");
    await test.enter("/model anthropic/claude-haiku-4-5");
    await test.enter("/permissions plan");
    const reasons = reasonsOf(test);
    const old = test.app.conversation;
    expect(existsSync(`${old.file}.lock`)).toBe(true);
    await test.enter("/new");
    expect(existsSync(`${old.file}.lock`)).toBe(false);
    expect(reasons).toEqual(["new"]);
    expect(test.app.conversation.sessionId).not.toBe(old.sessionId);
    expect(test.app.conversation.state()).toMatchObject({
      model: "anthropic/claude-haiku-4-5",
      mode: "plan",
      runs: 0,
    });
    await test.run("two");
    expect(requestTexts(stub).map(({ text }) => text)).toEqual(["two"]);
    expect(requestModels(stub).at(-1)).toBe("claude-haiku-4-5");
    await expect(old.send({ type: "prompt", text: "x" })).rejects.toMatchObject({ code: "session.closed" });
  });

  it("goes on storing nothing where nothing is stored", async () => {
    await using stub = await withStub(ECHO);
    const test = await openTestApp(await newPlace(MODEL), { stub, session: { kind: "none" } });
    await test.enter("/clear");
    await test.run("one");
    expect(test.app.conversation.file).toBeNull();
    expect(test.app.historyFile).toBeNull();
    for (const line of ["/fork", "/rewind 0", "/export"]) {
      await expect(test.enter(line)).rejects.toMatchObject({ code: "session.not_stored" });
    }
    expect(await test.app.sessions.list({ all: true })).toEqual([]);
  });
});

describe("/resume", () => {
  it("goes on with the same history, usage, name and model under the same id (A-089)", async () => {
    await using stub = await withStub({
      replies: [{ text: "ok", usage: { input: 1000, output: 200 } }],
      loop: true,
    });
    const place = await newPlace(MODEL);
    const first = await withRuns(stub, place, "one", "two");
    await first.enter("/name my work");
    const { usage, contextTokens } = first.app.conversation.state();
    const { sessionId } = first.app.conversation;
    const live = first.history();
    await first.app.close();
    const test = await openTestApp(place, { stub, flags: { model: "anthropic/claude-haiku-4-5" } });
    await test.enter(`/resume ${sessionId.slice(0, 14)}`);
    expect(test.app.conversation.sessionId).toBe(sessionId);
    expect(test.app.conversation.state()).toMatchObject({ usage, contextTokens, name: "my work", runs: 2 });
    expect(usage).toMatchObject({ input: 2000, output: 400 });
    expect(test.app.conversation.state().model).toBe("anthropic/claude-haiku-4-5");
    expect(test.app.models.current()?.id).toBe("claude-haiku-4-5");
    await test.run("what did I say?");
    expect(requestTexts(stub).map(({ text }) => text)).toEqual(["one", "ok", "two", "ok", "what did I say?"]);
    expect(test.history().slice(0, 4)).toEqual(live);
    const branch = await readBranch(test.app.conversation.file ?? "");
    expect(sessionContext(branch).history).toEqual(test.history());
  });

  it("has the session's own model again, and says so when it is not known any more", async () => {
    await using stub = await withStub(ECHO);
    const place = await newPlace(MODEL);
    const first = await openTestApp(place, { stub, flags: { model: "anthropic/claude-haiku-4-5" } });
    await first.run("one");
    const file = first.app.conversation.file ?? "";
    await first.app.close();
    const again = await openTestApp(place, { stub, session: { kind: "continue" } });
    expect(again.app.models.current()?.id).toBe("claude-haiku-4-5");
    await again.app.close();
    await writeFile(
      file,
      (await readFile(file, "utf8")).replaceAll("anthropic/claude-haiku-4-5", "gone/model"),
    );
    const test = await openTestApp(place, { stub, session: { kind: "continue" } });
    expect(test.app.warnings).toEqual([expect.stringContaining("gone/model is not known here")]);
    expect(test.app.models.current()?.id).toBe("claude-sonnet-5-5");
  });

  it("never makes the permission mode looser by itself", async () => {
    await using stub = await withStub(ECHO);
    const place = await newPlace(MODEL);
    const first = await openTestApp(place, { stub, flags: { permissionMode: "full" } });
    await first.run("one");
    await first.app.close();
    const modeOf = async (flags = {}) => {
      const test = await openTestApp(place, { stub, session: { kind: "continue" }, flags });
      const { mode } = test.app.conversation.state();
      await test.app.close();
      return mode;
    };
    expect(await modeOf()).toBe("ask");
    expect(await modeOf({ permissionMode: "full" })).toBe("full");
    expect(await modeOf({ permissionMode: "plan" })).toBe("plan");
    expect(await modeOf({})).toBe("plan");
  });

  it("of what is not there leaves the session in progress as it is", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one");
    const { sessionId } = test.app.conversation;
    for (const line of ["/resume nosuch", "/fork nosuch", "/resume ./no.jsonl", "/rewind 7"]) {
      await expect(test.enter(line)).rejects.toThrow();
    }
    await test.enter(`/resume ${sessionId}`);
    expect(test.app.conversation.sessionId).toBe(sessionId);
    await test.run("two");
    expect(requestTexts(stub)).toHaveLength(3);
  });

  it("tells what was wrong with the file, and changes none of its bytes (A-092, A-093)", async () => {
    await using stub = await withStub(ECHO);
    const place = await newPlace(MODEL);
    const first = await withRuns(stub, place, "one");
    const file = first.app.conversation.file ?? "";
    await first.app.close();
    await appendFile(file, "garbage\n");
    const before = await readFile(file, "utf8");
    const atStart = await openTestApp(place, { stub, session: { kind: "continue" } });
    expect(atStart.app.warnings.join()).toMatch(/Line \d+ of the session cannot be read/);
    await atStart.app.close();
    expect(await readFile(file, "utf8")).toBe(before);
    const test = await openTestApp(place, { stub });
    await test.enter(`/resume ${file}`);
    expect(test.notices().join()).toMatch(/Line \d+ of the session cannot be read/);
    expect(await readFile(file, "utf8")).toBe(before);
  });

  it("is refused with the pid, a fork and a read-only view while another app has it (A-099)", async () => {
    await using stub = await withStub(ECHO);
    const place = await newPlace(MODEL);
    const { app } = await withRuns(stub, place, "one");
    const { sessionId } = app.conversation;
    const locked = {
      code: "session.locked",
      message: expect.stringContaining(String(process.pid)),
      hint: expect.stringMatching(
        new RegExp(`hearth --fork ${sessionId}.*hearth sessions show ${sessionId}`),
      ),
    };
    await expect(openTestApp(place, { session: { kind: "continue" } })).rejects.toMatchObject(locked);
    const other = await openTestApp(place, { stub });
    await expect(other.enter(`/resume ${sessionId}`)).rejects.toMatchObject(locked);
    await other.enter(`/fork ${sessionId}`);
    expect(other.history()).toHaveLength(2);
    expect((await app.sessions.list({ all: false })).map(({ runs }) => runs)).toEqual([1, 1]);
  });
});

describe("/fork", () => {
  it("goes on in a copy; the original stays as it was (A-098)", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one");
    const original = test.app.conversation;
    const reasons = reasonsOf(test);
    await test.enter("/fork");
    expect(reasons).toEqual(["fork"]);
    expect(test.app.conversation.sessionId).not.toBe(original.sessionId);
    const { size } = await stat(original.file ?? "");
    await test.run("two");
    expect(requestTexts(stub).map(({ text }) => text)).toEqual(["one", "ok", "two"]);
    expect((await stat(original.file ?? "")).size).toBe(size);
    expect(existsSync(`${original.file}.lock`)).toBe(false);
  });

  it("of a session that has no file yet is refused", async () => {
    const test = await openTestApp(await newPlace(MODEL));
    await expect(test.enter("/fork")).rejects.toMatchObject({ code: "session.not_stored" });
  });
});

describe("/rewind", () => {
  it("goes back to the end of a run; the tree shows both branches (A-097)", async () => {
    await using stub = await withStub(ECHO);
    const test = await withRuns(stub, await newPlace(MODEL), "one", "two", "three");
    const { sessionId } = test.app.conversation;
    expect(await test.app.sessions.tree()).toMatch(
      /^This branch:\n1\. one .*\n2\. two .*\n3\. three [^\n]*$/,
    );
    const reasons = reasonsOf(test);
    await test.enter("/rewind 1");
    expect(reasons).toEqual(["rewind"]);
    expect(test.app.conversation.sessionId).toBe(sessionId);
    const replayed = await test.app.conversation.replay({ lastRuns: 50 });
    expect(replayed.flatMap((event) => (event.type === "run_start" ? [event.prompt] : []))).toEqual(["one"]);
    await test.run("other");
    expect(requestTexts(stub).map(({ text }) => text)).toEqual(["one", "ok", "other"]);
    const text = await test.app.sessions.tree();
    expect(text).toMatch(/1\. one .*\n2\. other .*\n\nOther branches:\n- two {2}\(3 runs, 0 s ago\)$/);
    await test.enter("/rewind 0");
    expect(await test.app.sessions.tree()).toMatch(/^This branch has no runs yet\./);
    await test.run("anew");
    expect(requestTexts(stub).map(({ text: one }) => one)).toEqual(["anew"]);
  });

  it("/rewind x looks for a snapshot of that name", async () => {
    const test = await openTestApp(await newPlace(MODEL));
    await expect(test.enter("/rewind x")).rejects.toMatchObject({ code: "checkpoints.unknown" });
  });

  it.each(["/rewind -1", "/rewind 1.5"])("%s is answered with the usage", async (line) => {
    const test = await openTestApp(await newPlace(MODEL));
    await expect(test.enter(line)).rejects.toMatchObject({ code: "command.usage" });
  });
});

describe("/name and /export", () => {
  it("name the session, in the state and in the list", async () => {
    await using stub = await withStub(ECHO);
    const place = await newPlace(MODEL);
    const test = await openTestApp(place, { stub, name: "given" });
    expect((await test.enter("/name")).text).toBe("Name: given");
    await test.run("one");
    expect((await test.enter("/name better one")).text).toBe("Name: better one");
    expect(test.app.conversation.state().name).toBe("better one");
    expect(await test.app.sessions.list({ all: false })).toMatchObject([
      { name: "better one", firstPrompt: "one", runs: 1, runtimes: ["native"], cwd: place.cwd },
    ]);
  });

  it("write the conversation as Markdown, to a file of its own name or to a given one", async () => {
    await using stub = await withStub(["the answer"]);
    const place = await newPlace(MODEL);
    const test = await withRuns(stub, place, "the question");
    const { sessionId } = test.app.conversation;
    expect((await test.enter("/export")).text).toBe(
      `Written to ${join(place.cwd, `hearth-${sessionId}.md`)}`,
    );
    await test.enter("/export deep/er/out.md");
    const text = await readFile(join(place.cwd, "deep/er/out.md"), "utf8");
    expect(text).toMatch(/## You\n\nthe question\n\n## Agent\n\nthe answer/);
  });
});

it("replays and asks on from a compaction's summary (A-104)", async () => {
  await using stub = await withStub({
    rules: [
      {
        when: { contains: "replaced by a summary" },
        reply: { text: "IN SHORT", usage: { input: 10, output: 5 } },
      },
    ],
    replies: ["ok"],
    loop: true,
  });
  const place = await newPlace({ ...MODEL, compaction: { keepTokens: 1 } });
  const test = await withRuns(stub, place, "one", "two");
  const done = test.next("compaction_end");
  await test.enter("/compact keep the names");
  expect(await done).toMatchObject({ summary: expect.stringContaining("IN SHORT") });
  const { contextTokens } = test.app.conversation.state();
  const live = test.history().map(({ message }) => message);
  await test.app.close();
  const again = await openTestApp(place, { stub, session: { kind: "continue" } });
  expect(again.app.conversation.state()).toMatchObject({ contextTokens });
  expect(again.history().map(({ message }) => message)).toEqual(live);
  const replayed = await again.app.conversation.replay({ lastRuns: 9 });
  expect(replayed.filter(({ type }) => type === "compaction_end")).toHaveLength(1);
  await again.run("three");
  expect(requestTexts(stub)[0]?.text).toContain("IN SHORT");
  expect(requestTexts(stub).at(-1)?.text).toContain("three");
});
