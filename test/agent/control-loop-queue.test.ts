// What waits and what runs: the queue, a restored session, run functions and disks that fail.
import { describe, expect, it } from "vitest";
import type { QueueItem } from "../../src/protocol/control.ts";
import { ofType } from "../support/events.ts";
import { aborted, asked, holdable, outcomes, pending, quiet, session, stateOf } from "./harness.ts";

const item = (id: string, kind: QueueItem["kind"], text: string): QueueItem => ({
  id,
  kind,
  text,
  state: "pending",
  time: 1,
});

describe("the queue", () => {
  it("refuses the 65th text with a notice, hands it back, and keeps the 64 (A-031)", async () => {
    const bash = holdable();
    const s = session({ replies: [{ calls: [{ name: "bash" }] }], tools: [bash.tool] });
    s.send({ type: "prompt", text: "go" });
    await s.nth("tool_start");
    for (let i = 1; i <= 65; i++) s.send({ type: "follow_up", text: `F${i}` });
    expect(pending(s.events)).toHaveLength(64);
    expect(ofType(s.events, "notice").map((event) => event.code)).toEqual(["queue.full"]);
    expect(
      ofType(s.events, "queue_returned").flatMap((event) => event.items.map(({ text }) => text)),
    ).toEqual(["F65"]);
    s.send({ type: "pause" });
    expect(pending(s.events)).toHaveLength(65);
  });

  it("is emptied by clear, except for a pause (A-033)", () => {
    const s = session();
    s.send({ type: "pause" });
    s.send({ type: "prompt", text: "A" });
    s.send({ type: "steer", text: "B" });
    s.send({ type: "queue", edit: { action: "clear" } });
    expect(pending(s.events)).toEqual(["pause: "]);
  });

  it("answers an edit of a delivered item with a notice", () => {
    const s = session();
    s.send({ type: "queue", edit: { action: "edit", id: "gone", text: "x" } });
    expect(ofType(s.events, "notice")[0]?.code).toBe("queue.unknown");
  });

  it("takes a text with the same id once", async () => {
    const s = session();
    s.send({ type: "prompt", text: "go", id: "p1" });
    s.send({ type: "prompt", text: "go", id: "p1" });
    await s.settled();
    expect(s.count("run_start")).toBe(1);
  });

  it("delivers a text under its own id, so that a crash in between is not a second delivery", async () => {
    const s = session();
    s.send({ type: "pause" });
    s.send({ type: "prompt", text: "go", id: "p1" });
    s.send({ type: "resume" });
    await s.settled();
    const order = s.events.flatMap((event) => {
      if (event.type === "message_end" && event.messageId === "p1") return ["recorded"];
      if (event.type !== "queue_changed") return [];
      return event.items
        .filter(({ id, state }) => id === "p1" && state === "delivered")
        .map(() => "delivered");
    });
    expect(order).toEqual(["recorded", "delivered"]);
  });

  it("ignores a blank text", async () => {
    const s = session();
    s.send({ type: "prompt", text: "  \n" });
    await quiet();
    expect(s.events).toEqual([]);
  });
});

describe("a restored session", () => {
  const queue = [item("1", "follow_up", "A"), item("2", "steer", "B"), item("3", "exit", "")];

  it("sends nothing by itself; a prompt goes first, then what waited", async () => {
    const s = session({ queue: [...queue, { ...item("4", "follow_up", "old"), state: "delivered" }] });
    await quiet();
    expect(s.events).toEqual([]);
    s.send({ type: "prompt", text: "new" });
    await s.settled();
    expect(asked(s, 0)).toEqual(["user: new", "user: B"]);
    expect(ofType(s.events, "run_start").map((event) => event.prompt)).toEqual(["new", "A"]);
  });

  it("goes on with what waited at a resume", async () => {
    const s = session({ queue });
    s.send({ type: "resume" });
    await s.settled();
    expect(ofType(s.events, "run_start").map((event) => event.prompt)).toEqual(["B", "A"]);
  });

  it("that was paused is paused (A-025)", async () => {
    const s = session({ queue, paused: true });
    expect(stateOf(s.events)).toBe("paused");
    s.send({ type: "prompt", text: "new" });
    await quiet();
    expect(s.requests).toHaveLength(0);
    s.send({ type: "resume" });
    await s.settled();
    expect(s.count("run_end")).toBe(3);
  });
});

describe("a run function", () => {
  it.each([
    ["throws", () => Promise.reject(new Error("boom")), { outcome: "failed", error: { message: "boom" } }],
    ["says limit", async () => ({ outcome: "limit" as const }), { outcome: "limit" }],
  ])("that %s ends in exactly one run_end, idle and settled", async (_, run, end) => {
    const s = session({ run });
    await s.ask("go");
    expect(ofType(s.events, "run_end")).toHaveLength(1);
    expect(ofType(s.events, "run_end")[0]).toMatchObject(end);
    expect(stateOf(s.events)).toBe("idle");
  });

  it("that throws because it was interrupted was interrupted", async () => {
    const s = session({
      run: async ({ control }) => {
        control.setState("streaming");
        await aborted(control.signal);
        throw new Error("killed");
      },
    });
    s.send({ type: "prompt", text: "go" });
    await s.inState("streaming");
    s.send({ type: "interrupt" });
    await s.settled();
    expect(outcomes(s.events)).toEqual(["interrupted"]);
  });

  it("gets the thinking asked for with the prompt, also when that had to wait", async () => {
    const seen: unknown[] = [];
    const s = session({
      run: async ({ thinking }) => {
        seen.push(thinking);
        return { outcome: "completed" };
      },
    });
    s.send({ type: "prompt", text: "a" });
    s.send({ type: "prompt", text: "b", thinking: "high" });
    await s.settled();
    expect(seen).toEqual([undefined, "high"]);
  });

  it("starts after the settings that were sent before it", async () => {
    const log: string[] = [];
    const s = session({
      applySetting: async ({ type }) => {
        await quiet();
        log.push(type);
      },
      run: async () => {
        log.push("run");
        return { outcome: "completed" };
      },
    });
    s.send({ type: "set_model", model: "test/other" });
    await s.ask("go");
    expect(log).toEqual(["set_model", "run"]);
  });

  it("is not harmed by a setting that fails: that is a notice", async () => {
    const s = session({ applySetting: () => Promise.reject(new Error("unknown model")) });
    s.send({ type: "set_model", model: "x" });
    await s.ask("go");
    expect(ofType(s.events, "notice")[0]?.message).toBe("unknown model");
    expect(outcomes(s.events)).toEqual(["completed"]);
  });
});

describe("a disk that fails", () => {
  it("hands a prompt that could not be recorded back and fails the run (A-100)", async () => {
    let broken = true;
    const s = session({
      disk: (event) => {
        if (broken && event.type === "message_end") throw new Error("disk full");
      },
    });
    await s.ask("go");
    expect(ofType(s.events, "run_end")[0]).toMatchObject({
      outcome: "failed",
      error: { message: "disk full" },
    });
    expect(ofType(s.events, "queue_returned")[0]?.items[0]?.text).toBe("go");
    expect(s.requests).toHaveLength(0);
    broken = false;
    await s.ask("go again");
    expect(outcomes(s.events)).toEqual(["failed", "completed"]);
  });
});
