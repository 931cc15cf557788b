// Compaction as a session sees it: when it happens, what is asked, what is kept, and what a failure leaves behind.
import { describe, expect, it } from "vitest";
import type { TranscriptEntry } from "../../src/agent/transcript.ts";
import type { ModelRequest } from "../../src/protocol/stream.ts";
import { ofType } from "../support/events.ts";
import { lines, outcomes, type Reply, requiring, session, stateOf, states, tool } from "./harness.ts";

const OVERFLOW: Reply = { error: { code: "provider.context_overflow", message: "prompt is too long" } };
const small = { contextWindow: 32_000 };
const files = { parse: requiring("path"), paths: (args: Record<string, unknown>) => [String(args.path)] };
const read = tool("read", { readOnly: true, kind: "read", ...files });
const edit = tool("edit", { kind: "edit", ...files });

const isSummary = (request: ModelRequest | undefined) =>
  lines(request?.messages ?? [])
    .at(-1)
    ?.includes("replaced by a summary") ?? false;

const user = (id: string, text: string): TranscriptEntry => ({
  id,
  message: { role: "user", content: [{ type: "text", text }] },
});

describe("a threshold compaction", () => {
  const replies = () => [
    { text: "first answer" },
    { text: "second answer", usage: { input: 29_000, output: 1_000 } },
    { text: "SUMMARY" },
    { text: "third answer" },
  ];

  it("makes one summary request when the run ends, and the next prompt starts with the summary (A-104)", async () => {
    const s = session({ model: small, replies: replies() });
    await s.ask("one");
    await s.ask("two");
    expect(s.requests.map(isSummary)).toEqual([false, false, true]);
    const [end] = ofType(s.events, "compaction_end");
    expect(end?.tokensBefore).toBe(30_000);
    expect(end?.tokensAfter).toBeLessThan(24_000);
    await s.ask("three");
    const [summary, ...rest] = lines(s.requests[3]?.messages ?? []);
    expect(summary).toContain("system: Summary of the conversation");
    expect(summary).toContain("SUMMARY");
    expect(rest).toEqual(["assistant: second answer", "user: three"]);
    expect(states(s.events)).toBe("idle streaming idle streaming compacting idle streaming idle");
  });

  it("reuses the cached prefix: same system text, tools and messages, then the instruction", async () => {
    const s = session({ model: small, replies: replies(), tools: [read] });
    await s.ask("one");
    await s.ask("two");
    const [, before, summary] = s.requests;
    expect(summary?.system).toBe(before?.system);
    expect(summary?.tools).toEqual(before?.tools);
    expect(summary?.messages.slice(0, -1)).toEqual(
      before?.messages.slice(0, (summary?.messages.length ?? 0) - 1),
    );
  });

  it("gives what it recorded: the summary text is the message, kept ids are the recorded ones", async () => {
    const s = session({ model: small, replies: replies() });
    await s.ask("one");
    await s.ask("two");
    const [end] = ofType(s.events, "compaction_end");
    expect(s.transcript.messages()[0]).toEqual({
      role: "system",
      content: [{ type: "text", text: end?.summary }],
    });
    expect(s.transcript.entries[1]?.id).toBe(end?.firstKeptId);
  });

  it("whose summary fails is a warning only, once, and changes nothing (A-109)", async () => {
    const error = { code: "provider.server", message: "500" };
    const big = { input: 29_000, output: 1_000 };
    const s = session({
      model: small,
      tools: [read],
      replies: [{ text: "first" }, { calls: [{ name: "read", args: { path: "a" } }], usage: big }, { error }],
    });
    await s.ask("one");
    await s.ask("two");
    expect(outcomes(s.events)).toEqual(["completed", "completed"]);
    expect(ofType(s.events, "notice").map((event) => event.level)).toEqual(["warning"]);
    expect(s.requests.filter(isSummary)).toHaveLength(1);
    expect(s.transcript.messages()[0]?.role).toBe("user");
    expect(ofType(s.events, "compaction_end")[0]).toMatchObject({ summary: null, error });
  });

  it("in the midst of a run carries the request word for word", async () => {
    const big = { input: 29_000, output: 1_000 };
    const call = { calls: [{ name: "read", args: { path: "a" } }] };
    const s = session({
      model: small,
      tools: [read],
      replies: [call, { ...call, usage: big }, { text: "SUMMARY" }],
    });
    await s.ask("please fix the parser");
    const [first, ...rest] = lines(s.requests[3]?.messages ?? []);
    expect(first).toContain("word for word\nplease fix the parser");
    expect(rest).toEqual(["assistant: read()", "tool_result: read ok"]);
  });

  it("waits while paused", async () => {
    const s = session({ model: small, replies: replies() });
    await s.ask("one");
    s.send({ type: "prompt", text: "two" });
    await s.nth("message_update", 2);
    s.send({ type: "pause" });
    await s.inState("paused");
    expect(s.requests.some(isSummary)).toBe(false);
    s.send({ type: "resume" });
    await s.settled(2);
    expect(s.requests.some(isSummary)).toBe(true);
  });
});

describe("an overflow", () => {
  it("compacts, answers the same prompt, and the failed reply is not in the context (A-106)", async () => {
    const s = session({ replies: [{ text: "hi" }, OVERFLOW, { text: "SUMMARY" }, { text: "answer" }] });
    await s.ask("one");
    await s.ask("two");
    expect(outcomes(s.events)).toEqual(["completed", "completed"]);
    expect(s.requests.map(isSummary)).toEqual([false, false, true, false]);
    expect(lines(s.requests[3]?.messages ?? []).slice(1)).toEqual(["user: two"]);
    expect(lines(s.transcript.messages()).slice(1)).toEqual(["user: two", "assistant: answer"]);
    expect(s.count("message_start")).toBe(2);
  });

  it("of the very first prompt compacts as well, and keeps that prompt", async () => {
    const s = session({ replies: [OVERFLOW, { text: "SUMMARY" }, { text: "answer" }] });
    await s.ask("one");
    expect(outcomes(s.events)).toEqual(["completed"]);
    expect(lines(s.requests[2]?.messages ?? []).at(-1)).toBe("user: one");
  });

  it("that never ends is retried exactly once, then an error; the session stays usable (A-107)", async () => {
    const overflow = () => OVERFLOW;
    const s = session({ replies: [{ text: "hi" }, overflow, overflow, overflow, { text: "fine" }] });
    await s.ask("one");
    await s.ask("two");
    expect(s.requests.slice(1).map(isSummary)).toEqual([false, true, false]);
    expect(ofType(s.events, "run_end")[1]).toMatchObject({ outcome: "failed", error: OVERFLOW.error });
    expect(stateOf(s.events)).toBe("idle");
    await s.ask("three");
    expect(outcomes(s.events)).toEqual(["completed", "failed", "completed"]);
  });

  it("that shows only in the usage of a normal stop is one too (A-108)", async () => {
    const silent = { text: "cut", usage: { input: 40_000, output: 10 } };
    const s = session({
      model: small,
      replies: [{ text: "hi" }, silent, { text: "SUMMARY" }, { text: "answer" }],
    });
    await s.ask("one");
    await s.ask("two");
    expect(ofType(s.events, "compaction_start")[0]?.reason).toBe("overflow");
    expect(lines(s.transcript.messages()).at(-1)).toBe("assistant: answer");
  });

  it("with compaction switched off ends the run", async () => {
    const s = session({ replies: [OVERFLOW], compaction: { enabled: false } });
    await s.ask("one");
    expect(s.requests).toHaveLength(1);
    expect(outcomes(s.events)).toEqual(["failed"]);
  });

  it("in the midst of a batch too long to keep drops its text but not the request", async () => {
    const huge = tool("read", { readOnly: true, run: () => "x".repeat(200_000) });
    const call = { calls: [{ name: "read" }] };
    const s = session({
      model: { contextWindow: 60_000 },
      compaction: { reserveTokens: 0 },
      tools: [huge],
      replies: [call, OVERFLOW, { text: "SUMMARY" }, { text: "answer" }],
    });
    await s.ask("read it");
    expect(lines(s.requests[2]?.messages ?? [])[2]?.length).toBeLessThan(3_000);
    expect(lines(s.requests[3]?.messages ?? [])).toHaveLength(1);
    expect(lines(s.requests[3]?.messages ?? [])[0]).toContain("read it");
    expect(outcomes(s.events)).toEqual(["completed"]);
  });
});

describe("an overflow whose summary cannot be made", () => {
  const unreachable: Reply = { error: { code: "provider.network", message: "no route" } };
  const replies = () => [{ text: "hi" }, OVERFLOW, unreachable, { text: "answer" }];

  it("asks whether a plain summary will do, and goes on with it after a yes", async () => {
    const s = session({ replies: replies() });
    await s.ask("one");
    s.send({ type: "prompt", text: "two" });
    await s.inState("awaiting_approval");
    const [asked] = ofType(s.events, "approval_request");
    expect(asked?.request.reason).toContain("no route");
    s.send({ type: "approve", requestId: asked?.request.id ?? "", outcome: "allow_once" });
    await s.settled(2);
    expect(outcomes(s.events)).toEqual(["completed", "completed"]);
    const [summary, ...rest] = lines(s.requests[3]?.messages ?? []);
    expect(summary).toContain("- The user: one\n- The answer: hi");
    expect(rest).toEqual(["user: two"]);
  });

  it.each(["reject_once", "interrupt"] as const)("changes nothing after %s", async (answer) => {
    const s = session({ replies: replies() });
    await s.ask("one");
    s.send({ type: "prompt", text: "two" });
    await s.inState("awaiting_approval");
    const requestId = ofType(s.events, "approval_request")[0]?.request.id ?? "";
    if (answer === "interrupt") s.send({ type: "interrupt" });
    else s.send({ type: "approve", requestId, outcome: answer });
    await s.settled(2);
    expect(s.transcript.messages()[0]?.role).toBe("user");
    expect(outcomes(s.events)[1]).toBe(answer === "interrupt" ? "interrupted" : "failed");
    expect(ofType(s.events, "compaction_end")).toMatchObject([{ summary: null }]);
  });

  it("takes the plain summary where nobody can be asked, and says so", async () => {
    const s = session({ replies: replies(), compaction: { asks: false } });
    await s.ask("one");
    await s.ask("two");
    expect(outcomes(s.events)).toEqual(["completed", "completed"]);
    expect(ofType(s.events, "notice").map(({ code }) => code)).toEqual(["compaction.mechanical"]);
    expect(lines(s.requests[3]?.messages ?? [])[0]).toContain("- The user: one");
  });
});

describe("/compact", () => {
  it("puts the hint in the request, and the second one has the earlier summary as its base (A-110)", async () => {
    const s = session({
      replies: [{ text: "hi" }, { text: "SUMMARY 1" }, { text: "ho" }, { text: "SUMMARY 2" }],
    });
    await s.ask("one");
    s.send({ type: "compact", hint: "keep the API decisions" });
    await s.settled(2);
    expect(lines(s.requests[1]?.messages ?? []).at(-1)).toContain("keep the API decisions");
    expect(s.count("run_start")).toBe(1);
    await s.ask("two");
    s.send({ type: "compact" });
    await s.settled(4);
    expect(lines(s.requests[3]?.messages ?? [])[0]).toContain("SUMMARY 1");
    expect(lines(s.transcript.messages())).toHaveLength(1);
    expect(lines(s.transcript.messages())[0]).toContain("SUMMARY 2");
  });

  it("lists the files that were read and modified, also after a second one (A-111)", async () => {
    const calls = [
      { name: "read", args: { path: "a.ts" } },
      { name: "read", args: { path: "b.ts" } },
      { name: "edit", args: { path: "b.ts" } },
      { name: "edit", args: {} },
    ];
    const s = session({
      tools: [read, edit],
      replies: [{ calls }, { text: "ok" }, { text: "S1" }, { text: "S2" }],
    });
    await s.ask("one");
    for (const n of [2, 3]) {
      s.send({ type: "compact" });
      await s.settled(n);
      const end = ofType(s.events, "compaction_end").at(-1);
      expect(end).toMatchObject({ filesRead: ["a.ts"], filesModified: ["b.ts"] });
      expect(end?.summary).toContain("<files-read>\na.ts\n</files-read>");
      expect(end?.summary).toContain("<files-modified>\nb.ts\n</files-modified>");
    }
  });

  it("that fails is an error and changes nothing; a mechanical one is offered (A-109)", async () => {
    const s = session({
      replies: [{ text: "hi" }, { error: { code: "provider.network", message: "no route" } }],
    });
    await s.ask("one");
    s.send({ type: "compact" });
    await s.settled(2);
    const [notice] = ofType(s.events, "notice");
    expect(notice).toMatchObject({ level: "error", code: "provider.network" });
    expect(notice?.hint).toContain("/compact mechanical");
    expect(s.transcript.messages()).toHaveLength(2);
    s.send({ type: "compact", hint: "mechanical" });
    await s.settled(3);
    expect(s.requests).toHaveLength(2);
    expect(lines(s.transcript.messages())[0]).toContain("- The user: one\n- The answer: hi");
  });

  it("interrupted writes no summary and changes nothing (A-113)", async () => {
    const s = session({ replies: [{ text: "hi" }, { text: "SUM", until: new Promise(() => undefined) }] });
    await s.ask("one");
    s.send({ type: "compact" });
    await s.inState("compacting");
    s.send({ type: "interrupt" });
    await s.settled(2);
    expect(ofType(s.events, "compaction_end")).toMatchObject([{ summary: null }]);
    expect(s.transcript.messages()).toHaveLength(2);
    expect(states(s.events)).toBe("idle streaming idle compacting idle");
  });

  it("during a run waits for its end; with nothing said yet it is a notice", async () => {
    const s = session();
    s.send({ type: "compact" });
    await s.settled();
    expect(ofType(s.events, "notice")[0]?.code).toBe("compaction.nothing");
    s.send({ type: "prompt", text: "one" });
    s.send({ type: "compact" });
    await s.settled(2);
    const order = s.events.map((event) => event.type);
    expect(order.indexOf("compaction_start")).toBeGreaterThan(order.indexOf("run_end"));
  });
});

describe("the estimate", () => {
  it("of a restored talk is enough to compact before any usage is known", async () => {
    const history = [user("u1", "x".repeat(100_000)), user("u2", "short")];
    const s = session({ model: small, history, replies: [{ text: "ok" }, { text: "SUMMARY" }] });
    await s.ask("go");
    expect(s.requests.map(isSummary)).toEqual([false, true]);
  });
});
