import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LiveConversation } from "../../src/app/conversation.ts";
import type { RollbackPart } from "../../src/app/rollback/checkpoint-choice.ts";
import { acpAgent } from "../support/acp-agent.ts";
import { ofType } from "../support/events.ts";
import { type TestStub, withStub } from "../support/stub.ts";
import { newPlace, openTestApp, type Place, requestTexts, type TestApp, writeSettings } from "./test-app.ts";

const SETTINGS = { model: "anthropic/claude-sonnet-5-5", permissionMode: "full" } as const;

const call = (name: string, input: Record<string, unknown>) => ({ toolCalls: [{ name, arguments: input }] });

/** Two runs that each change files, the first by a tool and by bash, the second by bash alone; then only words. */
const TWO_RUNS = [
  call("write", { path: "a.txt", content: "one\n" }),
  call("bash", { command: "mkdir -p d && echo made > d/b.txt && rm old.txt" }),
  { text: "first done" },
  call("bash", { command: "echo two > a.txt; rm -r d; echo c > c.txt" }),
  { text: "second done" },
  { text: "only words" },
  { text: "more words" },
];

async function twoRuns(stub: TestStub, place: Place): Promise<TestApp> {
  writeFileSync(join(place.cwd, "old.txt"), "old\n");
  const test = await openTestApp(place, { stub });
  await test.run("first");
  await test.run("second");
  await (test.app.conversation as LiveConversation).checkpointsAtRest();
  return test;
}

const filesOf = ({ cwd }: Place) =>
  Object.fromEntries(
    ["a.txt", "d/b.txt", "c.txt", "old.txt"].map((path) => [
      path,
      existsSync(join(cwd, path)) ? readFileSync(join(cwd, path), "utf8").trim() : null,
    ]),
  );

const START = { "a.txt": null, "d/b.txt": null, "c.txt": null, "old.txt": "old" };
const AFTER_ONE = { "a.txt": "one", "d/b.txt": "made", "c.txt": null, "old.txt": null };
const AFTER_TWO = { "a.txt": "two", "d/b.txt": null, "c.txt": "c", "old.txt": null };

describe("checkpoints of runs", () => {
  it("are made before the first change and after a run that changed something, and not for words (A-172)", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    await test.run("third");
    const list = await test.app.checkpoints.list();
    expect(list.map(({ id, files, title }) => `${id} ${files} ${title}`)).toEqual([
      "start null before the first change",
      "turn-0001 3 first",
      "turn-0002 3 second",
      "turn-0003 0 third",
    ]);
    expect(ofType(test.events, "checkpoint").map(({ kind, files }) => `${kind} ${files}`)).toEqual([
      "before 0",
      "after 3",
      "before 0",
      "after 3",
    ]);
    const [start, first, second, third] = list;
    expect(new Set([start?.commit, first?.commit, second?.commit]).size).toBe(3);
    expect(third?.commit).toBe(second?.commit);
  });

  it("are of no concern where they are off", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace({ ...SETTINGS, checkpoints: "off" });
    const test = await twoRuns(stub, place);
    expect(ofType(test.events, "checkpoint")).toEqual([]);
    expect(existsSync(join(place.home, "checkpoints"))).toBe(false);
    await expect(test.enter("/diff")).rejects.toMatchObject({ code: "checkpoints.unavailable" });
    expect((await test.enter("/undo")).say).toContain("the files stay, checkpoints are off");
    expect(filesOf(place)).toEqual(AFTER_TWO);
  });

  it("say once that git is missing, and the rest works", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    mkdirSync(join(place.home, "bin"));
    for (const name of ["mkdir", "rm", "echo"]) {
      const file = join(place.home, "bin", name);
      writeFileSync(file, `#!/bin/sh\nexec /bin/${name} "$@"\n`);
      chmodSync(file, 0o755);
    }
    const env = { PATH: join(place.home, "bin"), HOME: place.home, HEARTH_HOME: place.home };
    const { providerEnv } = await import("../support/stub.ts");
    writeFileSync(join(place.cwd, "old.txt"), "old\n");
    const test = await openTestApp(place, { env: { ...env, ...providerEnv(stub) } });
    await test.run("first");
    await test.run("second");
    expect(test.notices().filter((text) => text.includes("git was not found"))).toHaveLength(1);
    expect((await test.enter("/undo")).say).toContain(
      "the files stay, No checkpoints are made: git was not found",
    );
    expect(filesOf(place)).toEqual(AFTER_TWO);
  });
});

describe("/undo and /redo", () => {
  it("take back the last prompt with its files and bring both back, run by run", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    const { sessionId } = test.app.conversation;
    const undone = await test.enter("/undo");
    expect(undone).toMatchObject({ ui: { kind: "draft", text: "second" } });
    expect(undone.say).toBe(
      "Back before run 2: restored a.txt, d/b.txt, removed c.txt. /redo brings it back.",
    );
    expect(filesOf(place)).toEqual(AFTER_ONE);
    expect(test.history().map(({ message }) => message.role)).toEqual([
      "user",
      "assistant",
      "tool_result",
      "assistant",
      "tool_result",
      "assistant",
    ]);
    await test.enter("/undo");
    expect(filesOf(place)).toEqual(START);
    expect(test.history()).toEqual([]);
    await expect(test.enter("/undo")).rejects.toMatchObject({ code: "rollback.nothing" });
    await test.enter("/redo");
    expect(filesOf(place)).toEqual(AFTER_ONE);
    await test.enter("/redo");
    expect(filesOf(place)).toEqual(AFTER_TWO);
    expect(test.history().at(-1)?.message.content).toMatchObject([{ text: "second done" }]);
    await expect(test.enter("/redo")).rejects.toMatchObject({ code: "rollback.nothing" });
    expect(test.app.conversation.sessionId).toBe(sessionId);
  });

  it("work after a restart, and a new prompt ends what could be brought back", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const first = await twoRuns(stub, place);
    await first.enter("/undo");
    await first.app.close();
    const again = await openTestApp(place, { stub, session: { kind: "continue" } });
    await again.enter("/redo");
    expect(filesOf(place)).toEqual(AFTER_TWO);
    await again.enter("/undo");
    await again.run("third");
    expect(
      requestTexts(stub)
        .map(({ text }) => text)
        .join("\n"),
    ).not.toContain("second");
    await expect(again.enter("/redo")).rejects.toMatchObject({ code: "rollback.nothing" });
  });

  it("leave what the person changed elsewhere, and ask before they take what the person changed (A-175)", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    writeFileSync(join(place.cwd, "mine.txt"), "mine\n");
    await test.enter("/undo");
    expect(filesOf(place)).toEqual(AFTER_ONE);
    await test.enter("/redo");
    expect(filesOf(place)).toEqual(AFTER_TWO);
    writeFileSync(join(place.cwd, "a.txt"), "by hand\n");
    const asked = await test.enter("/undo");
    expect(asked).toMatchObject({ ui: { kind: "rollback", action: { kind: "undo" } } });
    expect(asked.text).toContain("by hand since the newest checkpoint: `a.txt`");
    expect(filesOf(place)).toEqual({ ...AFTER_TWO, "a.txt": "by hand" });
    await test.enter("/undo both yes");
    expect(filesOf(place)).toEqual(AFTER_ONE);
    await test.enter("/redo");
    expect(filesOf(place)).toEqual({ ...AFTER_TWO, "a.txt": "by hand" });
    expect(readFileSync(join(place.cwd, "mine.txt"), "utf8")).toBe("mine\n");
  });

  it("take back only one of the two when asked, and nothing when a file is in the way", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    const before = test.history().length;
    await test.enter("/undo files");
    expect(filesOf(place)).toEqual(AFTER_ONE);
    expect(test.history()).toHaveLength(before);
    await test.enter("/redo");
    expect(filesOf(place)).toEqual(AFTER_TWO);
    writeFileSync(join(place.cwd, ".gitignore"), "d/\n");
    mkdirSync(join(place.cwd, "d"));
    writeFileSync(join(place.cwd, "d/b.txt"), "ignored now\n");
    await expect(test.enter("/undo")).rejects.toMatchObject({
      code: "checkpoints.blocked",
      message: expect.stringContaining("d/b.txt"),
    });
    expect(filesOf(place)).toEqual({ ...AFTER_TWO, "d/b.txt": "ignored now" });
    expect(test.history()).toHaveLength(before);
    await test.enter("/undo conversation");
    expect(filesOf(place)).toEqual({ ...AFTER_TWO, "d/b.txt": "ignored now" });
    expect(test.history().length).toBeLessThan(before);
  });

  it("take back files alone where nothing is stored", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    writeFileSync(join(place.cwd, "old.txt"), "old\n");
    const test = await openTestApp(place, { stub, session: { kind: "none" } });
    await test.run("first");
    const { text } = await test.enter("/undo");
    expect(text).toContain("The conversation stays as it is");
    expect(filesOf(place)).toEqual(START);
    await test.enter("/redo");
    expect(filesOf(place)).toEqual(AFTER_ONE);
    await test.app.close();
    expect(existsSync(join(place.home, "checkpoints"))).toBe(false);
  });
});

describe("/rewind with files", () => {
  it("brings both back to the end of a run (A-173)", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    await test.enter("/rewind 1 both");
    expect(filesOf(place)).toEqual(AFTER_ONE);
    await test.run("next");
    const texts = requestTexts(stub)
      .map(({ text }) => text)
      .join("\n");
    expect(texts).toContain("first done");
    expect(texts).not.toContain("second");
  });

  it.each<[RollbackPart, object, number]>([
    ["files", START, 10],
    ["both", START, 0],
    ["conversation", AFTER_TWO, 0],
  ])("to the start: %s", async (part, files, messages) => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    await test.enter(`/rewind 0 ${part}`);
    expect(filesOf(place)).toEqual(files);
    expect(test.history()).toHaveLength(messages);
    if (part === "conversation") return;
    await test.enter("/redo");
    expect(filesOf(place)).toEqual(AFTER_TWO);
    expect(test.history()).toHaveLength(10);
  });

  it("is refused while a tool runs (A-174)", async () => {
    await using stub = await withStub([call("bash", { command: "sleep 30" }), { text: "done" }]);
    const test = await openTestApp(await newPlace(SETTINGS), { stub });
    const started = test.next("tool_start");
    await test.enter("go");
    await started;
    for (const line of ["/rewind 1 files", "/undo", "/redo"]) {
      await expect(test.enter(line)).rejects.toMatchObject({ code: "control.busy" });
    }
    const settled = test.next("settled");
    await test.enter("/stop");
    await settled;
  });

  it("shows what the person changed since, and takes it only with a yes", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    writeFileSync(join(place.cwd, "mine.txt"), "mine\n");
    const asked = await test.enter("/rewind 1 files");
    expect(asked.text).toContain("by hand since the newest checkpoint: `mine.txt`");
    expect(filesOf(place)).toEqual(AFTER_TWO);
    await test.enter("/rewind 1 files yes");
    expect(filesOf(place)).toEqual(AFTER_ONE);
    expect(existsSync(join(place.cwd, "mine.txt"))).toBe(false);
    await test.enter("/redo");
    expect(readFileSync(join(place.cwd, "mine.txt"), "utf8")).toBe("mine\n");
  });

  it("goes to a run of another branch, and keeps the way back", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    await test.enter("/rewind 1 both");
    await test.run("another way");
    const second = (await test.app.sessions.runs()).find(({ prompt }) => prompt === "second");
    await test.enter(`/rewind #${second?.id} both`);
    expect(filesOf(place)).toEqual(AFTER_TWO);
    expect(test.history().at(-1)?.message.content).toMatchObject([{ text: "second done" }]);
  });
});

describe("where the files cannot be brought back", () => {
  it("the conversation still can, and the reason is told", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    rmSync(join(place.home, "checkpoints"), { recursive: true });
    const action = { kind: "rewind", to: { run: 1 } } as const;
    expect(await test.app.checkpoints.preview(action)).toMatchObject({
      changes: [],
      filesStay: "That checkpoint is not kept any more.",
      conversationStays: "",
    });
    await expect(test.enter("/rewind 1 both")).rejects.toMatchObject({ code: "checkpoints.unknown" });
    expect(filesOf(place)).toEqual(AFTER_TWO);
    await test.app.checkpoints.apply(action, "conversation");
    expect(test.history()).toHaveLength(6);
  });
});

describe("over runtimes", () => {
  it("what an external agent changed without a word is taken back too, also after a switch", async () => {
    await using stub = await withStub([
      call("write", { path: "a.txt", content: "native\n" }),
      { text: "native done" },
      { text: "more" },
    ]);
    const place = await newPlace(SETTINGS);
    const file = join(place.cwd, "a.txt");
    const { command, args } = acpAgent(place.home, {
      turns: [
        [
          { do: "write", file, text: "external\n" },
          { do: "say", text: "external done" },
        ],
        [{ do: "say", text: "only words" }],
      ],
    });
    await writeSettings(place, { ...SETTINGS, runtimes: { codex: { kind: "acp", command, args } } });
    const test = await openTestApp(place, { stub });
    const text = () => (existsSync(file) ? readFileSync(file, "utf8") : null);
    await test.run("native first");
    await test.enter("/runtime activate codex");
    await test.run("now you");
    await test.run("and a word");
    expect(text()).toBe("external\n");
    expect((await test.app.checkpoints.list()).map(({ id, files }) => `${id} ${files}`)).toEqual([
      "start null",
      "turn-0001 1",
      "turn-0002 1",
      "turn-0003 0",
    ]);
    await test.enter("/undo");
    expect(text()).toBe("external\n");
    await test.enter("/undo");
    expect(text()).toBe("native\n");
    await test.enter("/runtime deactivate");
    await test.enter("/undo");
    expect(text()).toBeNull();
    for (const after of ["native\n", "external\n", "external\n"]) {
      await test.enter("/redo");
      expect(text()).toBe(after);
    }
  });
});

describe("/snapshot, /snapshots and /diff", () => {
  it("name the files of now, compare with them and bring them back", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    await test.enter("/snapshot good one");
    rmSync(join(place.cwd, "a.txt"));
    const diff = await test.enter("/diff good one");
    expect(diff.text).toContain("`a.txt` removed +0 -1");
    expect(diff.ui).toMatchObject({ kind: "diff", files: [{ path: "a.txt", change: "removed" }] });
    expect((await test.enter("/snapshots")).text).toContain("`good one`");
    await test.enter("/rewind good one files yes");
    expect(filesOf(place)).toEqual(AFTER_TWO);
    for (const name of ["turn-1", "12", "start", "safety-1", "a\tb", "x".repeat(81)]) {
      await expect(test.enter(`/snapshot ${name}`), name).rejects.toMatchObject({ code: "command.usage" });
    }
    await expect(test.enter("/diff nothing")).rejects.toMatchObject({ code: "checkpoints.unknown" });
  });

  it("tell what changed since the session began and since each run", async () => {
    await using stub = await withStub(TWO_RUNS);
    const place = await newPlace(SETTINGS);
    const test = await twoRuns(stub, place);
    const pathsOf = async (line: string) => {
      const { ui } = await test.enter(line);
      return ui?.kind === "diff" ? ui.files.map(({ change, path }) => `${change} ${path}`) : [];
    };
    const since = ["added a.txt", "added c.txt", "removed old.txt"];
    expect(await pathsOf("/diff")).toEqual(since);
    expect(await pathsOf("/diff start")).toEqual(since);
    expect(await pathsOf("/diff 1")).toEqual(["changed a.txt", "added c.txt", "removed d/b.txt"]);
    expect(await pathsOf("/diff turn-0002")).toEqual([]);
    writeFileSync(join(place.cwd, "a.txt"), "hand\n");
    expect(await pathsOf("/diff turn-0002")).toEqual(["changed a.txt"]);
  });
});
