// How a person halts a session: pause, interrupt, exit, close.
import { describe, expect, it } from "vitest";
import { ofType } from "../support/events.ts";
import {
  asked,
  holdable,
  lines,
  outcomes,
  pending,
  quiet,
  results,
  session,
  stateOf,
  states,
} from "./harness.ts";

describe("a pause", () => {
  it("lets the running tool finish, then nothing is asked until resume, in the same run (A-024)", async () => {
    const bash = holdable();
    const s = session({ replies: [{ calls: [{ name: "bash" }] }, { text: "ok" }], tools: [bash.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "pause" });
    expect(stateOf(s.events)).toBe("running_tools");
    bash.release("finished");
    await s.inState("paused");
    await quiet();
    expect(s.requests).toHaveLength(1);
    expect(results(s.events)).toEqual(["finished"]);
    s.send({ type: "resume" });
    await s.settled();
    expect(states(s.events)).toBe("idle streaming running_tools paused streaming idle");
    expect(outcomes(s.events)).toEqual(["completed"]);
    expect(s.count("settled")).toBe(1);
  });

  it("holds the tools of a batch that have not started", async () => {
    const a = holdable("a");
    const b = holdable("b");
    const s = session({ replies: [{ calls: [{ name: "a" }, { name: "b" }] }], tools: [a.tool, b.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "pause" });
    a.release("a");
    b.release("b");
    await s.inState("paused");
    await quiet();
    expect(b.runs()).toBe(0);
    s.send({ type: "resume" });
    await s.settled();
    expect(results(s.events)).toEqual(["a", "b"]);
    expect(states(s.events)).toBe("idle streaming running_tools paused running_tools streaming idle");
  });

  it("queues what is typed, and delivers it on resume (A-025)", async () => {
    const bash = holdable();
    const s = session({ replies: [{ calls: [{ name: "bash" }] }], tools: [bash.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "pause" });
    bash.release("ok");
    await s.inState("paused");
    s.send({ type: "follow_up", text: "F" });
    s.send({ type: "steer", text: "S" });
    await quiet();
    expect(s.requests).toHaveLength(1);
    expect(pending(s.events)).toEqual(["pause: ", "follow_up: F", "steer: S"]);
    s.send({ type: "resume" });
    await s.settled();
    expect(asked(s, 1).at(-1)).toBe("user: S");
    expect(ofType(s.events, "run_start").map((event) => event.prompt)).toEqual(["go", "F"]);
  });

  it("while idle holds prompts until resume", async () => {
    const s = session();
    s.send({ type: "pause" });
    expect(stateOf(s.events)).toBe("paused");
    s.send({ type: "prompt", text: "go" });
    await quiet();
    expect(s.requests).toHaveLength(0);
    s.send({ type: "resume" });
    await s.settled();
    expect(asked(s, 0)).toEqual(["user: go"]);
    expect(states(s.events)).toBe("idle paused streaming idle");
  });

  it("pressed and resumed before it took effect changes nothing", async () => {
    const bash = holdable();
    const s = session({ replies: [{ calls: [{ name: "bash" }] }], tools: [bash.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "pause" });
    s.send({ type: "pause" });
    s.send({ type: "resume" });
    bash.release("ok");
    await s.settled();
    expect(states(s.events)).not.toContain("paused");
  });

  it("removed in the queue list is a resume", async () => {
    const s = session();
    s.send({ type: "pause" });
    s.send({ type: "prompt", text: "go" });
    const [pause] = ofType(s.events, "queue_changed").at(-1)?.items ?? [];
    s.send({ type: "queue", edit: { action: "remove", id: pause?.id ?? "" } });
    await s.settled();
    expect(outcomes(s.events)).toEqual(["completed"]);
  });

  it("does not keep an interrupt from ending the run", async () => {
    const bash = holdable();
    const s = session({ replies: [{ calls: [{ name: "bash" }] }], tools: [bash.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "pause" });
    bash.release("ok");
    await s.inState("paused");
    s.send({ type: "interrupt" });
    await s.settled();
    expect(outcomes(s.events)).toEqual(["interrupted"]);
    expect(stateOf(s.events)).toBe("idle");
  });
});

describe("an interrupt", () => {
  it("keeps the partial, and the next prompt's request has it (A-026)", async () => {
    const s = session({ replies: [{ text: "half an answer", until: new Promise(() => undefined) }] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("message_update");
    s.send({ type: "interrupt" });
    await s.settled();
    expect(outcomes(s.events)).toEqual(["interrupted"]);
    await s.ask("and now?");
    expect(asked(s, 1)).toEqual(["user: go", "assistant: half an answer", "user: and now?"]);
  });

  it("hands the queued texts back in order, sends none, and records them as cancelled (A-028)", async () => {
    const bash = holdable();
    const s = session({ replies: [{ calls: [{ name: "bash" }] }], tools: [bash.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "follow_up", text: "A" });
    s.send({ type: "steer", text: "B" });
    s.send({ type: "follow_up", text: "C" });
    s.send({ type: "interrupt" });
    await s.settled();
    expect(ofType(s.events, "queue_returned").map((event) => event.items.map(({ text }) => text))).toEqual([
      ["A", "B", "C"],
    ]);
    const last = ofType(s.events, "queue_changed").at(-1)?.items ?? [];
    expect(last.map(({ text, state }) => `${text} ${state}`)).toEqual([
      "A cancelled",
      "B cancelled",
      "C cancelled",
    ]);
    expect(s.requests).toHaveLength(1);
    expect(s.count("run_start")).toBe(1);
  });

  it("while idle does nothing", async () => {
    const s = session();
    s.send({ type: "interrupt" });
    await quiet();
    expect(s.events).toEqual([]);
  });

  it("while the prompt is being recorded ends the run without a request, and the prompt is in the talk", async () => {
    const s = session();
    s.send({ type: "prompt", text: "go" });
    s.send({ type: "interrupt" });
    await s.settled();
    expect(outcomes(s.events)).toEqual(["interrupted"]);
    expect(s.requests).toHaveLength(0);
    expect(lines(s.transcript.messages())).toEqual(["user: go"]);
  });
});

describe("an exit", () => {
  it("while idle settles at once (A-030)", () => {
    const s = session();
    s.send({ type: "exit" });
    expect(ofType(s.events, "settled")).toEqual([{ type: "settled", exit: true }]);
  });

  it("while a run is active waits for it and for the follow-ups before leaving (A-030)", async () => {
    const bash = holdable();
    const s = session({ replies: [{ calls: [{ name: "bash" }] }], tools: [bash.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "exit" });
    s.send({ type: "follow_up", text: "F" });
    expect(pending(s.events)).toEqual(["exit: ", "follow_up: F"]);
    bash.release("ok");
    await s.settled();
    expect(outcomes(s.events)).toEqual(["completed", "completed"]);
    expect(ofType(s.events, "settled")).toEqual([{ type: "settled", exit: true }]);
  });

  it("now interrupts first and keeps queued texts for the next start (A-030)", async () => {
    const bash = holdable();
    const s = session({ replies: [{ calls: [{ name: "bash" }] }], tools: [bash.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "follow_up", text: "F" });
    s.send({ type: "exit", now: true });
    await s.settled();
    expect(outcomes(s.events)).toEqual(["interrupted"]);
    expect(pending(s.events)).toEqual(["follow_up: F"]);
    expect(ofType(s.events, "settled")).toEqual([{ type: "settled", exit: true }]);
  });

  it("while paused between runs leaves at once and keeps queued texts", () => {
    const s = session();
    s.send({ type: "pause" });
    s.send({ type: "prompt", text: "later" });
    s.send({ type: "exit" });
    expect(ofType(s.events, "settled")).toEqual([{ type: "settled", exit: true }]);
    expect(pending(s.events)).toEqual(["pause: ", "follow_up: later"]);
  });

  it("is the last thing: what is sent after it is not taken", async () => {
    const s = session();
    s.send({ type: "exit" });
    s.send({ type: "prompt", text: "too late" });
    await quiet();
    expect(s.count("run_start")).toBe(0);
  });
});

describe("close", () => {
  it("interrupts the run, keeps the queue, and resolves after the end", async () => {
    const bash = holdable();
    const s = session({ replies: [{ calls: [{ name: "bash" }] }], tools: [bash.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "follow_up", text: "F" });
    await s.close();
    expect(outcomes(s.events)).toEqual(["interrupted"]);
    expect(pending(s.events)).toEqual(["follow_up: F"]);
    expect(s.count("queue_returned")).toBe(0);
  });
});
