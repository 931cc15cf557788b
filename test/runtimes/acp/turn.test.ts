import { describe, expect, it } from "vitest";
import type { AgentAct } from "../../support/acp-agent.ts";
import { ofType } from "../../support/events.ts";
import { talk } from "../../support/runtime-session.ts";
import { outcome, prepare, say, tool } from "./harness.ts";

describe("a turn", () => {
  it("gives text, thought, plan, a tool with its diff, and usage, and keeps the agent's session id", async () => {
    const content = [{ type: "diff", path: "a.txt", oldText: "old\n", newText: "new\n" }];
    const { start, agent, cwd } = await prepare({
      turns: [
        [
          { do: "think", text: "hm" },
          say("I edit."),
          {
            do: "update",
            update: { sessionUpdate: "plan", entries: [{ content: "edit", status: "in_progress" }] },
          },
          tool("e1", { kind: "edit", status: "in_progress", rawInput: { file_path: "a.txt" } }),
          {
            do: "update",
            update: { sessionUpdate: "tool_call_update", toolCallId: "e1", status: "completed", content },
          },
          say("Done."),
          {
            do: "update",
            update: {
              sessionUpdate: "usage_update",
              used: 1,
              size: 2,
              cost: { amount: 0.25, currency: "USD" },
            },
          },
          { do: "update", update: { sessionUpdate: "never_heard_of", x: 1 } },
          {
            do: "end",
            answer: { stopReason: "end_turn", usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 } },
          },
        ],
      ],
    });
    await using session = await start();
    await session.ask("change a.txt");
    expect(talk(session.messages())).toEqual([
      "user: change a.txt",
      'assistant: (hm) | I edit. | edit({"path":"a.txt"})',
      "tool_result: (no output)",
      "assistant: Done.",
    ]);
    expect(ofType(session.events, "tool_end")[0]?.details).toMatchObject({
      diff: { path: "a.txt", added: 1 },
    });
    expect(ofType(session.events, "plan_update")[0]?.entries).toEqual([
      { text: "edit", status: "in_progress" },
    ]);
    expect(outcome(session)).toMatchObject({
      outcome: "completed",
      steps: 2,
      usage: { input: 5, output: 2, cost: 0.25 },
    });
    expect(ofType(session.events, "runtime_changed")[0]).toMatchObject({ externalSessionId: "external-1" });
    const init = agent.told("initialize")[0]?.params.clientCapabilities;
    expect(init).toEqual({ fs: { readTextFile: false, writeTextFile: false }, terminal: false });
    expect(agent.told("session/new")[0]?.params).toEqual({ cwd, mcpServers: [] });
  });

  it.each([
    ["max_tokens", "completed", undefined],
    ["max_turn_requests", "limit", "runtime.limit"],
    ["refusal", "failed", "runtime.refused"],
  ])("that stops for %s ends the run as %s", async (stopReason, expected, code) => {
    const { start } = await prepare({ turns: [[say("x"), { do: "end", answer: { stopReason } }]] });
    await using session = await start();
    await session.ask("go");
    expect(outcome(session)?.outcome).toBe(expected);
    expect(outcome(session)?.error?.code).toBe(code);
  });

  it("that the agent fails gives its own words, and the next prompt works", async () => {
    const message = JSON.stringify({ error: { code: 500, message: "stub: internal error" } });
    const { start, agent } = await prepare({ turns: [[{ do: "fail", code: 500, message }], [say("again")]] });
    await using session = await start();
    await session.ask("one");
    expect(outcome(session)?.error).toMatchObject({
      code: "runtime.failed",
      message: "scripted: stub: internal error",
    });
    await session.ask("two");
    expect(outcome(session)?.outcome).toBe("completed");
    expect(agent.told("start")).toHaveLength(1);
  });

  it.each([
    ["keeps it", "other", ["two"]],
    ["forgets it", "gemini-cli", [expect.stringContaining("Person:\none"), "two"]],
  ])("that fails before a word leaves its prompt with an agent that %s", async (_, name, told) => {
    const fail: AgentAct = { do: "fail", code: 500, message: "stub: internal error" };
    const { start, agent } = await prepare({
      turns: [[fail], [say("Two.")], [say("Half."), fail], [say("Four.")]],
      initialized: { agentInfo: { name } },
    });
    await using session = await start();
    for (const prompt of ["one", "two", "three", "four"]) await session.ask(prompt);
    expect(agent.prompts()).toEqual([["one"], told, ["three"], ["four"]]);
  });

  it("that ends without a word failed", async () => {
    const { start } = await prepare({ turns: [[]] });
    await using session = await start();
    await session.ask("go");
    expect(outcome(session)?.error?.message).toBe("scripted ended its turn without a word.");
  });
});
