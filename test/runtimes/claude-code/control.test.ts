import { describe, expect, it } from "vitest";
import { ofType } from "../../support/events.ts";
import { faults, talk } from "../../support/runtime-session.ts";
import { ask, outcome, prepare, result, say } from "./harness.ts";

describe("a turn of Claude Code", () => {
  it("has its text, thinking, calls, patch and usage, and what it cost", async () => {
    const structured = {
      filePath: "a.txt",
      structuredPatch: [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ["-a", "+b"] }],
    };
    const edit = { file_path: "a.txt", old_string: "a", new_string: "b" };
    const { start } = await prepare({
      turns: [
        [
          { do: "think", text: "Hm." },
          ask("t1", "Edit", edit, [result("t1", "The file a.txt has been updated.", { structured })]),
          say("Done."),
        ],
      ],
    });
    await using session = await start({ mode: "full" });
    await session.ask("go");
    expect(talk(session.messages())).toEqual([
      "user: go",
      'assistant: (Hm.) | edit({"path":"a.txt","edits":[{"old_text":"a","new_text":"b"}]})',
      "tool_result: The file a.txt has been updated.",
      "assistant: Done.",
    ]);
    const [end] = ofType(session.events, "tool_end");
    expect(end?.details).toMatchObject({
      diff: {
        path: "a.txt",
        patch: "--- a/a.txt\n+++ b/a.txt\n@@ -1,1 +1,1 @@\n-a\n+b\n",
        added: 1,
        removed: 1,
      },
    });
    expect(outcome(session)?.usage).toMatchObject({ input: 30, output: 21, cacheRead: 15, cost: 0.03 });
  });

  it("its sums grow over the session, a turn's usage does not", async () => {
    const { start } = await prepare({ turns: [[say("One.")], [say("Two."), say("Three.")]] });
    await using session = await start();
    await session.ask("1");
    await session.ask("2");
    expect(ofType(session.events, "run_end").map(({ usage }) => [usage.output, usage.cost])).toEqual([
      [7, 0.01],
      [14, 0.02],
    ]);
  });

  it("tasks become a plan, as a whole or one by one", async () => {
    const todos = [
      { content: "read", status: "completed", activeForm: "Reading" },
      { content: "write", status: "in_progress", activeForm: "Writing" },
    ];
    const { start } = await prepare({
      turns: [
        [
          { do: "call", id: "t1", name: "TodoWrite", input: { todos } },
          result("t1", "ok"),
          { do: "call", id: "t2", name: "TaskCreate", input: { subject: "test" } },
          result("t2", "ok", { structured: { task: { id: "7", subject: "test" } } }),
          { do: "call", id: "t3", name: "TaskUpdate", input: { taskId: "7", status: "completed" } },
          result("t3", "ok", { structured: { success: true } }),
        ],
      ],
    });
    await using session = await start();
    await session.ask("go");
    const plans = ofType(session.events, "plan_update").map(({ entries }) =>
      entries.map(({ text, status }) => `${text} ${status}`),
    );
    expect(plans).toEqual([
      ["read completed", "write in_progress"],
      ["read completed", "write in_progress", "test pending"],
      ["read completed", "write in_progress", "test completed"],
    ]);
  });

  it("a steer is taken in after the running tool, and stands there in the talk", async () => {
    const { start } = await prepare({
      turns: [
        [
          ask("t1", "Bash", { command: "make" }, [
            { do: "wait", for: "message" },
            result("t1", "made"),
            { do: "take" },
          ]),
          say("With tabs."),
        ],
      ],
    });
    await using session = await start({ mode: "full" });
    expect(session.capabilities.steer).toBe("native");
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "use tabs" });
    await done;
    expect(talk(session.messages())).toEqual([
      "user: go",
      'assistant: bash({"command":"make"})',
      "tool_result: made",
      "user: use tabs",
      "assistant: With tabs.",
    ]);
    expect(ofType(session.events, "run_end")).toHaveLength(1);
  });

  it("a steer that comes too late for its turn makes one of its own, in the same run", async () => {
    const { start } = await prepare({
      turns: [[say("First."), { do: "wait", for: "message" }], [say("Second.")]],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("message_update");
    session.send({ type: "steer", text: "and more" });
    await done;
    expect(talk(session.messages())).toEqual([
      "user: go",
      "assistant: First.",
      "user: and more",
      "assistant: Second.",
    ]);
    expect(outcome(session)).toMatchObject({ outcome: "completed" });
    expect(ofType(session.events, "run_end")).toHaveLength(1);
  });

  it("a steer to one that tells nothing of its messages waits for the end of the turn", async () => {
    const { start, agent } = await prepare({
      mute: true,
      init: { capabilities: [] },
      turns: [[say("First."), { do: "wait", ms: 50 }], [say("Second.")]],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("message_update");
    session.send({ type: "steer", text: "and more" });
    await done;
    expect(agent.prompts()).toEqual([["go"], ["and more"]]);
    expect(talk(session.messages()).filter((line) => line === "user: and more")).toHaveLength(1);
  });

  it("an interrupt before it began with the prompt ends the turn as well", async () => {
    const { start, agent } = await prepare({ turns: [[say("One.")], [say("Two.")]] });
    await using session = await start();
    session.send({ type: "prompt", text: "go" });
    session.send({ type: "interrupt" });
    await session.nth("settled");
    expect(outcome(session)?.outcome).toBe("interrupted");
    await session.ask("again");
    expect(outcome(session)?.outcome).toBe("completed");
    expect(faults(session.messages())).toEqual([]);
    for (const request of agent.requests("interrupt")) expect(request.cancel_queued).toBe(true);
  });

  it("one that does not heed an interrupt is ended, and comes back at the next prompt", async () => {
    const { start, agent } = await prepare({ turns: [[say("Half"), { do: "hang" }]] });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("message_update");
    agent.rescript({ turns: [[say("Back.")]] });
    session.send({ type: "interrupt" });
    await done;
    expect(outcome(session)?.outcome).toBe("interrupted");
    await session.ask("again");
    expect(talk(session.messages()).at(-1)).toBe("assistant: Back.");
  });

  it("its own retries are shown, and a summary of its talk is told of", async () => {
    const retry = {
      type: "system",
      subtype: "api_retry",
      attempt: 1,
      max_retries: 3,
      retry_delay_ms: 500,
      error_status: 529,
      error: "overloaded",
    };
    const boundary = {
      type: "system",
      subtype: "compact_boundary",
      compact_metadata: { trigger: "auto", pre_tokens: 160_000 },
    };
    const { start } = await prepare({
      turns: [[{ do: "line", line: retry }, { do: "line", line: boundary }, say("Done.")]],
    });
    await using session = await start();
    await session.ask("go");
    expect(ofType(session.events, "retry_start")[0]).toMatchObject({
      attempt: 1,
      maxAttempts: 3,
      delayMs: 500,
      error: { message: "529 overloaded" },
    });
    expect(ofType(session.events, "notice")[0]).toMatchObject({
      code: "runtime.compacted",
      message: expect.stringContaining("160,000 tokens"),
    });
  });

  it("its model and how much it thinks can be chosen from what it offers", async () => {
    const { start, agent } = await prepare({ turns: [] });
    await using session = await start();
    await session.ask("go");
    session.send({ type: "set_model", model: "claude-code/sonnet" });
    session.send({ type: "set_model", model: "sonnet" });
    session.send({ type: "set_thinking", thinking: "low" });
    session.send({ type: "set_thinking", thinking: "max" });
    await session.nth("notice", 4);
    expect(agent.requests("set_model").map(({ model }) => model)).toEqual(["sonnet"]);
    expect(agent.requests("apply_flag_settings").map(({ settings }) => settings)).toEqual([
      { effortLevel: "low" },
    ]);
    const notices = ofType(session.events, "notice").map(({ message }) => message);
    expect(notices.filter((message) => message.includes("has no"))).toHaveLength(2);
  });

  it.each([
    [429, "runtime.failed"],
    [401, "runtime.auth"],
    [null, "runtime.failed"],
  ])("a failure of status %s is told once, as %s", async (status, code) => {
    const { start } = await prepare({ turns: [[{ do: "fail", status, message: "API Error: no luck" }]] });
    await using session = await start();
    await session.ask("go");
    expect(outcome(session)).toMatchObject({
      outcome: "failed",
      error: { code, message: "scripted: API Error: no luck" },
    });
    expect(talk(session.messages())).toEqual(["user: go"]);
  });

  it.each([
    [{ subtype: "error_max_turns", is_error: true, terminal_reason: "max_turns" }, "limit"],
    [{ subtype: "success", is_error: false, stop_reason: "max_tokens" }, "completed"],
    [{ subtype: "error_during_execution", is_error: true, errors: ["it broke"] }, "failed"],
  ])("an end of %o makes a run that is %s", async (end, expected) => {
    const { start } = await prepare({ turns: [[say("Half"), { do: "end", result: end }]] });
    await using session = await start();
    await session.ask("go");
    expect(outcome(session)?.outcome).toBe(expected);
  });

  it("an image goes along", async () => {
    const { start, agent } = await prepare({ turns: [] });
    await using session = await start();
    const image = { type: "image" as const, mimeType: "image/png", data: "aGk=" };
    session.send({ type: "prompt", text: "look", images: [image] });
    await session.nth("settled");
    expect(agent.told("user")[0]?.line.message.content[1]).toEqual({
      type: "image",
      source: { type: "base64", media_type: "image/png", data: "aGk=" },
    });
  });
});
