import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../../src/protocol/event.ts";
import { AcpTurn } from "../../../src/runtimes/acp/translate.ts";
import { turnUsage } from "../../../src/runtimes/acp/usage.ts";
import {
  type AcpUpdate,
  PermissionRequest,
  PromptAnswer,
  readUpdate,
} from "../../../src/runtimes/acp/wire.ts";
import { Translator } from "../../../src/runtimes/external/translator.ts";
import type { TurnClose } from "../../../src/runtimes/external/turn-steps.ts";
import { type Recorded, transcriptLines } from "../../support/acp-transcript.ts";
import { ofType } from "../../support/events.ts";
import { faults, talk } from "../../support/runtime-session.ts";

const END: TurnClose = { stopReason: "stop", usage: null, openCalls: "no result" };

function translator(closedCalls = new Set<string>(), now = () => 0) {
  const events: AgentEvent[] = [];
  let ids = 0;
  let steps = 0;
  const translate = new Translator({
    runtime: "agent",
    cwd: "/WORKSPACE",
    model: () => "agent/m",
    emit: async (event) => {
      if (event.type === "step_start") steps += 1;
      events.push(structuredClone(event));
    },
    setState: () => undefined,
    steps: () => steps,
    closedCalls,
    newId: () => `m${++ids}`,
    now,
  });
  const turn = new AcpTurn("/WORKSPACE");
  const take = async (...updates: AcpUpdate[]) => {
    for (const update of updates) {
      const told = turn.take(update);
      if (told) await translate.take(told);
    }
  };
  const messages = () => ofType(events, "message_end").map((event) => event.message);
  return { translate, turn, take, events, messages, order: () => events.map(shortEvent) };
}

/** An event in a word or two. */
function shortEvent(event: AgentEvent): string {
  switch (event.type) {
    case "message_end":
      return `end ${event.message.role === "tool_result" ? `result ${event.message.toolCallId}` : event.messageId}`;
    case "tool_start":
    case "tool_update":
    case "tool_end":
      return `${event.type} ${event.toolCallId}`;
    default:
      return event.type;
  }
}

const text = (words: string, messageId?: string): AcpUpdate => ({ type: "text", text: words, messageId });
const tool = (toolCallId: string, rest: Recorded = {}): AcpUpdate => {
  const update = readUpdate({ update: { sessionUpdate: "tool_call_update", toolCallId, ...rest } });
  if (!update) throw new Error("no tool update");
  return update;
};

describe("one turn", () => {
  it("makes one message of a text and one step", async () => {
    const { translate, take, messages, order } = translator();
    await take({ type: "thinking", text: "hm", messageId: undefined }, text("Hel"), text("lo"));
    await translate.finish(END);
    expect(talk(messages())).toEqual(["assistant: (hm) | Hello"]);
    expect(messages()[0]).toMatchObject({ stopReason: "stop", model: "agent/m", runtime: "agent" });
    expect(order()).toEqual([
      "step_start",
      "message_start",
      "message_update",
      "message_update",
      "message_update",
      "end m1",
      "step_end",
    ]);
  });

  it("parts two messages of the agent that stand in one of ours", async () => {
    const { translate, take, messages } = translator();
    await take(text("One.", "a"), text(" More.", "a"), text("Two.", "b"));
    await translate.finish(END);
    expect(talk(messages())).toEqual(["assistant: One. More.\n\nTwo."]);
  });

  it("puts a call into the message before it, its result after, and later text into a new message", async () => {
    const { translate, take, messages, order } = translator();
    await take(
      text("Look."),
      tool("c1", { kind: "execute", status: "pending", rawInput: {} }),
      tool("c1", { status: "in_progress", rawInput: { command: "ls" } }),
      tool("c1", {
        status: "completed",
        content: [{ type: "content", content: { type: "text", text: "a.txt" } }],
      }),
      text("Done."),
    );
    await translate.finish(END);
    expect(talk(messages())).toEqual([
      'assistant: Look. | bash({"command":"ls"})',
      "tool_result: a.txt",
      "assistant: Done.",
    ]);
    expect(order().filter((name) => !name.startsWith("message_"))).toEqual([
      "step_start",
      "end m1",
      "tool_start c1",
      "tool_update c1",
      "tool_end c1",
      "end result c1",
      "step_end",
      "step_start",
      "end m3",
      "step_end",
    ]);
  });

  it("keeps the record in order when calls overlap, and shows each at once", async () => {
    const { translate, take, messages, order } = translator();
    await take(
      tool("a", { kind: "read", status: "in_progress", rawInput: { path: "a" } }),
      tool("b", { kind: "read", status: "in_progress", rawInput: { path: "b" } }),
      tool("b", { status: "completed", rawOutput: "B" }),
      text("meanwhile"),
      tool("a", { status: "failed", rawOutput: { error: "no A" } }),
    );
    await translate.finish(END);
    expect(talk(messages())).toEqual([
      'assistant: read({"path":"a"})',
      "tool_result!: no A",
      'assistant: read({"path":"b"})',
      "tool_result: B",
      "assistant: meanwhile",
    ]);
    expect(faults(messages())).toEqual([]);
    expect(order().indexOf("tool_start b")).toBeLessThan(order().indexOf("tool_end a"));
  });

  it("takes a call that is announced under an id of an earlier turn for a new one, with an id of ours", async () => {
    const { translate, take, messages, order } = translator(new Set(["call-1"]));
    const update = {
      sessionUpdate: "tool_call",
      toolCallId: "call-1",
      kind: "read",
      rawInput: { path: "b" },
    };
    const announced = readUpdate({ update });
    if (!announced) throw new Error("no update");
    await take(tool("call-1", { status: "completed", rawOutput: "late" }), announced);
    await take(tool("call-1", { status: "completed", rawOutput: "B" }));
    await translate.finish(END);
    expect(talk(messages())).toEqual(['assistant: read({"path":"b"})', "tool_result: B"]);
    expect(faults(messages())).toEqual([]);
    expect(order()).not.toContain("tool_start call-1");
  });

  it("ends calls that are open at the end with an error result", async () => {
    const { translate, take, messages } = translator();
    await take(
      tool("a", { kind: "execute", status: "in_progress", rawInput: { command: "sleep 9" } }),
      tool("a", { _meta: { terminal_output_delta: { data: "half" } } }),
      tool("b", { kind: "fetch", title: "A page", status: "pending" }),
    );
    await translate.finish({ ...END, stopReason: "aborted", openCalls: "cancelled by user" });
    expect(faults(messages())).toEqual([]);
    expect(talk(messages())).toContain("tool_result!: half\ncancelled by user");
    expect(talk(messages())).toContain("tool_result!: cancelled by user");
  });

  it("gives a diff as a unified patch, with paths inside the workspace", async () => {
    const { translate, take, events } = translator();
    const content = [
      { type: "diff", path: "/WORKSPACE/src/a.ts", oldText: "one\ntwo\n", newText: "one\n2\n" },
    ];
    await take(tool("e", { kind: "edit", status: "completed", title: "a.ts", content }));
    await translate.finish(END);
    expect(ofType(events, "tool_end")[0]).toMatchObject({
      name: "edit",
      isError: false,
      details: {
        diff: {
          path: "src/a.ts",
          added: 1,
          removed: 1,
          patch: "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n",
        },
      },
    });
  });

  it("does not count the time in which a person was asked as the call's own", async () => {
    let time = 0;
    const { translate, take, events } = translator(new Set(), () => time);
    await take(tool("c", { kind: "execute", status: "in_progress", rawInput: { command: "ls" } }));
    time = 20_000;
    await translate.startCall("c");
    time = 20_300;
    await take(tool("c", { status: "completed" }));
    expect(ofType(events, "tool_end")[0]?.details).toMatchObject({ durationMs: 300 });
  });

  it("ignores what still comes of a call of an earlier turn", async () => {
    const { translate, take, events } = translator(new Set(["old"]));
    await take(tool("old", { status: "completed" }));
    await translate.finish(END);
    expect(events).toEqual([]);
  });

  it("gives plans, and the turn's usage to its last message", async () => {
    const { translate, take, events, messages } = translator();
    const entries = [
      { content: "think", status: "completed", priority: "high" },
      { content: "act", status: "odd" },
    ];
    const plan = readUpdate({ update: { sessionUpdate: "plan", entries } });
    if (plan) await take(plan);
    await take(text("ok"));
    const usage = { input: 1, output: 2, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: 0.5 };
    await translate.finish({ ...END, usage });
    expect(ofType(events, "plan_update")[0]?.entries).toEqual([
      { text: "think", status: "completed" },
      { text: "act", status: "pending" },
    ]);
    expect(messages().at(-1)).toMatchObject({ usage });
  });
});

const ROOT = "../shared/external-agents/transcripts";
const AGENTS = ["opencode", "gemini", "claude-acp", "qwen", "codex-acp2", "pi-acp"];
const files = AGENTS.flatMap((agent) => globSync(`${ROOT}/${agent}/acp-*.io.log`)).sort();

/** The recorded turns of a file: what came between a prompt and its answer. */
function recordedTurns(file: string) {
  const turns: { messages: Recorded[]; answer: Recorded }[] = [];
  const prompts = new Set<unknown>();
  for (const { sent, message } of transcriptLines(readFileSync(file, "utf8"))) {
    if (sent && message.method === "session/prompt") {
      prompts.add(message.id);
      turns.push({ messages: [], answer: null });
    } else if (!sent && message.method === undefined && prompts.has(message.id)) {
      for (const turn of turns.slice(-1)) turn.answer = message.result;
    } else if (!sent && message.method) turns.at(-1)?.messages.push(message);
  }
  return turns;
}

async function replay(messages: Recorded[], answer: Recorded) {
  const turn = translator();
  for (const { method, params } of messages) {
    const update = method === "session/update" ? readUpdate(params) : null;
    if (update) await turn.take(update);
    if (method === "session/request_permission") {
      const request = PermissionRequest.parse(params);
      await turn.translate.announce(turn.turn.asked(request.toolCall).call);
    }
  }
  const usage = answer ? turnUsage(PromptAnswer.parse(answer), null) : null;
  await turn.translate.finish({ ...END, usage });
  return turn;
}

const turns = files.flatMap((file) => recordedTurns(file).map((turn, at) => ({ file, at, ...turn })));
const updates = turns.reduce((sum, turn) => sum + turn.messages.length, 0);
const v1 = turns.filter(({ file }) => !file.includes("acp-v2"));

it(`reads the recorded transcripts of ${AGENTS.length} agents${files.length === 0 ? ": absent here, not run" : ""}`, () => {
  expect(files.length === 0 || files.length > 60).toBe(true);
});

describe.runIf(existsSync(ROOT))(`${turns.length} recorded turns with ${updates} messages`, () => {
  it("each make a talk that is valid for models, with every text in it once", async () => {
    for (const { file, at, messages, answer } of v1) {
      const where = `${basename(dirname(file))}/${basename(file)} turn ${at}`;
      const { messages: made, events } = await replay(messages, answer);
      expect(faults(made()), where).toEqual([]);
      const said = messages
        .filter(({ params }) => params?.update?.sessionUpdate === "agent_message_chunk")
        .map(({ params }) => params.update.content.text)
        .join("");
      const told = made().flatMap((message) =>
        message.role === "assistant"
          ? message.content.flatMap((part) => (part.type === "text" ? [part.text] : []))
          : [],
      );
      expect(told.join("").replaceAll("\n", ""), where).toBe(said.replaceAll("\n", ""));
      const started = ofType(events, "tool_start").map((event) => event.toolCallId);
      const ended = ofType(events, "tool_end").map((event) => event.toolCallId);
      expect(new Set(started).size, where).toBe(started.length);
      expect(ended.sort(), where).toEqual(started.sort());
    }
  });

  it("of opencode and Claude look like ours: names, paths, results, patches", async () => {
    for (const agent of ["opencode", "claude-acp"]) {
      const turn = recordedTurns(`${ROOT}/${agent}/acp-permission.io.log`)[1];
      const { messages, events } = await replay(turn?.messages ?? [], turn?.answer);
      const calls = messages().flatMap((message) =>
        message.role === "assistant" ? message.content.filter((part) => part.type === "tool_call") : [],
      );
      expect(calls.map((call) => `${call.name} ${call.arguments.path}`)).toEqual([
        "read a.txt",
        "write acpnew.txt",
        "edit a.txt",
        "edit a.txt",
      ]);
      const details = ofType(events, "tool_end").map((event) => event.details as Recorded);
      expect(details[1].diff).toMatchObject({ path: "acpnew.txt", added: 1, removed: 0 });
      expect(details[2].diff).toMatchObject({ path: "a.txt", added: 1, removed: 1 });
      expect(details[2].diff.patch).not.toContain("No newline");
      expect(messages().at(-1)).toMatchObject({
        role: "assistant",
        content: [{ type: "text", text: "done" }],
      });
    }
  });

  it("of Gemini, whose agent gives no arguments, have the command from the title", async () => {
    const turn = recordedTurns(`${ROOT}/gemini/acp-permission.io.log`)[0];
    const { messages } = await replay(turn?.messages ?? [], turn?.answer);
    expect(talk(messages())[0]).toBe(
      'assistant: I will use run_shell_command. | bash({"command":"touch acp-p1.txt"})',
    );
    expect(talk(messages())[1]).toBe("tool_result: (the agent did not tell the output)");
    expect(messages().at(-1)).toMatchObject({ usage: { input: 3600, output: 102 } });
  });
});

describe("usage of a turn", () => {
  it.each([
    [
      "thinking counted as output",
      { inputTokens: 1200, outputTokens: 102, thoughtTokens: 30, cachedReadTokens: 2400, totalTokens: 3702 },
      102,
    ],
    [
      "thinking counted beside it",
      { inputTokens: 400, outputTokens: 24, thoughtTokens: 10, cachedReadTokens: 800, totalTokens: 1234 },
      34,
    ],
  ])("is read with %s", (_, usage, output) => {
    const read = turnUsage(PromptAnswer.parse({ stopReason: "end_turn", usage }), 0.1);
    expect(read).toMatchObject({
      output,
      input: usage.inputTokens,
      cacheRead: usage.cachedReadTokens,
      cost: 0.1,
    });
  });

  it("is unknown where the agent says nothing or zeros", () => {
    const usage = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
    expect(turnUsage(PromptAnswer.parse({ stopReason: "cancelled", usage }), 0)).toBeNull();
    expect(turnUsage(PromptAnswer.parse({ stopReason: "end_turn" }), null)).toBeNull();
  });
});

it("a call that names two files is judged by both", () => {
  const rawInput = { path: "a.txt", file_path: "/etc/hosts" };
  const update = PermissionRequest.parse({
    toolCall: { toolCallId: "c", kind: "edit", rawInput },
    options: [],
  });
  expect(new AcpTurn("/w").asked(update.toolCall).tool?.paths?.({})).toEqual(["a.txt", "/etc/hosts"]);
});

it("numbers that no count can be are taken for none", () => {
  const usage = { inputTokens: -5, outputTokens: 3, totalTokens: 3 };
  expect(turnUsage(PromptAnswer.parse({ usage }), null)).toBeNull();
});

it("of an endless output the newest is kept", () => {
  const turn = new AcpTurn("/w");
  let output = "";
  for (let n = 0; n < 3_000; n++) {
    const _meta = { terminal_output_delta: { data: `${n} ${"x".repeat(2_000)}\n` } };
    const read = readUpdate({
      update: { sessionUpdate: "tool_call_update", toolCallId: "c", kind: "execute", _meta },
    });
    const told = read && turn.take(read);
    if (told?.type === "call") output = told.call.output ?? "";
  }
  expect(output).toContain("\n2999 x");
  expect(output.length).toBeLessThan(200_000);
});
