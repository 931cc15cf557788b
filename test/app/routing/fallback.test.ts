// A runtime that fails, and who takes its turn then: over small whole runtimes, with real checkpoints where files count.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/lib/app-error.ts";
import type { RunInput, RunResult, RuntimeStart } from "../../../src/runtimes/runtime.ts";
import { openCheckpoints } from "../../../src/sandbox/checkpoints/open-checkpoints.ts";
import { ofType } from "../../support/events.ts";
import { answer } from "../../support/session-entries.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { ask, openConversation, prompt, settled } from "../test-conversation.ts";

const failed: RunResult = {
  outcome: "failed",
  error: { code: "runtime.failed", message: "one: the model is on fire", hint: "Water." },
};

type Open = Awaited<ReturnType<typeof openConversation>>;

/** Answers in half, then fails. */
const half = async ({ emit }: RunInput): Promise<RunResult> => {
  await emit({ type: "message_start", messageId: "half", role: "assistant" });
  const message = { ...answer("Half an"), runtime: "one", stopReason: "error" as const };
  await emit({ type: "message_end", messageId: "half", message });
  return failed;
};

function notices({ events }: Open) {
  return ofType(events, "notice").map(({ code, message }) => `${code}: ${message}`);
}

function outcomes({ events }: Open) {
  return ofType(events, "run_end").map(({ outcome }) => outcome);
}

describe("a runtime that fails before it did anything", () => {
  it("leaves that turn to native, with a notice, and takes the next one itself", async () => {
    const open = await openConversation();
    open.one.faults.push(half);
    await ask(open.conversation, "a");
    expect(outcomes(open)).toEqual(["completed"]);
    expect(notices(open)).toEqual([
      "runtime.fallback: one failed, so native takes this turn: the model is on fire",
    ]);
    expect(open.conversation.history().map(({ message }) => message.role)).toEqual([
      "user",
      "assistant",
      "assistant",
    ]);
    await ask(open.conversation, "b");
    expect(open.conversation.lastAnswer()?.runtime).toBe("one");
    expect(open.one.starts).toHaveLength(1);
    expect(open.conversation.state().runtime).toBe("one");
  });

  it("has native asked the same as if nobody had tried, and what was said meanwhile", async () => {
    const open = await openConversation();
    await ask(open.conversation, "before");
    open.one.faults.push(async (input) => {
      await half(input);
      await input.emit({
        type: "message_end",
        messageId: "s",
        message: { role: "user", content: [{ type: "text", text: "tabs" }] },
      });
      return failed;
    });
    await ask(open.conversation, "a");
    const [turn] = open.native.turns;
    const texts = turn?.history.map(({ message }) =>
      message.content.map((part) => ("text" in part ? part.text : "")).join(),
    );
    expect(texts).toEqual(["before", "from one", "a"]);
  });

  it("is told by who speaks then, in the events and in the state", async () => {
    const open = await openConversation();
    open.one.faults.push(half);
    const seen = new Set<string>();
    open.conversation.subscribe(({ event }) => {
      if (event.type === "message_end") seen.add(open.conversation.state().run?.runtime ?? "one");
    });
    await ask(open.conversation, "a");
    expect(ofType(open.events, "message_start").map(({ runtime }) => runtime)).toEqual([undefined, "native"]);
    expect([...seen]).toEqual(["one", "native"]);
  });

  it("leaves two lines in the audit log: its failure with the fallback, and the turn of native", async () => {
    const open = await openConversation();
    open.one.faults.push(half);
    await ask(open.conversation, "a");
    await ask(open.conversation, "b");
    expect(open.routes).toMatchObject([
      {
        kind: "route",
        runtime: "one",
        reason: "forced",
        outcome: "failed",
        fallback: "native",
        error: { code: "runtime.failed" },
      },
      {
        kind: "route",
        runtime: "native",
        reason: "fallback",
        from: "one",
        outcome: "completed",
        detail: "one: the model is on fire",
      },
      { kind: "route", runtime: "one", reason: "forced", outcome: "completed" },
    ]);
    expect(open.routes[0]?.runId).toBe(open.routes[1]?.runId);
  });

  it("falls back once: when native fails too, the turn has failed", async () => {
    const open = await openConversation();
    open.one.faults.push(half);
    open.native.failure = new AppError("model.none", "There is no model to ask.");
    await ask(open.conversation, "a");
    expect(outcomes(open)).toEqual(["failed"]);
    const error = ofType(open.events, "run_end")[0]?.error;
    expect(error).toMatchObject({ code: "runtime.failed", message: "one: the model is on fire" });
    expect(error?.hint).toBe("Water. (native could not take the turn either: There is no model to ask.)");
    expect(notices(open)).toEqual([]);
  });

  it("also where what it threw is no failure of its own words", async () => {
    const open = await openConversation();
    open.one.faults.push(() => Promise.reject(new Error("boom")));
    await ask(open.conversation, "a");
    expect(outcomes(open)).toEqual(["completed"]);
    expect(open.routes[0]).toMatchObject({ outcome: "failed", fallback: "native" });
  });

  it("is an error where it is strict", async () => {
    const open = await openConversation({ strict: true });
    open.one.faults.push(half);
    await ask(open.conversation, "a");
    expect(outcomes(open)).toEqual(["failed"]);
    expect(notices(open)).toEqual([]);
    expect(open.routes).toMatchObject([{ runtime: "one", outcome: "failed" }]);
    expect(open.routes[0]).not.toHaveProperty("fallback");
  });

  it("says how to choose another after the third time in a row", async () => {
    const open = await openConversation();
    open.one.faults.push(half, half, half);
    for (const text of ["a", "b", "c"]) await ask(open.conversation, text);
    const hints = ofType(open.events, "notice").map(({ hint = "" }) => hint.includes("/runtime deactivate"));
    expect(hints).toEqual([false, false, true]);
  });

  it("says how one logs in where that is what is missing", async () => {
    const open = await openConversation();
    open.one.failure = new AppError("runtime.auth", "one: it is not logged in.");
    await ask(open.conversation, "a");
    expect(ofType(open.events, "notice")).toMatchObject([
      { code: "runtime.fallback", hint: "To log in: run one." },
    ]);
  });

  it("has its turn interrupted in the hands of native as in its own", async () => {
    const open = await openConversation();
    open.one.faults.push(half);
    open.native.hold = new Promise(() => undefined);
    const end = settled(open.conversation);
    await open.conversation.send(prompt("a"));
    await expect.poll(() => open.native.turns.length).toBe(1);
    await open.conversation.send({ type: "interrupt" });
    await end;
    expect(outcomes(open)).toEqual(["interrupted"]);
    expect(open.routes.map(({ outcome }) => outcome)).toEqual(["failed", "interrupted"]);
    open.native.hold = Promise.resolve();
    await ask(open.conversation, "b");
    expect(open.conversation.lastAnswer()?.runtime).toBe("one");
  });

  it("keeps queued prompts for itself, one after another", async () => {
    const open = await openConversation();
    open.one.faults.push(half);
    const end = settled(open.conversation);
    await open.conversation.send(prompt("a"));
    await open.conversation.send({ type: "follow_up", text: "b" });
    await end;
    expect(outcomes(open)).toEqual(["completed", "completed"]);
    expect(open.conversation.lastAnswer()?.runtime).toBe("one");
  });
});

describe("a runtime whose start fails", () => {
  it("is tried again with the next prompt", async () => {
    const open = await openConversation();
    open.one.failure = new AppError("runtime.start", "one could not be started: gone.");
    await ask(open.conversation, "a");
    expect(open.conversation.lastAnswer()?.runtime).toBe("native");
    expect(open.conversation.health()).toEqual({ alive: false });
    expect(notices(open)).toEqual([
      "runtime.fallback: one could not start, so native takes this turn: gone.",
    ]);
    open.one.failure = null;
    await ask(open.conversation, "b");
    expect(open.conversation.lastAnswer()?.runtime).toBe("one");
    expect(open.one.starts[0]?.history).toHaveLength(2);
  });
});

describe("no other takes the turn", () => {
  it.for<[string, (input: RunInput, start: RuntimeStart) => Promise<RunResult>]>([
    [
      "after a tool call, whatever came of it",
      async ({ emit }) => {
        await emit({ type: "tool_start", toolCallId: "c", name: "bash", arguments: { command: "true" } });
        return failed;
      },
    ],
    [
      "where it is not known whether files were changed",
      async (_input, start) => {
        await start.beforeChange();
        return failed;
      },
    ],
    [
      "when the agent's model refused",
      async () => ({ outcome: "failed", error: { code: "runtime.refused", message: "No." } }),
    ],
    ["at a limit", async () => ({ outcome: "limit", error: { code: "runtime.limit", message: "Enough." } })],
    ["after an interrupt", async () => ({ outcome: "interrupted" })],
  ])("%s", async ([, fault]) => {
    const open = await openConversation();
    open.one.faults.push(fault);
    await ask(open.conversation, "a");
    expect(open.native.turns).toEqual([]);
    expect(notices(open)).toEqual([]);
  });

  it.for([
    { what: "changed", change: true, turns: 0 },
    { what: "as they were", change: false, turns: 1 },
  ])("unless the files are known to be as before: they are $what", async ({ change, turns }) => {
    const root = await temporaryFolder();
    await writeFile(join(root, "a.txt"), "a");
    const checkpoints = openCheckpoints({
      root,
      home: "/home/nobody",
      env: { PATH: process.env.PATH ?? "" },
      dir: await temporaryFolder(),
      temporary: true,
      exclude: [],
      now: Date.now,
      onDamage: () => undefined,
    });
    const open = await openConversation({ checkpoints });
    open.one.faults.push(async (_input, start) => {
      await start.beforeChange();
      if (change) await writeFile(join(root, "a.txt"), "b");
      return failed;
    });
    await ask(open.conversation, "a");
    expect(open.native.turns).toHaveLength(turns);
    expect(outcomes(open)).toEqual([change ? "failed" : "completed"]);
    await open.conversation.close();
    await checkpoints.close();
  });

  it("but an answerer is taken at its word where files are not kept", async () => {
    const open = await openConversation();
    open.one.kind = "answerer";
    open.one.faults.push(async (_input, start) => {
      await start.beforeChange();
      return failed;
    });
    await ask(open.conversation, "what is it?");
    expect(open.native.turns).toHaveLength(1);
  });
});

describe("an answerer", () => {
  it("leaves a turn that needs tools to native, says what for, and takes the next one (A-138)", async () => {
    const open = await openConversation();
    open.one.kind = "answerer";
    await ask(open.conversation, "edit README.md to add X");
    expect(open.conversation.lastAnswer()?.runtime).toBe("native");
    expect(notices(open)).toEqual([
      "runtime.needs_tools: This turn needs tools (edit ... README.md), so native takes this turn: one has none.",
    ]);
    await ask(open.conversation, "what is the capital of France?");
    expect(open.conversation.lastAnswer()?.runtime).toBe("one");
    expect(open.routes).toMatchObject([
      {
        runtime: "native",
        reason: "needs_tools",
        from: "one",
        detail: "edit ... README.md",
        outcome: "completed",
      },
      { runtime: "one", reason: "forced", outcome: "completed" },
    ]);
  });

  it("judges each queued prompt by itself", async () => {
    const open = await openConversation();
    open.one.kind = "answerer";
    const end = settled(open.conversation);
    await open.conversation.send(prompt("hello"));
    await open.conversation.send({ type: "follow_up", text: "run the tests" });
    await open.conversation.send({ type: "follow_up", text: "who are you?" });
    await end;
    const speakers = open.conversation
      .history()
      .flatMap(({ message }) => (message.role === "assistant" ? [message.runtime] : []));
    expect(speakers).toEqual(["one", "native", "one"]);
  });

  it("does not take such a turn where native cannot either", async () => {
    const open = await openConversation();
    open.one.kind = "answerer";
    open.native.failure = new AppError("model.none", "There is no model to ask.", { hint: "Set a key." });
    await ask(open.conversation, "run the tests");
    expect(ofType(open.events, "run_end")[0]).toMatchObject({
      outcome: "failed",
      error: { code: "runtime.tools", hint: "Set a key." },
    });
  });

  it("goes on as native what native began", async () => {
    const open = await openConversation();
    open.one.kind = "answerer";
    await open.conversation.emit({ type: "plan_update", entries: [{ text: "mend it", status: "pending" }] });
    await ask(open.conversation, "go on");
    expect(open.conversation.lastAnswer()?.runtime).toBe("native");
    await ask(open.conversation, "who are you?");
    expect(open.conversation.lastAnswer()?.runtime).toBe("one");
  });
});
