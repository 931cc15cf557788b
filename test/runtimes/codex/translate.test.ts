import { describe, expect, it } from "vitest";
import { CodexTurn } from "../../../src/runtimes/codex/translate.ts";
import { readNote } from "../../../src/runtimes/codex/wire.ts";
import type { AgentUpdate } from "../../../src/runtimes/external/connection.ts";
import type { Recorded } from "../../support/acp-transcript.ts";

const OWN = { threadId: "t", turnId: "u" };

function turnWith(...notes: [method: string, params: Recorded][]) {
  const turn = new CodexTurn("/w");
  const take = (method: string, params: Recorded, own = true): AgentUpdate[] => {
    const note = readNote(method, { ...OWN, ...params });
    return note ? turn.take(note, own) : [];
  };
  const said = notes.flatMap(([method, params]) => take(method, params));
  return { turn, take, said };
}

const started = (item: Recorded): [string, Recorded] => ["item/started", { item }];
const completed = (item: Recorded): [string, Recorded] => ["item/completed", { item }];
const calls = (updates: AgentUpdate[]) =>
  updates.flatMap((update) => (update.type === "call" ? [update.call] : []));

describe("texts", () => {
  it("come in pieces; what the whole has beyond them is added", () => {
    const { said } = turnWith(
      ["item/agentMessage/delta", { itemId: "m", delta: "Hel" }],
      completed({ type: "agentMessage", id: "m", text: "Hello" }),
      completed({ type: "agentMessage", id: "n", text: "Whole." }),
    );
    expect(said).toEqual([
      { type: "text", text: "Hel", messageId: "m" },
      { type: "text", text: "lo", messageId: "m" },
      { type: "text", text: "Whole.", messageId: "n" },
    ]);
  });

  it("of a plan are text too, thoughts are thinking by their parts", () => {
    const { said } = turnWith(
      ["item/plan/delta", { itemId: "p", delta: "# Plan" }],
      ["item/reasoning/summaryTextDelta", { itemId: "r", summaryIndex: 1, delta: "hm" }],
      completed({ type: "reasoning", id: "r", summary: ["first", "hm"], content: ["raw"] }),
      completed({ type: "reasoning", id: "s", summary: [], content: ["raw"] }),
    );
    expect(said).toEqual([
      { type: "text", text: "# Plan", messageId: "p" },
      { type: "thinking", text: "hm", messageId: "r/1" },
      { type: "thinking", text: "first", messageId: "r/0" },
      { type: "thinking", text: "raw", messageId: "s/0" },
    ]);
  });
});

describe("calls", () => {
  it("are not said to run while Codex may still ask for them", () => {
    const command = {
      type: "commandExecution",
      id: "c",
      command: "/bin/bash -lc ls",
      cwd: "/w",
      status: "inProgress",
    };
    const asked = turnWith(started(command)).said;
    expect(calls(asked)).toEqual([{ id: "c", naming: { name: "bash", arguments: { command: "ls" } } }]);
    const runs = turnWith(started({ ...command, processId: "7", cwd: "/elsewhere" })).said;
    expect(calls(runs)[0]).toMatchObject({
      status: "running",
      naming: { arguments: { command: "ls", cwd: "/elsewhere" } },
    });
  });

  it("show their output in pieces and whole, with the exit code", () => {
    const command = { type: "commandExecution", id: "c", command: "make", cwd: "/w" };
    const { said } = turnWith(
      started({ ...command, processId: "1" }),
      ["item/commandExecution/outputDelta", { itemId: "c", delta: "a\n" }],
      completed({ ...command, status: "failed", aggregatedOutput: "a\nb\n", exitCode: 2 }),
    );
    expect(calls(said)[1]).toMatchObject({ id: "c", status: "running", more: "a\n" });
    expect(calls(said)[2]).toMatchObject({ status: "failed", output: "a\nb\n", details: { exitCode: 2 } });
  });

  it.each<[string, Recorded, Recorded]>([
    [
      "one new file",
      [{ path: "/w/a", kind: { type: "add" }, diff: "x\n" }],
      { name: "write", arguments: { path: "a", content: "x\n" } },
    ],
    [
      "one changed file",
      [{ path: "/w/a", kind: { type: "update", move_path: null }, diff: "@@ -1 +1 @@\n-a\n+b\n" }],
      { name: "edit", arguments: { path: "a" } },
    ],
    [
      "a moved file",
      [{ path: "/w/a", kind: { type: "update", move_path: "/w/b" }, diff: "" }],
      { name: "edit", arguments: { path: "a", move_to: "b" } },
    ],
    [
      "a deleted file",
      [{ path: "/w/a", kind: { type: "delete" }, diff: "x" }],
      { name: "edit", arguments: { path: "a", delete: true } },
    ],
    [
      "several files",
      [
        { path: "/w/a", kind: { type: "add" }, diff: "x" },
        { path: "/v/b", kind: { type: "delete" }, diff: "x" },
      ],
      { name: "edit", arguments: { path: "a", paths: ["a", "/v/b"] } },
    ],
  ])("that change %s have our words, a diff, and are judged by their paths", (_, changes, naming) => {
    const { turn, said } = turnWith(
      started({ type: "fileChange", id: "f", changes, status: "inProgress" }),
      completed({ type: "fileChange", id: "f", changes, status: "completed" }),
    );
    expect(calls(said)[0]?.naming).toEqual(naming);
    expect(calls(said)[1]).toMatchObject({ status: "completed", details: { diff: { path: "a" } } });
    const asked = turn.asked("f");
    expect(asked?.tool).toMatchObject({ kind: "edit", readOnly: false });
    expect(asked?.tool?.paths?.({})).toContain("a");
  });

  it.each<[Recorded, Recorded]>([
    [
      {
        type: "mcpToolCall",
        server: "demo",
        tool: "shout it",
        arguments: { text: "hey" },
        status: "completed",
      },
      { name: "mcp__demo__shout_it", arguments: { text: "hey" } },
    ],
    [
      { type: "webSearch", query: "weather", action: { type: "search", query: "weather" } },
      { name: "web_search", arguments: { query: "weather" } },
    ],
    [
      { type: "webSearch", query: "", action: { type: "open_page", url: "https://x" } },
      { name: "web_search", arguments: { url: "https://x" } },
    ],
    [
      { type: "imageView", path: "/w/a.png" },
      { name: "read", arguments: { path: "a.png" } },
    ],
    [
      { type: "imageGeneration", revisedPrompt: "a cat" },
      { name: "image_generation", arguments: { prompt: "a cat" } },
    ],
    [
      { type: "collabAgentToolCall", tool: "spawnAgent", prompt: "do" },
      { name: "spawnAgent", arguments: { prompt: "do" } },
    ],
    [
      { type: "dynamicToolCall", namespace: "a", tool: "b", arguments: { c: 1 } },
      { name: "a_b", arguments: { c: 1 } },
    ],
  ])("%j is a call", (item, naming) => {
    const { said } = turnWith(
      started({ id: "x", ...item, status: "inProgress" }),
      completed({ id: "x", ...item }),
    );
    expect(calls(said)).toHaveLength(2);
    expect(calls(said)[1]).toMatchObject({ id: "x", naming, status: "completed" });
  });

  it("of an MCP server give their parts or their error", () => {
    const call = { type: "mcpToolCall", id: "m", server: "s", tool: "t", arguments: {} };
    const parts = [
      { type: "text", text: "HEY" },
      { type: "image", data: "" },
    ];
    const { said } = turnWith(
      completed({ ...call, status: "completed", result: { content: parts }, error: null }),
      completed({ ...call, status: "failed", result: null, error: { message: "no such tool" } }),
    );
    expect(calls(said).map(({ output }) => output)).toEqual(["HEY\n[image]", "no such tool"]);
  });

  it("that go on when the turn ends well are left in the background", () => {
    const { turn } = turnWith(
      started({ type: "commandExecution", id: "c", command: "serve", processId: "1" }),
    );
    expect(calls(turn.leftRunning())[0]).toMatchObject({ id: "c", status: "completed" });
  });

  it("of a helper's thread are told only where we were asked for them", () => {
    const { turn, take } = turnWith();
    const command = { type: "commandExecution", id: "h", command: "ls" };
    expect(take("item/started", { item: command }, false)).toEqual([]);
    expect(take("item/agentMessage/delta", { itemId: "m", delta: "aside" }, false)).toEqual([]);
    expect(turn.asked("h")?.call.naming.arguments).toEqual({ command: "ls" });
    expect(calls(take("item/completed", { item: { ...command, status: "completed" } }, false))).toHaveLength(
      1,
    );
  });
});

describe("the rest", () => {
  it("steers are taken in where their message begins, once, and only ours", () => {
    const { turn, take } = turnWith();
    turn.sent("s1");
    const item = { type: "userMessage", id: "i", clientId: "s1", content: [] };
    expect(take("item/started", { item: { ...item, clientId: null } })).toEqual([]);
    expect(take("item/started", { item })).toEqual([{ type: "steered", id: "s1" }]);
    expect(take("item/completed", { item })).toEqual([]);
  });

  it("plans, tries and compaction are told", () => {
    const error = { message: "Reconnecting... 2/5", additionalDetails: "503", codexErrorInfo: "other" };
    const { said } = turnWith(
      [
        "turn/plan/updated",
        {
          plan: [
            { step: "one", status: "inProgress" },
            { step: "two", status: "new" },
          ],
        },
      ],
      ["error", { error, willRetry: true }],
      ["error", { error: { ...error, message: "Reconnecting... waiting for network" }, willRetry: true }],
      ["error", { error, willRetry: false }],
      completed({ type: "contextCompaction", id: "k" }),
    );
    expect(said).toEqual([
      {
        type: "plan",
        entries: [
          { text: "one", status: "in_progress" },
          { text: "two", status: "pending" },
        ],
      },
      { type: "retry", attempt: 2, maxAttempts: 5, delayMs: 0, reason: "503." },
      { type: "retry", attempt: 2, maxAttempts: 2, delayMs: 0, reason: "503." },
      expect.objectContaining({ type: "notice", code: "runtime.compacted" }),
    ]);
  });

  it("what is not known or not well formed says nothing", () => {
    const { said } = turnWith(
      ["item/started", {}],
      ["item/started", { item: { type: "novelty", id: "n" } }],
      ["item/started", { item: { type: "commandExecution" } }],
      ["item/agentMessage/delta", { itemId: 7, delta: "x" }],
      ["turn/plan/updated", { plan: "none" }],
      ["something/new", { threadId: "t" }],
    );
    expect(said).toEqual([{ type: "plan", entries: [] }]);
    expect(readNote("item/started", null)).toBeNull();
    expect(readNote("error", "x")).toBeNull();
  });
});
