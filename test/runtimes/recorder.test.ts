import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../src/protocol/event.ts";
import { createRecorder } from "../../src/runtimes/recorder.ts";
import { sessionContext } from "../../src/session/context.ts";
import { readBranch } from "../../src/session/read.ts";
import { createSession } from "../../src/session/store.ts";
import { allEntries, answer, result, storeContext, texts, USAGE, user } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A recorder in memory whose second passes when the test says so. */
function inMemory() {
  const store = createSession({ dir: null, cwd: "/w", ...storeContext() });
  const timers = new Set<() => void>();
  const recorder = createRecorder({
    store,
    onFailure: () => undefined,
    setTimer: (callback) => {
      timers.add(callback);
      return () => timers.delete(callback);
    },
  });
  const passTime = async () => {
    for (const callback of timers) callback();
    await Promise.resolve();
  };
  const types = async () => (await allEntries(store.entries())).map((entry) => entry.type);
  return { store, recorder, timers, passTime, types };
}

const delta = (text: string, index = 0): AgentEvent => ({
  type: "message_update",
  messageId: "a",
  delta: { type: "text", index, text },
});

describe("answers under way", () => {
  it("are written once a second, merged, and are void once the message came", async () => {
    const { store, recorder, passTime, types } = inMemory();
    await recorder.record({ type: "message_start", messageId: "a", role: "assistant" });
    for (const text of ["a", "b", "c"]) await recorder.record(delta(text));
    expect(await types()).toEqual([]);
    await passTime();
    await recorder.record(delta("d", 1));
    await recorder.record(delta("e"));
    await passTime();
    await passTime();
    const partials = (await allEntries(store.entries())).filter((entry) => entry.type === "partial");
    expect(partials.map(({ deltas }) => deltas)).toEqual([
      [{ type: "text", index: 0, text: "abc" }],
      [
        { type: "text", index: 1, text: "d" },
        { type: "text", index: 0, text: "e" },
      ],
    ]);
    await recorder.record({ type: "message_end", messageId: "a", message: answer("abcde") });
    await passTime();
    expect(await types()).toEqual(["partial", "partial", "message"]);
  });

  it("leave nothing but the message when they took less than a second", async () => {
    const { recorder, passTime, types } = inMemory();
    await recorder.record(delta("x"));
    await recorder.record({ type: "message_end", messageId: "a", message: answer("x") });
    await passTime();
    expect(await types()).toEqual(["message"]);
  });

  it("that a retry voids are void in the file too, if anything of them was written", async () => {
    const { store, recorder, passTime, types } = inMemory();
    await recorder.record(delta("x"));
    await recorder.record({ type: "message_reset", messageId: "a" });
    expect(await types()).toEqual([]);
    await recorder.record(delta("y"));
    await passTime();
    await recorder.record({ type: "message_reset", messageId: "a" });
    await recorder.record(delta("z"));
    await recorder.close();
    const entries = await allEntries(store.entries());
    expect(texts(sessionContext({ entries, state: store.state }).history)).toEqual(["z"]);
  });

  it("are written before the end of their run, and when the recorder is closed", async () => {
    const { recorder, timers, types } = inMemory();
    await recorder.record(delta("x"));
    const end = { runId: "r", outcome: "interrupted", steps: 0, usage: USAGE, durationMs: 1 } as const;
    await recorder.record({ type: "run_end", ...end });
    await recorder.record(delta("y"));
    await recorder.close();
    expect(await types()).toEqual(["partial", "run_end", "partial", "state"]);
    expect(timers.size).toBe(0);
  });
});

describe("events and their entries", () => {
  it.each<[AgentEvent, string[]]>([
    [{ type: "message_end", messageId: "u", message: user("hi") }, ["message"]],
    [{ type: "message_end", messageId: "r", message: result("c") }, ["message"]],
    [{ type: "message_end", messageId: "s", message: answer("x"), parentToolCallId: "task" }, []],
    [{ type: "step_start", step: 1 }, []],
    [{ type: "tool_start", toolCallId: "c", name: "read", arguments: {} }, []],
    [{ type: "tool_end", toolCallId: "c", name: "read", isError: false, content: [] }, []],
    [{ type: "plan_update", entries: [] }, ["plan"]],
    [{ type: "approval_resolved", requestId: "q", toolCallId: "c", outcome: "allow_once" }, ["approval"]],
    [{ type: "model_changed", model: "a/b", thinking: "off" }, ["model"]],
    [{ type: "mode_changed", mode: "auto" }, ["mode"]],
    [{ type: "runtime_changed", runtime: "native", detail: "back" }, ["runtime"]],
    [{ type: "role_changed", role: "reviewer" }, ["role"]],
    [{ type: "system_changed", text: "Be brief." }, ["system"]],
    [
      { type: "results_dropped", toolCallIds: ["c"], notice: "gone", tokensBefore: 2, tokensAfter: 1 },
      ["results_dropped"],
    ],
    [{ type: "notice", level: "error", message: "oh" }, ["notice"]],
    [{ type: "state_changed", from: "idle", to: "streaming" }, []],
    [{ type: "state_changed", from: "streaming", to: "paused" }, ["state"]],
    [{ type: "settled" }, []],
  ])("%j becomes %j", async (event, expected) => {
    const { store, recorder, types } = inMemory();
    await recorder.record({ type: "run_start", runId: "r", prompt: "p", runtime: "native" });
    await recorder.record(event);
    expect(await types()).toEqual(["run_start", ...expected]);
    expect(store.state.runs).toBe(1);
  });

  it("a message has the id of its event", async () => {
    const { store, recorder } = inMemory();
    await recorder.record({ type: "message_end", messageId: "mine", message: user("hi") });
    expect(store.tip).toBe("mine");
  });

  it("the queue is written only when it differs", async () => {
    const { recorder, types } = inMemory();
    const item = { id: "q", kind: "steer", text: "x", state: "pending", time: 1 } as const;
    for (const items of [[], [item], [item], [], []]) await recorder.record({ type: "queue_changed", items });
    expect(await types()).toEqual(["queue", "queue"]);
  });

  it("a compaction that failed leaves no entry (A-109, A-113)", async () => {
    const { recorder, types } = inMemory();
    const end = { firstKeptId: null, tokensBefore: 2, tokensAfter: 1, filesRead: [], filesModified: [] };
    const error = { code: "x", message: "x" };
    await recorder.record({ type: "compaction_end", summary: null, ...end });
    await recorder.record({ type: "compaction_end", summary: "x", ...end, error });
    await recorder.record({ type: "compaction_end", summary: "x", ...end });
    expect(await types()).toEqual(["compaction"]);
  });

  it("name, label and leaf go through it as well", async () => {
    const { store, recorder, types } = inMemory();
    await recorder.record({ type: "message_end", messageId: "u", message: user("hi") });
    await recorder.setName("work");
    await recorder.setLabel("u", "here");
    await recorder.moveLeaf("u");
    expect(await types()).toEqual(["message", "name", "label", "leaf"]);
    expect(store.tip).toBe("u");
    expect(store.state.name).toBe("work");
  });
});

it("a prompt is in the file when record resolves", async () => {
  const store = createSession({ dir: await temporaryFolder(), cwd: "/w", ...storeContext() });
  const recorder = createRecorder({ store, onFailure: () => undefined });
  await recorder.record({ type: "message_end", messageId: "u", message: user("hi") });
  expect(texts(sessionContext(await readBranch(store.path ?? "")).history)).toEqual(["hi"]);
  await recorder.close();
});

it("a failing disk is told once; recording goes on in memory and is made good when the disk works again (A-100)", async () => {
  const folder = await temporaryFolder();
  const dir = join(folder, "sessions");
  await writeFile(dir, "in the way");
  const failures: string[] = [];
  const store = createSession({ dir, cwd: "/w", ...storeContext() });
  const recorder = createRecorder({ store, onFailure: (failure) => failures.push(failure.code) });
  for (const id of ["a", "b", "c"])
    await recorder.record({ type: "message_end", messageId: id, message: user(id) });
  expect(failures).toEqual(["session.write"]);
  await rename(dir, join(folder, "moved"));
  await mkdir(dir);
  await recorder.record({ type: "message_end", messageId: "d", message: user("d") });
  await recorder.close();
  expect(failures).toHaveLength(1);
  expect(texts(sessionContext(await readBranch(store.path ?? "")).history)).toEqual(["a", "b", "c", "d"]);
});

it("what waits for a full disk is written as soon as it can be, also while nothing happens, and that is told", async () => {
  const folder = await temporaryFolder();
  const dir = join(folder, "sessions");
  await writeFile(dir, "in the way");
  const told: string[] = [];
  const timers: (() => void)[] = [];
  const store = createSession({ dir, cwd: "/w", ...storeContext() });
  const recorder = createRecorder({
    store,
    onFailure: ({ code }) => told.push(code),
    onRecovery: () => told.push("recovered"),
    setTimer: (callback) => {
      timers.push(callback);
      return () => undefined;
    },
  });
  await recorder.record({ type: "message_end", messageId: "a", message: user("a") });
  timers.shift()?.();
  await expect.poll(() => timers.length).toBe(1);
  expect(told).toEqual(["session.write"]);
  await rename(dir, join(folder, "moved"));
  timers.shift()?.();
  await expect.poll(() => told).toEqual(["session.write", "recovered"]);
  expect(texts(sessionContext(await readBranch(store.path ?? "")).history)).toEqual(["a"]);
  await recorder.close();
});
