import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { BROKEN_FILE, DEMO_PROMPT, FIXED_CODE } from "../../../src/app/demo/demo-project.ts";
import type { Settings } from "../../../src/config/settings.ts";
import type { ApprovalOutcome } from "../../../src/protocol/approval.ts";
import { newPlace, openTestApp, type TestApp } from "../test-app.ts";

const run = promisify(execFile);
/** The demo speaks at the pace of a person. */
const SLOW = 60_000;

/** Answers every question with `answer(name of the tool)`. */
async function openDemo(
  answer: (name: string) => ApprovalOutcome,
  settings: Settings = {},
): Promise<TestApp> {
  const test = await openTestApp(await newPlace(settings), { demo: true });
  const { cwd, conversation } = test.app;
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  conversation.subscribe(({ event }) => {
    if (event.type !== "approval_request") return;
    const { id, name } = event.request;
    void conversation.send({ type: "approve", requestId: id, outcome: answer(name), reason: "not now" });
  });
  return test;
}

/** In the order of the calls; those of one batch may end in another. */
const toolsRun = (test: TestApp) =>
  test.history().flatMap(({ message }) => (message.role === "tool_result" ? [message.toolName] : []));
const lastText = (test: TestApp) =>
  test.app.conversation
    .lastAnswer()
    ?.content.map((part) => ("text" in part ? part.text : ""))
    .join("") ?? "";

async function failingTests({ cwd }: TestApp["app"]): Promise<number> {
  const env = { ...process.env };
  delete env.NODE_TEST_CONTEXT;
  const { stdout } = await run(process.execPath, ["--test"], { cwd, env }).catch(
    (error) => error as { stdout: string },
  );
  return Number(/^\W*fail (\d+)/m.exec(stdout)?.[1]);
}

describe("the demo as an app", () => {
  it(
    "comes to green tests when what it asks is allowed, and stores nothing",
    async () => {
      const test = await openDemo(() => "allow_once");
      expect(test.app.demo).toBe(true);
      expect(await failingTests(test.app)).toBe(1);
      await test.run(DEMO_PROMPT);
      expect(toolsRun(test)).toEqual(["grep", "read", "todo", "edit", "bash", "todo"]);
      const asked = test.events.flatMap((event) =>
        event.type === "approval_request" ? [event.request.name] : [],
      );
      expect(asked).toEqual(["edit", "bash"]);
      expect(await failingTests(test.app)).toBe(0);
      expect(lastText(test)).toContain("all 4 tests pass");
      expect(test.app.conversation.file).toBeNull();
      expect(test.app.conversation.state().plan.every(({ status }) => status === "completed")).toBe(true);
    },
    SLOW,
  );

  it(
    "stops in words when the edit is refused, and changes nothing",
    async () => {
      const test = await openDemo((name) => (name === "edit" ? "reject_once" : "allow_once"));
      await test.run(DEMO_PROMPT);
      expect(lastText(test)).toContain("`edit` was not allowed");
      expect(await readFile(join(test.app.cwd, BROKEN_FILE), "utf8")).not.toContain(FIXED_CODE);
      expect(test.events.findLast(({ type }) => type === "run_end")).toMatchObject({ outcome: "completed" });
    },
    SLOW,
  );

  it(
    "can be paused, resumed and steered",
    async () => {
      const test = await openDemo(() => "allow_once");
      const settled = test.next("settled");
      const toolRan = test.next("tool_end");
      const paused = test.next("state_changed", ({ to }) => to === "paused");
      await test.enter(DEMO_PROMPT);
      await toolRan;
      await test.enter("/pause");
      await paused;
      await test.enter("use a regular expression");
      await test.enter("/continue");
      await settled;
      const said = JSON.stringify(test.history());
      expect(said).toContain('You said: \\"use a regular expression\\"');
      expect(await failingTests(test.app)).toBe(0);
    },
    SLOW,
  );

  it("is its own even where the settings choose another model, runtime or sessions", async () => {
    const test = await openDemo(() => "allow_once", {
      model: "anthropic/claude-sonnet-5-5",
      runtime: "codex",
      runtimes: { codex: { command: "no-such-codex" } },
    });
    expect(test.app.conversation.state()).toMatchObject({ model: "faux/demo", runtime: "native" });
    await test.app.setTheme("light");
    expect((await openTestApp({ home: test.app.paths.configDir, cwd: test.app.cwd })).app.theme).toBe("auto");
  });
});
