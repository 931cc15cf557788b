import { describe, expect, it } from "vitest";
import { listModels } from "../../src/app/commands/model.ts";
import { COMMANDS, findCommand } from "../../src/app/commands/table.ts";
import { type TestStub, withStub } from "../support/stub.ts";
import { newPlace, openTestApp, requestTexts, type TestApp } from "./test-app.ts";

const MODEL = { model: "anthropic/claude-sonnet-5-5" };
const ENDLESS = { text: "on and on", chunkSize: 1, fault: "stall" } as const;
const open = async (stub?: TestStub, settings = {}) =>
  openTestApp(await newPlace({ ...MODEL, ...settings }), stub ? { stub } : {});

/** What a command says where there is no screen for it. */
function textOf({ ui }: Awaited<ReturnType<TestApp["enter"]>>): string {
  return ui?.kind === "processes" ? ui.text : "";
}

async function busyApp(stub: TestStub): Promise<TestApp> {
  const test = await open(stub);
  const streaming = test.next("message_update");
  await test.enter("work");
  await streaming;
  return test;
}

describe(`the table of ${COMMANDS.length} commands`, () => {
  it("has every name and alias once, and each command shows in /help with its usage", async () => {
    const names = COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    const { text } = await (await open()).enter("/help");
    for (const { name, usage, summary } of COMMANDS) {
      expect(text).toContain(`- \`/${name}${usage === undefined ? "" : ` ${usage}`}\` - ${summary}`);
    }
  });

  it("holds the commands that are promised", () => {
    const promised =
      "help model thinking runtime resume new name queue pause continue steer followup stop compact cost usage context permissions tools theme status export copy init exit quit";
    for (const name of promised.split(" ")) expect(findCommand(`/${name}`).command).toBeDefined();
  });

  it("splits a line into command and arguments, several lines included", () => {
    expect(findCommand("/steer  one\n two ").args).toBe("one\n two");
    expect(findCommand("/quit").command.name).toBe("exit");
  });

  it.each([
    ["thinking", ["off", "minimal", "low", "medium", "high", "max"]],
    ["permissions", ["ask", "accept-edits", "plan", "auto", "full"]],
    ["queue", ["clear"]],
    ["exit", ["now"]],
    [
      "runtime",
      [
        "status",
        ...["native", "claude-code", "codex", "gemini", "opencode", "pi"].map((name) => `activate ${name}`),
        "deactivate",
        "use config",
      ],
    ],
    ["keys", ["all"]],
    ["rewind", []],
    ["resume", []],
  ])("completes /%s with %j, each with what it is", async (name, candidates) => {
    const choices = (await findCommand(`/${name}`).command.complete?.((await open()).app)) ?? [];
    expect(choices.map(({ value }) => value)).toEqual(candidates);
    expect(choices.filter(({ detail }) => detail.trim() === "")).toEqual([]);
  });

  it("every command that takes something other than free text completes it; themes are the screen's", () => {
    const free = ["name", "steer", "followup", "compact", "label", "search", "snapshot", "theme"];
    const without = COMMANDS.filter(({ usage, complete }) => usage !== undefined && complete === undefined);
    expect(without.map(({ name }) => name).filter((name) => !free.includes(name))).toEqual([]);
  });

  it("completes runs, copies, settings with their values, and marks the thinking in force", async () => {
    await using stub = await withStub(["one", "two"]);
    const test = await open(stub);
    await test.run("first");
    await test.run("second");
    const complete = async (name: string) =>
      (await findCommand(`/${name}`).command.complete?.(test.app)) ?? [];
    expect((await complete("rewind")).map(({ value, detail }) => `${value} ${detail}`)).toEqual([
      expect.stringMatching(/^2 second {2}.* ago$/),
      expect.stringMatching(/^1 first {2}.* ago$/),
      "0 before the first prompt",
    ]);
    const [copy] = await complete("fork");
    expect(copy).toEqual({ value: expect.stringMatching(/^#\S+$/), detail: "second" });
    const [file] = await complete("export");
    expect(file?.value).toBe("md");
    const settings = await complete("settings");
    const values = settings.map(({ value }) => value);
    expect(values).toContain("permissionMode");
    expect(values.indexOf("permissionMode plan")).toBeGreaterThan(values.indexOf("permissionMode"));
    expect(settings.filter(({ detail }) => detail.trim() === "")).toEqual([]);
    expect((await complete("thinking")).filter(({ detail }) => detail.endsWith("(now)"))).toHaveLength(1);
  });
});

describe("commands that steer a run", () => {
  it("/pause holds it, /continue goes on in the same run (A-024)", async () => {
    await using stub = await withStub([{ toolCalls: [{ name: "ls", arguments: {} }], delayMs: 30 }, "done"]);
    const test = await open(stub);
    const paused = test.next("state_changed", ({ to }) => to === "paused");
    await test.enter("work");
    await stub.waitForRequests(1);
    await test.enter("/pause");
    await paused;
    expect(stub.requests).toHaveLength(1);
    expect((await test.enter("/queue")).text).toMatch(/^1\. pause {2}\(0 s ago, holds until \/continue\)$/);
    await test.enter("more");
    const settled = test.next("settled");
    expect(await test.enter("/continue")).toEqual({ say: "Goes on." });
    await settled;
    expect(stub.requests).toHaveLength(2);
    expect(requestTexts(stub).at(-1)?.text).toContain("more");
    expect(test.events.filter(({ type }) => type === "run_end")).toHaveLength(1);
    await expect(test.enter("/continue")).rejects.toMatchObject({ code: "control.not_paused" });
  });

  it("/steer and /followup send their text as it is; without one they say so", async () => {
    await using stub = await withStub([ENDLESS]);
    const test = await busyApp(stub);
    await test.enter("/steer go left");
    await test.enter("/followup then right");
    const { text, ui } = await test.enter("/queue");
    expect(text?.split("\n")).toEqual([
      expect.stringMatching(/^1\. steer {2}go left {2}\(\d s ago, goes after this answer\)$/),
      expect.stringMatching(/^2\. follow-up {2}then right {2}\(\d s ago, goes when this is done\)$/),
    ]);
    expect(ui).toEqual({ kind: "queue" });
    for (const line of ["/steer", "/followup"]) {
      await expect(test.enter(line)).rejects.toMatchObject({ code: "command.usage" });
    }
  });

  it("/queue clear empties it and says how many; a pause stays (A-033)", async () => {
    await using stub = await withStub([ENDLESS]);
    const test = await busyApp(stub);
    await test.enter("/pause");
    await test.enter("one");
    await test.enter("two", "follow_up");
    expect(await test.enter("/queue clear")).toEqual({ text: "Removed 2 queued items." });
    expect(test.app.conversation.state().queue.map(({ kind }) => kind)).toEqual(["pause"]);
    expect(await test.enter("/queue clear")).toEqual({ text: "Nothing is queued." });
    await expect(test.enter("/queue all")).rejects.toMatchObject({ code: "command.usage" });
  });

  it("/stop interrupts and gives queued texts back (A-028); idle it says that nothing runs", async () => {
    await using stub = await withStub([ENDLESS]);
    const test = await busyApp(stub);
    await test.enter("later", "follow_up");
    const returned = test.next("queue_returned");
    const settled = test.next("settled");
    expect(await test.enter("/stop")).toEqual({
      say: "Interrupted; 1 queued text is back in the input.",
    });
    expect((await returned).items.map(({ text, state }) => `${text} ${state}`)).toEqual(["later cancelled"]);
    await settled;
    expect(test.events.findLast(({ type }) => type === "run_end")).toMatchObject({ outcome: "interrupted" });
    await expect(test.enter("/stop")).rejects.toMatchObject({ code: "control.idle" });
    expect(await test.enter("/queue")).toEqual({ text: "Nothing is queued." });
  });

  it("/exit leaves at once when idle, else when the work is done; now interrupts (A-030)", async () => {
    await using stub = await withStub([{ text: "slow", delayMs: 40 }]);
    const test = await open(stub);
    for (const line of ["/exit", "/quit", "/exit now"]) {
      expect(await test.enter(line)).toEqual({ ui: { kind: "exit" } });
    }
    const started = test.next("run_start");
    const settled = test.next("settled");
    await test.enter("work");
    await started;
    expect((await test.enter("/exit")).say).toContain("Leaves when the work is done");
    expect(await settled).toEqual({ type: "settled", exit: true });
    expect(test.events.findLast(({ type }) => type === "run_end")).toMatchObject({ outcome: "completed" });
  });

  it("/ps lists background processes and ends one", async () => {
    await using stub = await withStub([
      { toolCalls: [{ name: "bash", arguments: { command: "echo up; sleep 60", background: true } }] },
      "started",
    ]);
    const test = await open(stub, { permissionMode: "full" });
    expect(await test.enter("/ps")).toEqual({ text: "No background processes." });
    await test.run("serve");
    const listed = await test.enter("/ps");
    expect(listed.ui).toMatchObject({ kind: "processes", id: null });
    expect(textOf(listed)).toMatch(/^- p1 {2}echo up; sleep 60 {2}\(runs for 0:0\d\) {2}up$/);
    expect(textOf(await test.enter("/ps p1"))).toMatch(/^p1 .*\n\n```\nup\n```$/);
    for (const line of ["/ps stop p9", "/ps p9"]) {
      await expect(test.enter(line)).rejects.toMatchObject({ code: "process.unknown" });
    }
    const choices = (await findCommand("/ps").command.complete?.(test.app)) ?? [];
    expect(choices.map(({ value }) => value)).toEqual(["p1", "stop p1"]);
    expect(choices[0]?.detail).toContain("echo up; sleep 60  runs for");
    expect(await test.enter("/ps stop p1")).toEqual({ say: "Ended p1." });
    expect(textOf(await test.enter("/ps"))).toContain("(was ended after 0:0");
    await expect(test.enter("/ps stop p1")).rejects.toMatchObject({ code: "process.ended" });
    expect(await test.enter("/ps stop all")).toEqual({ say: "No background processes." });
  });

  it("/background without anything that can go there says so", async () => {
    const test = await open();
    await expect(test.enter("/background")).rejects.toMatchObject({ code: "control.background" });
  });
});

describe("/model", () => {
  it("offers the newest version of each vendor first, one without a date before the same with one", async () => {
    const ids = ["m-4-5-20251101", "m-3.5-mini", "m-4-5", "m-5-2", "x/old-1", "m-4o-2024-08-06", "m-preview"];
    const custom = { api: "openai-chat", baseUrl: "http://127.0.0.1:1", models: ids } as const;
    const { app } = await open(undefined, { providers: { own: custom } });
    const names = (await listModels(app)).filter(({ vendor }) => vendor === "own").map(({ id }) => id);
    expect(names).toEqual([
      "m-5-2",
      "m-4-5",
      "m-4-5-20251101",
      "m-4o-2024-08-06",
      "m-3.5-mini",
      "m-preview",
      "x/old-1",
    ]);
  });
});

describe("commands that show or set", () => {
  it("/usage is exact to the millionth of a dollar, counts compactions and is kept after a resume (A-130)", async () => {
    await using stub = await withStub([
      { text: "ok", usage: { input: 1000, cacheRead: 500, output: 200 } },
      { text: "SUMMARY", usage: { input: 7, output: 3 } },
    ]);
    const price = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
    const place = await newPlace({
      providers: { my: { api: "anthropic", baseUrl: stub.url, models: [{ id: "foo", price }] } },
      model: "my/foo",
      compaction: { keepTokens: 1 },
    });
    const first = await openTestApp(place);
    await first.run("hi");
    const compacted = first.next("compaction_end");
    await first.enter("/compact");
    await compacted;
    const { text } = await first.enter("/usage");
    expect(text).toContain("- input: 1k tokens, $0.003021\n- read from cache: 500 tokens, $0.00015\n");
    expect(text).toContain("- output: 203 tokens (0 thinking), $0.003045\n- cost: $0.006216");
    await first.app.close();
    const second = await openTestApp(place, { session: { kind: "continue" } });
    expect((await second.enter("/usage")).text).toBe(text);
  });

  it("/usage and /cost give tokens and dollars of the session (A-130)", async () => {
    const usage = { input: 1000, cacheRead: 500, output: 200 };
    await using stub = await withStub([{ text: "ok", usage }]);
    const price = { input: 1000, output: 10_000, cacheRead: 100, cacheWrite: 0 };
    const test = await open(stub, {
      providers: { my: { api: "anthropic", baseUrl: stub.url, models: [{ id: "foo", price }] } },
      model: "my/foo",
    });
    expect((await test.enter("/cost")).text).toContain("- cost: no price is known");
    await test.run("hi");
    expect(test.app.conversation.state().usage.cost).toBeCloseTo(1 + 2 + 0.05, 6);
    expect((await test.enter("/usage")).text).toBe(
      [
        "Usage of this session, 1 run:",
        "- input: 1k tokens, $1.00",
        "- read from cache: 500 tokens, $0.05",
        "- written to cache: 0 tokens, $0.00",
        "- output: 200 tokens (0 thinking), $2.00",
        "- cost: $3.05",
      ].join("\n"),
    );
  });

  it("/context tells what fills the window, part by part", async () => {
    await using stub = await withStub([{ text: "ok", usage: { input: 9000, output: 1000 } }]);
    const test = await open(stub, { appendSystemPrompt: "Be brief." });
    await test.run("hi");
    const { text } = await test.enter("/context");
    expect(text).toMatch(/^Context: 10k tokens of 1M \(1 %\)|^Context: 10k tokens of 200k \(5 %\)/);
    expect(text).toContain("As the provider counted the newest answer");
    expect(text).toMatch(
      /\| instructions \| .* \|\n\| environment \| .* \|\n\| appended \| .* \|\n\| \d+ tools \| /,
    );
    expect(text).toContain("| your prompts |");
    const own = await test.app.context();
    expect(own.parts.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(10_000);
  });

  it("/tools lists what the model is offered, /permissions what may run; plan offers nothing that changes", async () => {
    const test = await open(undefined, { deny: ["fetch"], allow: ["bash(ls)"] });
    expect((await test.enter("/tools")).text).toMatch(/^- read \(.*\): .*$/m);
    expect((await test.enter("/permissions")).text).toBe(
      "Permission mode: ask\n- deny `fetch` (your settings)\n- allow `bash(ls)` (your settings)",
    );
    expect(await test.enter("/permissions plan")).toEqual({ text: "Permission mode: plan" });
    expect(test.app.permissions.mode()).toBe("plan");
    expect((await test.enter("/tools")).text).not.toMatch(/^- (?:write|edit|bash) /m);
    await expect(test.enter("/permissions yolo")).rejects.toMatchObject({ code: "permissions.mode" });
  });

  it("/status tells session, model, runtime and mode at a glance", async () => {
    const test = await open();
    await test.enter("/name my work");
    const { text } = await test.enter("/status");
    expect(text?.split("\n")).toEqual([
      "- State: idle",
      `- Session: ${test.app.conversation.sessionId} (my work)`,
      `- File: ${test.app.conversation.file}`,
      `- Directory: ${test.app.cwd}`,
      "- Model: anthropic/claude-sonnet-5-5, thinking off",
      "- Runtime: native",
      "- Permission mode: ask",
      "- Queued: 0",
    ]);
  });

  it("/copy gives the newest text, also while tools run after it", async () => {
    await using stub = await withStub([
      { text: "first", toolCalls: [{ name: "ls", arguments: {} }] },
      { toolCalls: [{ name: "ls", arguments: {} }] },
      ENDLESS,
    ]);
    const test = await open(stub);
    await expect(test.enter("/copy")).rejects.toMatchObject({ code: "copy.nothing" });
    const third = test.next("step_start", ({ step }) => step === 3);
    await test.enter("work");
    await third;
    expect((await test.enter("/copy")).ui).toEqual({ kind: "copy", text: "first" });
  });

  it("/theme leaves the choice to the screen; what it keeps is kept over a restart", async () => {
    const place = await newPlace();
    const test = await openTestApp(place);
    expect(await test.enter("/theme")).toEqual({ ui: { kind: "picker", picker: "theme" } });
    expect((await test.enter("/theme light")).ui).toEqual({ kind: "theme", name: "light" });
    await test.app.setTheme("light");
    expect((await openTestApp(place)).app.theme).toBe("light");
  });

  it("/init asks the model, /resume without a name opens the picker", async () => {
    const test = await open();
    expect((await test.enter("/init")).prompt).toContain("AGENTS.md");
    expect(await test.enter("/resume")).toEqual({ ui: { kind: "picker", picker: "session" } });
  });
});
