import { describe, expect, it } from "vitest";
import { ofType } from "../../support/events.ts";
import { faults, talk } from "../../support/runtime-session.ts";
import { ask, finished, outcome, prepare, say } from "./harness.ts";

describe("a permission request", () => {
  const turns = [[ask("rm x", [finished("call rm x", "gone")], [say("I did not.")]), say("End.")]];

  it("allowed by a rule asks nobody and tells the agent once", async () => {
    const { start, agent } = await prepare({ turns });
    await using session = await start({ rules: { allow: ["bash(rm x)"] } });
    await session.ask("go");
    expect(ofType(session.events, "approval_request")).toEqual([]);
    expect(agent.told("permission")[0]?.params).toEqual({
      outcome: { outcome: "selected", optionId: "once" },
    });
    expect(talk(session.messages()).slice(1)).toEqual([
      'assistant: bash({"command":"rm x"})',
      "tool_result: gone",
      "assistant: End.",
    ]);
  });

  it("denied by a rule is rejected with the reason as the call's result", async () => {
    const { start, agent } = await prepare({ turns });
    await using session = await start({ rules: { deny: ["bash(rm *)"] } });
    await session.ask("go");
    expect(agent.told("permission")[0]?.params).toEqual({ outcome: { outcome: "selected", optionId: "no" } });
    expect(ofType(session.events, "tool_end")[0]).toMatchObject({
      isError: true,
      details: { denial: "policy" },
    });
    expect(talk(session.messages())[2]).toContain("rm *");
  });

  it.each([
    ["allow_once", "once"],
    ["allow_always", "once"],
    ["reject_once", "no"],
  ] as const)("answered %s by the person tells the agent %s", async (answer, optionId) => {
    const { start, agent } = await prepare({ turns });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    const request = ofType(session.events, "approval_request")[0]?.request;
    expect(request).toMatchObject({
      subject: "rm x",
      place: "scripted",
      name: "bash",
      editable: false,
    });
    expect(talk(session.messages())[1]).toBe('assistant: bash({"command":"rm x"})');
    session.send({ type: "approve", requestId: request?.id ?? "", outcome: answer });
    await done;
    expect(agent.told("permission")[0]?.params).toEqual({ outcome: { outcome: "selected", optionId } });
    expect(faults(session.messages())).toEqual([]);
    expect(outcome(session)?.outcome).toBe("completed");
  });

  it("for an edit shows the patch and is judged by its path", async () => {
    const content = [{ type: "diff", path: "src/a.ts", oldText: "1\n", newText: "2\n" }];
    const toolCall = {
      toolCallId: "e",
      kind: "edit",
      title: "src/a.ts",
      content,
      locations: [{ path: "src/a.ts" }],
      rawInput: { filepath: "src/a.ts" },
    };
    const done = finished("e", "ok");
    const { start } = await prepare({ turns: [[{ do: "ask", toolCall, allowed: [done] }]] });
    await using session = await start();
    const asked = session.ask("go");
    await session.nth("approval_request");
    const request = ofType(session.events, "approval_request")[0]?.request;
    expect(request).toMatchObject({
      name: "edit",
      subject: "src/a.ts",
      patch: expect.stringContaining("+2"),
    });
    session.send({ type: "approve", requestId: request?.id ?? "", outcome: "allow_once" });
    await asked;
    await using free = await (await prepare({ turns: [[{ do: "ask", toolCall, allowed: [done] }]] })).start({
      mode: "accept-edits",
    });
    await free.ask("go");
    expect(ofType(free.events, "approval_request")).toEqual([]);
  });

  it("with changed arguments is rejected, since they cannot be handed back", async () => {
    const { start, agent } = await prepare({ turns });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    const requestId = ofType(session.events, "approval_request")[0]?.request.id ?? "";
    session.send({ type: "approve", requestId, outcome: "allow_once", arguments: { command: "ls" } });
    await done;
    expect(agent.told("permission")[0]?.params.outcome.optionId).toBe("no");
    expect(talk(session.messages())[2]).toContain("cannot take changed arguments");
  });

  it("of one-shot mode is denied and names the flag", async () => {
    const { start } = await prepare({ turns: [[ask("touch x", []), say("End.")]] });
    await using session = await start({ interactive: false });
    await session.ask("go");
    expect(ofType(session.events, "tool_end")[0]).toMatchObject({
      isError: true,
      details: { denial: "unattended", flags: ["--allow 'bash(touch x)'"] },
    });
    expect(talk(session.messages())[2]).toContain("--allow");
  });

  it("that is open at an interrupt is answered cancelled", async () => {
    const { start, agent } = await prepare({ turns });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    session.send({ type: "interrupt" });
    await done;
    expect(agent.told("permission")[0]?.params).toEqual({ outcome: { outcome: "cancelled" } });
    expect(outcome(session)?.outcome).toBe("interrupted");
    expect(faults(session.messages())).toEqual([]);
  });
});
