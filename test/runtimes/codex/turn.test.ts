import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ofType } from "../../support/events.ts";
import { faults, talk } from "../../support/runtime-session.ts";
import { counted, finished, notify, piece, prepare, running, say, tokens } from "./harness.ts";

describe("a turn", () => {
  it("shows output as it comes and counts what it took", async () => {
    const { start } = await prepare({
      turns: [
        [
          running("c", "make"),
          piece("c", "one\n"),
          piece("c", "two\n"),
          finished("c", "make", "one\ntwo\n"),
          counted(tokens(100, 40, 10)),
          say("Done."),
          counted(tokens(300, 140, 30), tokens(200, 100, 20)),
        ],
        [say("More."), counted(tokens(400, 140, 35), tokens(100, 0, 5))],
      ],
    });
    await using session = await start({ mode: "full" });
    await session.ask("go");
    await session.ask("on");
    expect(ofType(session.events, "tool_update").map((event) => event.text)).toEqual(["one\n", "two\n"]);
    expect(ofType(session.events, "run_end").map(({ usage }) => usage)).toMatchObject([
      { input: 160, cacheRead: 140, output: 30, cost: null },
      { input: 100, cacheRead: 0, output: 5 },
    ]);
  });

  it("takes a steer by Codex's own way, and has it where it was taken in", async () => {
    const { start, agent } = await prepare({
      turns: [[running("c", "make"), { do: "steered" }, finished("c", "make", "ok"), say("As you say.")]],
    });
    await using session = await start({ mode: "full" });
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "use tabs" });
    await done;
    const [{ params } = { params: null }] = agent.told("turn/steer");
    expect(params).toMatchObject({
      threadId: "thread-1",
      expectedTurnId: "turn-1",
      input: [{ text: "use tabs" }],
    });
    expect(talk(session.messages())).toEqual([
      "user: go",
      'assistant: bash({"command":"make"})',
      "tool_result: ok",
      "user: use tabs",
      "assistant: As you say.",
    ]);
    expect(agent.told("turn/start")).toHaveLength(1);
  });

  it("closes the partial that a steer drops", async () => {
    const { start } = await prepare({
      turns: [
        [
          notify("item/agentMessage/delta", { itemId: "a", delta: "Half an ans" }),
          { do: "steered" },
          say("Whole."),
        ],
      ],
    });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("message_update");
    session.send({ type: "steer", text: "shorter" });
    await done;
    expect(talk(session.messages())).toEqual([
      "user: go",
      "assistant: Half an ans",
      "user: shorter",
      "assistant: Whole.",
    ]);
  });

  it("that refuses a steer leaves it for the next prompt of the run", async () => {
    const { start, agent } = await prepare({
      turns: [[running("c", "make"), { do: "wait", ms: 300 }, finished("c", "make", "ok")]],
      refuses: { "turn/steer": "cannot steer a review turn" },
    });
    await using session = await start({ mode: "full" });
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "use tabs" });
    await done;
    expect(agent.prompts()).toEqual([["go"], ["use tabs"]]);
    expect(ofType(session.events, "run_end")).toHaveLength(1);
  });

  it("that waits for the network for ever is ended with a sentence; the next one works", async () => {
    const error = {
      message: "Reconnecting... waiting for network",
      additionalDetails: "Connection failed: error sending request",
    };
    const { start } = await prepare(
      { turns: [[notify("error", { error, willRetry: true }), { do: "wait" }], [say("Back.")]] },
      { unreachableMs: 200 },
    );
    await using session = await start();
    await session.ask("go");
    const [end] = ofType(session.events, "run_end");
    expect(end).toMatchObject({ outcome: "failed", error: { code: "runtime.failed" } });
    expect(end?.error?.message).toContain("Connection failed: error sending request");
    expect(ofType(session.events, "retry_start")).toHaveLength(1);
    await session.ask("again");
    expect(talk(session.messages()).at(-1)).toBe("assistant: Back.");
  });

  it("in which the program dies fails with its last words, and the next prompt resumes the thread", async () => {
    const { start, agent } = await prepare({
      turns: [
        [say("Half"), running("c", "make"), { do: "complain", text: "panicked\n" }, { do: "crash", code: 9 }],
      ],
    });
    await using session = await start({ mode: "full" });
    agent.rescript({ turns: [[say("Back.")]], knows: ["thread-1"] });
    await session.ask("go");
    expect(ofType(session.events, "run_end")[0]).toMatchObject({
      outcome: "failed",
      error: { code: "runtime.crashed", hint: "It last said: panicked" },
    });
    expect(faults(session.messages())).toEqual([]);
    await session.ask("on");
    expect(agent.told("thread/resume")[0]?.params.threadId).toBe("thread-1");
    expect(talk(session.messages()).at(-1)).toBe("assistant: Back.");
    expect(agent.prompts().at(-1)).toEqual(["on"]);
  });

  it("leaves a command that goes on in the background, and ignores what comes of it later", async () => {
    const { start } = await prepare({
      turns: [
        [running("c", "serve"), piece("c", "listening\n"), say("It runs.")],
        [finished("c", "serve", "listening\nbye\n"), say("It ended.")],
      ],
    });
    await using session = await start({ mode: "full" });
    await session.ask("go");
    await session.ask("on");
    expect(ofType(session.events, "tool_end")).toHaveLength(1);
    expect(ofType(session.events, "tool_end")[0]).toMatchObject({ isError: false });
    expect(talk(session.messages())[2]).toContain("listening");
  });

  it("that is interrupted ends its own commands too, which Codex leaves at work", async () => {
    const terminals = [
      { itemId: "c", processId: "7", command: "sleep 60", cwd: "/" },
      { itemId: "earlier", processId: "3", command: "serve", cwd: "/" },
    ];
    const { start, agent } = await prepare({
      turns: [[running("c", "sleep 60"), piece("c", "tick\n"), { do: "wait" }]],
      terminals,
    });
    await using session = await start({ mode: "full" });
    const done = session.ask("go");
    await session.nth("tool_update");
    session.send({ type: "interrupt" });
    await done;
    expect(agent.told("thread/backgroundTerminals/terminate").map(({ params }) => params)).toEqual([
      { threadId: "thread-1", processId: "7" },
    ]);
    expect(talk(session.messages())[2]).toBe("tool_result!: tick\n\ncancelled by user");
  });

  it("that Codex begins by itself is stopped: nobody would see it", async () => {
    const { start, agent } = await prepare({
      turns: [
        [
          say("Done."),
          notify("turn/completed", { turn: { id: "turn-1", status: "completed" } }),
          notify("turn/started", { turnId: "own-idea", turn: { id: "own-idea", status: "inProgress" } }),
          {
            do: "ask",
            method: "item/commandExecution/requestApproval",
            params: { itemId: "c", command: "rm x" },
          },
        ],
      ],
    });
    await using session = await start({ mode: "full" });
    await session.ask("go");
    while (agent.told("answer").length === 0) await sleep(10);
    expect(agent.told("turn/interrupt")[0]?.params.turnId).toBe("own-idea");
    expect(agent.told("answer")[0]?.params.result).toEqual({ decision: "decline" });
    expect(talk(session.messages())).toEqual(["user: go", "assistant: Done."]);
  });

  it("gives images as data, and warnings once", async () => {
    const warning = notify("warning", { message: "metadata not found" });
    const { start, agent } = await prepare({
      turns: [
        [warning, say("A cat.")],
        [warning, say("Still.")],
      ],
    });
    await using session = await start();
    session.send({
      type: "prompt",
      text: "what is it?",
      images: [{ type: "image", mimeType: "image/png", data: "AAAA" }],
    });
    await session.nth("settled");
    await session.ask("and now?");
    expect(agent.told("turn/start")[0]?.params.input).toEqual([
      { type: "text", text: "what is it?", text_elements: [] },
      { type: "image", url: "data:image/png;base64,AAAA" },
    ]);
    expect(ofType(session.events, "notice").map(({ message }) => message)).toEqual(["metadata not found"]);
  });
});
