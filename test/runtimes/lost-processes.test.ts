import { expect, test } from "vitest";
import type { Message } from "../../src/protocol/message.ts";
import { lostProcesses } from "../../src/runtimes/lost-processes.ts";
import { processEnded, processLost, toldEnd } from "../../src/runtimes/process-news.prompt.ts";
import type { BackgroundProcess } from "../../src/sandbox/workspace.ts";

const USAGE = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: 0 };

function call(id: string, command: string, background: string): Message[] {
  return [
    {
      role: "assistant",
      content: [{ type: "tool_call", id, name: "bash", arguments: { command } }],
      stopReason: "tool_use",
      usage: USAGE,
      model: "test/model",
    },
    {
      role: "tool_result",
      toolCallId: id,
      toolName: "bash",
      content: [],
      isError: false,
      details: { summary: `background ${background}`, background, backgroundLog: `/tmp/${id}.log` },
    },
  ];
}

function notice(text: string): Message {
  return { role: "user", content: [{ type: "text", text }], source: "notice" };
}

function shell(command: string, background: string): Message {
  const details = { command, output: "", exitCode: 0, background, backgroundLog: null };
  return { role: "user", content: [{ type: "text", text: "I ran" }], source: "shell", details };
}

const ended = processEnded({
  id: "p1",
  command: "npm start",
  logPath: null,
  stopped: () => false,
  exitCode: () => 0,
} as BackgroundProcess);

function lost(messages: Message[], ours: string[] = []): string[] {
  const history = messages.map((message, index) => ({ id: `m${index}`, message }));
  return lostProcesses(history, ({ logPath }) => ours.includes(logPath ?? ""));
}

test("what was left running by calls and shell lines is told, with command and log", () => {
  expect(lost([...call("c1", "npm  start\n", "p1"), shell("tail -f x", "p2")])).toEqual([
    "[The background process p1 of an earlier sitting does not run any more, Hearth was ended since: npm start. Its output: /tmp/c1.log]",
    "[The background process p2 of an earlier sitting does not run any more, Hearth was ended since: tail -f x.]",
  ]);
});

test("an end that was told already is not told again, and ids that begin anew are other processes", () => {
  const told = processLost({ id: "p1", command: "npm start", logPath: null });
  expect([ended, told].map(toldEnd)).toEqual(["p1", "p1"]);
  expect(lost([...call("c1", "npm start", "p1"), notice(ended)])).toEqual([]);
  expect(lost([...call("c1", "npm start", "p1"), notice(told)])).toEqual([]);
  expect(lost([...call("c1", "one", "p1"), notice(told), ...call("c2", "two", "p1")])).toEqual([
    expect.stringContaining("two"),
  ]);
});

test("processes of this program are none of an earlier sitting", () => {
  expect(lost(call("c1", "npm start", "p1"), ["/tmp/c1.log"])).toEqual([]);
});

test("other messages and details of other shapes say nothing", () => {
  const odd: Message = { role: "user", content: [], source: "shell", details: { background: 5 } };
  expect(lost([odd, notice("[The background processes are fine]"), { role: "user", content: [] }])).toEqual(
    [],
  );
  expect(toldEnd("[The background process that I mean]")).toBeNull();
});
