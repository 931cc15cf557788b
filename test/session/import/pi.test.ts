import { expect, it } from "vitest";
import { outline, translated } from "../../support/foreign-session.ts";

const head = { type: "session", version: 3, id: "s", timestamp: "2026-01-01T00:00:00Z", cwd: "/repo" };
const entry = (id: string, parentId: string | null, message: unknown) => ({
  type: "message",
  id,
  parentId,
  timestamp: "2026-01-01T00:00:01Z",
  message,
});
const user = (text: string) => ({ role: "user", content: [{ type: "text", text }] });
const agent = (content: unknown[], more: Record<string, unknown> = {}) => ({
  role: "assistant",
  content,
  provider: "p",
  model: "m",
  stopReason: "stop",
  usage: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, cost: { total: 0.25 } },
  ...more,
});

it("keeps the tree: branches, labels, names, shell lines and what extensions said", () => {
  const { entries, tally } = translated("pi", [
    head,
    { type: "model_change", id: "a", parentId: null, provider: "p", modelId: "m" },
    entry("b", "a", { role: "system", content: "" }),
    entry("c", "b", user("one")),
    entry(
      "d",
      "c",
      agent(
        [
          { type: "thinking", thinking: "hm" },
          { type: "toolCall", id: "t", name: "edit", arguments: { path: "x" } },
        ],
        { stopReason: "toolUse" },
      ),
    ),
    entry("e", "d", {
      role: "toolResult",
      toolCallId: "t",
      toolName: "edit",
      content: [{ type: "text", text: "ok" }],
      details: { patch: "--- x\n+++ x\n@@ -1 +1 @@\n-a\n+b\n" },
      isError: false,
    }),
    entry("f", "e", agent([{ type: "text", text: "1" }])),
    { type: "label", id: "g", parentId: "f", targetId: "f", label: "good" },
    entry("h", "b", user("other one")),
    entry("i", "h", agent([], { stopReason: "error", errorMessage: "500" })),
    { type: "custom_message", id: "j", parentId: "i", content: "noted", display: true },
    entry("k", "j", { role: "bashExecution", command: "ls", output: "a\n", exitCode: 2 }),
    { type: "frob", id: "l", parentId: "k" },
  ]);
  expect(outline(entries)).toEqual([
    "prompt: one",
    'assistant: (hm) | edit({"path":"x"})',
    "tool_result: ok",
    "assistant: 1",
    "branch",
    "prompt: other one",
    "assistant: ",
    "notice: noted",
    "shell: I ran `ls` (exit code 2):\n\na\n",
    "end: failed",
  ]);
  expect(tally.branches).toBe(2);
  expect(Object.fromEntries(tally.unknown)).toEqual({ frob: 1 });
  expect(entries.find(({ type }) => type === "label")).toMatchObject({ label: "good" });
  expect(entries.find(({ type }) => type === "run_end")).toMatchObject({
    usage: { cost: 0.5, cacheWrite: 8 },
  });
});

it("reads the first version, which has no ids, and what a compaction of it keeps", () => {
  const { entries } = translated("pi", [
    { ...head, version: undefined },
    { type: "message", timestamp: "2026-01-01T00:00:01Z", message: user("one") },
    { type: "message", timestamp: "2026-01-01T00:00:01Z", message: agent([{ type: "text", text: "1" }]) },
    { type: "message", timestamp: "2026-01-01T00:00:01Z", message: user("two") },
    {
      type: "compaction",
      timestamp: "2026-01-01T00:00:01Z",
      summary: "so far",
      firstKeptEntryIndex: 3,
      tokensBefore: 7,
    },
    { type: "message", timestamp: "2026-01-01T00:00:01Z", message: agent([{ type: "text", text: "2" }]) },
  ]);
  const second = entries.findLast((found) => found.type === "message" && found.message.role === "user");
  expect(entries.find(({ type }) => type === "compaction")).toMatchObject({
    firstKeptId: second?.id,
    tokensBefore: 7,
  });
  expect(outline(entries)).toEqual([
    "prompt: one",
    "assistant: 1",
    "prompt: two",
    "summary: so far",
    "assistant: 2",
  ]);
});
