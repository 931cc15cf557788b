import { describe, expect, it } from "vitest";
import { groupAlive } from "../../../src/lib/process-group.ts";
import { ofType } from "../../support/events.ts";
import { faults, talk } from "../../support/runtime-session.ts";
import { finished, outcome, prepare, running, say } from "./harness.ts";

describe("control", () => {
  it("an interrupt in a tool keeps the partial, and the session goes on in the same program", async () => {
    const { start, agent } = await prepare({
      turns: [[say("Wait."), running("c", "sleep 9"), { do: "wait" }]],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "interrupt" });
    await done;
    expect(talk(session.messages()).slice(1)).toEqual([
      'assistant: Wait. | bash({"command":"sleep 9"})',
      "tool_result!: cancelled by user",
    ]);
    expect(outcome(session)?.outcome).toBe("interrupted");
    await session.ask("more");
    expect(talk(session.messages()).at(-1)).toBe("assistant: done");
    expect(agent.told("start")).toHaveLength(1);
  });

  it("an agent that does not heed an interrupt is gone within 3 s, and is started anew with the talk so far", async () => {
    const { start, agent } = await prepare({ turns: [[say("Half an ans"), { do: "hang" }]] });
    await using session = await start();
    agent.rescript({ turns: [] });
    const done = session.ask("go");
    await session.nth("message_update");
    const since = Date.now();
    session.send({ type: "interrupt" });
    await done;
    expect(Date.now() - since).toBeLessThan(3_000);
    expect(groupAlive(agent.told("start")[0]?.pid ?? 0)).toBe(false);
    expect(session.messages().at(-1)).toMatchObject({
      stopReason: "aborted",
      content: [{ text: "Half an ans" }],
    });
    await session.ask("again");
    expect(agent.told("start")).toHaveLength(2);
    expect(agent.prompts()[1]?.[0]).toContain("Half an ans");
    expect(agent.prompts()[1]?.[1]).toBe("again");
  });

  it("steering goes as the next prompt of the same run, and one notice says so", async () => {
    const { start, agent } = await prepare({
      turns: [[running("c", "make"), { do: "wait", ms: 300 }, finished("c", "ok")]],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "use tabs" });
    session.send({ type: "steer", text: "and tests" });
    await done;
    expect(agent.prompts()).toEqual([["go"], ["use tabs", "and tests"]]);
    expect(ofType(session.events, "run_end")).toHaveLength(1);
    expect(ofType(session.events, "notice").map((event) => event.code)).toEqual(["runtime.steer"]);
    expect(faults(session.messages())).toEqual([]);
  });

  it("steering now cuts the turn short and goes at once", async () => {
    const { start, agent } = await prepare({ turns: [[running("c", "make"), { do: "wait" }]] });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "stop, use python", now: true });
    await done;
    expect(agent.told("session/cancel")).toHaveLength(1);
    expect(agent.prompts()).toEqual([["go"], ["stop, use python"]]);
    expect(talk(session.messages()).slice(2)).toEqual([
      "tool_result!: cancelled: the user redirected",
      "user: stop, use python",
      "assistant: done",
    ]);
    expect(outcome(session)?.outcome).toBe("completed");
  });

  it("a pause holds before the next prompt", async () => {
    const { start, agent } = await prepare({
      turns: [[running("c", "make"), { do: "wait", ms: 200 }, finished("c", "ok")]],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "next" });
    session.send({ type: "pause" });
    const paused = () => ofType(session.events, "state_changed").at(-1)?.to === "paused";
    await session.until(paused);
    expect(agent.prompts()).toEqual([["go"]]);
    session.send({ type: "resume" });
    await done;
    expect(agent.prompts()).toEqual([["go"], ["next"]]);
  });

  it("choosing a model sets the agent's own option, and unknown ones are refused with what it offers", async () => {
    const options = [{ name: "g", group: "g", options: [{ value: "x/small" }, { value: "x/big" }] }];
    const configOptions = [{ id: "m", category: "model", type: "select", currentValue: "x/small", options }];
    const { start, agent } = await prepare({ turns: [], opened: { configOptions } });
    await using session = await start();
    expect(session.capabilities.modelChoice).toBe(true);
    session.send({ type: "set_model", model: "nope" });
    session.send({ type: "set_model", model: "scripted/x/big" });
    await session.nth("notice", 2);
    await session.ask("go");
    expect(agent.told("session/set_config_option")[0]?.params).toMatchObject({
      configId: "m",
      value: "x/big",
    });
    expect(session.messages().at(-1)).toMatchObject({ model: "scripted/x/big", runtime: "scripted" });
    expect(ofType(session.events, "notice")[0]).toMatchObject({
      level: "error",
      hint: "It offers: x/small, x/big.",
    });
  });
});
