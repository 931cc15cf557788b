import { describe, expect, it } from "vitest";
import { extendHistory } from "../../src/app/history.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import type { HistoryEntry } from "../../src/runtimes/runtime.ts";
import { answer, user } from "../support/session-entries.ts";

const entries = (): HistoryEntry[] => [
  { id: "1", message: user("a") },
  { id: "2", message: answer("b") },
  { id: "3", message: user("c") },
];
const compaction = (change: Partial<Extract<AgentEvent, { type: "compaction_end" }>>): AgentEvent => ({
  type: "compaction_end",
  summary: "in short",
  firstKeptId: "3",
  tokensBefore: 9,
  tokensAfter: 1,
  filesRead: [],
  filesModified: [],
  ...change,
});
const texts = (history: readonly HistoryEntry[]) =>
  history.map(({ message: { role, content } }) => {
    const [part] = content;
    return `${role}: ${part?.type === "text" ? part.text : ""}`;
  });

describe("the history a runtime would be given", () => {
  it("grows by each message of the session's own", () => {
    const event: AgentEvent = { type: "message_end", messageId: "4", message: answer("d") };
    expect(texts(extendHistory(entries(), event))).toEqual([...texts(entries()), "assistant: d"]);
    expect(extendHistory(entries(), { ...event, parentToolCallId: "c" })).toEqual(entries());
  });

  it.each([
    ["keeps what a compaction keeps", compaction({}), ["system: in short", "user: c"]],
    ["keeps nothing but the summary", compaction({ firstKeptId: null }), ["system: in short"]],
    ["keeps nothing of an entry it does not know", compaction({ firstKeptId: "9" }), ["system: in short"]],
    ["stays as it is when there is no summary", compaction({ summary: null }), texts(entries())],
    [
      "stays as it is after a failed compaction",
      compaction({ error: { code: "x", message: "y" } }),
      texts(entries()),
    ],
    ["stays as it is for other events", { type: "settled" }, texts(entries())],
  ] as const)("%s", (_title, event, expected) => {
    expect(texts(extendHistory(entries(), event))).toEqual(expected);
  });
});
