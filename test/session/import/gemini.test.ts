import { expect, it } from "vitest";
import { outline, translated } from "../../support/foreign-session.ts";

const head = {
  sessionId: "s",
  projectHash: "h",
  startTime: "2026-01-01T00:00:00Z",
  lastUpdated: "2026-01-01T00:00:00Z",
};
const message = (id: string, type: string, content: unknown, more: Record<string, unknown> = {}) => ({
  id,
  timestamp: "2026-01-01T00:00:01Z",
  type,
  content,
  ...more,
});
const shell = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  name: "run_shell_command",
  args: { command: id },
  status: "success",
  result: [{ functionResponse: { id, name: "run_shell_command", response: { output: `out ${id}` } } }],
  ...more,
});

it("takes a message that is written anew in its place, and calls that it gains where they were made", () => {
  const { entries, tally } = translated("gemini", [
    head,
    {
      $set: {
        messages: [
          message("c", "user", [{ text: "<session_context>\n- **Workspace Directories:**\n  - /w\n" }]),
        ],
      },
    },
    message("1", "user", [{ text: "go" }]),
    message("2", "gemini", "I run a."),
    message("2", "gemini", "I run a.", {
      tokens: { input: 100, cached: 60, output: 5, thoughts: 2 },
      model: "g",
    }),
    message("3", "gemini", "", {
      toolCalls: [shell("a")],
      thoughts: [{ subject: "Plan", description: "first a" }],
    }),
    message("4", "user", [
      { functionResponse: { id: "a", name: "run_shell_command", response: { output: "out a" } } },
    ]),
    message("5", "gemini", "Now b."),
    message("3", "gemini", "", { toolCalls: [shell("a"), shell("b", { status: "error" })] }),
    message("6", "gemini", "Done."),
  ]);
  expect(outline(entries)).toEqual([
    "prompt: go",
    'assistant: (**Plan**\nfirst a) | I run a. | run_shell_command({"command":"a"})',
    "tool_result: out a",
    "assistant: Now b.",
    'assistant: run_shell_command({"command":"b"})',
    "tool_result!: out b",
    "assistant: Done.",
  ]);
  const first = entries.find((entry) => entry.type === "message" && entry.message.role === "assistant");
  expect(first).toMatchObject({
    message: { model: "google/g", usage: { input: 40, cacheRead: 60, output: 7, reasoning: 2 } },
  });
  expect(tally.unknown.size).toBe(0);
});

it("makes a branch where the talk was taken back", () => {
  const { entries, tally } = translated("gemini", [
    head,
    message("1", "user", "one"),
    message("2", "gemini", "1"),
    message("3", "user", "two"),
    message("4", "gemini", "2"),
    { $rewindTo: "3" },
    message("5", "user", "other two"),
    message("6", "gemini", "3"),
  ]);
  expect(tally.branches).toBe(2);
  const [, second, third] = entries.filter((entry) => entry.type === "run_start");
  expect(third?.parentId).toBe(second?.parentId);
});

it("keeps the result of a call that was refused before it was written down", () => {
  const refused = {
    functionResponse: { id: "x", name: "write_file", response: { error: "canceled by the user" } },
  };
  const { entries } = translated("gemini", [
    head,
    message("1", "user", "go"),
    message("2", "user", [refused]),
  ]);
  expect(outline(entries).slice(1)).toEqual([
    "assistant: write_file({})",
    "tool_result!: canceled by the user",
    "end: interrupted",
  ]);
});

it("reads a whole document of the older versions, and a checkpoint of the API's own content", () => {
  const document = {
    ...head,
    messages: [message("1", "user", "hi"), message("2", "gemini", "ho"), message("3", "error", "quota")],
  };
  expect(outline(translated("gemini", [document]).entries)).toEqual([
    "prompt: hi",
    "assistant: ho",
    "end: failed",
  ]);
  const checkpoint = [
    { role: "user", parts: [{ text: "hi" }] },
    {
      role: "model",
      parts: [{ text: "thought", thought: true }, { functionCall: { name: "glob", args: { pattern: "*" } } }],
    },
    { role: "user", parts: [{ functionResponse: { name: "glob", response: { output: "a" } } }] },
    { role: "model", parts: [{ functionCall: { name: "glob", args: { pattern: "b" } } }] },
    { role: "user", parts: [{ functionResponse: { name: "glob", response: { output: "b" } } }] },
    { role: "model", parts: [{ text: "done" }] },
  ];
  expect(outline(translated("gemini", checkpoint).entries)).toEqual([
    "prompt: hi",
    'assistant: (thought) | glob({"pattern":"*"})',
    "tool_result: a",
    'assistant: glob({"pattern":"b"})',
    "tool_result: b",
    "assistant: done",
  ]);
});
