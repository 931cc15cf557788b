import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { typedCommand } from "../../../src/runtimes/codex/shell-script.ts";
import type { Recorded } from "../../support/acp-transcript.ts";
import type { CodexScript } from "../../support/codex-agent.ts";
import { codexTalk, type RecordedTalk, type RecordedTurn } from "../../support/codex-transcript.ts";
import { ofType } from "../../support/events.ts";
import { faults, talk as talkLines } from "../../support/runtime-session.ts";
import { prepare } from "./harness.ts";

const ROOT = "../shared/external-agents/transcripts/codex";
const THERE = existsSync(ROOT);
const TALKS = (THERE ? readdirSync(ROOT) : [])
  .filter((file) => /^as-.*\.io\.log$/.test(file))
  .flatMap((file) => {
    const talk = codexTalk(readFileSync(`${ROOT}/${file}`, "utf8"));
    return talk.turns.length > 0 ? [{ file, talk }] : [];
  });

type Session = Awaited<ReturnType<Awaited<ReturnType<typeof prepare>>["start"]>>;
type Agent = Awaited<ReturnType<typeof prepare>>["agent"];

/** Does what was done when the talk was recorded: decides on calls, steers and interrupts where it was done then. */
async function person(session: Session, agent: Agent, talk: RecordedTalk, stop: AbortSignal): Promise<void> {
  let decided = 0;
  let served = 0;
  while (!stop.aborted) {
    const asked = ofType(session.events, "approval_request").slice(decided);
    for (const { request } of asked) decide(session, request, talk.decisions.get(request.toolCallId));
    decided += asked.length;
    for (const { params } of agent.told("awaits").slice(served)) {
      served += 1;
      if (params.what === "steer") session.send({ type: "steer", text: `steer ${served}` });
      else session.send({ type: "interrupt" });
    }
    await sleep(10);
  }
}

function decide(session: Session, { id: requestId }: { id: string }, decision = "accept"): void {
  if (decision === "cancel") {
    session.send({ type: "interrupt" });
    return;
  }
  const outcome = decision === "decline" ? "reject_once" : "allow_once";
  session.send({ type: "approve", requestId, outcome, reason: "no" });
}

/** As if it had been recorded there. */
function inFolder(script: CodexScript, cwd: string): CodexScript {
  return JSON.parse(JSON.stringify(script).replaceAll("/WORKSPACE", cwd));
}

async function replay(talk: RecordedTalk) {
  const { start, agent } = await prepare((cwd) => inFolder(talk.script, cwd));
  const session = await start();
  const done = new AbortController();
  const present = person(session, agent, talk, done.signal);
  const turns: { from: number; to: number }[] = [];
  for (const [at] of talk.turns.entries()) {
    const from = session.events.length;
    await session.ask(`prompt ${at}`);
    turns.push({ from, to: session.events.length });
  }
  done.abort();
  await present;
  return { session, agent, turns };
}

const OUTCOMES: Readonly<Record<string, string>> = {
  completed: "completed",
  interrupted: "interrupted",
  failed: "failed",
};

function texts(
  messages: readonly { content: readonly { type: string }[] }[],
  type: "text" | "thinking",
): string {
  return messages
    .flatMap(({ content }) => content)
    .flatMap((part) => (part.type === type && "text" in part ? [part.text] : []))
    .join("\n");
}

function expectTurn(turn: RecordedTurn, events: Session["events"]): void {
  const [end] = ofType(events, "run_end");
  expect(end?.outcome).toBe(OUTCOMES[turn.status ?? ""] ?? end?.outcome);
  const answers = ofType(events, "message_end").flatMap(({ message }) =>
    message.role === "assistant" ? [message] : [],
  );
  for (const item of turn.items) expectItem(item, { events, answers });
  if (turn.error) expect(end?.error?.message).toContain(turn.error.message.slice(0, 40));
  expect(ofType(events, "message_end").filter(({ message }) => message.role === "user")).toHaveLength(
    1 + turn.steers,
  );
}

/** What all turns took together is what the thread had counted at last, without what it began with. */
function expectTokens(talk: RecordedTalk, events: Session["events"]): void {
  const total = talk.turns.findLast(({ tokens }) => tokens !== null)?.tokens;
  if (!total) return;
  const sums = ofType(events, "run_end").map(({ usage }) => usage);
  const sum = (count: (usage: (typeof sums)[number]) => number) =>
    sums.reduce((all, usage) => all + count(usage), 0);
  expect(sum(({ output }) => output)).toBe(total.outputTokens - (talk.before?.outputTokens ?? 0));
  expect(sum(({ input, cacheRead }) => input + cacheRead)).toBe(
    total.inputTokens - (talk.before?.inputTokens ?? 0),
  );
}

function expectItem(
  item: Recorded,
  { events, answers }: { events: Session["events"]; answers: Parameters<typeof texts>[0] },
) {
  switch (item.type) {
    case "agentMessage":
      expect(texts(answers, "text")).toContain(item.text);
      break;
    case "reasoning":
      for (const part of item.summary) expect(texts(answers, "thinking")).toContain(part);
      break;
    case "commandExecution": {
      const start = ofType(events, "tool_start").find(({ toolCallId }) => toolCallId === item.id);
      expect(start).toMatchObject({ name: "bash" });
      expect(start?.arguments).toEqual({ command: typedCommand(item.command) });
      const ended = ofType(events, "tool_end").find(({ toolCallId }) => toolCallId === item.id);
      expect(ended?.isError).toBe(item.status !== "completed");
      if (item.aggregatedOutput) {
        expect(JSON.stringify(ended?.content)).toContain(JSON.stringify(item.aggregatedOutput).slice(1, -1));
      }
      break;
    }
    case "fileChange": {
      const ended = ofType(events, "tool_end").find(({ toolCallId }) => toolCallId === item.id);
      expect(ended?.isError).toBe(item.status !== "completed");
      if (item.status === "completed")
        expect(ended?.details).toMatchObject({ diff: { path: expect.stringMatching(/^[^/]/) } });
      break;
    }
    default:
  }
}

it(`replays recorded talks with codex app-server${THERE ? "" : ": absent here, not run"}`, () => {
  expect(TALKS.length > 0).toBe(THERE);
});

describe.runIf(THERE)(`${TALKS.length} recorded talks, as real processes`, () => {
  it.each(TALKS)("$file: what was said, run and changed then comes out in our words", async ({ talk }) => {
    const { session, turns } = await replay(talk);
    await session.close();
    expect(faults(session.messages())).toEqual([]);
    for (const [at, turn] of talk.turns.entries()) {
      const { from = 0, to = 0 } = turns[at] ?? {};
      expectTurn(turn, session.events.slice(from, to));
    }
    expectTokens(talk, session.events);
    const begun = ofType(session.events, "tool_start").map(({ toolCallId }) => toolCallId);
    const ended = ofType(session.events, "tool_end").map(({ toolCallId }) => toolCallId);
    expect(ended.toSorted()).toEqual(begun.toSorted());
  });

  const named = (file: string) => {
    const found = TALKS.find((each) => each.file === file);
    if (!found) throw new Error(`${file} is not there`);
    return found.talk;
  };

  it("a steer stands where Codex took it in: after a call, or behind the stream that it dropped", async () => {
    const { session } = await replay(named("as-steer.io.log"));
    await session.close();
    expect(talkLines(session.messages())).toEqual([
      "user: prompt 0",
      'assistant: bash({"command":"sleep 2; echo slept"})',
      "tool_result: slept\n",
      "user: steer 1",
      'assistant: bash({"command":"echo two"})',
      "tool_result: two\n",
      "assistant: final",
      "user: prompt 1",
      "assistant: chunk 0 chunk 1 chunk 2 ",
      "user: steer 2",
      "assistant: second turn/start while active",
    ]);
  });

  it("each kind of failure has its code and the words of Codex, its tries are told", async () => {
    const { session } = await replay(named("as-errors.io.log"));
    await session.close();
    expect(ofType(session.events, "run_end").map(({ error }) => [error?.code, error?.message])).toEqual([
      ["runtime.auth", expect.stringContaining("401 Unauthorized: stub: invalid api key")],
      ["runtime.failed", expect.stringContaining("429 Too Many Requests")],
      ["runtime.failed", expect.stringContaining("high demand")],
      ["runtime.failed", expect.stringContaining("at capacity")],
      ["runtime.failed", expect.stringContaining("stream disconnected")],
    ]);
    expect(ofType(session.events, "retry_start").length).toBeGreaterThan(3);
    // The same warning comes with every turn.
    expect(ofType(session.events, "notice")).toHaveLength(1);
  });

  it("a question of its model is answered so that it asks in its text", async () => {
    const { session, agent } = await replay(named("as-plan-input.io.log"));
    await session.close();
    const [answer] = agent.told("answer");
    expect(answer?.params.result.answers.q1.answers[0]).toContain("Write your questions as plain text");
  });

  it("a command that was interrupted keeps what it printed", async () => {
    const { session } = await replay(named("as-interrupt-tool.io.log"));
    await session.close();
    expect(talkLines(session.messages())[2]).toMatch(/^tool_result!: tick 2\n[\s\S]*cancelled by user$/);
  });
});
