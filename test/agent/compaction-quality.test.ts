// What a long session still knows after several compactions. The summarising model can use only what it is sent: it
// copies the facts it finds there, so that a fact that is missing later was missing in a request.
import { describe, expect, it } from "vitest";
import type { AssistantMessage } from "../../src/protocol/message.ts";
import type { ModelRequest } from "../../src/protocol/stream.ts";
import { ofType } from "../support/events.ts";
import { lines, type Reply, requiring, session, tool } from "./harness.ts";

const FACTS = {
  decision: "FACT: the API stays on version 2",
  path: "FACT: the parser is in src/lang/parse-block.ts",
  command: "FACT: the tests run with make check-fast",
  answer: "FACT: retries were rejected because of the ledger",
};
const TASKS = ["migrate the settings table", "write the changelog line"] as const;
const WINDOW = 40_000;
const TURNS = 40;

const isSummary = ({ messages }: ModelRequest) =>
  (lines(messages).at(-1) ?? "").includes("replaced by a summary");
const textOf = ({ messages }: ModelRequest) => lines(messages).join("\n");

const files = { parse: requiring("path"), paths: (args: Record<string, unknown>) => [String(args.path)] };
const filler = (n: number) => `line of file ${n} `.repeat(900);
const tools = [
  tool("read", {
    ...files,
    readOnly: true,
    kind: "read",
    run: ({ path }) => (path === "notes.md" ? `${FACTS.path}\n${filler(0)}` : filler(Number(path))),
  }),
  tool("edit", { kind: "edit", ...files }),
  tool("todo", {
    readOnly: true,
    kind: "read",
    run: async () => ({
      content: [{ type: "text", text: "kept" }],
      details: {
        plan: [
          { text: TASKS[0], status: "in_progress" },
          { text: "read the notes", status: "completed" },
          { text: TASKS[1], status: "pending" },
        ],
      },
    }),
  }),
];

type Summarise = (request: ModelRequest) => Reply;

/** Every fact of the request, once each, and nothing of the rest. */
const copyFacts: Summarise = (request) => {
  const found = new Set(textOf(request).match(/FACT: [\w ./-]+/g) ?? []);
  return { text: `## Decisions\n${[...found].map((fact) => `- ${fact.trim()}`).join("\n")}` };
};

/** A script that plants facts in the first three turns and then fills the window again and again. */
function longSession(summarise: Summarise, asks = true) {
  const scripted: Reply[][] = [
    [{ text: `Understood. ${FACTS.answer}` }],
    [{ calls: [{ name: "read", args: { path: "notes.md" } }, { name: "todo" }] }, { text: "Noted." }],
    [{ calls: [{ name: "edit", args: { path: "src/early.ts" } }] }, { text: "Edited." }],
    ...Array.from({ length: TURNS }, (_, n) => [
      { calls: [{ name: "read", args: { path: String(n + 1) } }] },
      { text: `Done with ${n + 1}.` },
    ]),
  ];
  const queue = scripted.flat();
  const replies = Array.from({ length: 500 }, () => (request: ModelRequest): Reply => {
    if (isSummary(request)) return summarise(request);
    const size = Math.ceil(textOf(request).length / 4);
    return { ...(queue.shift() ?? { text: "done" }), usage: { input: size, output: 20 } };
  });
  return session({
    model: { contextWindow: WINDOW },
    tools,
    replies,
    compaction: { keepTokens: 6_000, asks },
  });
}

async function play(s: ReturnType<typeof longSession>): Promise<void> {
  await s.ask(`We begin. ${FACTS.decision}`);
  await s.ask(`Read the notes. ${FACTS.command}`);
  await s.ask("Edit the early file.");
  for (let n = 1; n <= TURNS; n++) await s.ask(`Look at file ${n}.`);
}

describe("a long session with several compactions", () => {
  it("has the facts of its beginning in every summary request and in every request after it", async () => {
    const s = longSession(copyFacts);
    await play(s);
    const summaries = s.requests.filter(isSummary);
    expect(summaries.length).toBeGreaterThan(3);
    for (const request of [...summaries, ...s.requests.slice(-3)])
      for (const fact of Object.values(FACTS)) expect(textOf(request)).toContain(fact);
    const first = s.requests.findIndex(isSummary);
    for (const request of s.requests.slice(first + 1)) expect(textOf(request)).toContain(FACTS.decision);
  });

  it("keeps open tasks, files and the request at hand also where the summary forgets everything", async () => {
    const s = longSession(() => ({ text: "Some work was done." }));
    await play(s);
    expect(ofType(s.events, "compaction_end").length).toBeGreaterThan(3);
    const last = s.requests.at(-1);
    const text = last ? textOf(last) : "";
    expect(text).toContain(`<open-tasks>\n${TASKS[0]} (in progress)\n${TASKS[1]}\n</open-tasks>`);
    expect(text).not.toContain("read the notes");
    expect(text).toMatch(/<files-read>\nnotes\.md\n1\n/);
    expect(text).toContain("<files-modified>\nsrc/early.ts\n</files-modified>");
    expect(text).toContain(`Look at file ${TURNS}.`);
  });

  it("loses no prompt with summaries made without a model", async () => {
    const s = longSession(() => ({ error: { code: "provider.network", message: "no route" } }), false);
    await play(s);
    for (const turn of [1, 2, 3]) {
      const before = s.count("settled");
      s.send({ type: "compact", hint: "mechanical" });
      await s.until(() => s.count("settled") > before);
      await s.ask(`More ${turn}.`);
    }
    const text = lines(s.transcript.messages()).join("\n");
    for (const fact of [FACTS.decision, FACTS.command, FACTS.answer]) expect(text).toContain(fact);
    for (const task of TASKS) expect(text.split(task)).toHaveLength(2);
    for (let n = 1; n <= TURNS; n++) expect(text).toContain(`Look at file ${n}.`);
  });

  it("never asks with a call that has no result, or a result that has no call", async () => {
    const s = longSession(copyFacts);
    await play(s);
    for (const { messages } of s.requests) {
      const answers = messages.filter((message): message is AssistantMessage => message.role === "assistant");
      const calls = answers.flatMap(({ content }) =>
        content.flatMap((part) => (part.type === "tool_call" ? [part.id] : [])),
      );
      const results = messages.flatMap((message) =>
        message.role === "tool_result" ? [message.toolCallId] : [],
      );
      expect(results).toEqual(calls);
    }
  });
});
