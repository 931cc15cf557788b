import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Message } from "../../../src/protocol/message.ts";
import { ofType } from "../../support/events.ts";
import type { PiAct } from "../../support/pi-agent.ts";
import { faults, talk } from "../../support/runtime-session.ts";
import { outcome, prepare } from "./harness.ts";

const bash = (command: string): PiAct => ({
  do: "call",
  tool: "bash",
  args: { command },
  output: "out\n",
});

describe("a turn of pi", () => {
  it("tells thinking, text, calls, results and what each answer cost", async () => {
    const { start } = await prepare({
      turns: [[bash("make"), { do: "say", text: "All made.", thinking: "So far so good." }]],
    });
    await using session = await start({ mode: "full" });
    await session.ask("go");
    expect(talk(session.messages())).toEqual([
      "user: go",
      'assistant: bash({"command":"make"})',
      "tool_result: out\n",
      "assistant: (So far so good.) | All made.",
    ]);
    const spent = { input: 400, output: 34, cacheRead: 800, reasoning: 10, cost: 0.000548 };
    for (const message of session.messages().filter(({ role }) => role === "assistant")) {
      expect(message).toMatchObject({ usage: spent, model: "pi/stub/small", runtime: "pi" });
    }
    expect(outcome(session)).toMatchObject({ outcome: "completed", steps: 2 });
    expect(ofType(session.events, "tool_end")[0]).toMatchObject({ details: { exitCode: 0 } });
  });

  it("a person may change a command before it runs, and what they refuse does not run", async () => {
    const { start, pi } = await prepare({ turns: [[bash("rm -rf dist"), bash("rm -rf src")]] });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request", 1);
    const ids = () => ofType(session.events, "approval_request").map(({ request }) => request.id);
    const args = { command: "rm -rf dist/old" };
    session.send({ type: "approve", requestId: ids()[0] ?? "", outcome: "allow_once", arguments: args });
    await session.nth("approval_request", 2);
    session.send({ type: "approve", requestId: ids()[1] ?? "", outcome: "reject_once", reason: "keep it" });
    await done;
    expect(pi.told("ran").map(({ args: ran, allowed }) => [ran.command, allowed])).toEqual([
      ["rm -rf dist/old", true],
      ["rm -rf src", false],
    ]);
    expect(talk(session.messages()).at(-1)).toMatch(/^tool_result!: .*keep it/);
  });

  it("reading is not asked about, rules judge files by their paths, and an edit is shown as it would be", async () => {
    const edits = [{ oldText: "b", newText: "B" }];
    const { start, cwd, pi } = await prepare({
      turns: [
        [
          { do: "call", tool: "read", args: { path: "a.txt" }, output: "a\nb\nc\n" },
          { do: "call", tool: "find", args: { pattern: "*.txt" }, output: "a.txt" },
          { do: "call", tool: "write", args: { path: "secret/key", content: "x" } },
          {
            do: "call",
            tool: "edit",
            args: { path: join("/", "nowhere"), edits },
            fails: true,
            output: "no",
          },
          { do: "call", tool: "edit", args: { path: "a.txt", edits } },
        ],
      ],
    });
    writeFileSync(join(cwd, "a.txt"), "a\nb\nc\n");
    await using session = await start({ rules: { deny: ["write(secret/**)"], allow: ["edit(/nowhere)"] } });
    const done = session.ask("go");
    await session.nth("approval_request");
    const [asked] = ofType(session.events, "approval_request");
    expect(asked?.request).toMatchObject({ name: "edit", editable: true });
    expect(asked?.request.patch).toContain(" a\n-b\n+B\n c\n");
    session.send({ type: "approve", requestId: asked?.request.id ?? "", outcome: "allow_once" });
    await done;
    expect(pi.told("ran").map(({ toolName, allowed }) => [toolName, allowed])).toEqual([
      ["read", true],
      ["find", true],
      ["write", false],
      ["edit", true],
      ["edit", true],
    ]);
    expect(ofType(session.events, "tool_end").map(({ name }) => name)).toContain("glob");
    expect(ofType(session.events, "approval_request")).toHaveLength(1);
  });

  it("a steer is on record where pi takes it in, and what it did not take in is a turn of its own", async () => {
    const { start, pi } = await prepare({
      turns: [
        [
          bash("make"),
          { do: "until", command: "steer" },
          { do: "take_steers" },
          { do: "say", text: "Tabs then." },
        ],
        [
          { do: "say", text: "Half." },
          { do: "until", command: "steer" },
        ],
        [{ do: "say", text: "Later." }],
      ],
    });
    await using session = await start({ mode: "full" });
    const done = session.ask("go");
    await session.nth("tool_end");
    session.send({ type: "steer", text: "use tabs" });
    await done;
    expect(talk(session.messages()).slice(3)).toEqual(["user: use tabs", "assistant: Tabs then."]);
    const again = session.ask("more");
    await session.until(() => JSON.stringify(ofType(session.events, "message_update")).includes("Half."));
    session.send({ type: "steer", text: "too late" });
    await again;
    expect(talk(session.messages()).slice(5)).toEqual([
      "user: more",
      "assistant: Half.",
      "user: too late",
      "assistant: Later.",
    ]);
    expect(pi.told("clear_queue")).toHaveLength(1);
    expect(faults(session.messages())).toEqual([]);
  });

  it("an interrupt withdraws the open question before pi is told to stop", async () => {
    const { start, pi } = await prepare({ turns: [[bash("make")]] });
    await using session = await start();
    const done = session.ask("go");
    await session.nth("approval_request");
    session.send({ type: "interrupt" });
    await done;
    // The turn ends with the answer already: what pi is told after it may not have come there yet.
    await vi.waitFor(() => expect(pi.told("abort")).toHaveLength(1), 10_000);
    const order = pi.told().map(({ type }) => type);
    expect(order.indexOf("extension_ui_response")).toBeLessThan(order.indexOf("abort"));
    expect(order).toContain("extension_ui_response");
    expect(outcome(session)?.outcome).toBe("interrupted");
    expect(pi.told("start")).toHaveLength(1);
  });

  it("another extension's question about a call has the call's answer; any other is told no", async () => {
    const request = {
      id: "d1",
      method: "select",
      title: "Dangerous:\n\nmake\n\nAllow?",
      options: ["Yes", "No"],
    };
    const start1 = {
      type: "tool_execution_start",
      toolCallId: "c",
      toolName: "bash",
      args: { command: "make" },
    };
    const end = { ...start1, type: "tool_execution_end", result: { content: [] } };
    const { start, pi } = await prepare({
      turns: [
        [
          { do: "event", event: start1 },
          { do: "dialog", request },
          { do: "event", event: end },
          { do: "dialog", request: { id: "d2", method: "confirm", title: "Clear session?" } },
          { do: "say", text: "So." },
        ],
      ],
    });
    await using session = await start({ rules: { allow: ["bash(make)"] } });
    await session.ask("go");
    expect(pi.told("extension_ui_response").map(({ value, cancelled }) => value ?? cancelled)).toEqual([
      "Yes",
      true,
    ]);
    const notices = ofType(session.events, "notice").map(({ code }) => code);
    expect(notices).toEqual(["runtime.question"]);
  });

  it.each([
    ['401: {"message":"stub: invalid api key"}', "runtime.auth", "stub: invalid api key (401)"],
    ['500: {"error":{"message":"it is down"}}', "runtime.failed", "it is down (500)"],
    ["Connection error.", "runtime.failed", "Connection error."],
  ])("a turn that failed with %s is a failed run in its words", async (message, code, words) => {
    const { start } = await prepare({ turns: [[{ do: "fail", message }]] });
    await using session = await start();
    await session.ask("go");
    expect(outcome(session)).toMatchObject({ outcome: "failed", error: { code } });
    expect(outcome(session)?.error?.message).toContain(words);
    await session.ask("again");
    expect(talk(session.messages()).at(-1)).toBe("assistant: done");
  });

  it("shows that it tries again, and a prompt that it refuses is a failed run", async () => {
    const retry = {
      type: "auto_retry_start",
      attempt: 1,
      maxAttempts: 3,
      delayMs: 5,
      errorMessage: "529 busy",
    };
    const { start } = await prepare({
      turns: [
        [
          { do: "fail", message: "529 busy" },
          { do: "event", event: retry },
          { do: "say", text: "Now." },
        ],
        [{ do: "refuse", message: "No API key found for stub." }],
      ],
    });
    await using session = await start();
    await session.ask("go");
    expect(ofType(session.events, "retry_start")[0]).toMatchObject({ attempt: 1, maxAttempts: 3 });
    expect(outcome(session)?.outcome).toBe("completed");
    await session.ask("more");
    expect(outcome(session)).toMatchObject({ outcome: "failed", error: { code: "runtime.auth" } });
  });

  it("a program that breaks is told with its last words, and comes back with its session", async () => {
    const { start, pi } = await prepare({
      turns: [
        [
          { do: "say", text: "I" },
          { do: "crash", code: 3 },
        ],
      ],
    });
    await using session = await start();
    pi.rescript({ turns: [], knows: ["pi-new"] });
    await session.ask("go");
    expect(outcome(session)).toMatchObject({ outcome: "failed", error: { code: "runtime.crashed" } });
    expect(outcome(session)?.error?.hint).toContain("it broke");
    await session.ask("again");
    expect(pi.told("start")[1]?.argv).toContain("pi-new");
    expect(talk(session.messages()).at(-1)).toBe("assistant: done");
  });
});

describe("starting pi", () => {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
  const history: { id: string; message: Message }[] = [
    { id: "1", message: { role: "user", content: [{ type: "text", text: "Look." }] } },
    {
      id: "2",
      message: {
        role: "assistant",
        content: [
          { type: "thinking", text: "Hm." },
          { type: "tool_call", id: "t1", name: "glob", arguments: { pattern: "*" } },
        ],
        stopReason: "tool_use",
        usage,
        model: "anthropic/claude",
      },
    },
    {
      id: "3",
      message: {
        role: "tool_result",
        toolCallId: "t1",
        toolName: "glob",
        content: [{ type: "text", text: "a.txt" }],
        isError: false,
      },
    },
  ];

  it("it is given the conversation as a session of its own, and goes on with that", async () => {
    const { start, pi, cwd } = await prepare({ turns: [] });
    await using session = await start({ history });
    await session.ask("and now?");
    const [{ sessionPath } = { sessionPath: "" }] = pi.told("switch_session");
    const lines = readFileSync(sessionPath, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ type: "session", version: 3, cwd });
    const messages = lines.filter(({ type }) => type === "message").map(({ message }) => message);
    expect(messages).toMatchObject([
      { role: "user", content: [{ text: "Look." }] },
      { role: "assistant", content: [{ type: "toolCall", id: "t1", name: "find" }], stopReason: "toolUse" },
      { role: "toolResult", toolCallId: "t1", toolName: "find", isError: false },
    ]);
    expect(lines.at(-2)).toMatchObject({ type: "model_change", provider: "stub", modelId: "small" });
    expect(pi.told("prompt")[0]?.message).toBe("and now?");
    expect(ofType(session.events, "runtime_changed")[0]?.externalSessionId).toBe(lines[0].id);
  });

  it("a session that it has is gone on with; one that it lost is given to it anew", async () => {
    const known = await prepare({ turns: [], knows: ["pi-7"] });
    await using session = await known.start({ history, externalSessionId: "pi-7" });
    expect(known.pi.told("switch_session")).toEqual([]);
    expect(session.events).toEqual([]);
    const lost = await prepare({ turns: [] });
    await using anew = await lost.start({ history, externalSessionId: "pi-7" });
    await anew.ask("go");
    expect(lost.pi.told("switch_session")).toHaveLength(1);
    expect(lost.pi.told("prompt")[0]?.message).toBe("go");
  });

  it("its models and its thinking can be chosen, and images are taken where the model sees", async () => {
    const models = [
      { provider: "stub", id: "small", input: ["text"] },
      { provider: "stub", id: "org/big", input: ["text", "image"] },
    ];
    const { start, pi } = await prepare({ turns: [], models });
    await using session = await start();
    expect(session.capabilities).toMatchObject({ steer: "native", modelChoice: true, images: false });
    session.send({ type: "set_model", model: "pi/stub/org/big" });
    session.send({ type: "set_thinking", thinking: "high" });
    await session.nth("notice", 2);
    expect(pi.told("set_model")[0]).toMatchObject({ provider: "stub", modelId: "org/big" });
    expect(pi.told("set_thinking_level")[0]).toMatchObject({ level: "high" });
  });

  it("one that does not load our extension is not started, since its tools would run unasked", async () => {
    const { start } = await prepare({ turns: [], extension: false });
    await expect(start()).rejects.toMatchObject({ code: "runtime.start" });
  });

  it("one without a model to ask says how to log in", async () => {
    const { start } = await prepare({
      turns: [],
      start: { exit: 1, say: "No models available.\nRun /login." },
    });
    await expect(start()).rejects.toMatchObject({
      code: "runtime.auth",
      hint: expect.stringContaining("log in"),
    });
  });
});
