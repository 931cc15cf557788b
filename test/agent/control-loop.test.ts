// What a person can say to a session while it works: follow-ups and steers, and when they reach the model.
import { describe, expect, it } from "vitest";
import { ofType } from "../support/events.ts";
import {
  asked,
  askingGate,
  holdable,
  lines,
  outcomes,
  pending,
  results,
  session,
  states,
  tool,
} from "./harness.ts";

describe("a follow-up", () => {
  it("waits until the run settles and is then its own run (A-019)", async () => {
    const bash = holdable();
    const s = session({ replies: [{ calls: [{ name: "bash" }] }, { text: "first" }], tools: [bash.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "follow_up", text: "also add tests" });
    expect(pending(s.events)).toEqual(["follow_up: also add tests"]);
    bash.release("ok");
    await s.settled();
    expect(asked(s, 1)).not.toContain("user: also add tests");
    expect(asked(s, 2).at(-1)).toBe("user: also add tests");
    expect(ofType(s.events, "run_start").map((event) => event.prompt)).toEqual(["go", "also add tests"]);
    expect(pending(s.events)).toEqual([]);
  });

  it("A runs fully before B, each with its own start and end (A-020)", async () => {
    const held = Promise.withResolvers<void>();
    const s = session({ replies: [{ text: "x", until: held.promise }] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("message_update");
    s.send({ type: "follow_up", text: "A" });
    s.send({ type: "prompt", text: "B" });
    held.resolve();
    await s.settled();
    const runs = s.events.filter((event) => event.type === "run_start" || event.type === "run_end");
    expect(runs.map((event) => (event.type === "run_start" ? event.prompt : "end"))).toEqual([
      "go",
      "end",
      "A",
      "end",
      "B",
      "end",
    ]);
    expect(s.count("settled")).toBe(1);
    expect(states(s.events)).toBe("idle streaming idle");
  });

  it("runs although the run before it failed", async () => {
    const held = Promise.withResolvers<void>();
    const error = { code: "provider.server", message: "500" };
    const s = session({ replies: [{ error, until: held.promise }, { text: "ok" }] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("message_start");
    s.send({ type: "follow_up", text: "A" });
    held.resolve();
    await s.settled();
    expect(outcomes(s.events)).toEqual(["failed", "completed"]);
  });
});

describe("a steer", () => {
  const calls = ["a", "b", "c"].map((name) => ({ name }));

  it("lets the batch finish and is in the next request as a user message (A-021)", async () => {
    const a = holdable("a");
    const s = session({ replies: [{ calls }, { text: "ok" }], tools: [a.tool, tool("b"), tool("c")] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "steer", text: "stop, use python" });
    a.release("a done");
    await s.settled();
    expect(results(s.events)).toEqual(["a done", "b ok", "c ok"]);
    expect(asked(s, 1).at(-1)).toBe("user: stop, use python");
    expect(s.count("run_start")).toBe(1);
  });

  it("now cancels the running tool with its partial, skips the rest, and goes with the next request (A-021)", async () => {
    const a = holdable("a", "half");
    const s = session({ replies: [{ calls }, { text: "ok" }], tools: [a.tool, tool("b"), tool("c")] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "steer", text: "stop, use python", now: true });
    await s.settled();
    expect(results(s.events)).toEqual([
      "half | cancelled: the user redirected",
      "skipped: the user redirected",
      "skipped: the user redirected",
    ]);
    expect(asked(s, 1).at(-1)).toBe("user: stop, use python");
    expect(outcomes(s.events)).toEqual(["completed"]);
  });

  it("now with an empty text promotes what is pending (A-033)", async () => {
    const a = holdable("a", "half");
    const s = session({ replies: [{ calls }], tools: [a.tool, tool("b"), tool("c")] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "steer", text: "S1" });
    s.send({ type: "steer", text: "S2" });
    s.send({ type: "steer", text: "", now: true });
    await s.settled();
    expect(asked(s, 1).slice(-2)).toEqual(["user: S1", "user: S2"]);
    expect(results(s.events)[0]).toContain("redirected");
  });

  it("now with nothing pending cancels nothing", async () => {
    const a = holdable("a");
    const s = session({ replies: [{ calls: [{ name: "a" }] }], tools: [a.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    s.send({ type: "steer", text: "", now: true });
    a.release("whole");
    await s.settled();
    expect(results(s.events)).toEqual(["whole"]);
  });

  it("now while the model speaks cuts it off, keeps what it said, and goes at once", async () => {
    const s = session({
      replies: [{ text: "long story", until: new Promise(() => undefined) }, { text: "ok" }],
    });
    s.send({ type: "prompt", text: "go" });
    await s.nth("message_update");
    s.send({ type: "steer", text: "shorter", now: true });
    await s.settled();
    expect(asked(s, 1)).toEqual(["user: go", "assistant: long story", "user: shorter"]);
    expect(outcomes(s.events)).toEqual(["completed"]);
  });

  it("now while an approval is open closes it and skips the call", async () => {
    const s = session({
      replies: [{ calls: [{ id: "c1", name: "a" }] }, { text: "ok" }],
      tools: [tool("a")],
      gate: askingGate("a"),
    });
    s.send({ type: "prompt", text: "go" });
    await s.nth("approval_request");
    s.send({ type: "steer", text: "no, wait", now: true });
    await s.settled();
    expect(results(s.events)).toEqual(["skipped: the user redirected"]);
    expect(s.count("approval_resolved")).toBe(1);
  });

  it("S1 then S2 reach the model in that order as two messages; edits before that take effect (A-022)", async () => {
    const a = holdable("a");
    const s = session({ replies: [{ calls: [{ name: "a" }] }], tools: [a.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    for (const id of ["S1", "S2", "S3", "S4", "S5"]) s.send({ type: "steer", text: id, id });
    s.send({ type: "queue", edit: { action: "edit", id: "S2", text: "S2 changed" } });
    s.send({ type: "queue", edit: { action: "remove", id: "S3" } });
    s.send({ type: "queue", edit: { action: "kind", id: "S4", kind: "follow_up" } });
    s.send({ type: "queue", edit: { action: "move", id: "S5", position: 0 } });
    expect(pending(s.events)).toEqual(["steer: S5", "steer: S1", "steer: S2 changed", "follow_up: S4"]);
    a.release("ok");
    await s.settled();
    expect(asked(s, 1).slice(-3)).toEqual(["user: S5", "user: S1", "user: S2 changed"]);
    expect(ofType(s.events, "run_start").map((event) => event.prompt)).toEqual(["go", "S4"]);
  });

  it("is applied before a follow-up that was queued earlier (A-023)", async () => {
    const held = Promise.withResolvers<void>();
    const s = session({ replies: [{ text: "x", until: held.promise }, { text: "y" }, { text: "z" }] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("message_update");
    s.send({ type: "follow_up", text: "F" });
    s.send({ type: "steer", text: "S" });
    held.resolve();
    await s.settled();
    expect(asked(s, 1).at(-1)).toBe("user: S");
    expect(asked(s, 2).at(-1)).toBe("user: F");
    expect(s.count("run_start")).toBe(2);
  });

  it("while idle is an ordinary prompt (A-032)", async () => {
    const s = session();
    s.send({ type: "steer", text: "hello", now: true });
    await s.settled();
    expect(ofType(s.events, "run_start").map((event) => event.prompt)).toEqual(["hello"]);
    expect(s.count("queue_changed")).toBe(0);
  });

  it("that a runtime never takes becomes a run of its own", async () => {
    const held = Promise.withResolvers<void>();
    const s = session({
      run: async ({ prompt, control }) => {
        control.setState("streaming");
        if (lines([prompt.message])[0] === "user: go") await held.promise;
        return { outcome: "completed" };
      },
    });
    s.send({ type: "prompt", text: "go" });
    await s.inState("streaming");
    s.send({ type: "steer", text: "S" });
    held.resolve();
    await s.settled();
    expect(ofType(s.events, "run_start").map((event) => event.prompt)).toEqual(["go", "S"]);
  });
});
