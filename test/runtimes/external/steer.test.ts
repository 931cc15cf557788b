import { describe, expect, it } from "vitest";
import { ofType } from "../../support/events.ts";
import { faults, startSession, talk } from "../../support/runtime-session.ts";
import { DONE, scriptedAgent } from "./scripted-connection.ts";

const call = { id: "c", naming: { name: "bash", arguments: { command: "make" } } };

describe("a steer to an agent that takes them while it works", () => {
  it("is recorded where the agent took it in: after the results of the calls before it", async () => {
    const { runtime, agent } = scriptedAgent(
      [
        async ({ say, update, steered }) => {
          say("At work.");
          update({ type: "call", call: { ...call, status: "running" }, begins: true });
          const { id } = await steered();
          update({ type: "steered", id });
          update({ type: "call", call: { ...call, status: "completed", output: "made" }, begins: false });
          say("With tabs.");
          return DONE;
        },
      ],
      { steers: true },
    );
    await using session = await startSession(runtime, "/");
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "use tabs" });
    await done;
    expect(talk(session.messages())).toEqual([
      "user: go",
      'assistant: At work. | bash({"command":"make"})',
      "tool_result: made",
      "user: use tabs",
      "assistant: With tabs.",
    ]);
    expect(faults(session.messages())).toEqual([]);
    expect(agent.connections[0]?.prompts).toHaveLength(1);
    const steps = session.events.filter(({ type }) => type === "step_start" || type === "step_end");
    expect(steps.map(({ type }) => type)).toEqual(["step_start", "step_end", "step_start", "step_end"]);
  });

  it("stays in the queue, out of reach of edits, until then", async () => {
    const { runtime } = scriptedAgent(
      [
        async ({ say, steered, update }) => {
          say("Hm.");
          const { id } = await steered();
          say(" Heard.");
          await session.nth("notice");
          update({ type: "steered", id });
          return DONE;
        },
      ],
      { steers: true },
    );
    await using session = await startSession(runtime, "/");
    const done = session.ask("go");
    await session.nth("message_update");
    session.send({ type: "steer", text: "use tabs", id: "s1" });
    await session.nth("message_update", 2);
    session.send({ type: "queue", edit: { action: "edit", id: "s1", text: "use spaces" } });
    await done;
    expect(ofType(session.events, "notice").map(({ code }) => code)).toEqual(["queue.sent"]);
    expect(talk(session.messages()).filter((line) => line.startsWith("user"))).toEqual([
      "user: go",
      "user: use tabs",
    ]);
    expect(ofType(session.events, "queue_changed").at(-1)?.items).toMatchObject([
      { id: "s1", state: "delivered" },
    ]);
  });

  it("is the next prompt where the agent ended its turn without taking it in", async () => {
    const { runtime, agent } = scriptedAgent(
      [
        async ({ say, steered }) => {
          say("Done.");
          await steered();
          return DONE;
        },
        async ({ say }) => {
          say("As you say.");
          return DONE;
        },
      ],
      { steers: true },
    );
    await using session = await startSession(runtime, "/");
    const done = session.ask("go");
    await session.nth("message_update");
    session.send({ type: "steer", text: "use tabs" });
    await done;
    expect(talk(session.messages())).toEqual([
      "user: go",
      "assistant: Done.",
      "user: use tabs",
      "assistant: As you say.",
    ]);
    expect(agent.connections[0]?.prompts[1]).toEqual([{ type: "text", text: "use tabs" }]);
  });

  it("goes back to the person at an interrupt", async () => {
    const { runtime } = scriptedAgent(
      [
        async ({ say, steered, cancelled }) => {
          say("Long");
          await steered();
          say(" story");
          await cancelled;
          return { reason: "cancelled", usage: null };
        },
      ],
      { steers: true },
    );
    await using session = await startSession(runtime, "/");
    const done = session.ask("go");
    await session.nth("message_update");
    session.send({ type: "steer", text: "use tabs", id: "s1" });
    await session.nth("message_update", 2);
    session.send({ type: "interrupt" });
    await done;
    expect(ofType(session.events, "queue_returned").at(-1)?.items).toMatchObject([
      { id: "s1", text: "use tabs" },
    ]);
    expect(talk(session.messages())).toEqual(["user: go", "assistant: Long story"]);
  });
});

it("a steer to an agent that takes none waits for the end of its turn, and the person is told once", async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { runtime } = scriptedAgent([
    async ({ say }) => {
      say("At work.");
      await released;
      return DONE;
    },
  ]);
  await using session = await startSession(runtime, "/");
  const done = session.ask("go");
  await session.nth("message_update");
  session.send({ type: "steer", text: "use tabs" });
  session.send({ type: "steer", text: "and lint" });
  release();
  await done;
  expect(ofType(session.events, "notice").map(({ code }) => code)).toEqual(["runtime.steer"]);
  expect(talk(session.messages())).toEqual([
    "user: go",
    "assistant: At work.",
    "user: use tabs",
    "user: and lint",
  ]);
});
