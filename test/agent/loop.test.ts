// The loop as a person's session sees it: steps, limits, failing models, guards.
import { describe, expect, it } from "vitest";
import type { StreamFn } from "../../src/protocol/stream.ts";
import { ofType } from "../support/events.ts";
import { lines, outcomes, results, session, states, tool } from "./harness.ts";

const read = tool("read", { readOnly: true, kind: "read", run: () => "text" });

describe("a run", () => {
  it("with one tool goes idle, streaming, running_tools, streaming, idle, and is idle once (A-039)", async () => {
    const s = session({ replies: [{ calls: [{ name: "read" }] }, { text: "read it" }], tools: [read] });
    await s.ask("go");
    expect(states(s.events)).toBe("idle streaming running_tools streaming idle");
    expect(s.count("settled")).toBe(1);
  });

  it("emits start, recorded prompt, steps with messages and tools, end, idle, settled, in this order", async () => {
    const s = session({
      replies: [{ text: "I look", calls: [{ name: "read" }] }, { text: "done" }],
      tools: [read],
    });
    await s.ask("go");
    expect(s.events.map((event) => event.type).filter((type) => type !== "state_changed")).toEqual([
      "run_start",
      "message_end",
      "step_start",
      "message_start",
      "message_update",
      "message_update",
      "message_end",
      "tool_start",
      "tool_end",
      "message_end",
      "step_end",
      "step_start",
      "message_start",
      "message_update",
      "message_end",
      "step_end",
      "run_end",
      "settled",
    ]);
  });

  it("extends each request by what was recorded, and nothing else", async () => {
    const s = session({
      replies: [{ calls: [{ name: "read" }] }, { text: "one" }, { text: "two" }],
      tools: [read],
    });
    await s.ask("first");
    await s.ask("second");
    const recorded = ofType(s.events, "message_end").map((event) => event.message);
    for (const request of s.requests)
      expect(request.messages).toEqual(recorded.slice(0, request.messages.length));
    expect(s.requests.map((request) => request.messages.length)).toEqual([1, 3, 5]);
    expect(new Set(s.requests.map(({ system, tools }) => JSON.stringify([system, tools]))).size).toBe(1);
  });

  it("records a prompt before the model is asked, and answers before the next step", async () => {
    const order: string[] = [];
    const stream: StreamFn = async function* () {
      order.push("request");
      yield {
        type: "end",
        message: {
          role: "assistant",
          content: [{ type: "text", text: "x" }],
          stopReason: "stop",
          usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
          model: "test/scripted",
        },
      };
    };
    const s = session({
      stream,
      disk: (event) => event.type === "message_end" && order.push(event.message.role),
    });
    await s.ask("go");
    expect(order).toEqual(["user", "request", "assistant"]);
  });

  it("counts steps, tokens and cost", async () => {
    const usage = { input: 10, output: 5, cost: 0.01 };
    const s = session({
      replies: [
        { calls: [{ name: "read" }], usage },
        { text: "x", usage },
      ],
      tools: [read],
    });
    await s.ask("go");
    expect(ofType(s.events, "run_end")[0]).toMatchObject({
      steps: 2,
      usage: { input: 20, output: 10, cost: 0.02 },
    });
  });
});

describe("a limit", () => {
  it("of 3 steps ends after exactly 3 requests, with a sentence and how to continue (A-013)", async () => {
    let n = 0;
    const next = () => ({ calls: [{ name: "read", args: { n: n++ } }] });
    const s = session({ replies: [next, next, next, next], tools: [read], limits: { maxSteps: 3 } });
    await s.ask("go");
    expect(s.requests).toHaveLength(3);
    const [end] = ofType(s.events, "run_end");
    expect(end).toMatchObject({ outcome: "limit", steps: 3, error: { code: "run.max_steps" } });
    expect(end?.error?.message).toContain("limit of 3 steps");
    expect(end?.error?.hint).toContain("--continue");
    expect(results(s.events)).toHaveLength(3);
  });

  it("of cost that the second step passes makes no third request and says which limit (A-014)", async () => {
    let n = 0;
    const next = () => ({ calls: [{ name: "read", args: { n: n++ } }], usage: { cost: 0.006 } });
    const s = session({ replies: [next, next, next], tools: [read], limits: { maxSteps: 9, maxCost: 0.01 } });
    await s.ask("go");
    expect(s.requests).toHaveLength(2);
    expect(ofType(s.events, "run_end")[0]).toMatchObject({
      outcome: "limit",
      error: { code: "run.max_cost" },
    });
  });

  it("of steps is per run: the next prompt has its own", async () => {
    const s = session({ replies: [{ calls: [{ name: "read" }] }], tools: [read], limits: { maxSteps: 1 } });
    await s.ask("go");
    await s.ask("go on");
    expect(outcomes(s.events)).toEqual(["limit", "completed"]);
  });
});

describe("a failing model", () => {
  const error = { code: "provider.server", message: "500 from test" };

  it("ends the run as failed, is idle again, and the next prompt works (A-035)", async () => {
    const s = session({ replies: [{ error }, { text: "back" }] });
    await s.ask("go");
    expect(ofType(s.events, "run_end")[0]).toMatchObject({ outcome: "failed", error });
    expect(states(s.events)).toBe("idle streaming idle");
    await s.ask("again");
    expect(outcomes(s.events)).toEqual(["failed", "completed"]);
    expect(lines(s.requests[1]?.messages ?? [])).toEqual(["user: go", "user: again"]);
  });

  it("keeps its partial text in the talk", async () => {
    const s = session({ replies: [{ text: "half an ans", error }] });
    await s.ask("go");
    await s.ask("again");
    expect(lines(s.requests[1]?.messages ?? [])).toEqual([
      "user: go",
      "assistant: half an ans",
      "user: again",
    ]);
  });

  it("never has its half calls run, and each gets a result", async () => {
    const s = session({ replies: [{ text: "x", calls: [{ name: "read" }], error }], tools: [read] });
    await s.ask("go");
    expect(results(s.events)).toEqual(["not run: the answer broke off"]);
    expect(outcomes(s.events)).toEqual(["failed"]);
  });

  it.each([
    ["throws", () => Promise.reject(new Error("boom")), "boom"],
    ["ends without an answer", () => Promise.resolve(), "without an answer"],
  ])("whose stream %s is a failed run, not a crash", async (_, fail, text) => {
    const stream: StreamFn = async function* () {
      await fail();
      yield { type: "start" };
    };
    const s = session({ stream });
    await s.ask("go");
    const [end] = ofType(s.events, "run_end");
    expect(end?.outcome).toBe("failed");
    expect(end?.error?.message).toContain(text);
  });

  it("that retries voids the text so far, shows the wait, and gives one answer", async () => {
    const s = session({
      replies: [
        {
          text: "whole",
          before: [
            { type: "start" },
            { type: "text_delta", index: 0, text: "ha" },
            { type: "retry", attempt: 1, maxAttempts: 3, delayMs: 1_000, error },
          ],
        },
      ],
    });
    await s.ask("go");
    expect(states(s.events)).toBe("idle streaming retrying streaming idle");
    const [start] = ofType(s.events, "message_start");
    expect(ofType(s.events, "message_reset")).toEqual([
      { type: "message_reset", messageId: start?.messageId },
    ]);
    expect(ofType(s.events, "retry_start")).toEqual([
      { type: "retry_start", attempt: 1, maxAttempts: 3, delayMs: 1_000, error },
    ]);
    expect(s.count("message_start")).toBe(1);
    expect(lines(s.transcript.messages())).toEqual(["user: go", "assistant: whole"]);
  });

  it("that falls back says who answers and why", async () => {
    const s = session({
      replies: [{ text: "hi", before: [{ type: "fallback", from: "a/x", to: "b/y", error }] }],
    });
    await s.ask("go");
    expect(ofType(s.events, "notice")[0]?.message).toBe("a/x failed, b/y answers instead: 500 from test");
  });
});

describe("an answer", () => {
  it("cut by the output limit has none of its calls run, and the run goes on", async () => {
    let ran = 0;
    const write = tool("write", { run: () => `${++ran}` });
    const calls = [{ name: "write" }, { name: "write" }];
    const s = session({ replies: [{ calls, stopReason: "length" }, { text: "ok" }], tools: [write] });
    await s.ask("go");
    expect(ran).toBe(0);
    expect(results(s.events)).toHaveLength(2);
    expect(results(s.events)[0]).toContain("cut by the output limit");
    expect(outcomes(s.events)).toEqual(["completed"]);
  });

  it("cut by the output limit without calls completes with a warning", async () => {
    const s = session({ replies: [{ text: "long", stopReason: "length" }] });
    await s.ask("go");
    expect(outcomes(s.events)).toEqual(["completed"]);
    expect(ofType(s.events, "notice")[0]?.code).toBe("run.output_limit");
  });

  it("that is empty is asked for once more, then accepted with a warning", async () => {
    const s = session({ replies: [{}, {}, { text: "never asked" }] });
    await s.ask("go");
    expect(s.requests).toHaveLength(2);
    expect(lines(s.requests[1]?.messages ?? [])[1]).toContain("user: Your last answer was empty");
    expect(ofType(s.events, "notice").map((event) => event.code)).toEqual(["run.empty_answer"]);
    expect(outcomes(s.events)).toEqual(["completed"]);
  });
});

describe("the loop guard", () => {
  const same = { calls: [{ name: "read", args: { path: "a" } }] };

  it("tells the model at the third same call with the same result, and ends the run at the fifth", async () => {
    const s = session({ replies: [same, same, same, same, same, same], tools: [read] });
    await s.ask("go");
    expect(s.requests).toHaveLength(5);
    const told = s.transcript
      .messages()
      .filter((message) => message.role === "user" && message.source === "notice");
    expect(told).toHaveLength(2);
    expect(lines(s.requests[3]?.messages ?? []).at(-1)).toContain("the same read call 3 times");
    expect(ofType(s.events, "run_end")[0]).toMatchObject({ outcome: "failed", error: { code: "run.loop" } });
  });

  it("is silent when the result changes", async () => {
    let n = 0;
    const poll = tool("read", { readOnly: true, run: () => `${n++}` });
    const s = session({ replies: [same, same, same, same, same, same], tools: [poll] });
    await s.ask("go");
    expect(outcomes(s.events)).toEqual(["completed"]);
    expect(
      s.transcript.messages().some((message) => message.role === "user" && message.source === "notice"),
    ).toBe(false);
  });

  it("is silent when another call comes in between", async () => {
    const other = { calls: [{ name: "read", args: { path: "b" } }] };
    const s = session({ replies: [same, other, same, other, same, other, same, other], tools: [read] });
    await s.ask("go");
    expect(outcomes(s.events)).toEqual(["completed"]);
  });
});

describe("the history", () => {
  it("of a run that broke off has a result for each call before the next request (A-095)", async () => {
    const s = session({
      history: [
        { id: "u", message: { role: "user", content: [{ type: "text", text: "go" }] } },
        {
          id: "a",
          message: {
            role: "assistant",
            content: [{ type: "tool_call", id: "c", name: "read", arguments: {} }],
            stopReason: "tool_use",
            usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
            model: "test/scripted",
          },
        },
      ],
    });
    await s.ask("again");
    expect(lines(s.requests[0]?.messages ?? [])).toEqual([
      "user: go",
      "assistant: read()",
      "tool_result: no result: the run broke off before this call ended",
      "user: again",
    ]);
  });
});
