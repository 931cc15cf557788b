// The Runtime contract: what every agent that works in a session owes its caller, whoever it is. An implementation
// gives a function that sets a backend up so that it behaves as some turns say.
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../src/protocol/event.ts";
import type { Runtime, RuntimeCapabilities } from "../../src/runtimes/runtime.ts";
import { ofType } from "../support/events.ts";
import { faults, startSession, talk } from "../support/runtime-session.ts";

/** What the backend does at one prompt, in this order. One that declares no tools is given no command. */
export type ContractTurn = {
  /** Says this. */
  text?: string;
  /** Then wants to run this command, which needs permission and prints `output`. */
  command?: string;
  output?: string;
  /** Then says this, whether it was allowed or not. */
  after?: string;
  /** Then does not go on until it is stopped or steered. */
  hold?: boolean;
  /** Or fails with these words. */
  fail?: string;
};

export type ContractSetup = (turns: ContractTurn[]) => Promise<{ runtime: Runtime; cwd: string }>;

const ALLOW = { allow: ["bash"] };

type Declared = Pick<RuntimeCapabilities, "tools" | "approvals">;

/** What needs a capability is owed by those that declare it. `declared`: what is not as an agent of its own has it. */
export function runtimeContract(name: string, setup: ContractSetup, declared: Partial<Declared> = {}): void {
  const { tools = true, approvals = tools } = declared;
  const open = async (turns: ContractTurn[], settings: Parameters<typeof startSession>[2] = {}) => {
    const { runtime, cwd } = await setup(turns);
    return startSession(runtime, cwd, settings);
  };

  describe(`the runtime contract for ${name}`, () => {
    it("answers a prompt in one run: the prompt on record first, the end once, settled last", async () => {
      await using session = await open([{ text: "Hello." }]);
      await session.ask("hi");
      expect(talk(session.messages())).toEqual(["user: hi", "assistant: Hello."]);
      const types = session.events.map((event) => event.type);
      expect(types.filter((type) => type === "run_start" || type === "run_end")).toEqual([
        "run_start",
        "run_end",
      ]);
      expect(types.at(-1)).toBe("settled");
      expect(ofType(session.events, "run_start")[0]).toMatchObject({ prompt: "hi" });
      expect(ofType(session.events, "run_end")[0]).toMatchObject({ outcome: "completed", steps: 1 });
      expect(types.indexOf("message_end")).toBeLessThan(types.indexOf("step_start"));
      expectWhole(session.events);
    });

    it("declares what it can do, as its kind promises, and is found", async () => {
      const { runtime } = await setup([]);
      expect(runtime.capabilities).toMatchObject({ tools, approvals });
      if (runtime.kind === "answerer") expect(tools).toBe(false);
      expect(await runtime.check(AbortSignal.timeout(5_000))).toMatchObject({ available: true });
    });

    if (tools) {
      it("runs an allowed call between two messages, with one start, one end and one result", async () => {
        await using session = await open(
          [{ text: "Look.", command: "echo out", output: "out", after: "Seen." }],
          { rules: ALLOW },
        );
        await session.ask("go");
        const lines = talk(session.messages());
        expect(lines[1]).toBe('assistant: Look. | bash({"command":"echo out"})');
        expect(lines[2]).toContain("tool_result: out");
        expect(lines[3]).toBe("assistant: Seen.");
        expect(ofType(session.events, "run_end")[0]?.steps).toBe(2);
        expectWhole(session.events);
      });
    }

    if (approvals) {
      it("refuses what a rule denies and goes on", async () => {
        const rules = { deny: ["bash"] };
        await using session = await open([{ command: "echo out", output: "out", after: "Then not." }], {
          rules,
        });
        await session.ask("go");
        const [result] = ofType(session.events, "tool_end");
        expect(result).toMatchObject({ isError: true, details: { denial: "policy" } });
        expect(talk(session.messages()).at(-1)).toBe("assistant: Then not.");
        expect(ofType(session.events, "run_end")[0]?.outcome).toBe("completed");
        expectWhole(session.events);
      });

      it("asks the person through our gate and heeds the answer", async () => {
        await using session = await open([{ command: "touch x", output: "", after: "Ok." }]);
        const done = session.ask("go");
        await session.nth("approval_request");
        const requestId = ofType(session.events, "approval_request")[0]?.request.id ?? "";
        session.send({ type: "approve", requestId, outcome: "reject_once", reason: "not now" });
        await done;
        expect(ofType(session.events, "approval_resolved")[0]).toMatchObject({
          requestId,
          outcome: "reject_once",
        });
        expect(ofType(session.events, "tool_end")[0]).toMatchObject({ isError: true });
        expectWhole(session.events);
      });
    }

    it("keeps the partial at an interrupt, and takes the next prompt", async () => {
      await using session = await open([{ text: "Half an ans", hold: true }, { text: "Whole." }]);
      const done = session.ask("go");
      await session.nth("message_update");
      session.send({ type: "interrupt" });
      await done;
      expect(ofType(session.events, "run_end")[0]?.outcome).toBe("interrupted");
      expect(session.messages().at(-1)).toMatchObject({ role: "assistant", stopReason: "aborted" });
      expect(talk(session.messages()).at(-1)).toBe("assistant: Half an ans");
      await session.ask("again");
      expect(talk(session.messages()).at(-1)).toBe("assistant: Whole.");
      expectWhole(session.events);
    });

    it("tells a failure in the backend's words with a code, and takes the next prompt", async () => {
      await using session = await open([{ fail: "the model is on fire" }, { text: "Better." }]);
      await session.ask("go");
      const end = ofType(session.events, "run_end")[0];
      expect(end).toMatchObject({
        outcome: "failed",
        error: { code: expect.stringMatching(/^[a-z]+\.[a-z_]+$/) },
      });
      expect(`${end?.error?.message}\n${end?.error?.hint}`).toContain("the model is on fire");
      await session.ask("again");
      expect(talk(session.messages()).at(-1)).toBe("assistant: Better.");
    });

    it("runs prompts that come meanwhile one after another, each as its own run", async () => {
      await using session = await open([{ text: "One." }, { text: "Two." }, { text: "Three." }]);
      session.send({ type: "prompt", text: "1" });
      session.send({ type: "follow_up", text: "2" });
      session.send({ type: "prompt", text: "3" });
      await session.nth("settled");
      expect(talk(session.messages()).filter((line) => line.startsWith("user"))).toEqual([
        "user: 1",
        "user: 2",
        "user: 3",
      ]);
      expect(ofType(session.events, "run_end").map((event) => event.outcome)).toEqual(
        Array(3).fill("completed"),
      );
      expectWhole(session.events);
    });

    it("delivers a steer exactly once, in the run it was sent to", async () => {
      await using session = await open([{ text: "At work", hold: true }, { text: "As you say." }]);
      const done = session.ask("go");
      await session.nth("message_update");
      session.send({ type: "steer", text: "use tabs", now: true });
      await done;
      expect(talk(session.messages()).filter((line) => line === "user: use tabs")).toHaveLength(1);
      expect(talk(session.messages()).at(-1)).toBe("assistant: As you say.");
      expect(ofType(session.events, "run_end").map((event) => event.outcome)).toEqual(["completed"]);
      expectWhole(session.events);
    });

    it("starts nothing while paused, and goes on at resume", async () => {
      await using session = await open([{ text: "Hello." }]);
      session.send({ type: "pause" });
      session.send({ type: "prompt", text: "hi" });
      await session.nth("queue_changed", 2);
      expect(ofType(session.events, "message_start")).toEqual([]);
      session.send({ type: "resume" });
      await session.nth("settled");
      expect(talk(session.messages())).toEqual(["user: hi", "assistant: Hello."]);
    });

    it("ends what runs when it is closed, with one end", async () => {
      const session = await open([{ text: "At work", hold: true }]);
      session.send({ type: "prompt", text: "go" });
      await session.nth("message_update");
      await session.close();
      expect(ofType(session.events, "run_end").map((event) => event.outcome)).toEqual(["interrupted"]);
      expectWhole(session.events);
    });
  });
}

/** Each thing that began ended once, and the talk is valid for any model. */
function expectWhole(events: readonly AgentEvent[]): void {
  const started = ofType(events, "tool_start").map((event) => event.toolCallId);
  const ended = ofType(events, "tool_end").map((event) => event.toolCallId);
  expect([...ended].sort()).toEqual([...started].sort());
  const begun = ofType(events, "message_start").map((event) => event.messageId);
  const messages = ofType(events, "message_end");
  const closed = messages
    .filter(({ message }) => message.role === "assistant")
    .map(({ messageId }) => messageId);
  expect(closed).toEqual(begun);
  expect(faults(messages.map(({ message }) => message))).toEqual([]);
  const steps = events.filter((event) => event.type === "step_start" || event.type === "step_end");
  expect(steps.map((event) => event.type)).toEqual(
    steps.map((_, at) => (at % 2 === 0 ? "step_start" : "step_end")),
  );
}
