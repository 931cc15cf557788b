import { describe, expect, it, vi } from "vitest";
import { NO_USAGE } from "../../../src/protocol/usage-sum.ts";
import type { CallUpdate } from "../../../src/runtimes/external/connection.ts";
import { ofType } from "../../support/events.ts";
import { startSession, talk } from "../../support/runtime-session.ts";
import { DONE, scriptedAgent } from "./scripted-connection.ts";

const bash = (command: string) => ({ id: command, naming: { name: "bash", arguments: { command } } });

describe("a turn of an external agent", () => {
  it("tells where a call that was not asked for goes past a rule of ours", async () => {
    const { runtime } = scriptedAgent([
      async ({ update }) => {
        update({ type: "call", call: { ...bash("npm publish"), status: "completed" }, begins: true });
        update({ type: "call", call: { ...bash("ls"), status: "completed" }, begins: true });
        return DONE;
      },
    ]);
    await using session = await startSession(runtime, "/", { rules: { deny: ["bash(npm publish)"] } });
    await session.ask("go");
    await session.nth("notice");
    const notices = ofType(session.events, "notice");
    expect(notices).toMatchObject([{ code: "runtime.unasked", level: "warning" }]);
    expect(notices[0]?.message).toContain("agent ran bash without asking");
  });

  it("takes an id that is used again for another call", async () => {
    const { runtime } = scriptedAgent([
      async ({ update }) => {
        for (const command of ["ls", "npm publish"]) {
          const call = { ...bash(command), id: "same", status: "completed" as const };
          update({ type: "call", call, begins: true });
        }
        return DONE;
      },
    ]);
    await using session = await startSession(runtime, "/", { rules: { deny: ["bash(npm publish)"] } });
    await session.ask("go");
    await session.nth("notice");
    expect(ofType(session.events, "tool_end")).toHaveLength(2);
    expect(ofType(session.events, "notice")).toMatchObject([{ code: "runtime.unasked" }]);
  });

  it("does not witness what the gate was asked for", async () => {
    const { runtime } = scriptedAgent([
      async ({ ask, update }) => {
        const request = { call: bash("npm publish"), tool: null, editable: false };
        expect((await ask(request)).answer).toBe("reject");
        update({ type: "call", call: { ...bash("npm publish"), status: "failed" }, begins: false });
        return DONE;
      },
    ]);
    await using session = await startSession(runtime, "/", { rules: { deny: ["bash(npm publish)"] } });
    await session.ask("go");
    expect(ofType(session.events, "notice")).toEqual([]);
    expect(ofType(session.events, "tool_end")).toMatchObject([{ isError: true }]);
  });

  it("hands changed arguments back to an agent that takes them, and refuses for one that does not", async () => {
    const answers: unknown[] = [];
    const asks =
      (editable: boolean) => async (stage: Parameters<Parameters<typeof scriptedAgent>[0][0]>[0]) => {
        answers.push(await stage.ask({ call: bash("make"), tool: null, editable }));
        return DONE;
      };
    const { runtime } = scriptedAgent([asks(true), asks(false)]);
    await using session = await startSession(runtime, "/");
    for (const n of [1, 2]) {
      const done = session.ask("go");
      await session.nth("approval_request", n);
      const request = ofType(session.events, "approval_request").at(-1)?.request;
      expect(request).toMatchObject({ place: "agent", editable: n === 1 });
      session.send({
        type: "approve",
        requestId: request?.id ?? "",
        outcome: "allow_once",
        arguments: { command: "make -j2" },
      });
      await done;
    }
    expect(answers).toMatchObject([
      { answer: "allow", arguments: { command: "make -j2" } },
      { answer: "reject", message: expect.stringContaining("cannot take changed arguments") },
    ]);
  });

  it("withdraws a question that the agent no longer waits for", async () => {
    const { runtime, agent } = scriptedAgent([]);
    const withdrawn = new AbortController();
    let answer: Promise<unknown> = Promise.resolve();
    await using session = await startSession(runtime, "/");
    const connection = agent.connections[0];
    if (!connection) throw new Error("no connection");
    connection.prompt = async (_blocks, listener) => {
      answer = listener.onPermission({ call: bash("make"), tool: null, editable: false }, withdrawn.signal);
      await answer;
      return DONE;
    };
    const done = session.ask("go");
    await session.nth("approval_request");
    withdrawn.abort();
    await done;
    expect(await answer).toEqual({ answer: "cancel" });
    expect(ofType(session.events, "approval_resolved")).toMatchObject([{ outcome: null }]);
  });

  it("shows the agent's own retries, and puts usage to the response it belongs to", async () => {
    const usage = { ...NO_USAGE, input: 7, output: 3, cost: 0.5 };
    const { runtime } = scriptedAgent([
      async ({ say, update }) => {
        update({ type: "retry", attempt: 1, maxAttempts: 3, delayMs: 500, reason: "overloaded" });
        say("One.");
        update({ type: "response_end", usage });
        update({ type: "call", call: { ...bash("ls"), status: "completed", output: "a" }, begins: true });
        say("Two.");
        return { reason: "stop", usage: { ...usage, cost: 0.25 } };
      },
    ]);
    await using session = await startSession(runtime, "/");
    await session.ask("go");
    expect(ofType(session.events, "retry_start")).toMatchObject([
      { attempt: 1, maxAttempts: 3, delayMs: 500, error: { message: "overloaded" } },
    ]);
    const states = ofType(session.events, "state_changed").map(({ to }) => to);
    expect(states).toContain("retrying");
    expect(ofType(session.events, "run_end")[0]?.usage).toMatchObject({ input: 14, output: 6, cost: 0.75 });
  });

  it("adds up what one message took, where it is told in parts", async () => {
    const usage = { ...NO_USAGE, input: 7, output: 3 };
    const { runtime } = scriptedAgent([
      async ({ say, update }) => {
        say("One.");
        update({ type: "response_end", usage });
        say("Two.");
        update({ type: "response_end", usage });
        return { reason: "stop", usage: { ...NO_USAGE, cost: 0.5 } };
      },
    ]);
    await using session = await startSession(runtime, "/");
    await session.ask("go");
    expect(session.messages().at(-1)).toMatchObject({ usage: { input: 14, output: 6, cost: 0.5 } });
  });

  it("shows a sub-agent's calls under the call that began it, judged like any, and no part of the talk", async () => {
    const nested = (id: string, command: string): CallUpdate => ({ ...bash(command), id, parentId: "agent" });
    const ended = { status: "completed", output: "a.txt" } as const;
    const verdicts: string[] = [];
    const { runtime } = scriptedAgent([
      async ({ update, ask, say }) => {
        const agent: CallUpdate = { id: "agent", naming: { name: "Agent", arguments: { prompt: "look" } } };
        update({ type: "call", call: { ...agent, status: "running" }, begins: true });
        for (const [id, command] of [
          ["n1", "ls"],
          ["n2", "rm x"],
        ] as const) {
          const { answer } = await ask({ call: nested(id, command), tool: null, editable: false });
          verdicts.push(answer);
          update({ type: "call", call: { ...nested(id, command), ...ended }, begins: false });
        }
        update({ type: "call", call: { ...nested("n3", "pwd"), ...ended }, begins: true });
        update({ type: "call", call: { ...agent, ...ended }, begins: false });
        say("Seen.");
        return DONE;
      },
    ]);
    await using session = await startSession(runtime, "/", {
      rules: { allow: ["bash(ls)"], deny: ["bash(rm *)"] },
    });
    await session.ask("go");
    expect(verdicts).toEqual(["allow", "reject"]);
    expect(talk(session.messages())).toEqual([
      "user: go",
      'assistant: Agent({"prompt":"look"})',
      "tool_result: a.txt",
      "assistant: Seen.",
    ]);
    const ends = ofType(session.events, "tool_end").map(({ toolCallId, parentToolCallId, isError }) =>
      [toolCallId, parentToolCallId ?? "", isError].join(" "),
    );
    expect(ends).toEqual(["n1 agent false", "n2 agent true", "n3 agent false", "agent  false"]);
  });

  it("gathers output that comes in pieces", async () => {
    const { runtime } = scriptedAgent([
      async ({ update }) => {
        update({ type: "call", call: { ...bash("ls"), status: "running" }, begins: true });
        for (const more of ["a\n", "b\n"])
          update({ type: "call", call: { ...bash("ls"), more }, begins: false });
        const details = { exitCode: 2 };
        update({ type: "call", call: { ...bash("ls"), status: "failed", details }, begins: false });
        return DONE;
      },
    ]);
    await using session = await startSession(runtime, "/");
    await session.ask("go");
    expect(ofType(session.events, "tool_update").map(({ text }) => text)).toEqual(["a\n", "b\n"]);
    expect(ofType(session.events, "tool_end")[0]).toMatchObject({ isError: true, details: { exitCode: 2 } });
    expect(talk(session.messages())).toContain("tool_result!: a\nb\n");
  });
});

it("an agent that goes past a limit of ours is stopped, with what it said kept", async () => {
  const { runtime } = scriptedAgent(
    [
      async ({ say, update, cancelled }) => {
        for (const command of ["a", "b", "c"]) {
          say(`Step ${command}.`);
          update({ type: "call", call: { ...bash(command), status: "completed" }, begins: true });
        }
        await cancelled;
        return { reason: "cancelled", usage: null };
      },
    ],
    { limits: { maxSteps: 2 } },
  );
  await using session = await startSession(runtime, "/");
  await session.ask("go");
  expect(ofType(session.events, "run_end")[0]).toMatchObject({
    outcome: "limit",
    error: { code: "run.max_steps" },
  });
  expect(talk(session.messages()).at(-2)).toContain("Step c.");
});

it("an agent that does not stop talking is stopped", async () => {
  const { runtime } = scriptedAgent([
    async ({ say, cancelled }) => {
      for (let index = 0; index < 20; index++) say("x".repeat(500_000));
      await cancelled;
      return { reason: "cancelled", usage: null };
    },
  ]);
  await using session = await startSession(runtime, "/");
  await session.ask("go");
  expect(ofType(session.events, "run_end")[0]).toMatchObject({
    outcome: "limit",
    error: { code: "runtime.output" },
  });
});

describe("the program of a session", () => {
  it("is let go after a while without a turn, and its session is gone on with at the next prompt", async () => {
    const { runtime, agent } = scriptedAgent([], { releaseSeconds: 0.05 });
    await using session = await startSession(runtime, "/");
    await session.ask("one");
    await vi.waitFor(() => expect(agent.connections[0]?.alive).toBe(false));
    await session.ask("two");
    expect(agent.connections).toHaveLength(2);
    expect(agent.connections[1]?.options.externalSessionId).toBe("session-1");
    expect(agent.connections[1]?.prompts[0]).toEqual([{ type: "text", text: "two" }]);
    expect(ofType(session.events, "runtime_changed")).toMatchObject([{ externalSessionId: "session-1" }]);
  });

  it("is told nothing of a conversation that was put into its session, but what came after", async () => {
    const { runtime, agent } = scriptedAgent([], { seeds: true });
    const history = [
      { id: "a", message: { role: "user" as const, content: [{ type: "text" as const, text: "earlier" }] } },
    ];
    await using session = await startSession(runtime, "/", { history });
    await session.ask("now");
    expect(agent.connections[0]?.options.history).toEqual(history);
    expect(agent.connections[0]?.prompts[0]).toEqual([{ type: "text", text: "now" }]);
  });

  it("shows of an output that is told whole, and loses its beginning, only what is new", async () => {
    const lines = Array.from({ length: 100 }, (_, at) => `line ${at} of what a command printed`);
    const { runtime } = scriptedAgent([
      async ({ update }) => {
        for (const [from, to] of [
          [0, 50],
          [0, 60],
          [30, 80],
          [60, 100],
        ] as const) {
          const output = lines.slice(from, to).join("\n");
          update({ type: "call", call: { ...bash("ls"), status: "running", output }, begins: from === 0 });
        }
        return DONE;
      },
    ]);
    await using session = await startSession(runtime, "/");
    await session.ask("go");
    const shown = ofType(session.events, "tool_update").map(({ text }) => text);
    expect(shown.join("")).toBe(lines.join("\n"));
  });
});
