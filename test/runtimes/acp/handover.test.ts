import { describe, expect, it } from "vitest";
import { groupAlive } from "../../../src/lib/process-group.ts";
import type { Message } from "../../../src/protocol/message.ts";
import { ofType } from "../../support/events.ts";
import { talk } from "../../support/runtime-session.ts";
import { prepare } from "./harness.ts";

describe("handing over", () => {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
  const user = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });
  const answer = (text: string, runtime?: string): Message => ({
    role: "assistant",
    content: [{ type: "text", text }],
    stopReason: "stop",
    usage,
    model: "m",
    ...(runtime === undefined ? {} : { runtime }),
  });
  const entries = (...messages: Message[]) => messages.map((message, at) => ({ id: `h${at}`, message }));

  it("the first prompt is preceded by a digest of what others said and did, later ones are not", async () => {
    const call = {
      type: "tool_call" as const,
      id: "t",
      name: "edit",
      arguments: { path: "src/a.ts", edits: [] },
    };
    const edit: Message = { role: "assistant", content: [call], stopReason: "tool_use", usage, model: "m" };
    const plan = [{ text: "write tests", status: "pending" }];
    const result: Message = {
      role: "tool_result",
      toolCallId: "t",
      toolName: "edit",
      content: [{ type: "text", text: "ok" }],
      isError: false,
      details: { plan },
    };
    const { start, agent } = await prepare({ turns: [] });
    await using session = await start({ history: entries(user("Fix a.ts"), edit, result, answer("Fixed.")) });
    await session.ask("now test");
    await session.ask("thanks");
    const [first, second] = agent.prompts();
    expect(first?.[0]).toContain("Person:\nFix a.ts\n\nAgent:\n- edit src/a.ts\n\nAgent:\nFixed.");
    expect(first?.[0]).toContain("Files changed: src/a.ts");
    expect(first?.[0]).toContain("Open tasks:\n- write tests");
    expect(first?.[1]).toBe("now test");
    expect(second).toEqual(["thanks"]);
  });

  it.each([
    ["session/load", { loadSession: true }],
    ["session/resume", { sessionCapabilities: { resume: {} } }],
  ])(
    "%s takes up the agent's own session, whose replay is not shown; only what it missed is told",
    async (method, agentCapabilities) => {
      const { start, agent } = await prepare({
        turns: [],
        initialized: { agentCapabilities },
        knows: { "external-7": "an old answer" },
      });
      const history = entries(user("one"), answer("Alpha.", "scripted"), user("I ran `make`"));
      await using session = await start({ history, externalSessionId: "external-7" });
      await session.ask("two");
      expect(agent.told(method)).toHaveLength(1);
      expect(agent.told("session/new")).toHaveLength(0);
      expect(agent.prompts()[0]?.[0]).toContain("Person:\nI ran `make`");
      expect(agent.prompts()[0]?.[0]).not.toContain("Alpha.");
      expect(talk(session.messages())).toEqual(["user: two", "assistant: done"]);
      expect(ofType(session.events, "runtime_changed")).toEqual([]);
      expect(session.capabilities.resume).toBe(true);
    },
  );

  it("a session that the agent no longer has is begun anew with the digest", async () => {
    const { start, agent } = await prepare({
      turns: [],
      initialized: { agentCapabilities: { loadSession: true } },
    });
    await using session = await start({
      history: entries(user("one"), answer("Alpha.", "scripted")),
      externalSessionId: "gone",
    });
    await session.ask("two");
    expect(agent.prompts()[0]?.[0]).toContain("Alpha.");
    expect(ofType(session.events, "runtime_changed")[0]).toMatchObject({ externalSessionId: "external-1" });
  });

  it("closing ends the program", async () => {
    const { start, agent } = await prepare({ turns: [] });
    const session = await start();
    await session.ask("go");
    await session.close();
    expect(groupAlive(agent.told("start")[0]?.pid ?? 0)).toBe(false);
  });
});
