import { describe, expect, it } from "vitest";
import { ofType } from "../../support/events.ts";
import { faults, talk } from "../../support/runtime-session.ts";
import { askToChange, askToRun, finished, item, notify, prepare, running, say } from "./harness.ts";

describe("permissions", () => {
  it("a refusal goes along with its words, and the turn goes on", async () => {
    const { start, agent } = await prepare({ turns: [[...askToRun("c", "rm x", ""), say("Then not.")]] });
    await using session = await start({ rules: { deny: ["bash"] } });
    await session.ask("go");
    const [steer] = agent.told("turn/steer");
    expect(steer?.params.input[0].text).toMatch(/^About your call "bash rm x": Not run: denied by policy/);
    expect(agent.told("answer")[0]?.params.result).toEqual({ decision: "decline" });
    expect(talk(session.messages())).toEqual([
      "user: go",
      'assistant: bash({"command":"rm x"})',
      expect.stringContaining("tool_result!: Not run"),
      "assistant: Then not.",
    ]);
  });

  it("a change of files shows its patch to the person; always is no rule of Codex", async () => {
    const changes = [{ path: "/w/a.txt", kind: { type: "add" }, diff: "new\n" }];
    const { start, agent } = await prepare({ turns: [askToChange("f", changes)] });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    const { request } = ofType(session.events, "approval_request")[0] ?? {};
    expect(request).toMatchObject({ name: "write", patch: expect.stringContaining("+new"), editable: false });
    session.send({ type: "approve", requestId: request?.id ?? "", outcome: "allow_always" });
    await done;
    expect(agent.told("answer")[0]?.params.result).toEqual({ decision: "accept" });
    expect(ofType(session.events, "tool_end")[0]).toMatchObject({ isError: false });
  });

  it("an interrupt withdraws the question and ends the turn", async () => {
    const { start, agent } = await prepare({ turns: [askToRun("c", "touch x", "")] });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    session.send({ type: "interrupt" });
    await done;
    expect(ofType(session.events, "run_end")[0]?.outcome).toBe("interrupted");
    expect(agent.told("turn/interrupt")[0]?.params).toEqual({ threadId: "thread-1", turnId: "turn-1" });
    expect(faults(session.messages())).toEqual([]);
  });

  it("a question that Codex withdraws is not answered", async () => {
    const { start, agent } = await prepare({
      turns: [
        [
          ...askToRun("c", "touch x", "").slice(0, 1),
          notify("turn/plan/updated", { plan: [] }),
          {
            do: "ask",
            method: "item/commandExecution/requestApproval",
            params: { itemId: "c" },
            withdraws: true,
          },
          say("Never mind."),
        ],
      ],
    });
    await using session = await start();
    await session.ask("go");
    expect(agent.told("answer")).toEqual([]);
    expect(talk(session.messages()).at(-1)).toBe("assistant: Never mind.");
  });

  it("a tool of an MCP server is asked for by its own call", async () => {
    const call = { type: "mcpToolCall", id: "m", server: "demo", tool: "shout", arguments: { text: "hey" } };
    const meta = { codex_approval_kind: "mcp_tool_call", tool_name: "shout", tool_params: { text: "hey" } };
    const ended = { ...call, status: "completed", result: { content: [{ type: "text", text: "HEY" }] } };
    const { start, agent } = await prepare({
      turns: [
        [
          item(true, { ...call, status: "inProgress" }),
          {
            do: "ask",
            method: "mcpServer/elicitation/request",
            params: { serverName: "demo", mode: "form", _meta: meta, message: "Allow?" },
            allowed: [item(false, ended)],
          },
        ],
      ],
    });
    await using session = await start({ rules: { allow: ["mcp__demo__*"] } });
    await session.ask("go");
    expect(agent.told("answer")[0]?.params.result).toEqual({ action: "accept", content: {}, _meta: null });
    expect(talk(session.messages()).slice(1, 3)).toEqual([
      'assistant: mcp__demo__shout({"text":"hey"})',
      "tool_result: HEY",
    ]);
  });

  it("what a server wants to ask the person is declined, and told; what is not known is refused", async () => {
    const { start, agent } = await prepare({
      turns: [
        [
          { do: "ask", method: "mcpServer/elicitation/request", params: { serverName: "demo", mode: "url" } },
          { do: "ask", method: "item/novelty/request", params: {} },
          say("On."),
        ],
      ],
    });
    await using session = await start();
    await session.ask("go");
    const [declined, refused] = agent.told("answer").map(({ params }) => params);
    expect(declined.result).toMatchObject({ action: "decline" });
    expect(refused.error.code).toBe(-32601);
    expect(ofType(session.events, "notice")[0]?.message).toContain("MCP server demo");
    expect(talk(session.messages()).at(-1)).toBe("assistant: On.");
  });

  it("a host that a command wants to reach, and rights for the turn, are calls of their own", async () => {
    const host = { host: "example.com", protocol: "https" };
    const wanted = { network: { enabled: true }, fileSystem: null };
    const { start, agent } = await prepare({
      turns: [
        [
          running("c", "curl example.com"),
          {
            do: "ask",
            method: "item/commandExecution/requestApproval",
            params: { itemId: "c", command: "curl example.com", networkApprovalContext: host },
          },
          {
            do: "ask",
            method: "item/permissions/requestApproval",
            params: { itemId: "p", permissions: wanted },
          },
          finished("c", "curl example.com", "ok"),
        ],
      ],
    });
    await using session = await start({ mode: "full" });
    await session.ask("go");
    expect(agent.told("answer").map(({ params }) => params.result)).toEqual([
      { decision: "accept" },
      { permissions: { network: { enabled: true } }, scope: "turn" },
    ]);
    expect(ofType(session.events, "tool_end").map(({ name, isError }) => [name, isError])).toEqual([
      ["network", false],
      ["permissions", false],
      ["bash", false],
    ]);
  });
});
