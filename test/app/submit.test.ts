import { describe, expect, it } from "vitest";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { type TestStub, withStub } from "../support/stub.ts";
import { newPlace, openTestApp, requestTexts, type TestApp } from "./test-app.ts";

const MODEL = { model: "anthropic/claude-sonnet-5-5" };
const ENDLESS = { text: "on and on", chunkSize: 1, fault: "stall" } as const;

/** An app in the midst of a run whose answer does not end. */
async function busyApp(stub: TestStub, settings = {}): Promise<TestApp> {
  const test = await openTestApp(await newPlace({ ...MODEL, ...settings }), { stub });
  const streaming = test.next("message_update");
  await test.enter("work");
  await streaming;
  return test;
}

const queue = (test: TestApp) =>
  test.app.conversation.state().queue.map(({ kind, text }) => `${kind} ${text}`.trim());

describe("a line while nothing runs", () => {
  it.each(["enter", "follow_up", "steer_now"] as const)(
    "is a prompt, however it was sent (%s; A-032)",
    async (as) => {
      await using stub = await withStub(["ok"]);
      const test = await openTestApp(await newPlace(MODEL), { stub });
      const settled = test.next("settled");
      expect(await test.enter("hello", as)).toEqual({});
      await settled;
      expect(requestTexts(stub)).toEqual([{ role: "user", text: "hello" }]);
    },
  );

  it.each(["/usr/bin/env is missing", "/etc/hosts", "//two slashes", "!", "! "])(
    "that only looks like a command (%s) is a prompt",
    async (text) => {
      await using stub = await withStub(["ok"]);
      const test = await openTestApp(await newPlace(MODEL), { stub });
      await test.run(text);
      expect(requestTexts(stub)[0]?.text).toBe(text);
    },
  );

  it("that begins with ! runs in the shell; the next request holds it (A-066)", async () => {
    await using stub = await withStub(["ok"]);
    const test = await openTestApp(await newPlace(MODEL), { stub });
    await test.enter("!echo hi; exit 3");
    expect(stub.requests).toHaveLength(0);
    expect(test.events.at(-1)).toMatchObject({
      type: "message_end",
      message: { source: "shell", details: { command: "echo hi; exit 3", output: "hi\n", exitCode: 3 } },
    });
    await test.run("and now?");
    const said = requestTexts(stub)
      .map(({ text }) => text)
      .join("\n");
    expect(said).toBe("I ran `echo hi; exit 3` (exit code 3):\n\nhi\n\nand now?");
  });

  it.each([
    ["/nonsense", undefined],
    ["/modle", "Did you mean /model?"],
    ["/", undefined],
  ])(
    "that is no command (%s) is an error that suggests /help and is not sent (A-034)",
    async (line, near) => {
      await using stub = await withStub([]);
      const test = await openTestApp(await newPlace(MODEL), { stub });
      const hint = expect.stringContaining("/help");
      await expect(test.enter(line)).rejects.toMatchObject({ code: "command.unknown", hint });
      if (near) await expect(test.enter(line)).rejects.toMatchObject({ hint: expect.stringContaining(near) });
      expect(stub.requests).toHaveLength(0);
    },
  );
});

describe("a line while the agent works", () => {
  it("steers with Enter, waits as a follow-up with Alt+Enter", async () => {
    await using stub = await withStub([ENDLESS]);
    const test = await busyApp(stub);
    await test.enter("left");
    await test.enter("then this", "follow_up");
    expect(queue(test)).toEqual(["steer left", "follow_up then this"]);
  });

  it("is a follow-up with Enter where the settings say so", async () => {
    await using stub = await withStub([ENDLESS]);
    const test = await busyApp(stub, { enterWhileBusy: "follow_up" });
    await test.enter("then this");
    expect(queue(test)).toEqual(["follow_up then this"]);
  });

  it("goes at once with steer now", async () => {
    await using stub = await withStub([ENDLESS, "turned"]);
    const test = await busyApp(stub);
    const settled = test.next("settled");
    await test.enter("left!", "steer_now");
    await settled;
    expect(requestTexts(stub).at(-1)).toEqual({ role: "user", text: "left!" });
  });

  it.each(["/new", "/resume x", "/fork", "/rewind 1", "/init"])("is refused: %s", async (line) => {
    await using stub = await withStub([ENDLESS]);
    const test = await busyApp(stub);
    await expect(test.enter(line)).rejects.toMatchObject({ code: "control.busy" });
    expect(test.app.conversation.state().run).not.toBeNull();
  });

  it("runs when the work is done: /compact", async () => {
    await using stub = await withStub([{ text: "slow", delayMs: 50 }, "IN SHORT"]);
    const test = await openTestApp(await newPlace(MODEL), { stub });
    const started = test.next("run_start");
    const compacted = test.next("compaction_end");
    await test.enter("work");
    await started;
    expect(await test.enter("/compact")).toEqual({ text: "/compact runs when the work is done." });
    await compacted;
    expect(test.late).toEqual([{}]);
  });

  it("tells later why what had to wait failed, and drops it when the program leaves first", async () => {
    await using stub = await withStub([ENDLESS]);
    const test = await busyApp(stub);
    await test.enter("/compact");
    const left = test.next("settled");
    await test.enter("/exit now");
    expect(await left).toMatchObject({ exit: true });
    expect(test.late).toEqual([]);
  });

  it("keeps a full queue and refuses the 65th item, whose text comes back (A-031)", async () => {
    await using stub = await withStub([ENDLESS]);
    const test = await busyApp(stub);
    for (let index = 1; index <= 64; index++) await test.enter(`item ${index}`, "follow_up");
    const returned = test.next("queue_returned");
    await test.enter("too many", "follow_up");
    expect((await returned).items.map(({ text }) => text)).toEqual(["too many"]);
    expect(queue(test)).toHaveLength(64);
  });
});

it("a compaction counts as work: /new is refused and /stop ends it without an entry (A-113)", async () => {
  const script: ScriptInput = {
    rules: [{ when: { contains: "replaced by a summary" }, reply: ENDLESS }],
    replies: ["ok"],
    loop: true,
  };
  await using stub = await withStub(script);
  const test = await openTestApp(await newPlace({ ...MODEL, compaction: { keepTokens: 1 } }), { stub });
  await test.run("one");
  await test.run("two");
  const compacting = test.next("state_changed", ({ to }) => to === "compacting");
  await test.enter("/compact");
  await compacting;
  await expect(test.enter("/new")).rejects.toMatchObject({ code: "control.busy" });
  const end = test.next("compaction_end");
  await test.enter("/stop");
  expect(await end).toMatchObject({ summary: null });
  expect(test.history()).toHaveLength(4);
});
