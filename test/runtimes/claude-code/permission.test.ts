import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { ofType } from "../../support/events.ts";
import { faults, talk } from "../../support/runtime-session.ts";
import { ask, outcome, prepare, result, say } from "./harness.ts";

const SUGGESTIONS = [{ type: "addRules", rules: [{ toolName: "Bash" }], destination: "localSettings" }];

describe("permissions of Claude Code", () => {
  it("every call that can do something is asked for, whatever its own rules would allow", async () => {
    const { start, agent } = await prepare({
      turns: [[ask("t1", "Bash", { command: "echo hi" }, [result("t1", "hi")]), say("Done.")]],
    });
    await using session = await start({ rules: { allow: ["bash"] } });
    await session.ask("go");
    expect(agent.requests("initialize")[0].hooks.PreToolUse).toHaveLength(1);
    const hook = agent.told("control_response")[0]?.line.response.response;
    expect(hook.hookSpecificOutput).toMatchObject({ permissionDecision: "ask" });
  });

  it("always stays our rule: nothing of its suggestions is sent back", async () => {
    const { start, agent } = await prepare({
      turns: [[ask("t1", "Bash", { command: "make x", permission_suggestions: SUGGESTIONS })]],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    const [asked] = ofType(session.events, "approval_request");
    session.send({ type: "approve", requestId: asked?.request.id ?? "", outcome: "allow_always" });
    await done;
    expect(session.remembered).toEqual(["bash(make x)"]);
    expect(Object.keys(agent.answers()[0])).toEqual(["behavior", "updatedInput"]);
  });

  it("arguments that the person changed go back in its own words", async () => {
    const edit = { file_path: "/elsewhere/a.txt", old_string: "a", new_string: "b", replace_all: false };
    const { start, agent } = await prepare({ turns: [[ask("t1", "Edit", edit, [result("t1", "ok")])]] });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    const [asked] = ofType(session.events, "approval_request");
    expect(asked?.request).toMatchObject({ name: "edit", editable: true });
    const args = { path: "/elsewhere/b.txt", edits: [{ old_text: "x", new_text: "y", replace_all: true }] };
    session.send({
      type: "approve",
      requestId: asked?.request.id ?? "",
      outcome: "allow_once",
      arguments: args,
    });
    await done;
    expect(agent.answers()[0]).toEqual({
      behavior: "allow",
      updatedInput: { file_path: "/elsewhere/b.txt", old_string: "x", new_string: "y", replace_all: true },
    });
  });

  it("the person sees what an edit would do to the file, before it is done", async () => {
    const { start, cwd } = await prepare({
      turns: [[ask("t1", "Edit", { file_path: "a.txt", old_string: "two", new_string: "2" })]],
    });
    writeFileSync(join(cwd, "a.txt"), "one\ntwo\nthree\n");
    await using session = await start();
    session.send({ type: "prompt", text: "go" });
    await session.nth("approval_request");
    const [asked] = ofType(session.events, "approval_request");
    expect(asked?.request.subject).toBe("a.txt");
    expect(asked?.request.patch).toContain("@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n");
  });

  it("files are judged by their paths: inside read, outside asked, denied refused with the reason", async () => {
    const { start, agent } = await prepare({
      turns: [
        [
          ask("t1", "Read", { file_path: "src/a.ts" }, [result("t1", "1\tx")]),
          ask("t2", "Grep", { pattern: "x" }, [result("t2", "src/a.ts")]),
          ask("t3", "Read", { file_path: ".env" }),
          say("Done."),
        ],
      ],
    });
    await using session = await start({ rules: { deny: ["read(.env)"] } });
    await session.ask("go");
    expect(ofType(session.events, "approval_request")).toEqual([]);
    expect(agent.answers().map(({ behavior }) => behavior)).toEqual(["allow", "allow", "deny"]);
    expect(agent.answers()[2].message).toContain("read(.env)");
    expect(faults(session.messages())).toEqual([]);
  });

  it("a question to the person becomes one in its text", async () => {
    const questions = [{ question: "Which color?", options: [{ label: "Red" }, { label: "Blue" }] }];
    const { start, agent } = await prepare({
      turns: [[ask("t1", "AskUserQuestion", { questions }), say("Red or blue?")]],
    });
    await using session = await start();
    await session.ask("go");
    expect(ofType(session.events, "approval_request")).toEqual([]);
    expect(agent.answers()[0]).toMatchObject({ behavior: "deny", message: expect.stringContaining("text") });
    expect(talk(session.messages()).at(-1)).toBe("assistant: Red or blue?");
  });

  it("in plan mode the plan is not left by a dialog but by the person", async () => {
    const { start, agent } = await prepare({
      turns: [[ask("t1", "ExitPlanMode", { plan: "1. do it" }), say("The plan: do it.")]],
    });
    await using session = await start({ mode: "plan" });
    await session.ask("go");
    const flags = agent.told("start")[0]?.line.flags;
    expect(flags[flags.indexOf("--permission-mode") + 1]).toBe("plan");
    expect(agent.answers()[0]).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("plan mode"),
    });
    session.send({ type: "set_mode", mode: "ask" });
    await session.ask("go on");
    expect(agent.requests("set_permission_mode")).toEqual([
      { subtype: "set_permission_mode", mode: "default" },
    ]);
  });

  it("what it begins by itself, with nobody having prompted it, may do nothing", async () => {
    const request = {
      subtype: "can_use_tool",
      tool_name: "Bash",
      input: { command: "make" },
      tool_use_id: "t",
    };
    const { start, agent } = await prepare({
      replay: [
        { do: "await-message", uuid: "", text: "" },
        { do: "say", line: { type: "assistant", message: { id: "m", content: "Later." } } },
        { do: "say", line: { type: "result", subtype: "success" } },
        { do: "say", line: { type: "control_request", request_id: "theirs", request } },
        { do: "await-answer", requestId: "theirs" },
      ],
    });
    await using session = await start({ mode: "full" });
    await session.ask("go");
    await vi.waitFor(() => expect(agent.answers()).toHaveLength(1), { timeout: 10_000 });
    expect(agent.answers()[0]).toMatchObject({ behavior: "deny" });
    expect(talk(session.messages())).toEqual(["user: go", "assistant: Later."]);
  });

  it("an interrupt closes an open question: it is not answered, and nothing runs", async () => {
    const { start, agent, cwd } = await prepare({
      turns: [
        [ask("t1", "Bash", { command: "touch x" }, [{ do: "write", file: "x", text: "" }])],
        [say("Fine.")],
      ],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    session.send({ type: "interrupt" });
    await done;
    expect(outcome(session)?.outcome).toBe("interrupted");
    expect(ofType(session.events, "approval_resolved")[0]?.outcome).toBeNull();
    expect(talk(session.messages())[2]).toBe("tool_result!: cancelled by user");
    expect(agent.answers()).toEqual([]);
    expect(readdirSync(cwd)).toEqual([]);
    await session.ask("again");
    expect(talk(session.messages()).at(-1)).toBe("assistant: Fine.");
  });

  it("what a sub-agent does is asked for like any call, and shown under the call that began it", async () => {
    const { start } = await prepare({
      turns: [
        [
          { do: "call", id: "a1", name: "Agent", input: { prompt: "look around" } },
          {
            do: "ask",
            id: "n1",
            name: "Bash",
            input: { command: "ls -R" },
            parent: "a1",
            allowed: [{ do: "result", id: "n1", text: "a.txt", parent: "a1" }],
          },
          { do: "ask", id: "n2", name: "Bash", input: { command: "rm -r ." }, parent: "a1" },
          result("a1", "It is empty."),
          say("Empty."),
        ],
      ],
    });
    await using session = await start({ rules: { allow: ["bash(ls *)"], deny: ["bash(rm *)"] } });
    await session.ask("go");
    expect(talk(session.messages())).toEqual([
      "user: go",
      'assistant: Agent({"prompt":"look around"})',
      "tool_result: It is empty.",
      "assistant: Empty.",
    ]);
    const nested = ofType(session.events, "tool_end").filter(
      ({ parentToolCallId }) => parentToolCallId === "a1",
    );
    expect(nested.map(({ toolCallId, isError }) => [toolCallId, isError])).toEqual([
      ["n1", false],
      ["n2", true],
    ]);
    const started = ofType(session.events, "tool_start").map(({ toolCallId }) => toolCallId);
    expect(started).toEqual(["a1", "n1", "n2"]);
  });
});
