// The turns of an external agent (SPEC, section 8): permissions, what is shown and stored, interrupt, restart, exit
// codes, what is left of its process; the built program with a scripted agent as a real process.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runHearth } from "../support/hearth.ts";
import { startProgram } from "../support/program.ts";
import { KEY } from "../support/terminal.ts";
import {
  type AgentPlace,
  agentsGone,
  askToRun,
  livingAgents,
  newAgentPlace,
  openWithAgent,
  say,
  update,
} from "./external-agent.ts";
import { type SessionLine, sessionFile, sessionLines } from "./scripted.ts";
import { openTui, writeSettings } from "./tui-driver.ts";

const ONE_SHOT = ["-p", "go", "--runtime", "codex"];
const RESUMABLE = { agentCapabilities: { loadSession: true } };

async function lines({ place }: AgentPlace): Promise<SessionLine[]> {
  return sessionLines(await sessionFile(place));
}

async function auditRecords({ place }: AgentPlace): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(place.env.HEARTH_HOME ?? "", "audit.jsonl"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** The options that the agent's questions were answered with. */
function answers({ agent }: AgentPlace): unknown[] {
  return agent.told("permission").map(({ params }) => params.outcome.optionId ?? params.outcome.outcome);
}

test.for([
  { flags: ["--allow", "bash(npm test)"], answer: "once", shown: "tested ok" },
  { flags: ["--permission-mode", "full"], answer: "once", shown: "tested ok" },
  {
    flags: ["--deny", "bash(npm *)", "--permission-mode", "full"],
    answer: "no",
    shown: "I was not allowed.",
  },
  { flags: [], answer: "no", shown: "I was not allowed." },
])(
  "one-shot with $flags: the agent's request to run a command is answered $answer",
  async ({ flags, answer, shown }) => {
    const agents = await newAgentPlace({ turns: [[askToRun("npm test", "tested ok"), say("The end.")]] });
    const { stdout, stderr, exitCode } = await runHearth(agents.place, [...ONE_SHOT, ...flags]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("The end.");
    expect(answers(agents)).toEqual([answer]);
    expect(JSON.stringify(await lines(agents))).toContain(shown);
    if (flags.length === 0) expect(stderr).toContain("--allow");
    const [record] = await auditRecords(agents);
    expect(record).toMatchObject({ subject: "npm test", outcome: answer === "once" ? "allowed" : "denied" });
  },
);

test.for([
  { key: "y", answers: ["once"], shown: "✓ bash  npm test" },
  { key: "n", answers: ["no"], shown: "I was not allowed." },
])(
  "on the screen the person answers the agent's question with $key",
  async ({ key, answers: given, shown }) => {
    const agents = await newAgentPlace({ turns: [[askToRun("npm test", "tested ok"), say("The end.")]] });
    const tui = await openWithAgent(agents);
    tui.enter("go");
    await tui.waitFor(/bash wants to run[\s\S]*npm test/);
    expect(tui.screen().join("\n")).toContain("codex");
    await tui.waitForStatus("asking you");
    tui.type(key);
    if (key === "n") {
      await tui.waitFor("No, because");
      tui.type(KEY.enter);
    }
    await tui.waitFor("The end.");
    await tui.waitForStatus("idle");
    expect(answers(agents)).toEqual(given);
    expect(tui.screen().join("\n")).toContain(shown);
  },
);

test("what the person always allows is our rule: the agent is told once, and is not asked about again", async () => {
  const ask = askToRun("npm test", "tested ok");
  const again = askToRun("npm test", "tested again", "call-2");
  const agents = await newAgentPlace({
    turns: [
      [ask, say("first end")],
      [again, say("second end")],
    ],
  });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("bash wants to run");
  tui.type("a");
  await tui.waitFor("first end");
  await tui.waitForStatus("idle");
  tui.enter("again");
  await tui.waitFor("second end");
  expect(answers(agents)).toEqual(["once", "once"]);
});

test("Esc on the agent's question ends the turn, and the agent is told that it was cancelled", async () => {
  const agents = await newAgentPlace({
    turns: [[askToRun("npm test", "tested ok"), say("The end.")], [say("still here")]],
  });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("bash wants to run");
  tui.type(KEY.escape);
  await tui.waitFor("interrupted");
  await tui.waitForStatus("idle");
  expect(answers(agents)).toEqual(["cancelled"]);
  tui.enter("there?");
  await tui.waitFor("still here");
});

test("the agent's diff and plan are shown on the screen and kept in the file", async () => {
  const toolCallId = "edit-1";
  const diff = { type: "diff", path: "a.txt", oldText: "old line\n", newText: "new line\n" };
  const agents = await newAgentPlace({
    turns: [
      [
        update("plan", {
          entries: [
            { content: "look around", status: "completed", priority: "high" },
            { content: "change the line", status: "in_progress", priority: "high" },
          ],
        }),
        { do: "think", text: "pondering" },
        update("tool_call", {
          toolCallId,
          title: "Edit a.txt",
          kind: "edit",
          status: "in_progress",
          rawInput: { path: "a.txt" },
        }),
        update("tool_call_update", { toolCallId, status: "completed", content: [diff] }),
        say("changed"),
      ],
    ],
  });
  await writeFile(join(agents.place.cwd, "a.txt"), "old line\n");
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("changed");
  await tui.waitForStatus("idle");
  const screen = tui.screen().join("\n");
  expect(screen).toMatch(/edit {2}a\.txt[\s\S]*old line[\s\S]*new line/);
  expect(screen).toMatch(/look around[\s\S]*change the line/);
  const kept = await lines(agents);
  expect(kept.filter(({ type }) => type === "plan")).toHaveLength(1);
  expect(JSON.stringify(kept)).toContain("-old line");
});

test("A-146: Esc ends the turn of an agent that heeds it; the partial answer is kept and the process stays warm", async () => {
  const agents = await newAgentPlace({
    turns: [[say("half an ans"), { do: "wait" }], [say("whole answer")]],
  });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("half an ans");
  tui.type(KEY.escape);
  await tui.waitFor("interrupted");
  await tui.waitForStatus("idle");
  expect(agents.agent.told("session/cancel")).toHaveLength(1);
  expect(JSON.stringify(await lines(agents))).toContain("half an ans");
  tui.enter("again");
  await tui.waitFor("whole answer");
  expect(agents.agent.told("start")).toHaveLength(1);
  tui.enter("/exit");
  await tui.left(0);
  await agentsGone(agents, 500);
});

test("A-146: Esc ends an agent that does not heed it within 3 s; the partial answer is kept, the next turn starts it anew", async () => {
  const agents = await newAgentPlace({
    turns: [[say("half an ans"), { do: "hang" }]],
    initialized: RESUMABLE,
  });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("half an ans");
  const [pid = 0] = livingAgents(agents);
  expect(pid).toBeGreaterThan(0);
  tui.type(KEY.escape);
  await agentsGone(agents, 3_000);
  await tui.waitFor("interrupted");
  await tui.waitForStatus("idle");
  const assistant = (await lines(agents)).filter(
    ({ type, message }) => type === "message" && JSON.stringify(message).includes("half an ans"),
  );
  expect(assistant).toMatchObject([
    { message: { role: "assistant", runtime: "codex", stopReason: "aborted" } },
  ]);
  agents.agent.rescript({ turns: [[say("whole answer")]] });
  tui.enter("again");
  await tui.waitFor("whole answer");
});

test.for([
  { name: "resumes its session", knows: { "external-1": "" }, initialized: RESUMABLE, told: /^what now\?$/ },
  {
    name: "forgot it and gets a digest",
    knows: {},
    initialized: RESUMABLE,
    told: /first question[\s\S]*first answer[\s\S]*what now\?$/,
  },
  {
    name: "cannot resume and gets a digest",
    knows: {},
    initialized: {},
    told: /first question[\s\S]*first answer[\s\S]*what now\?$/,
  },
])("after a restart with --continue the agent $name", async ({ knows, initialized, told }) => {
  const agents = await newAgentPlace({ turns: [[say("first answer")]], initialized });
  const first = await runHearth(agents.place, ["-p", "first question", "--runtime", "codex"]);
  expect(first).toMatchObject({ stdout: "first answer\n", exitCode: 0 });
  agents.agent.rescript({ turns: [[say("second answer")]], initialized, knows, sessionId: "external-2" });
  const tui = await openWithAgent(agents, [], { args: ["--continue"] });
  await tui.waitFor("first answer");
  tui.enter("what now?");
  await tui.waitFor("second answer");
  expect((agents.agent.prompts().at(-1) ?? []).join("\n")).toMatch(told);
  const ids = (await lines(agents))
    .filter(({ type }) => type === "runtime")
    .map(({ externalSessionId }) => externalSessionId);
  expect(ids.at(-1)).toBe("external-1" in knows ? "external-1" : "external-2");
});

test.for([
  {
    name: "an error of the agent",
    turn: [
      { do: "fail" as const, code: -32603, message: "Internal error", data: { message: "model is down" } },
    ],
    error: { code: "runtime.failed" },
  },
  {
    name: "the end of its program",
    turn: [say("half"), { do: "crash" as const, code: 3 }],
    error: { code: "runtime.crashed" },
  },
])("one-shot: $name is exit code 1 with the runtime named", async ({ turn, error }) => {
  const agents = await newAgentPlace({ turns: [turn] });
  const { stdout, stderr, exitCode } = await runHearth(agents.place, [...ONE_SHOT, "-o", "json"]);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: "failed", runtime: "codex", error });
  expect(stderr).toContain("codex");
  expect(livingAgents(agents)).toEqual([]);
});

test("one-shot: SIGINT is exit code 130, the partial answer is kept and no process is left", async () => {
  const agents = await newAgentPlace({ turns: [[say("half an ans"), { do: "hang" }]] });
  const program = startProgram(agents.place, [...ONE_SHOT, "-o", "stream-json"]);
  program.endInput();
  await program.line((line) => line.includes("half an ans"));
  program.kill("SIGINT");
  expect(await program.exited).toBe(130);
  expect(livingAgents(agents)).toEqual([]);
  expect(JSON.stringify(await lines(agents))).toContain("half an ans");
});

test("one-shot: stream-json has the agent's calls with start and end, and one settled", async () => {
  const agents = await newAgentPlace({ turns: [[askToRun("npm test", "tested ok"), say("The end.")]] });
  const { stdout, exitCode } = await runHearth(agents.place, [
    ...ONE_SHOT,
    "--allow",
    "bash(npm test)",
    "-o",
    "stream-json",
  ]);
  expect(exitCode).toBe(0);
  const events: { type: string; toolCallId?: string }[] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).event);
  const ids = (type: string) =>
    events.filter((event) => event.type === type).map(({ toolCallId }) => toolCallId);
  expect(ids("tool_start")).toEqual(["call-1"]);
  expect(ids("tool_end")).toEqual(["call-1"]);
  expect(ids("settled")).toHaveLength(1);
});

test("the agent sees of our variables the usual ones and those that its settings name", async () => {
  const command = { command: "sh", args: ["-c", 'env > "$HOME/seen"; exit 1'], strict: true };
  const codex = { ...command, passEnv: ["PASSED_KEY"], env: { OWN: "own-value" } };
  const { place } = await newAgentPlace({ turns: [] }, { codex });
  const env = { ANTHROPIC_API_KEY: "secret-key", PASSED_KEY: "passed-value", OTHER_TOKEN: "other-value" };
  const { exitCode } = await runHearth(place, ONE_SHOT, { env });
  expect(exitCode).toBe(1);
  const seen = await readFile(join(place.home, "seen"), "utf8");
  expect(seen).toContain("PASSED_KEY=passed-value");
  expect(seen).toContain("OWN=own-value");
  expect(seen).not.toMatch(/secret-key|other-value/);
});

test("kill -9 of the program leaves no agent whose input ended", async () => {
  const agents = await newAgentPlace({ turns: [[say("half an ans"), { do: "hang" }]] });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("half an ans");
  process.kill(tui.pid, "SIGKILL");
  await agentsGone(agents);
});

test("a session of another agent goes on with that agent; where it is switched off, native takes the next turn", async () => {
  const agents = await newAgentPlace({ turns: [[say("first answer")], [say("second answer")]] });
  await runHearth(agents.place, ONE_SHOT);
  const same = await openTui(["from the model"], { place: agents.place, args: ["--continue"] });
  await same.waitFor(/first answer[\s\S]* codex /);
  same.enter("and on?");
  await same.waitFor(/and on\?[\s\S]*codex[\s\S]*answer/);
  expect(same.stub.requests).toEqual([]);
  same.enter("/exit");
  await same.left(0);
  await writeSettings(agents.place, { runtimes: { codex: { enabled: false } } });
  const tui = await openTui(["from the model"], { place: agents.place, args: ["--continue"] });
  await tui.waitFor("runtime codex is not enabled here");
  tui.enter("what now?");
  await tui.waitFor("from the model");
});
