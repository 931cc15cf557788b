import { describe, expect, it } from "vitest";
import { sessionContext } from "../../src/session/context.ts";
import { LOST_RESULT } from "../../src/session/lost-result.prompt.ts";
import type { EntryDraft, KnownEntry } from "../../src/session/state-entry.ts";
import { applyEntry, NEW_SESSION } from "../../src/session/stored-state.ts";
import { answer, call, result, texts, USAGE, user } from "../support/session-entries.ts";

describe("the history of a branch", () => {
  it("is its messages in order, with their entries' ids", () => {
    const context = contextOf(said("m1", user("hi")), notice(), said("m2", answer("hello")));
    expect(context.history.map(({ id }) => id)).toEqual(["m1", "m2"]);
  });

  it("begins with the summary and what the newest compaction kept", () => {
    const entries = [said("m1", user("old")), said("m2", user("kept"))];
    const context = contextOf(
      ...entries,
      compaction("first", "m1"),
      compaction("second", "m2"),
      said("m3", user("new")),
    );
    expect(texts(context.history)).toEqual(["second", "kept", "new"]);
    expect(context.history[0]?.message.role).toBe("system");
  });

  it.each([null, "gone"])("keeps only what came after a compaction that kept %j", (firstKeptId) => {
    const context = contextOf(
      said("m1", user("old")),
      compaction("sum", firstKeptId),
      said("m2", user("new")),
    );
    expect(texts(context.history)).toEqual(["sum", "new"]);
  });
});

describe("results that were dropped", () => {
  const dropped = (...toolCallIds: string[]) =>
    draft("d", { type: "results_dropped", toolCallIds, notice: "gone", tokensBefore: 2, tokensAfter: 1 });

  it("give way to the notice, each in its place, over a compaction too; the others stay", () => {
    const asked = said("a", answer("", call("1"), call("2")));
    const results = [said("r1", result("1", "one")), said("r2", result("2", "two"))];
    const plain = contextOf(said("u", user("hi")), asked, ...results, dropped("1"));
    expect(texts(plain.history).slice(-2)).toEqual(["gone", "two"]);
    const compacted = contextOf(
      said("u", user("hi")),
      asked,
      ...results,
      dropped("2"),
      compaction("sum", "a"),
    );
    expect(texts(compacted.history).slice(-2)).toEqual(["one", "gone"]);
    expect(compacted.history.at(-1)?.message).toMatchObject({ role: "tool_result", toolCallId: "2" });
  });
});

describe("an answer that was cut off", () => {
  const text = (index: number, value: string) => ({ type: "text", index, text: value }) as const;

  it("becomes an aborted message of its texts and thoughts in order, without its tool calls", () => {
    const context = contextOf(
      said("u", user("hi")),
      partial("a", [{ type: "thinking", index: 0, text: "hm" }, text(1, "Hel")]),
      partial("a", [text(1, "lo"), { type: "tool_call", index: 2, id: "c", name: "bash" }]),
      partial("a", [{ type: "tool_arguments", index: 2, text: '{"comm' }]),
    );
    expect(context.history.at(-1)).toMatchObject({
      id: "a",
      message: {
        stopReason: "aborted",
        content: [
          { type: "thinking", text: "hm" },
          { type: "text", text: "Hello" },
        ],
      },
    });
  });

  it("counts from its last reset", () => {
    const context = contextOf(
      partial("a", [text(0, "void")]),
      partial("a", [], true),
      partial("a", [text(0, "real")]),
    );
    expect(texts(context.history)).toEqual(["real"]);
  });

  it.each([
    ["its message followed", [partial("a", [text(0, "Hel")]), said("a", answer("Hello"))], ["Hello"]],
    ["nothing came of it", [partial("a", [text(0, "x")]), partial("a", [], true)], []],
  ])("is void when %s", (_name, entries, expected) => {
    expect(texts(contextOf(...entries).history)).toEqual(expected);
  });
});

describe("tool calls without result (A-095)", () => {
  it("get an error result in their place, the same each time", () => {
    const entries = [said("a", answer("go", call("c1"), call("c2", "bash"))), said("r", result("c1"))];
    const context = contextOf(...entries, said("u", user("next")));
    expect(context.history.map(({ message }) => message.role)).toEqual([
      "assistant",
      "tool_result",
      "tool_result",
      "user",
    ]);
    expect(context.history[2]?.message).toMatchObject({
      toolCallId: "c2",
      toolName: "bash",
      isError: true,
      content: [{ text: LOST_RESULT }],
    });
    expect(contextOf(...entries, said("u", user("next")))).toEqual(context);
  });

  it("at the end of the file as well", () => {
    expect(contextOf(said("a", answer(call("c1")))).history).toHaveLength(2);
  });

  it("whose result stands there get none, also of a tool that no longer exists (A-096)", () => {
    const context = contextOf(said("a", answer(call("c1", "gone"))), said("r", result("c1", "x", "gone")));
    expect(context.history).toHaveLength(2);
  });
});

describe("the state of a session", () => {
  it("sums the usage of answers and compactions", () => {
    const { usage } = contextOf(
      said("a", answer("x")),
      { ...compaction("s", null), usage: USAGE },
      said("b", answer("y")),
    );
    expect(usage).toMatchObject({ input: 30, output: 15, cost: 1.5 });
  });

  it("forgets the external agent's session when the branch moves", () => {
    const runtime = draft("runtime", { type: "runtime", runtime: "gemini", externalSessionId: "x" });
    expect(contextOf(runtime).externalSessionId).toBe("x");
    expect(contextOf(runtime, draft("l", { type: "leaf", targetId: null })).externalSessionId).toBeNull();
  });

  it("knows the newest session of each external agent, until the branch moves", () => {
    const runtime = (id: string, name: string, externalSessionId?: string) =>
      draft(id, { type: "runtime", runtime: name, ...(externalSessionId ? { externalSessionId } : {}) });
    const switches = [
      runtime("1", "gemini", "g-1"),
      runtime("2", "codex", "c-1"),
      runtime("3", "gemini"),
      runtime("4", "codex", "c-2"),
    ];
    expect(contextOf(...switches).externalSessions).toEqual({ gemini: "g-1", codex: "c-2" });
    const moved = draft("l", { type: "leaf", targetId: null });
    expect(contextOf(...switches, moved).externalSessions).toEqual({});
  });

  it("knows a run that has no end, and its steps", () => {
    const start = draft("s", { type: "run_start", runId: "r", prompt: "p", runtime: "native" });
    expect(contextOf(start, said("a", answer("x"))).openRun).toEqual({ runId: "r", steps: 1 });
  });
});

function contextOf(...entries: KnownEntry[]) {
  return sessionContext({ entries, state: entries.reduce(applyEntry, NEW_SESSION) });
}

function draft(id: string, entry: EntryDraft): KnownEntry {
  return { ...entry, id, parentId: null, time: "t" };
}

function said(id: string, message: Parameters<typeof texts>[0][number]["message"]): KnownEntry {
  return draft(id, { type: "message", message });
}

function notice(): KnownEntry {
  return draft("n", { type: "notice", level: "info", message: "by the way" });
}

function partial(
  messageId: string,
  deltas: Extract<KnownEntry, { type: "partial" }>["deltas"],
  reset = false,
) {
  return draft(crypto.randomUUID(), { type: "partial", messageId, deltas, ...(reset ? { reset } : {}) });
}

function compaction(summary: string, firstKeptId: string | null) {
  const files = { filesRead: [], filesModified: [] };
  const entry = {
    type: "compaction",
    summary,
    firstKeptId,
    tokensBefore: 9,
    tokensAfter: 1,
    ...files,
  } as const;
  return { ...entry, id: `compaction ${summary}`, parentId: null, time: "t" };
}
