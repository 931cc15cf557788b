import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/protocol/message.ts";
import { acpProfile } from "../../../src/runtimes/acp/profiles.ts";
import { ofType } from "../../support/events.ts";
import { faults, talk } from "../../support/runtime-session.ts";
import { finished, outcome, prepare, running, say } from "./harness.ts";

const STEERABLE = { _meta: { steering: { supported: true } } };
const ROOT = "../shared/external-agents/transcripts";

describe("steering an ACP agent", () => {
  it("goes by its extension, and stands where its model was shown it", async () => {
    const { start, agent } = await prepare({
      initialized: STEERABLE,
      steering: "injected",
      turns: [[running("c", "make"), { do: "until_steered" }, finished("c", "ok"), say("With tabs.")]],
    });
    await using session = await start();
    expect(session.capabilities.steer).toBe("native");
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "use tabs" });
    await done;
    expect(talk(session.messages()).slice(2)).toEqual([
      "tool_result: ok",
      "user: use tabs",
      "assistant: With tabs.",
    ]);
    const asked = agent.told("_session/steering")[0]?.params;
    expect(asked).toMatchObject({ prompt: [{ text: "use tabs" }], _meta: { steering: {} } });
    expect(agent.prompts()).toEqual([["go"]]);
    expect(ofType(session.events, "notice")).toEqual([]);
    expect(faults(session.messages())).toEqual([]);
  });

  it("in the last words of a turn it is on record once, after them", async () => {
    const { start, agent } = await prepare({
      initialized: STEERABLE,
      steering: "injected",
      turns: [[say("Nearly"), { do: "until_steered" }, say(" done.")]],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("message_update");
    session.send({ type: "steer", text: "use tabs" });
    await done;
    expect(talk(session.messages())).toEqual(["user: go", "assistant: Nearly done.", "user: use tabs"]);
    expect(agent.prompts()).toEqual([["go"]]);
  });

  it("what it does not take waits for its next turn", async () => {
    const { start, agent } = await prepare({
      initialized: STEERABLE,
      steering: "promptRequired",
      turns: [[running("c", "make"), { do: "until_steered" }, finished("c", "ok")]],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "use tabs" });
    await done;
    expect(agent.prompts()).toEqual([["go"], ["use tabs"]]);
  });

  it("opencode is prompted a second time, and both prompts end one turn", async () => {
    const { start, agent } = await prepare({
      initialized: { agentInfo: { name: "OpenCode" } },
      turns: [[running("c", "make"), { do: "until_steered" }, finished("c", "ok"), say("With tabs.")]],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "use tabs" });
    await done;
    expect(agent.prompts()).toEqual([["go"], ["use tabs"]]);
    expect(talk(session.messages()).slice(3)).toEqual(["user: use tabs", "assistant: With tabs."]);
    expect(outcome(session)?.outcome).toBe("completed");
    await session.ask("more");
    expect(talk(session.messages()).at(-1)).toBe("assistant: done");
  });

  it("an interrupt gives back what was not taken in", async () => {
    const { start } = await prepare({
      initialized: STEERABLE,
      steering: "injected",
      turns: [[running("c", "make"), { do: "until_steered" }, { do: "wait" }]],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "use tabs" });
    await session.until(() => ofType(session.events, "queue_changed").length > 0);
    session.send({ type: "interrupt" });
    await done;
    expect(talk(session.messages())).not.toContain("user: use tabs");
  });
});

describe("modes", () => {
  const modes = (...ids: string[]) => ({
    currentModeId: ids[0],
    availableModes: ids.map((id) => ({ id, name: id })),
  });

  it("an agent that starts in a mode of its own choice is set to ask, and to plan while we plan", async () => {
    const { start, agent } = await prepare({
      initialized: { agentInfo: { name: "qwen-code" } },
      opened: { modes: modes("auto", "default", "plan", "yolo") },
      turns: [],
    });
    await using session = await start();
    expect(session.capabilities.modes).toBe(true);
    for (const mode of ["plan", "full"] as const) session.send({ type: "set_mode", mode });
    await session.nth("mode_changed", 2);
    await session.ask("go");
    expect(agent.told("session/set_mode").map(({ params }) => params.modeId)).toEqual([
      "default",
      "plan",
      "default",
    ]);
  });

  it("is set by an option where there is one, and an unknown agent goes back to where it began", async () => {
    const options = ["build", "plan"].map((value) => ({ value }));
    const mode = { id: "m", category: "mode", type: "select", currentValue: "build", options };
    const { start, agent } = await prepare({ opened: { configOptions: [mode] }, turns: [] });
    await using session = await start({ mode: "plan" });
    session.send({ type: "set_mode", mode: "ask" });
    await session.nth("mode_changed", 1);
    await session.ask("go");
    const told = agent.told("session/set_config_option").map(({ params }) => [params.configId, params.value]);
    expect(told).toEqual([
      ["m", "plan"],
      ["m", "build"],
    ]);
  });

  it("one whose modes are something else is left alone", async () => {
    const { start, agent } = await prepare({ opened: { modes: modes("off", "high") }, turns: [] });
    await using session = await start({ mode: "plan" });
    expect(session.capabilities.modes).toBe(false);
    expect(agent.told("session/set_mode")).toEqual([]);
  });

  it("the thinking of an agent can be chosen", async () => {
    const options = ["low", "high"].map((value) => ({ value }));
    const effort = { id: "e", category: "thought_level", type: "select", currentValue: "low", options };
    const { start, agent } = await prepare({ opened: { configOptions: [effort] }, turns: [] });
    await using session = await start();
    session.send({ type: "set_thinking", thinking: "high" });
    await session.nth("notice");
    expect(agent.told("session/set_config_option")[0]?.params).toMatchObject({
      configId: "e",
      value: "high",
    });
  });
});

it("files and terminals that were not offered are refused, and the turn goes on", async () => {
  const { start, agent } = await prepare({
    turns: [
      [{ do: "request", method: "fs/write_text_file", params: { path: "/x", content: "" } }, say("So.")],
    ],
  });
  await using session = await start();
  await session.ask("go");
  expect(agent.told("answered")[0]?.params).toMatchObject({ code: -32601 });
  expect(talk(session.messages()).at(-1)).toBe("assistant: So.");
});

describe("the conversation as Gemini's own session", () => {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
  const history: { id: string; message: Message }[] = [
    { id: "1", message: { role: "user", content: [{ type: "text", text: "Look\u2028here." }] } },
    {
      id: "2",
      message: {
        role: "assistant",
        content: [{ type: "tool_call", id: "t:1", name: "bash", arguments: { command: "ls" } }],
        stopReason: "tool_use",
        usage,
        model: "a/b",
      },
    },
    {
      id: "3",
      message: {
        role: "tool_result",
        toolCallId: "t:1",
        toolName: "bash",
        content: [{ type: "text", text: "a.txt" }],
        isError: false,
      },
    },
  ];
  const initialized = { agentInfo: { name: "gemini-cli" }, agentCapabilities: { loadSession: true } };

  it("is written where it looks for it, and loaded", async () => {
    const { start, agent, cwd, home } = await prepare({ initialized, loadsAll: true, turns: [] });
    await mkdir(join(home, ".gemini"), { recursive: true });
    await writeFile(join(home, ".gemini", "projects.json"), JSON.stringify({ projects: { [cwd]: "work" } }));
    await using session = await start({ history });
    await session.ask("and now?");
    const chats = join(home, ".gemini", "tmp", "work", "chats");
    const [file = ""] = await readdir(chats);
    const text = readFileSync(join(chats, file), "utf8");
    expect(text).not.toContain("\u2028");
    const [head, user, answer] = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(agent.told("session/load")[0]?.params.sessionId).toBe(head.sessionId);
    expect(file).toContain(head.sessionId.slice(0, 8));
    expect(user).toMatchObject({ type: "user", content: [{ text: "Look\u2028here." }] });
    const [call] = answer.toolCalls;
    expect(call).toMatchObject({ name: "run_shell_command", args: { command: "ls" }, status: "success" });
    expect(call.result[0].functionResponse).toMatchObject({ id: call.id, response: { output: "a.txt" } });
    expect(agent.told("session/new")).toEqual([]);
    expect(agent.prompts()).toEqual([["and now?"]]);
  });

  it("is told in words where it cannot be loaded", async () => {
    const { start, agent } = await prepare({ initialized, turns: [] });
    await using session = await start({ history });
    await session.ask("and now?");
    expect(agent.told("session/new")).toHaveLength(1);
    expect(agent.prompts()[0]?.[0]).toContain("Look\u2028here.");
  });
});

describe.runIf(existsSync(ROOT))("what recorded agents call themselves", () => {
  it.each([
    ["claude-acp", { asks: "default" }],
    ["codex-acp2", { asks: "read-only" }],
    ["gemini", { seed: "gemini", forgetsUnanswered: true }],
    ["opencode", { steer: "second_prompt", seed: "opencode" }],
    ["qwen", { asks: "default" }],
    ["pi-acp", { steer: "none", seed: null }],
  ])("%s has its row", (agent, row) => {
    const text = readFileSync(`${ROOT}/${agent}/acp-config.io.log`, "utf8");
    const name = /"agentInfo":\{"name":"([^"]+)"/.exec(text)?.[1];
    expect(acpProfile(name)).toMatchObject(row);
  });
});
