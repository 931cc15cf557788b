import { describe, expect, it, vi } from "vitest";
import { ofType } from "../../support/events.ts";
import { faults, startSession, talk } from "../../support/runtime-session.ts";
import { DONE, scriptedAgent } from "./scripted-connection.ts";

const bash = (id: string, command: string) => ({ id, naming: { name: "bash", arguments: { command } } });

describe("what comes at an awkward time", () => {
  it("is judged as it is asked for, whatever was told of the call before", async () => {
    const answers: string[] = [];
    const { runtime } = scriptedAgent([
      async ({ update, ask }) => {
        update({ type: "call", call: { ...bash("c", "ls"), status: "running" }, begins: true });
        const request = { call: bash("c", "rm -rf ."), tool: null, editable: false };
        answers.push((await ask(request)).answer);
        return DONE;
      },
    ]);
    await using session = await startSession(runtime, "/", {
      rules: { allow: ["bash(ls)"], deny: ["bash(rm *)"] },
    });
    await session.ask("go");
    expect(answers).toEqual(["reject"]);
  });

  it("a prompt while its program is being let go is told to a new one, once the old one is gone", async () => {
    const { runtime, agent } = scriptedAgent([], { releaseSeconds: 0.01 });
    await using session = await startSession(runtime, "/");
    const [first] = agent.connections;
    if (!first) throw new Error("no connection");
    const leaving = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const close = first.close.bind(first);
    first.close = async () => {
      leaving.resolve();
      await gone.promise;
      await close();
    };
    await leaving.promise;
    const done = session.ask("go");
    await session.nth("run_start");
    await new Promise(setImmediate);
    expect(agent.connections).toHaveLength(1);
    gone.resolve();
    await done;
    expect(first.prompts).toEqual([]);
    expect(agent.connections[1]?.options.externalSessionId).toBe("session-1");
    expect(agent.connections[1]?.prompts).toHaveLength(1);
  });

  it("a program that can no longer be heard is ended before another is started", async () => {
    const { runtime, agent } = scriptedAgent([]);
    await using session = await startSession(runtime, "/");
    const [first] = agent.connections;
    if (!first) throw new Error("no connection");
    const close = vi.spyOn(first, "close");
    first.alive = false;
    await session.ask("go");
    expect(close).toHaveBeenCalledOnce();
    expect(agent.connections).toHaveLength(2);
  });

  it("an interrupt after a limit leaves no timer that would end the next turn's program", async () => {
    const { runtime, agent } = scriptedAgent(
      [
        async ({ say, update, cancelled }) => {
          for (const n of [1, 2]) {
            say(`Step ${n}.`);
            update({ type: "call", call: { ...bash(`c${n}`, "ls"), status: "completed" }, begins: true });
          }
          await cancelled;
          session.send({ type: "interrupt" });
          return DONE;
        },
      ],
      { limits: { maxSteps: 1 } },
    );
    await using session = await startSession(runtime, "/");
    const timers = vi.spyOn(globalThis, "setTimeout");
    const cleared = vi.spyOn(globalThis, "clearTimeout");
    await session.ask("go");
    const killers = timers.mock.results.filter((_, at) => timers.mock.calls[at]?.[1] === 800);
    expect(killers.length).toBeGreaterThan(1);
    const ended = new Set(cleared.mock.calls.map(([timer]) => timer));
    expect(killers.every(({ value }) => ended.has(value))).toBe(true);
    vi.restoreAllMocks();
    expect(agent.connections[0]?.alive).toBe(true);
  });

  it("a question is refused once a limit has ended the turn", async () => {
    const answers: string[] = [];
    const { runtime } = scriptedAgent(
      [
        async ({ say, update, cancelled, ask }) => {
          for (const n of [1, 2]) {
            say(`Step ${n}.`);
            update({ type: "call", call: { ...bash(`c${n}`, "ls"), status: "completed" }, begins: true });
          }
          await cancelled;
          answers.push((await ask({ call: bash("c3", "ls"), tool: null, editable: false })).answer);
          return DONE;
        },
      ],
      { limits: { maxSteps: 1 } },
    );
    await using session = await startSession(runtime, "/", { rules: { allow: ["bash(ls)"] } });
    await session.ask("go");
    expect(answers).toEqual(["cancel"]);
  });

  it("a question that is open when the program dies is withdrawn before the turn's end is told", async () => {
    const { runtime, agent } = scriptedAgent([
      async ({ ask }) => {
        void ask({ call: bash("c", "make"), tool: null, editable: false });
        await session.nth("approval_request");
        await agent.connections[0]?.close();
        return DONE;
      },
    ]);
    await using session = await startSession(runtime, "/");
    await session.ask("go");
    const types = session.events.map(({ type }) => type);
    expect(types.indexOf("approval_resolved")).toBeGreaterThan(0);
    expect(types.indexOf("approval_resolved")).toBeLessThan(types.indexOf("tool_end"));
    expect(faults(session.messages())).toEqual([]);
  });

  it("a steer that the agent answers after its turn is told with the next prompt, and so is one behind it", async () => {
    const answered = Promise.withResolvers<boolean>();
    const sent = Promise.withResolvers<void>();
    const handed: string[] = [];
    const { runtime, agent } = scriptedAgent(
      [
        async ({ say }) => {
          say("One moment.");
          await sent.promise;
          session.send({ type: "steer", text: "two" });
          return DONE;
        },
      ],
      { steers: true },
    );
    await using session = await startSession(runtime, "/");
    const [connection] = agent.connections;
    if (!connection) throw new Error("no connection");
    connection.steer = (_blocks, id) => {
      handed.push(id);
      sent.resolve();
      return answered.promise;
    };
    const done = session.ask("go");
    await session.nth("state_changed");
    session.send({ type: "steer", text: "one" });
    await done;
    answered.resolve(true);
    await new Promise(setImmediate);
    expect(handed).toHaveLength(1);
    expect(talk(session.messages()).filter((line) => line.startsWith("user"))).toEqual([
      "user: go",
      "user: one",
      "user: two",
    ]);
    expect(
      ofType(session.events, "queue_changed")
        .at(-1)
        ?.items.filter(({ state }) => state === "pending"),
    ).toEqual([]);
  });

  it("a session that could not be recorded leaves no program behind", async () => {
    const { runtime, agent } = scriptedAgent([]);
    const emit = () => Promise.reject(new Error("the disk is full"));
    await expect(startSession(runtime, "/", { emit })).rejects.toThrow("the disk is full");
    expect(agent.connections[0]?.alive).toBe(false);
  });

  it("a call that ended while it was asked for ends once, whatever is answered then", async () => {
    const { runtime } = scriptedAgent([
      async ({ ask, update }) => {
        const asked = ask({ call: bash("c", "make"), tool: null, editable: false });
        await session.nth("approval_request");
        update({ type: "call", call: { ...bash("c", "make"), status: "completed" }, begins: false });
        await session.nth("tool_end");
        const requestId = ofType(session.events, "approval_request")[0]?.request.id ?? "";
        session.send({ type: "approve", requestId, outcome: "reject_once" });
        await asked;
        return DONE;
      },
    ]);
    await using session = await startSession(runtime, "/");
    await session.ask("go");
    expect(ofType(session.events, "tool_end")).toHaveLength(1);
    expect(faults(session.messages())).toEqual([]);
  });
});
