// Recorded talks with the real program, said again by a real process; what came out is compared with what was recorded.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import type { Recorded } from "../../support/acp-transcript.ts";
import { claudeReplay } from "../../support/claude-transcript.ts";
import { ofType } from "../../support/events.ts";
import { faults, talk } from "../../support/runtime-session.ts";
import { outcome, prepare } from "./harness.ts";

const ROOT = "../shared/external-agents/transcripts";
const CLAUDE = `${ROOT}/claude`;
const names = existsSync(CLAUDE) ? readdirSync(CLAUDE).filter((name) => name.endsWith(".io.log")) : [];
/** Not the stream: one object alone, a refusal of the command line, or killed before anything was said. */
const OTHER = /^(json-output|err-badargs|tool-bypass-root|resume-5-unknown)/;
const streams = names.filter((name) => !OTHER.test(name)).map((name) => name.replace(".io.log", ""));

it(`replays recorded talks with Claude Code${names.length > 0 ? "" : ": absent here, not run"}`, () => {
  expect(names.length === 0 || streams.length > 20).toBe(true);
});

/** Does what the person of the recording did, and gives the session when all of it is over. */
async function relive(file: string) {
  const { doings, ...script } = claudeReplay(readFileSync(file, "utf8"));
  const prepared = await prepare(script);
  const session = await prepared.start();
  const waits = (what: string) =>
    vi.waitFor(() => expect(prepared.agent.told("waits").at(-1)?.line.do).toBe(what), { timeout: 10_000 });
  let done: Promise<void> = Promise.resolve();
  let answered = 0;
  for (const doing of doings) {
    if (doing.does === "prompt") {
      await done;
      done = session.ask(doing.text);
    } else if (doing.does === "steer") {
      await waits("await-message");
      session.send({ type: "steer", text: doing.text });
    } else if (doing.does === "interrupt") {
      await waits("await-interrupt");
      session.send({ type: "interrupt" });
    } else if (!isQuestion(doing.answer)) {
      await session.nth("approval_request", ++answered);
      session.send(answerTo(session, doing.answer));
    }
  }
  await done;
  return { ...prepared, session };
}

type Session = Awaited<ReturnType<Awaited<ReturnType<typeof prepare>>["start"]>>;

/** Questions to the person are answered without them. */
function isQuestion(answer: Recorded): boolean {
  return answer.updatedInput?.answers !== undefined;
}

function answerTo(session: Session, answer: Recorded): Parameters<Session["send"]>[0] {
  const requestId = ofType(session.events, "approval_request").at(-1)?.request.id ?? "";
  if (answer.behavior === "allow") return { type: "approve", requestId, outcome: "allow_once" };
  return { type: "approve", requestId, outcome: "reject_once", reason: answer.message };
}

describe.runIf(streams.length > 0)(`${streams.length} recorded talks, as real processes`, () => {
  it.each(streams)("%s: every call has its result, every run its end, nothing is left open", async (name) => {
    const { session } = await relive(`${CLAUDE}/${name}.io.log`);
    await using _ = session;
    expect(faults(session.messages())).toEqual([]);
    const started = ofType(session.events, "tool_start").map(({ toolCallId }) => toolCallId);
    expect(ofType(session.events, "tool_end").map(({ toolCallId }) => toolCallId)).toEqual(started);
    const runs = ofType(session.events, "run_start").length;
    expect(runs).toBeGreaterThan(0);
    expect(ofType(session.events, "run_end")).toHaveLength(runs);
  });

  it("p-permission: allowed, denied with words, files made, and what it cost", async () => {
    const { session, agent } = await relive(`${CLAUDE}/p-permission.io.log`);
    await using _ = session;
    const lines = talk(session.messages());
    expect(lines.slice(0, 6)).toEqual([
      "user: STUB:bash touch perm1.txt;;STUB:bash touch perm2.txt;;STUB:text done",
      'assistant: I will use Bash. | bash({"command":"touch perm1.txt","description":"stub: touch perm1.txt"})',
      "tool_result: (no output)",
      'assistant: I will use Bash. | bash({"command":"touch perm2.txt","description":"stub: touch perm2.txt"})',
      expect.stringContaining("tool_result!: Not run"),
      "assistant: done",
    ]);
    expect(lines[4]).toContain("do not create perm2");
    expect(lines[7]).toContain('write({"path":"new.txt","content":"content here\\n"})');
    const written = ofType(session.events, "tool_end").filter(({ name }) => name === "write");
    expect(written.map(({ details }) => details)).toEqual([
      expect.objectContaining({ diff: expect.objectContaining({ path: "new.txt", added: 1, removed: 0 }) }),
      expect.objectContaining({ diff: expect.objectContaining({ path: "new2.txt", added: 1 }) }),
    ]);
    expect(agent.answers().every(({ updatedPermissions }) => updatedPermissions === undefined)).toBe(true);
    const usages = ofType(session.events, "run_end").map(({ usage }) => usage);
    expect(usages.map(({ input, output }) => [input, output])).toEqual([
      [3600, 102],
      [2400, 68],
      [2400, 68],
    ]);
    expect(usages.reduce((sum, { cost }) => sum + (cost ?? 0), 0)).toBeCloseTo(0.04298, 6);
  });

  it("p-steer: the message stands after the result of the call that ran, before the next", async () => {
    const { session } = await relive(`${CLAUDE}/p-steer.io.log`);
    await using _ = session;
    const lines = talk(session.messages()).map((line) => line.split(" ").slice(0, 4).join(" "));
    expect(lines).toEqual([
      "user: STUB:bash python3 -c",
      "assistant: I will use",
      "tool_result: (no output)",
      "user: please also mention",
      "assistant: I will use",
      "tool_result: second",
      "assistant: final answer",
    ]);
    expect(ofType(session.events, "run_end").map(({ outcome: end }) => end)).toEqual(["completed"]);
  });

  it("p-steer-stream: one that comes while the answer is written is a turn of its own in the same run", async () => {
    const { session } = await relive(`${CLAUDE}/p-steer-stream.io.log`);
    await using _ = session;
    const lines = talk(session.messages());
    expect(lines[1]).toMatch(/^assistant: chunk 0 .*chunk 11 $/);
    expect(lines.slice(2, 4)).toEqual([
      "user: STUB:text second (default prio)",
      "assistant: second (default prio)",
    ]);
    expect(ofType(session.events, "run_end")[0]?.usage).toMatchObject({
      input: 2400,
      output: 68,
      cost: 0.01228,
    });
  });

  it.each([
    ["p-interrupt", /^assistant: chunk 0/],
    ["p-interrupt-tool", /^tool_result!: cancelled by user$/],
    ["p-interrupt-perm", /^tool_result!: cancelled by user$/],
  ])(
    "%s: what was open is closed as the person's doing, and no words of its own stand there",
    async (name, line) => {
      const { session } = await relive(`${CLAUDE}/${name}.io.log`);
      await using _ = session;
      expect(ofType(session.events, "run_end")[0]?.outcome).toBe("interrupted");
      const lines = talk(session.messages());
      expect(lines.some((each) => line.test(each))).toBe(true);
      expect(lines.join("\n")).not.toContain("want to proceed with this tool use");
    },
  );

  it("p-question: the question is in the talk, and its answer tells the model to ask in its text", async () => {
    const { session, agent } = await relive(`${CLAUDE}/p-question.io.log`);
    await using _ = session;
    expect(talk(session.messages())[1]).toContain("AskUserQuestion(");
    expect(agent.answers()[0]).toMatchObject({ behavior: "deny", message: expect.stringContaining("text") });
  });

  it.each([
    ["err-401", "runtime.auth", "401"],
    ["err-400", "runtime.failed", "400"],
    ["err-429", "runtime.failed", "429"],
    ["err-500", "runtime.failed", "500"],
    ["err-529", "runtime.failed", "529"],
    ["err-refused", "runtime.failed", "Connection refused"],
    ["err-nokey", "runtime.auth", "Not logged in"],
  ])("%s: a failed run with %s and its words, its retries shown", async (name, code, words) => {
    const { session } = await relive(`${CLAUDE}/${name}.io.log`);
    await using _ = session;
    const end = outcome(session);
    expect(end).toMatchObject({ outcome: "failed", error: { code } });
    expect(end?.error?.message).toContain(words);
    expect(talk(session.messages())).toEqual(["user: go"]);
    const recorded = readFileSync(`${CLAUDE}/${name}.io.log`, "utf8").split('"api_retry"').length - 1;
    expect(ofType(session.events, "retry_start")).toHaveLength(recorded);
  });

  it("qwen, which speaks nearly the same, is understood as well", async () => {
    const { session } = await relive(`${ROOT}/qwen/p-permission.io.log`);
    await using _ = session;
    const lines = talk(session.messages());
    expect(lines.slice(1, 4)).toEqual([
      'assistant: I will use run_shell_command. | bash({"command":"touch qp.txt","description":"stub: touch qp.txt"})',
      expect.stringContaining("tool_result: Command: touch qp.txt"),
      "assistant: done",
    ]);
    expect(lines.at(-1)).toMatch(/^assistant: chunk 0 /);
    const ends = ofType(session.events, "run_end");
    expect(ends.map(({ outcome: end }) => end)).toEqual(["completed", "interrupted"]);
    expect(ends[0]?.usage).toMatchObject({ input: 2400, output: 68, cacheRead: 1600, cost: null });
  });
});
