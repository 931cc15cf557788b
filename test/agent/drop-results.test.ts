// Results that later ones supersede: which they are, when they go, and that calls keep their results.
import { describe, expect, it } from "vitest";
import { DROPPED_RESULT } from "../../src/agent/dropped-results.prompt.ts";
import { supersededCalls } from "../../src/agent/superseded.ts";
import type { TranscriptEntry } from "../../src/agent/transcript.ts";
import { ofType } from "../support/events.ts";
import { answerOf, lines, requiring, session, tool } from "./harness.ts";

const paths = { parse: requiring("path"), paths: (args: Record<string, unknown>) => [String(args.path)] };
const TOOLS = [
  tool("read", { readOnly: true, kind: "read", ...paths }),
  tool("grep", { readOnly: true, kind: "read" }),
  tool("edit", { kind: "edit", ...paths }),
  tool("write", { kind: "edit", ...paths }),
  tool("bash"),
];

type Lines = [first: number, last: number, toEnd: boolean];
type Call = { name: string; args: Record<string, unknown>; lines?: Lines; isError?: boolean };

const read = (path: string, ...of: Lines): Call => ({ name: "read", args: { path, of }, lines: of });
const other = (name: string, args: Record<string, unknown>): Call => ({ name, args });

/** Ids are the places of the calls. */
function talk(calls: readonly Call[]): TranscriptEntry[] {
  return calls.flatMap(({ name, args, lines, isError = false }, at): TranscriptEntry[] => {
    const details = lines ? { lines: { first: lines[0], last: lines[1], toEnd: lines[2] } } : {};
    const content = [{ type: "text" as const, text: "x" }];
    return [
      { id: `a${at}`, message: answerOf({ calls: [{ id: `${at}`, name, args }] }) },
      {
        id: `r${at}`,
        message: { role: "tool_result", toolCallId: `${at}`, toolName: name, content, isError, details },
      },
    ];
  });
}

describe("a result is superseded", () => {
  it.each<[string, Call[], string[]]>([
    ["by a later read of the whole file", [read("a", 1, 9, true), read("./a", 1, 20, true)], ["0"]],
    ["by a later read of more lines", [read("a", 5, 9, false), read("a", 1, 20, false)], ["0"]],
    ["but not by a read of other lines", [read("a", 5, 30, false), read("a", 1, 20, false)], []],
    ["but not by the beginning of what was read whole", [read("a", 1, 9, true), read("a", 1, 20, false)], []],
    ["but not by a read of another file", [read("a", 1, 9, true), read("b", 1, 9, true)], []],
    ["by a later write of the file", [read("a", 5, 9, false), other("write", { path: "a" })], ["0"]],
    [
      "but not by an edit, which shows only a part",
      [read("a", 1, 9, true), other("edit", { path: "a" })],
      [],
    ],
    [
      "by the read after an edit",
      [read("a", 1, 9, true), other("edit", { path: "a" }), read("a", 1, 9, true)],
      ["0"],
    ],
    ["by the same question", [other("grep", { q: "x" }), other("grep", { q: "x" })], ["0"]],
    ["but not by another question", [other("grep", { q: "x" }), other("grep", { q: "y" })], []],
    [
      "but not when it is a command's",
      [other("bash", { command: "x" }), other("bash", { command: "x" })],
      [],
    ],
    [
      "but not by a read that failed",
      [read("a", 1, 9, true), { ...read("a", 1, 9, true), isError: true }],
      [],
    ],
    [
      "each but the newest",
      [read("a", 1, 9, true), read("a", 1, 9, true), read("a", 1, 9, true)],
      ["0", "1"],
    ],
  ])("%s", (_, calls, superseded) => {
    expect(supersededCalls(talk(calls), TOOLS)).toEqual(superseded);
  });
});

describe("at the threshold", () => {
  const big = "x".repeat(40_000);
  const tools = [
    tool("read", {
      ...paths,
      readOnly: true,
      kind: "read",
      run: async ({ path }) => ({
        content: [{ type: "text", text: `${String(path)} ${big}` }],
        details: { lines: { first: 1, last: 1, toEnd: true } },
      }),
    }),
  ];
  const reads = (path: string) => ({ calls: [{ name: "read", args: { path } }] });

  it("superseded results go all at once, without a request; nothing else changes", async () => {
    const full = { input: 62_000, output: 100 };
    const s = session({
      model: { contextWindow: 80_000 },
      tools,
      replies: [reads("a"), reads("b"), reads("a"), { ...reads("a"), usage: full }, { text: "done" }],
    });
    await s.ask("look at a");
    expect(s.requests).toHaveLength(5);
    expect(ofType(s.events, "compaction_start")).toEqual([]);
    const [event] = ofType(s.events, "results_dropped");
    expect(event?.toolCallIds).toHaveLength(2);
    expect(event?.tokensAfter).toBeLessThan(55_000);
    const sent = lines(s.requests[4]?.messages ?? []).map((line) => line.slice(0, 60));
    const whole = (path: string) => `tool_result: ${path} ${big}`.slice(0, 60);
    const gone = `tool_result: ${DROPPED_RESULT}`.slice(0, 60);
    expect(sent).toEqual([
      "user: look at a",
      "assistant: read()",
      gone,
      "assistant: read()",
      whole("b"),
      "assistant: read()",
      gone,
      "assistant: read()",
      whole("a"),
    ]);
    const calls = s.transcript.messages().flatMap((message) => {
      const parts = message.role === "assistant" ? message.content : [];
      return parts.flatMap((part) => (part.type === "tool_call" ? [part.id] : []));
    });
    const answered = s.transcript
      .messages()
      .flatMap((message) => (message.role === "tool_result" ? [message.toolCallId] : []));
    expect(answered).toEqual(calls);
  });

  it("where that would not be enough nothing goes, and the talk is summarised", async () => {
    const full = { input: 75_000, output: 100 };
    const s = session({
      model: { contextWindow: 80_000 },
      tools,
      replies: [
        reads("a"),
        reads("b"),
        { ...reads("c"), usage: full },
        { text: "SUMMARY" },
        { text: "done" },
      ],
    });
    await s.ask("look");
    expect(ofType(s.events, "results_dropped")).toEqual([]);
    expect(ofType(s.events, "compaction_end")).toMatchObject([
      { summary: expect.stringContaining("SUMMARY") },
    ]);
  });
});
